"""The secretary's pages of a call: where it stands, and its basics."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding import readiness, starts
from funding.actions import calls as actions
from funding.forms.calls import CallForm
from funding.models import FundingCall
from funding.reading import overview as reading
from funding.reading import progress
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call
from programme.reading import aims

JOINT = "joint"


@require_safe
@for_managers
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Where a call stands, and what it still needs."""
    call = visible_call(request, slug)
    checklist = readiness.checklist(call) if call.status == FundingCall.Status.DRAFT else []
    context = {
        "call": call,
        "tabs": call_tabs(request, call),
        "checklist": checklist,
        "left": [item for item in checklist if not item.is_done],
        "progress": progress.lines(call),
        "facts": [*reading.facts(call), aims.fact(call)],
        "corrections": call.corrections.select_related("by"),
    }
    return TemplateResponse(request, "funding/call_overview.html", context)


@require_safe
@for_managers
def begin(request: HttpRequest) -> HttpResponse:
    """What a new call begins with."""
    earlier = FundingCall.objects.order_by("-created_at")[:20]
    return TemplateResponse(request, "funding/call_begin.html", {"earlier": earlier, "joint": JOINT})


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def create(request: HttpRequest) -> HttpResponse:
    """The basics of a new call, filled in from what it begins with."""
    start = _start(request)
    form = CallForm(request.POST or None, start=start, sender=request.user.email)
    if request.method == "POST" and form.is_valid():
        try:
            call = actions.add_call(by=request.user, start=start.parts if start else None, **form.facts())
            return redirect("funding:funders", call.slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return TemplateResponse(request, "funding/call_basics.html", {"form": form, "call": None})


def _start(request: HttpRequest) -> starts.Start | None:
    """The pattern, or the earlier call, that the address names."""
    name = request.GET.get("like", "")
    if name == JOINT:
        return starts.joint_call()
    return starts.of_call(get_object_or_404(FundingCall.objects.visible_to(request.user), slug=name)) if name else None


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The basics of a call that is being written."""
    call = visible_call(request, slug)
    if call.status != FundingCall.Status.DRAFT:
        return redirect("funding:overview", slug)
    form = CallForm(request.POST or None, instance=visible_call(request, slug))
    seen = request.POST.get("seen") or form.seen
    if request.method == "POST" and form.is_valid():
        try:
            if actions.change_call(call=call, by=request.user, seen=seen, **form.facts()):
                messages.success(request, _("Saved."))
            return redirect("funding:overview", slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return TemplateResponse(request, "funding/call_basics.html", {"form": form, "call": call, "seen": seen})


@require_POST
@for_managers
def throw_away(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft goes."""
    call = visible_call(request, slug)
    try:
        actions.throw_away(call=call, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("funding:overview", slug)
    messages.success(request, _("The draft is thrown away."))
    return redirect("funding:list")

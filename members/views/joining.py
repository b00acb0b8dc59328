"""Asking to join from outside, and the managers' answers."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.limits import limited
from core.pages import paginate
from members import cards
from members.actions import joining as actions
from members.forms.joining import ApproveForm, DeclineForm, JoinForm
from members.models import JoinRequest
from members.views.access import for_managers


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@limited("join", times=5, within=timedelta(hours=1))
def join(request: HttpRequest) -> HttpResponse:
    """A public form; a manager reads what comes."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        join_request, is_new = actions.request_to_join(**form.cleaned_data)
        return TemplateResponse(request, "members/join_thanks.html", {"join_request": join_request, "is_new": is_new})
    return TemplateResponse(request, "members/join.html", {"form": form})


@require_safe
@for_managers
def join_requests(request: HttpRequest) -> HttpResponse:
    """Who waits for an answer, longest first."""
    waiting = JoinRequest.objects.visible_to(request.user).waiting().for_list()
    page = paginate(request, waiting)
    context = {"page": page, "tabs": cards.tabs(request, waiting=page.paginator.count)}
    return TemplateResponse(request, "members/join_requests.html", context)


def _one(request: HttpRequest, pk: int) -> JoinRequest:
    return get_object_or_404(JoinRequest.objects.visible_to(request.user).select_related("decided_by"), pk=pk)


def _page(
    request: HttpRequest, asked: JoinRequest, *, approve: ApproveForm | None = None, decline: DeclineForm | None = None
) -> HttpResponse:
    new = {"new_name": asked.organisation_name}
    context = {
        "join_request": asked,
        "approve_form": approve or ApproveForm(initial=new, by=request.user),
        "decline_form": decline or DeclineForm(),
    }
    return TemplateResponse(request, "members/join_request.html", context)


@require_safe
@for_managers
def join_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, with the two answers."""
    return _page(request, _one(request, pk))


@require_POST
@for_managers
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes: an invitation to an organisation that is there, or to a new one."""
    asked = _one(request, pk)
    form = ApproveForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, asked, approve=form)
    chosen = {"organisation": form.cleaned_data["organisation"], "new": form.new_organisation()}
    try:
        actions.approve_join_request(join_request=asked, **chosen, role=form.cleaned_data["role"], by=request.user)
        messages.success(request, _("%(email)s gets an invitation.") % {"email": asked.email})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("members:join_requests")


@require_POST
@for_managers
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """No, with a sentence or without."""
    asked = _one(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, decline=form)
    try:
        actions.decline_join_request(join_request=asked, sentence=form.cleaned_data["sentence"], by=request.user)
        messages.success(request, _("%(email)s gets your answer.") % {"email": asked.email})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("members:join_requests")

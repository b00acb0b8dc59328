"""The team's pages of who reviews what."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.numbers import whole_number
from core.pages import paginate
from funding.actions import assignments as actions
from funding.actions import reviews as review_actions
from funding.forms.reviews import OverruleForm
from funding.models import Application, Assignment, Reviewer
from funding.permissions import can_decide
from funding.reading import assignments as reading
from funding.reviewing import in_review
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call
from members.permissions import insist


@require_safe
@for_managers
def assignments(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application with its reviewers: proposed, sent, done."""
    call = visible_call(request, slug)
    page = paginate(request, call.applications.handed_in().select_related("lead", "call").order_by("number"))
    context = {
        "call": call,
        "tabs": call_tabs(request, call),
        "page": page,
        "rows": reading.board(call, page, request.user),
        "sums": reading.sums(call),
        "may_change": in_review(call),
    }
    return TemplateResponse(request, "funding/review_board.html", context)


@require_POST
@for_managers
def propose(request: HttpRequest, slug: str) -> HttpResponse:
    """Fills what is missing; nobody is told yet."""
    call = visible_call(request, slug)
    try:
        short = actions.propose(call=call, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("funding:assignments", slug)
    lacking = sum(short.values())
    if lacking:
        told = ngettext(
            "%(n)s review finds nobody: bring in more reviewers, or let them take more.",
            "%(n)s reviews find nobody: bring in more reviewers, or let them take more.",
            lacking,
        )
        messages.warning(request, told % {"n": lacking})
    elif reading.is_anything_proposed(call):
        messages.success(request, _("Every application has its reviewers. Look at them, then send."))
    else:
        messages.info(request, _("Every application has its reviewers already. Nothing is to be sent."))
    return redirect("funding:assignments", slug)


@require_POST
@for_managers
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends what was proposed."""
    try:
        sent = actions.send(call=visible_call(request, slug), by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        told = ngettext("%(n)s review is sent out.", "%(n)s reviews are sent out.", sent) % {"n": sent}
        messages.success(request, told if sent else _("There is nothing to send."))
    return redirect("funding:assignments", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def choose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Who could review one application, the best first; a post assigns one of them."""
    call = visible_call(request, slug)
    application = get_object_or_404(Application.objects.handed_in().select_related("call"), call=call, number=number)
    insist(can_decide(request.user, application))
    fault, chosen = "", whole_number(request.POST.get("reviewer", ""))
    if request.method == "POST":
        reviewer = get_object_or_404(Reviewer.objects.select_related("user"), call=call, pk=chosen)
        fault = _assign(request, application, reviewer)
        if not fault:
            return redirect("funding:assignments", slug)
    context = {
        "call": call,
        "tabs": call_tabs(request, call),
        "application": application,
        "rows": reading.choices(call, application),
        "fault": fault,
        "chosen": chosen,
        "typed": request.POST.get("words", ""),
    }
    return TemplateResponse(request, "funding/review_choose.html", context)


def _assign(request: HttpRequest, application: Application, reviewer: Reviewer) -> str:
    form = OverruleForm(request.POST)
    if not form.is_valid():
        return form.errors["words"][0]
    try:
        actions.assign(application=application, reviewer=reviewer, overrule=form.cleaned_data["words"], by=request.user)
    except Refused as refusal:
        return str(refusal)
    messages.success(request, _("%(name)s is proposed. Send when you are ready.") % {"name": reviewer.user})
    return ""


def _assignment(request: HttpRequest, slug: str, pk: int) -> Assignment:
    rows = Assignment.objects.filter(reviewer__call=visible_call(request, slug))
    return get_object_or_404(rows.select_related("application__call", "reviewer__user"), pk=pk)


@require_POST
@for_managers
def take_back(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The reviewer no longer has this application."""
    try:
        actions.take_back(assignment=_assignment(request, slug, pk), by=request.user)
        messages.success(request, _("Taken back."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("funding:assignments", slug)


def _with_reason(request: HttpRequest, slug: str, pk: int, act: Callable[[Assignment, str], None], told: str):
    """An act of the team that needs its reason; what is refused is told."""
    row, form = _assignment(request, slug, pk), OverruleForm(request.POST)
    try:
        act(row, form.cleaned_data["words"] if form.is_valid() else "")
        messages.success(request, told % {"name": row.reviewer.user})
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("funding:assignments", slug)


@require_POST
@for_managers
def overrule(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lets a conflict pass that the portal has seen."""

    def act(row: Assignment, why: str) -> None:
        actions.overrule(assignment=row, words=why, by=request.user)

    return _with_reason(request, slug, pk, act, _("%(name)s may review it."))


@require_POST
@for_managers
def open_again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Lets a reviewer change a review after reading those of others, with a reason."""

    def act(row: Assignment, why: str) -> None:
        review_actions.reopen_for_reviewer(assignment=row, why=why, by=request.user)

    return _with_reason(request, slug, pk, act, _("%(name)s can change this review now."))

"""Reports of a grant: written by the beneficiary, read by the cluster team."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding.actions import grants as actions
from funding.forms.grants import DayOnlyForm, QuestionsForm, ReportForm
from funding.models import Grant, GrantReport
from funding.permissions import can_report
from funding.views.access import for_grants, for_managers
from funding.views.answering import attempt, fits
from members.models import User
from members.permissions import insist


def _visible(user: User, pk: int) -> GrantReport:
    rows = GrantReport.objects.filter(grant__in=Grant.objects.visible_to(user))
    return get_object_or_404(
        rows.select_related("grant__award__partner__application__call", "grant__organisation"), pk=pk
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_grants
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """What a report says; as long as it is owed, the beneficiary writes it here and hands it in."""
    found = _visible(request.user, pk)
    may_write = can_report(request.user, found.grant)
    start = {"words": found.words, "spent_eur": found.spent_eur}
    form = ReportForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST":
        insist(may_write)
        if fits(form, lambda said: _keep(request, found, said)):
            return redirect(found)
    context = {"report": found, "grant": found.grant, "form": form, "may_write": may_write and found.is_owed}
    return TemplateResponse(request, "funding/grant_report.html", context | {"questions": QuestionsForm()})


def _keep(request: HttpRequest, report: GrantReport, said: dict) -> None:
    """What was typed is kept even when it cannot be handed in yet."""
    actions.write_report(report=report, by=request.user, **said)
    if "hand_in" not in request.POST:
        messages.success(request, _("Saved. Hand it in when it is done."))
        return
    try:
        actions.hand_in_report(report=report, by=request.user)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Handed in. The cluster team reads it and answers."))


@require_safe
@for_grants
def file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a report, always as a download."""
    found = _visible(request.user, pk)
    if not found.file:
        raise Http404
    return FileResponse(found.file.open(), as_attachment=True, filename=found.file_name)


@require_POST
@for_managers
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another day on which it is due."""
    found, form = _visible(request.user, pk), DayOnlyForm(request.POST)
    if form.is_valid():
        day = form.cleaned_data["on"]
        attempt(request, lambda: actions.move_report(report=found, due_on=day, by=request.user), _("Moved."))
    else:
        messages.warning(request, _("Write the new day."))
    return redirect(found.grant)


@require_POST
@for_managers
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """It was planned by mistake."""
    found = _visible(request.user, pk)
    attempt(request, lambda: actions.remove_report(report=found, by=request.user), _("Removed."))
    return redirect(found.grant)


@require_POST
@for_managers
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The report is accepted."""
    found = _visible(request.user, pk)
    attempt(request, lambda: actions.accept_report(report=found, by=request.user), _("Accepted. We have told them."))
    return redirect(found.grant)


@require_POST
@for_managers
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The report comes back with questions."""
    found, form = _visible(request.user, pk), QuestionsForm(request.POST)
    if fits(form, lambda said: actions.return_report(report=found, by=request.user, **said)):
        messages.success(request, _("Returned. We have told them."))
        return redirect(found.grant)
    context = {"report": found, "grant": found.grant, "form": ReportForm(), "may_write": False, "questions": form}
    return TemplateResponse(request, "funding/grant_report.html", context)

"""Scores of a call for the team and the panel, their export, and the discussion of one application."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.actions import Refused
from core.downloads import as_csv, as_xlsx
from funding.actions import discussion as actions
from funding.forms.reviews import ModerateForm, RemarkForm
from funding.models import Application, Criterion, FundingCall, Reviewer
from funding.reading import scores as reading
from funding.reviewing import application_of, sees_scores
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call
from funding.views.reviews import for_reviewers
from members.permissions import insist

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@never_cache
@require_safe
@for_managers
def scores(request: HttpRequest, slug: str) -> HttpResponse:
    """Every application with its total, where reviewers disagree, and what misses a threshold."""
    call = visible_call(request, slug)
    context = {"call": call, "tabs": call_tabs(request, call), "rows": reading.by_application(call, request.user)}
    return TemplateResponse(request, "funding/review_scores.html", context)


@require_safe
@for_managers
def scores_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Every score as CSV."""
    call = visible_call(request, slug)
    return as_csv(list(reading.export(call, request.user)), f"scores-{call.slug}.csv")


@require_safe
@for_managers
def scores_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """Every score as a workbook."""
    call = visible_call(request, slug)
    return as_xlsx({"Scores": reading.export(call, request.user)}, f"scores-{call.slug}.xlsx")


@never_cache
@require_safe
@for_reviewers
def panel(request: HttpRequest, slug: str) -> HttpResponse:
    """The panel's list: totals of what is not closed to this person."""
    seats = Reviewer.objects.active().filter(user=request.user, is_on_panel=True).select_related("call", "user")
    seat = get_object_or_404(seats, call__slug=slug)
    if seat.declared_at is None:
        return redirect("funding:interests", slug)
    rows = reading.for_panel(seat, request.user)
    return TemplateResponse(request, "funding/review_panel.html", {"call": seat.call, "rows": rows})


def _application(request: HttpRequest, slug: str, code: str) -> Application:
    """The application of this code, if the person may see its scores; otherwise the reason, where it has a part."""
    call = FundingCall.objects.visible_to(request.user).filter(slug=slug).first()
    application = application_of(call, code) if call else None
    if application is None:
        raise Http404
    insist(sees_scores(request.user, application))
    return application


@never_cache
@require_safe
@for_reviewers
def discussion(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The scores of one application side by side, and what is said of it."""
    return _discussion(request, _application(request, slug, code))


def _discussion(
    request: HttpRequest, application: Application, *, remark: RemarkForm | None = None,
    at: Criterion | None = None, moderation: ModerateForm | None = None,
) -> HttpResponse:  # fmt: skip
    context = reading.discussion(application, request.user)
    for row in context["rows"]:
        criterion, agreed = row["criterion"], row["moderated"]
        form = ModerateForm(instance=agreed, criterion=criterion, prefix=f"c{criterion.pk}")
        row["form"] = moderation if at and at.pk == criterion.pk else form
    return TemplateResponse(
        request, "funding/review_discussion.html", context | {"remark_form": remark or RemarkForm()}
    )


@require_POST
@for_reviewers
def remark(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One contribution to the discussion."""
    application, form = _application(request, slug, code), RemarkForm(request.POST)
    if form.is_valid():
        try:
            actions.remark(application=application, words=form.cleaned_data["words"], by=request.user)
            return redirect("funding:discussion", slug, code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _discussion(request, application, remark=form)


@require_POST
@for_managers
def moderate(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """The score that was agreed on, or, with "back", the mean again."""
    application = _application(request, slug, code)
    criterion = get_object_or_404(Criterion, pk=pk, call=application.call_id)
    form = ModerateForm(request.POST, criterion=criterion, prefix=f"c{criterion.pk}")
    try:
        if "back" in request.POST:
            actions.take_moderation_back(application=application, criterion=criterion, by=request.user)
        elif form.is_valid():
            actions.moderate(application=application, criterion=criterion, by=request.user, **form.cleaned_data)
        else:
            return _discussion(request, application, at=criterion, moderation=form)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _discussion(request, application, at=criterion, moderation=form)
    messages.success(request, _("Saved."))
    return redirect("funding:discussion", slug, code)

"""The applicant's decision and appeal; the secretary's appeals and reserve list."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.pages import paginate
from funding.actions import appeals as actions
from funding.actions import reserve as reserve_actions
from funding.asking import as_handed_in, parts_of
from funding.forms.decisions import AppealForm, DecisionForm, ReasonsForm, WhyForm
from funding.models import Appeal, Award, Decision
from funding.permissions import can_appeal, can_decide
from funding.reading import decisions as reading
from funding.reading import reserve as reserve_reading
from funding.reviewing import bound_to
from funding.tabs import call_tabs
from funding.views.access import for_managers, handed_in, visible_application, visible_call
from members.permissions import insist


@require_safe
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """What was decided of an application, why, and until when one can appeal."""
    application = visible_application(request, reference)
    context = reading.told(application, request.user)
    if context["decision"] is None:
        raise Http404
    return TemplateResponse(request, "funding/decision.html", context | {"application": application})


@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    """The lead asks to look again, once and in time."""
    application = visible_application(request, reference)
    insist(can_appeal(request.user, application))
    context = reading.told(application, request.user)
    if context["decision"] is None:
        raise Http404
    form = AppealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.file(decision=context["decision"], by=request.user, words=form.cleaned_data["words"])
            messages.success(request, _("Your appeal has come. You get a mail now and a letter with the answer."))
            return redirect("funding:decision", application.reference)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return TemplateResponse(request, "funding/appeal.html", context | {"application": application, "form": form})


@require_safe
@for_managers
def appeal_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every appeal of a call that is open to the reader, those to be answered first."""
    call = visible_call(request, slug)
    rows = Appeal.objects.filter(decision__application__call=call).select_related("decision__application__lead")
    found = rows.exclude(decision__application__in=bound_to(request.user, call))
    page = paginate(request, found.order_by("answered_at", "filed_at"))
    for each in page:
        each.decision.application.call = call
    as_handed_in(each.decision.application for each in page)
    context = {"call": call, "tabs": call_tabs(request, call), "page": page}
    return TemplateResponse(request, "funding/appeals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def answer_appeal(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The decision stands, or it changes; the applicant gets a letter."""
    call = visible_call(request, slug)
    application = handed_in(call, number)
    insist(can_decide(request.user, application))
    found = get_object_or_404(Appeal.objects.select_related("decision"), decision__application=application)
    found.decision.application = application
    upheld = request.method == "POST" and request.POST.get("answer") == "uphold"
    posted = request.POST if request.method == "POST" else None
    parts = parts_of([application])[application.pk]
    forms = {
        "change": DecisionForm(posted if upheld else None, parts=parts, reviews_are_in=True, prefix="new"),
        "stand": ReasonsForm(None if upheld else posted),
    }
    form = forms["change" if upheld else "stand"]
    if posted and form.is_valid() and _answered(request, found, form):
        return redirect("funding:appeals", call.slug)
    context = {"call": call, "tabs": call_tabs(request, call), "appeal": found, "application": application}
    return TemplateResponse(request, "funding/answer_appeal.html", context | forms)


def _answered(request: HttpRequest, found: Appeal, form: DecisionForm | ReasonsForm) -> bool:
    try:
        if isinstance(form, DecisionForm):
            said = form.said()
            fields = ("outcome", "amounts", "reserve_place")
            new = {name: said[name] for name in fields}
            actions.uphold(appeal=found, answer=said["reasons"], by=request.user, **new)
        else:
            actions.dismiss(appeal=found, answer=form.cleaned_data["reasons"], by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Answered. The consortium gets a letter."))
    return True


@require_safe
@for_managers
def reserve(request: HttpRequest, slug: str) -> HttpResponse:
    """Who waits, what is left, whose turn it is; and the awards that stand."""
    return _reserve(request, slug)


def _reserve(request: HttpRequest, slug: str, **wrong: object) -> HttpResponse:
    call = visible_call(request, slug)
    context = {"call": call, "tabs": call_tabs(request, call), "why": WhyForm(), "reasons": ReasonsForm()}
    return TemplateResponse(request, "funding/reserve.html", context | reserve_reading.page(call, request.user) | wrong)


@require_POST
@for_managers
def give_up(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """An award is declined or taken back; its money is free."""
    call, form = visible_call(request, slug), WhyForm(request.POST)
    rows = Award.objects.filter(decision__application__call=call).select_related("decision__application__call")
    found = get_object_or_404(rows, pk=pk)
    if form.is_valid():
        try:
            reserve_actions.give_up(award=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("The award is given up. Its money is free for the reserve list."))
            return redirect("funding:reserve", call.slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _reserve(request, slug, wrong_award=pk, wrong_form=form)


@require_POST
@for_managers
def move_up(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The secretary confirms that the next of the list is funded."""
    call, form = visible_call(request, slug), ReasonsForm(request.POST)
    found = get_object_or_404(Decision, application=handed_in(call, number))
    if form.is_valid():
        try:
            reserve_actions.move_up(decision=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("It is funded now. The consortium gets its letter."))
            return redirect("funding:reserve", call.slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _reserve(request, slug, reasons=form)

"""The ranking for panel and secretary, what is decided of each application, and making it known."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from funding.actions import announcing
from funding.actions import decisions as actions
from funding.asking import parts_of
from funding.forms.decisions import DecisionForm
from funding.models import Decision, FundingCall
from funding.permissions import can_decide, can_run_calls
from funding.reading import ranking as reading
from funding.reviewing import code_of
from funding.tabs import call_tabs
from funding.views.access import for_managers, handed_in, ranked_call, visible_call
from members.permissions import insist


def _frame(request: HttpRequest, call: FundingCall) -> dict[str, object]:
    """What every page of a call needs; the panel has the ranking alone, so no tabs."""
    may = can_run_calls(request.user).allowed
    return {"call": call, "may_decide": may, "tabs": call_tabs(request, call) if may else []}


@require_safe
def ranking(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands where, how far the money reaches, what is proposed, what is decided."""
    call = ranked_call(request, slug)
    return TemplateResponse(request, "funding/ranking.html", _frame(request, call) | reading.page(call, request.user))


@require_safe
@for_managers
def ranked(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One application of the ranking: its score, what it asks, the panel's words, the decision."""
    return _ranked(request, visible_call(request, slug), number)


def _ranked(request: HttpRequest, call: FundingCall, number: int, form: DecisionForm | None = None) -> HttpResponse:
    application = handed_in(call, number)
    insist(can_decide(request.user, application))
    decision = Decision.objects.filter(application=application).first()
    context = _frame(request, call) | {
        "application": application,
        "facts": reading.about(application),
        "remarks": application.remarks.select_related("by"),
        "decision": decision,
        **reading.decided(decision),
        "warnings": actions.aid_warnings(decision) if decision else [],
        "form": (form or _form(request, application, decision)) if call.phase == FundingCall.Phase.REVIEW else None,
        "code": code_of(application),
    }
    return TemplateResponse(request, "funding/ranked.html", context)


def _form(request: HttpRequest, application, decision: Decision | None) -> DecisionForm:
    parts = parts_of([application])[application.pk]
    first = {"seen": actions.state_of(decision)}
    are_in = reading.reviews_are_in(application)
    return DecisionForm(request.POST or None, parts=parts, reviews_are_in=are_in, instance=decision, initial=first)


@require_POST
@for_managers
def decide(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Records a decision, or tells why it cannot be."""
    call = visible_call(request, slug)
    application = handed_in(call, number)
    form = _form(request, application, Decision.objects.filter(application=application).first())
    if form.is_valid():
        try:
            decided = actions.decide(application=application, by=request.user, **form.said())
            messages.success(request, _("Decided. Nobody is told before you make the decisions known."))
            for warning in actions.aid_warnings(decided):
                messages.warning(request, warning)
            return redirect("funding:ranking", call.slug)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _ranked(request, call, number, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def make_known(request: HttpRequest, slug: str) -> HttpResponse:
    """The last look before the letters go out; then they do, once."""
    call = visible_call(request, slug)
    if request.method == "POST":
        try:
            count = announcing.make_known(call=call, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            told = ngettext("%(n)s consortium gets its letter.", "%(n)s consortia get their letters.", count)
            messages.success(request, told % {"n": count} if count else _("They were made known already."))
        return redirect("funding:ranking", call.slug)
    return TemplateResponse(
        request, "funding/make_known.html", _frame(request, call) | reading.before_telling(call, request.user)
    )

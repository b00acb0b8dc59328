"""Grants: the list, each of them, and the money of all funders."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import as_csv, as_xlsx
from core.htmx import render_page
from core.pages import paginate
from funding.actions import grants as actions
from funding.forms import grants as forms
from funding.models import Grant, Milestone, Payment
from funding.permissions import can_run_calls
from funding.reading import grants as reading
from funding.tabs import room_tabs
from funding.views.access import for_grants, for_managers
from funding.views.answering import attempt, fits
from members.permissions import insist

PARTS = ("agreement", "milestone", "report", "payment")


@require_safe
@for_grants
def grant_list(request: HttpRequest) -> HttpResponse:
    """All grants for the cluster team, with what is late; for others their own, with what is due."""
    form = forms.GrantFilterForm(request.GET or None, states=reading.STATES)
    asked = {"words": form.value_of("q"), "call": form.value_of("call"), "state": form.value_of("status")}
    page = paginate(request, reading.narrowed(reading.grants(request.user), **asked))
    context = {"form": form, "page": page, "tabs": room_tabs(request)}
    if request.user.is_manager:
        context |= {"due": reading.late(request.user), "waiting": list(reading.waiting_reports())}
    else:
        context["due"] = reading.due(request.user)
    return render_page(request, "funding/grants.html", context, part="results")


@require_http_methods(["GET", "HEAD", "POST"])
@for_grants
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """One grant: its agreement, milestones, reports and payments. The cluster team plans them here."""
    found = get_object_or_404(reading.grants(request.user), pk=pk)
    if request.method == "POST":
        insist(can_run_calls(request.user))
    part = request.POST.get("part", "")
    known = {name: _form(name, request, found, is_sent=name == part) for name in PARTS}
    if request.method == "POST" and part in known and fits(known[part], _act(part, found, request)):
        messages.success(request, _("Saved."))
        return redirect(found)
    return TemplateResponse(request, "funding/grant.html", reading.page(found, request.user) | {"forms": known})


def _form(name: str, request: HttpRequest, grant: Grant, *, is_sent: bool) -> forms.forms.BaseForm:
    sent = request.POST if request.method == "POST" and is_sent else None
    options = {"prefix": name} if name != "agreement" else {"instance": Grant.objects.get(pk=grant.pk)}
    if name == "payment":
        options["grant"] = grant
    kinds = (forms.AgreementForm, forms.MilestoneForm, forms.ReportPlanForm, forms.PaymentForm)
    return dict(zip(PARTS, kinds, strict=True))[name](sent, **options)


def _act(name: str, grant: Grant, request: HttpRequest) -> object:
    acts = (actions.agree, actions.add_milestone, actions.plan_report, actions.plan_payment)
    act = dict(zip(PARTS, acts, strict=True))[name]
    return lambda said: act(grant=grant, by=request.user, **said)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """An early end: why, and what is kept."""
    found = get_object_or_404(reading.grants(request.user), pk=pk)
    form = forms.EndForm(request.POST or None, initial={"kept_eur": max(found.paid, 0)})
    if request.method == "POST" and fits(form, lambda said: actions.end_early(grant=found, by=request.user, **said)):
        messages.success(request, _("The grant has ended."))
        return redirect(found)
    return TemplateResponse(request, "funding/grant_end.html", {"grant": found, "form": form})


@require_POST
@for_managers
def reach_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """It was reached."""
    milestone = get_object_or_404(Milestone, pk=pk)
    form = forms.DayOnlyForm(request.POST)
    if form.is_valid():
        said = {"milestone": milestone, "on": form.cleaned_data["on"]}
        attempt(request, lambda: actions.reach_milestone(by=request.user, **said), _("Noted."))
    else:
        messages.warning(request, _("Write the day on which it was reached."))
    return redirect(milestone.grant)


@require_POST
@for_managers
def remove_milestone(request: HttpRequest, pk: int) -> HttpResponse:
    """It was planned by mistake."""
    milestone = get_object_or_404(Milestone, pk=pk)
    attempt(request, lambda: actions.remove_milestone(milestone=milestone, by=request.user), _("Removed."))
    return redirect(milestone.grant)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment was made."""
    payment = get_object_or_404(Payment.objects.select_related("grant__award__partner__application__call"), pk=pk)
    form = forms.PayForm(request.POST or None)
    if request.method == "POST" and fits(form, lambda said: actions.pay(payment=payment, by=request.user, **said)):
        messages.success(request, _("Noted."))
        return redirect(payment.grant)
    return TemplateResponse(
        request, "funding/grant_pay.html", {"payment": payment, "grant": payment.grant, "form": form}
    )


@require_POST
@for_managers
def remove_payment(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not to be made after all."""
    payment = get_object_or_404(Payment, pk=pk)
    attempt(request, lambda: actions.remove_payment(payment=payment, by=request.user), _("Removed."))
    return redirect(payment.grant)


# --- money by funder --------------------------------------------------------------------------------------------------


@require_safe
@for_managers
def money(request: HttpRequest) -> HttpResponse:
    """Budget, awarded, granted, paid, spent and left, by funder."""
    context = {"funders": reading.by_funder(), "tabs": room_tabs(request)}
    return TemplateResponse(request, "funding/grant_money.html", context)


@require_safe
@for_managers
def money_csv(_request: HttpRequest) -> HttpResponse:
    """The overview for a spreadsheet."""
    return as_csv(reading.money_rows(), f"money-by-funder-{timezone.localdate()}.csv")


@require_safe
@for_managers
def money_xlsx(_request: HttpRequest) -> HttpResponse:
    """The overview as a workbook."""
    return as_xlsx({"Money": reading.money_rows()}, f"money-by-funder-{timezone.localdate()}.xlsx")

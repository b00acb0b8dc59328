"""From awards to grants: the secretary's page of a call, and of one award."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.pages import paginate
from funding import aid as ledger
from funding.actions import aid, granting
from funding.forms.grants import GrantingForm, OrganisationOfPartForm
from funding.models import Award
from funding.reading import grants as reading
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call
from funding.views.answering import attempt, fits


@require_safe
@for_managers
def of_call(request: HttpRequest, slug: str) -> HttpResponse:
    """What is to be granted of a call, and its grants."""
    call = visible_call(request, slug)
    found = reading.narrowed(reading.grants(request.user), words="", call=call, state="")
    context = {
        "call": call,
        "tabs": call_tabs(request, call),
        "waiting": reading.to_grant(call),
        "may_grant": call.status in granting.GRANTED_BY,
        "page": paginate(request, found),
        "funders": reading.by_funder(call),
        "form": GrantingForm(),
    }
    return TemplateResponse(request, "funding/grants_of_call.html", context)


@require_POST
@for_managers
def all_of_call(request: HttpRequest, slug: str) -> HttpResponse:
    """Grants each award of a call; what does not fit is said and stays."""
    call, form = visible_call(request, slug), GrantingForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Write the day of granting."))
        return redirect("funding:call_grants", slug)
    granted, refused = granting.grant_all(call=call, on=form.cleaned_data["on"], by=request.user)
    if granted:
        words = ngettext("%(n)s award was granted.", "%(n)s awards were granted.", len(granted))
        messages.success(request, words % {"n": len(granted)})
    for reason in dict.fromkeys(reason for _award, reason in refused):
        messages.warning(request, reason)
    return redirect("funding:call_grants", slug)


def _award(pk: int) -> Award:
    rows = Award.objects.select_related("funder__call", "partner__organisation", "partner__application__call")
    return get_object_or_404(rows.standing().filter(decision__outcome="funded"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """One award: which organisation it is, what stands against granting it, and granting it."""
    found = _award(pk)
    if hasattr(found, "grant"):
        return redirect(found.grant)
    form = GrantingForm(request.POST or None)
    if request.method == "POST" and fits(
        form, lambda said: granting.grant(award=found, on=said["on"], by=request.user)
    ):
        messages.success(request, _("Granted."))
        return redirect("funding:call_grants", found.funder.call.slug)
    today = timezone.localdate()
    part = found.partner
    room = ledger.room_of(part.organisation, found.funder.member_state, today) if part.organisation else None
    # What refused it stands above the form already.
    warnings = [] if form.errors else ledger.warnings_of(found, today)
    context = {"award": found, "form": form, "warnings": warnings, "room": room}
    context |= {"organisation_form": OrganisationOfPartForm(initial={"organisation": part.organisation})}
    return TemplateResponse(request, "funding/grant_award.html", context)


@require_POST
@for_managers
def name_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """Which of the portal's organisations the partner is."""
    found, form = _award(pk), OrganisationOfPartForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data["organisation"]
        act = granting.name_organisation
        attempt(request, lambda: act(part=found.partner, organisation=chosen, by=request.user), _("Noted."))
    else:
        messages.warning(request, _("Choose the organisation."))
    return redirect("funding:grant_award", pk)


@require_POST
@for_managers
def add_organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """The partner becomes an organisation of the portal, without people."""
    found = _award(pk)
    attempt(request, lambda: granting.add_as_organisation(part=found.partner, by=request.user), _("Added."))
    return redirect("funding:grant_award", pk)


@require_POST
@for_managers
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """What the partner declared in its application goes on the ledger."""
    found = _award(pk)
    attempt(
        request,
        lambda: aid.take_over_partner(partner=found.partner, by=request.user),
        _("What they declared stands on the ledger."),
    )
    return redirect("funding:grant_award", pk)

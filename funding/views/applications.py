"""Applications from outside: started, listed, looked at, opened again, withdrawn."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.numbers import whole_number
from core.pages import paginate
from funding.actions import applications as actions
from funding.forms.applications import WithdrawForm
from funding.models import FundingCall
from funding.reading import applications as reading
from funding.reading.decisions import told
from funding.reviewing import is_bound_to
from funding.tabs import room_tabs
from funding.views.access import led_application, visible_application, visible_call
from members.models import Organisation
from members.permissions import can_see_organisations, insist


@require_safe
def application_list(request: HttpRequest) -> HttpResponse:
    """What the person's organisations lead or take part in, and which calls are open."""
    insist(can_see_organisations(request.user))
    page = paginate(request, reading.own_applications(request.user))
    context = {"page": page, "rows": reading.rows(page, request.user), "tabs": room_tabs(request)}
    if reading.may_lead(request.user):
        calls = list(FundingCall.objects.open().order_by("deadline"))
        mine = reading.applying(request.user, calls)
        context["open_calls"] = [{"call": each, "applying": mine[each.pk]} for each in calls]
    return TemplateResponse(request, "funding/application_list.html", context)


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """One tap on an open call. Whoever is of several organisations names one."""
    call = visible_call(request, slug)
    mine = reading.may_lead(request.user)
    wanted = whole_number(request.POST.get("organisation", ""))
    organisation = next((each for each in mine if each.pk == wanted), mine[0] if len(mine) == 1 else None)
    if organisation is None:
        organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=wanted)
    try:
        application = actions.start(call=call, organisation=organisation, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(call)
    return redirect("funding:partners", application.reference)


@require_safe
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """Where it stands. A partner is led to its own part, the cluster team to what was handed in."""
    found = visible_application(request, reference)
    leads = any(each.organisation_id == found.lead_id for each in request.user.all_memberships)
    if leads:
        context = reading.page_context(found, request.user) | {"consortium": reading.consortium(found)}
        context["told"] = told(found, request.user)
        return TemplateResponse(request, "funding/application.html", context)
    if request.user.is_manager and not is_bound_to(request.user, found):
        return redirect("funding:handed_in", reference, found.submissions.latest("number").number)
    if own := reading.part_url(found, request.user):
        return redirect(own)
    context = {"application": found, "call": found.call, "told": told(found, request.user)}
    return TemplateResponse(request, "funding/application_part.html", context)


@require_POST
def amend(request: HttpRequest, reference: str) -> HttpResponse:
    """Open again until the deadline."""
    found = led_application(request, reference)
    try:
        actions.amend(application=found, by=request.user)
        messages.success(request, _("It is open again. What you handed in counts until you hand in anew."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Taken back, with a reason."""
    found = led_application(request, reference)
    context = reading.page_context(found, request.user)
    insist(context["may_apply"])
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(application=found, why=form.cleaned_data["why"], by=request.user)
            messages.success(request, _("The application is withdrawn. You can still read it."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect(reverse("funding:application", args=[reference]))
    return TemplateResponse(request, "funding/application_withdraw.html", context | {"form": form})

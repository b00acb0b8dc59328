"""The step "Consortium": who takes part, asked by signed links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.forms import refused_on
from funding import checklist
from funding.actions import partners as actions
from funding.forms.consortium import PartnerForm
from funding.models import Application, Partner
from funding.reading import applications as reading
from funding.reading.fields import fields
from funding.views.access import led_application
from funding.views.answers import addresses, save_all


@require_http_methods(["GET", "HEAD", "POST"])
def consortium(request: HttpRequest, reference: str) -> HttpResponse:
    """All partners, and a form for one more."""
    application = led_application(request, reference)
    form = PartnerForm(request.POST if request.method == "POST" else None, application=application)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            partner = actions.add(application=application, by=request.user, **form.cleaned_data)
            messages.success(request, _("%(name)s is in the consortium. Say what it does.") % {"name": partner.name})
            return redirect("funding:consortium_partner", reference, partner.pk)
    context = reading.page_context(application, request.user, checklist.CONSORTIUM)
    context |= {"form": form, "consortium": reading.consortium(application)}
    return TemplateResponse(request, "funding/application_consortium.html", context)


def _partner(application: Application, pk: int) -> Partner:
    partner = get_object_or_404(application.partners.select_related("funder", "organisation"), pk=pk)
    partner.application = application
    return partner


@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """One partner: what the lead says of it, its invitation, and whether it confirmed."""
    application = led_application(request, reference)
    found = _partner(application, pk)
    if "rev-role" in request.POST:
        return _save_role(request, application, found)
    posted = request.POST if request.method == "POST" else None
    form = PartnerForm(posted, application=application, partner=found)
    if posted is not None and form.is_valid():
        with refused_on(form):
            actions.change(partner=found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("funding:consortium_partner", reference, pk)
    context = reading.page_context(application, request.user, checklist.CONSORTIUM)
    context |= {
        "form": form,
        "partner": found,
        "partner_state": reading.PARTNER_STATES[Partner.Status(found.status)],
        "fields": fields(application, found, ["role"], [], **addresses(application, found)),
    }
    return TemplateResponse(request, "funding/application_partner.html", context)


def _save_role(request: HttpRequest, application: Application, partner: Partner) -> HttpResponse:
    """Without scripts: by the button, or by choosing one of two versions."""
    _typed, why = save_all(request, application, ["role"], [], partner)
    if why:
        messages.error(request, why)
    else:
        messages.success(request, _("Saved."))
    return redirect("funding:consortium_partner", application.reference, partner.pk)


def _act(request: HttpRequest, reference: str, pk: int, act: object, said: str) -> HttpResponse:
    application = led_application(request, reference)
    found = _partner(application, pk)
    try:
        act(partner=found, by=request.user)
        messages.success(request, said % {"name": found.name, "email": found.email})
    except Refused as refusal:
        messages.error(request, str(refusal))
    if application.partners.filter(pk=pk).exists():
        return redirect("funding:consortium_partner", reference, pk)
    return redirect("funding:partners", reference)


@require_POST
def invite(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Sends the link, or a new one in its place."""
    return _act(request, reference, pk, actions.invite, _("A link goes to %(email)s. Only the newest link opens."))


@require_POST
def stop_link(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Switches the link off."""
    return _act(request, reference, pk, actions.stop_link, _("The link of %(name)s opens nothing any more."))


@require_POST
def remove(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Out of the consortium."""
    return _act(request, reference, pk, actions.remove, _("%(name)s is out of the consortium."))

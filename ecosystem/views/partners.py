"""The partners, and one of them: what it offers, what was agreed, whom to write to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.forms import refused_on
from core.pages import paginate
from ecosystem.actions import partners as actions
from ecosystem.forms.partners import AddPartnerForm, AgreementForm, ContactForm, PartnerForm
from ecosystem.models import Partnership
from ecosystem.reading import partners as reading
from ecosystem.tabs import partner_tabs, room_tabs
from ecosystem.views.access import for_managers, for_members_and_partners, visible_partner


@require_safe
@for_members_and_partners
def home(request: HttpRequest) -> HttpResponse:
    """Managers to the partners, a partner's people to their own page, members to their introductions."""
    if request.user.is_manager:
        return redirect("ecosystem:partners")
    own = Partnership.objects.visible_to(request.user).select_related("organisation").order_by("pk").first()
    return redirect(own) if own else redirect("ecosystem:cards")


@require_safe
@for_managers
def partner_list(request: HttpRequest) -> HttpResponse:
    """All partners, with what they offer and what goes on."""
    page = paginate(request, Partnership.objects.visible_to(request.user).for_list())
    context = {"page": page, "rows": reading.rows(page.object_list, request.user), "tabs": room_tabs(request)}
    return TemplateResponse(request, "ecosystem/partners.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def add(request: HttpRequest) -> HttpResponse:
    """An organisation becomes a partner."""
    form = AddPartnerForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            said = {"organisation": form.cleaned_data["organisation"], "new": form.new_organisation()}
            found = actions.add_partner(**said, by=request.user)
            return redirect("ecosystem:edit_partner", found.organisation.slug)
    return TemplateResponse(request, "ecosystem/partner_add.html", {"form": form})


@require_safe
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """One partner, for the cluster team and for its own people."""
    found = visible_partner(request, slug)
    context = reading.page(found, request.user) | {"tabs": partner_tabs(request, found)}
    return TemplateResponse(request, "ecosystem/partner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """What it offers, where, and how it hears of its pool."""
    form = PartnerForm(request.POST or None, instance=visible_partner(request, slug))
    if request.method == "POST" and form.is_valid():
        found = visible_partner(request, slug)
        if actions.change_partner(partnership=found, by=request.user, **form.says()):
            messages.success(request, _("Saved."))
        return redirect(found)
    found = visible_partner(request, slug)
    context = {"form": form, "partnership": found, "title": _("What they offer")}
    return TemplateResponse(request, "ecosystem/partner_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def agreement(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """A new agreement, or one that is there."""
    found = visible_partner(request, slug)
    row = get_object_or_404(found.agreements, pk=pk) if pk is not None else None
    form = AgreementForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            actions.save_agreement(partnership=found, agreement=row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "form": form,
        "partnership": found,
        "title": _("Agreement"),
        "remove": pk and "ecosystem:remove_agreement",
    }
    return TemplateResponse(request, "ecosystem/partner_form.html", context | {"pk": pk})


@require_POST
@for_managers
def remove_agreement(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """It was entered by mistake."""
    found = visible_partner(request, slug)
    actions.remove_agreement(agreement=get_object_or_404(found.agreements, pk=pk), by=request.user)
    messages.success(request, _("The agreement is removed."))
    return redirect(found)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def contact(request: HttpRequest, slug: str, pk: int | None = None) -> HttpResponse:
    """Somebody new to write to, or somebody who is there."""
    found = visible_partner(request, slug)
    row = get_object_or_404(found.contacts, pk=pk) if pk is not None else None
    form = ContactForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with refused_on(form, "email"):
            actions.save_contact(partnership=found, contact=row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {"form": form, "partnership": found, "title": _("Contact"), "remove": pk and "ecosystem:remove_contact"}
    return TemplateResponse(request, "ecosystem/partner_form.html", context | {"pk": pk})


@require_POST
@for_managers
def remove_contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Nobody to write to any more."""
    found = visible_partner(request, slug)
    actions.remove_contact(contact=get_object_or_404(found.contacts, pk=pk), by=request.user)
    messages.success(request, _("The contact is removed."))
    return redirect(found)

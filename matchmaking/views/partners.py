"""The clusters and intermediaries that bring their own companies to a round, for managers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.forms import refused_on
from matchmaking.actions import participants as actions
from matchmaking.forms.participants import PartnerForm, PlacesForm
from matchmaking.models import Round, RoundPartner
from matchmaking.reading import people
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def partner_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Who brings companies, and a partner to add."""
    round_ = visible_round(request.user, slug)
    form = PartnerForm(request.POST or None, by=request.user, round_=round_)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            partner = actions.add_partner(round_=round_, by=request.user, **form.facts())
            messages.success(request, _("%(name)s is a partner now.") % {"name": partner.organisation})
            return redirect("matchmaking:partners", slug)
    context = {
        "round": round_,
        "tabs": round_tabs(request, round_),
        "form": form,
        "rows": [{"partner": each, "form": PlacesForm(instance=each)} for each in people.partners(round_)],
        "may_add": round_.status in {Round.Status.PLANNED, Round.Status.OPEN},
    }
    return TemplateResponse(request, "matchmaking/partners.html", context)


def _partner(request: HttpRequest, slug: str, pk: int) -> RoundPartner:
    round_ = visible_round(request.user, slug)
    return get_object_or_404(round_.partners.select_related("organisation"), pk=pk)


@require_POST
@for_managers
def change_places(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """More or fewer places for a partner."""
    partner = _partner(request, slug, pk)
    form = PlacesForm(request.POST, instance=_partner(request, slug, pk))
    try:
        if form.is_valid():
            actions.change_places(partner=partner, places=form.cleaned_data["places"], by=request.user)
            messages.success(request, _("Saved."))
        else:
            messages.error(request, _("Write a whole number of places, at least 1."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:partners", slug)


@require_POST
@for_managers
def remove_partner(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A partner that has brought nobody leaves the round."""
    partner = _partner(request, slug, pk)
    try:
        actions.remove_partner(partner=partner, by=request.user)
        messages.success(request, _("%(name)s is no partner any more.") % {"name": partner.organisation})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:partners", slug)

"""Who is asked in a wave, and how far the mails have come. Who has answered is shown to nobody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.actions import Refused
from core.htmx import render_page
from core.pages import paginate
from evaluations.actions import waves as actions
from evaluations.filters.invitees import InviteeFilter
from evaluations.models import Invitee, Wave
from evaluations.population import population
from evaluations.reading import waves as reading
from evaluations.tabs import wave_tabs
from evaluations.views.access import for_managers
from evaluations.views.waves import visible_wave


@require_safe
@for_managers
def wave_people(request: HttpRequest, slug: str) -> HttpResponse:
    """Before opening: who would be asked, and who cannot be and why. Afterwards: who was."""
    wave = visible_wave(request, slug)
    context = {"wave": wave, "tabs": wave_tabs(request, wave)}
    if wave.status == Wave.Status.PLANNED:
        return _to_be_asked(request, context)
    rows = Invitee.objects.visible_to(request.user).filter(wave=wave).with_mail().select_related("organisation")
    found = InviteeFilter(request.GET, rows.by_name())
    page = paginate(request, found.qs)
    context |= {"page": page, "filter": found}
    context |= {"rows": [{"invitee": each} | reading.state(each) for each in page]}
    return render_page(request, "evaluations/wave_people.html", context, part="results")


def _to_be_asked(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    found = reading.to_be_asked(population(context["wave"]), only=request.GET.get("only", ""))
    context |= {"page": paginate(request, found), "only": request.GET.get("only", "")}
    return TemplateResponse(request, "evaluations/wave_to_be_asked.html", context)


def _one(request: HttpRequest, slug: str, pk: int) -> Invitee:
    return get_object_or_404(Invitee.objects.visible_to(request.user), pk=pk, wave=visible_wave(request, slug))


@require_POST
@for_managers
def take_out(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The company is asked no more."""
    invitee = _one(request, slug, pk)
    actions.take_out(invitee=invitee, by=request.user)
    messages.success(request, _("%(company)s is asked no more. Its link opens nothing.") % {"company": invitee})
    return redirect("evaluations:wave_people", slug)


@require_POST
@for_managers
def send_new_link(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The old link opens nothing, and another goes to the same address."""
    invitee = _one(request, slug, pk)
    try:
        actions.send_new_link(invitee=invitee, by=request.user)
        messages.success(
            request, _("A new link goes to %(email)s. The old one opens nothing.") % {"email": invitee.email}
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("evaluations:wave_people", slug)

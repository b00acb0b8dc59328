"""The companies of a round: suggestions, search, and the ballot of must, nice and not for us."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from core.actions import Refused
from core.htmx import render_page
from core.limits import limited
from matchmaking import links
from matchmaking.actions import ballots as actions
from matchmaking.forms.ballots import WishForm
from matchmaking.models import Participant, Wish
from matchmaking.reading.ballot import Ballot
from matchmaking.reading.others import others_of, sees_others
from matchmaking.views.access import by_link, own_context


@require_safe
@by_link
def ballot(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Whom one may meet: those who fit best first, the others searchable below."""
    if not sees_others(participant):
        return redirect("matchmaking:own", links.token_of(participant))
    if request.htmx.target == "waiting":
        return _waiting(request, participant)
    shown = Ballot(participant, request.GET)
    page = shown.page(request)
    context = own_context(request, participant) | {
        "state": shown.state,
        "filter": shown.form,
        "is_narrowed": shown.is_narrowed,
        "suggestions": shown.suggestions() if page.number == 1 else [],
        "page": page,
        "cards": shown.cards(list(page)),
        "here": request.get_full_path(),
    }
    return render_page(request, "matchmaking/ballot.html", context, part="results")


def _waiting(request: HttpRequest, participant: Participant) -> HttpResponse:
    """Suggestions are being worked out: the page is loaded anew when they are there."""
    if participant.round.affinity_is_due:
        return TemplateResponse(request, "matchmaking/ballot.html#waiting", {})
    return HttpResponseClientRefresh()


@require_POST
@by_link
@limited("wish", times=2000, within=timedelta(hours=1), per="participant")
def wish(request: HttpRequest, participant: Participant, other: int) -> HttpResponse:
    """Must, nice, not for us, or none of them any more."""
    chosen = get_object_or_404(others_of(participant), pk=other)
    form, refusal = WishForm(request.POST), ""
    try:
        if not form.is_valid():
            raise Refused(_("We could not read this answer. Choose one of the three."))
        actions.wish(participant=participant, other=chosen, kind=form.chosen())
    except Refused as refused:
        refusal = str(refused)
    if request.htmx:
        return _card(request, participant, other, refusal)
    if refusal:
        messages.warning(request, refusal)
    return redirect(f"{_way_back(request, participant)}#company-{other}")


def _card(request: HttpRequest, participant: Participant, other: int, refusal: str) -> HttpResponse:
    """The card alone, with how far the ballot is beside it."""
    shown = Ballot(participant)
    (card,) = shown.cards([other])
    label = Wish.Kind(card["wish"]).label if card["wish"] else _("Taken back")
    card |= {"is_open": "is_open" in request.POST, "refusal": refusal, "wish_label": label}
    context = {
        "participant": participant,
        "round": participant.round,
        "token": links.token_of(participant),
        "state": shown.state,
        "card": card,
        "here": _way_back(request, participant),
    }
    return TemplateResponse(request, "matchmaking/_answered_company.html", context)


def _way_back(request: HttpRequest, participant: Participant) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("matchmaking:ballot", args=[links.token_of(participant)])


@require_POST
@by_link
@limited("hand-in", times=60, within=timedelta(hours=1), per="participant")
def hand_in(request: HttpRequest, participant: Participant) -> HttpResponse:
    """The ballot is done, and may still be changed."""
    try:
        actions.hand_in(participant=participant)
        messages.success(request, _("Your ballot is handed in. You can change it until choosing ends."))
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("matchmaking:ballot", links.token_of(participant))

"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from matchmaking import links
from matchmaking.models import Participant, Round
from matchmaking.permissions import can_run_rounds, may_enter
from matchmaking.tabs import own_tabs
from members.models import User
from members.permissions import insist
from members.views.access import only_if

for_managers = only_if(can_run_rounds)


def visible_round(user: User, slug: str) -> Round:
    """The round of this address if the person may see it; 404 otherwise, as if there were none."""
    insist(may_enter(user))
    return get_object_or_404(Round.objects.visible_to(user).select_related("timetable"), slug=slug)


def own_context(request: HttpRequest, participant: Participant) -> dict[str, object]:
    """What each of a participant's own pages is made with."""
    return {
        "participant": participant,
        "round": participant.round,
        "token": links.token_of(participant),
        "tabs": own_tabs(request, participant),
    }


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a participant's signed link opens, signed in or not. The view gets the participant."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
        try:
            participant: Participant = links.participant_of(token)
        except links.DeadLink as dead:
            context = {
                "replaced": getattr(dead, "participant", None),
                "ended": isinstance(dead, links.EndedLink),
                "switched_off": isinstance(dead, links.SwitchedOffLink),
            }
            status = 404 if isinstance(dead, links.ForgedLink) else 410
            return TemplateResponse(request, "matchmaking/link_dead.html", context | {"token": token}, status=status)
        return view(request, participant=participant, **kwargs)

    return opened

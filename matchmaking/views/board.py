"""The live board of the day: for the wall, and by its own link for every phone in the room."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.htmx import render_page
from core.mail import absolute
from matchmaking import links
from matchmaking.models import Round
from matchmaking.reading import live_board
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round


@require_safe
@for_managers
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """Now and next, with the link for everybody else."""
    round_ = visible_round(request.user, slug)
    public = reverse("matchmaking:public_board", args=[links.board_token(round_)])
    return _board(request, round_, tabs=round_tabs(request, round_), public_url=absolute(public))


@never_cache
@login_not_required
@require_safe
def public_board(request: HttpRequest, token: str) -> HttpResponse:
    """The same without an account, as long as the timetable is out."""
    try:
        round_ = links.round_of_board(token)
    except links.DeadLink:
        raise Http404 from None
    return _board(request, round_, tabs=[], public_url="")


def _board(request: HttpRequest, round_: Round, **more: object) -> HttpResponse:
    context = live_board.board(round_) | {"here": request.path, **more}
    return render_page(request, "matchmaking/live_board.html", context, part="board")

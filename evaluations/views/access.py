"""Who may enter which pages of the room."""

from collections.abc import Callable
from functools import partial, wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from core.speaking import answer_in
from evaluations import links
from evaluations.models import Wave
from evaluations.permissions import can_read_results, can_run_waves
from members.views.access import only_if

for_managers = only_if(can_run_waves)
for_readers = only_if(can_read_results)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that an invitee's signed link opens, signed in or not, in the language in which the company is asked.

    The view gets the invitee, with its wave.

    Whether the wave still takes answers, the view asks: what somebody has typed is not thrown away unread.
    """

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
        try:
            invitee = links.invitee_of(token)
        except links.DeadLink as dead:
            return answer_in(dead.language, partial(link_dead, request, dead=dead, token=token))
        return answer_in(invitee.asked_in, partial(view, request, invitee=invitee, **kwargs))

    return opened


def link_dead(
    request: HttpRequest, *, dead: links.DeadLink | None = None, ended: Wave | None = None, token: str = ""
) -> HttpResponse:
    """Says why a link opens nothing, and what to do."""
    context = {
        "ended": ended,
        "is_replaced": isinstance(dead, links.ReplacedLink),
        "is_switched_off": isinstance(dead, links.SwitchedOffLink),
        "token": token,
    }
    status = 404 if isinstance(dead, links.ForgedLink) else 410
    return TemplateResponse(request, "evaluations/link_dead.html", context, status=status)

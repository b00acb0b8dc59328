"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from members.models import User
from members.permissions import insist
from members.views.access import only_if
from programme import links
from programme.models import Strategy
from programme.permissions import can_run_the_programme, can_see_services, may_enter

for_managers = only_if(can_run_the_programme)
for_service_users = only_if(can_see_services)


def visible_strategy(user: User, slug: str) -> Strategy:
    """The strategy of this address if the person may see it; 404 otherwise, as if there were none."""
    insist(may_enter(user))
    return get_object_or_404(Strategy.objects.visible_to(user), slug=slug)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a stakeholder's signed link opens, signed in or not. The view gets who is asked."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            endorsement = links.endorsement_of(token)
        except links.DeadLink as dead:
            has_ended = isinstance(dead, links.EndedLink)
            status = 410 if has_ended else 404
            response = TemplateResponse(request, "programme/link_dead.html", {"has_ended": has_ended}, status=status)
        else:
            response = view(request, endorsement=endorsement)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened

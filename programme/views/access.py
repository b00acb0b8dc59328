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
from programme import links, registration_links
from programme.models import Activity, Strategy
from programme.permissions import can_lead, can_run_the_programme, can_see_services, may_enter
from programme.querysets import ActivityQuerySet

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


def seen_activities(request: HttpRequest) -> ActivityQuerySet:
    """The activities that whoever asks may see, signed in or not."""
    rows = Activity.objects
    return rows.visible_to(request.user) if request.user.is_authenticated else rows.for_visitors()


def seen_activity(request: HttpRequest, slug: str) -> Activity:
    """The activity of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    return get_object_or_404(seen_activities(request).for_page(), slug=slug)


def with_activity(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of an activity for somebody who is signed in. The view gets the activity."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, **kwargs: object) -> HttpResponse:
        insist(may_enter(request.user))
        return view(request, seen_activity(request, slug), **kwargs)

    return guarded


def for_lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of an activity for the team and the company that leads it. The view gets the activity."""

    @with_activity
    @wraps(view)
    def guarded(request: HttpRequest, activity: Activity, **kwargs: object) -> HttpResponse:
        insist(can_lead(request.user, activity))
        return view(request, activity, **kwargs)

    return guarded


def by_registration_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that the link in a participant's mail opens, signed in or not. The view gets the registration."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            return view(request, registration_links.registration_of(token))
        except registration_links.ForgedLink:
            return TemplateResponse(request, "programme/activity_link_dead.html", {}, status=404)

    return opened

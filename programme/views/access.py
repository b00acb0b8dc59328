"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from members.permissions import insist
from members.views.access import only_if
from programme import registration_links
from programme.models import Activity
from programme.permissions import can_lead, can_run_the_programme, may_enter
from programme.querysets import ActivityQuerySet

for_managers = only_if(can_run_the_programme)


def seen_activities(request: HttpRequest) -> ActivityQuerySet:
    """The activities that whoever asks may see, signed in or not."""
    rows = Activity.objects
    return rows.visible_to(request.user) if request.user.is_authenticated else rows.public()


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

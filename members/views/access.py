"""Who may enter which pages of the room: everything is fetched through the person who asks."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import Organisation, User
from members.permissions import can_manage, can_see_organisations, insist


def for_managers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for cluster managers only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        insist(can_manage(request.user))
        return view(request, *args, **kwargs)

    return guarded


def visible_organisation(user: User, slug: str) -> Organisation:
    """The organisation of this address if the person may see it; 404 otherwise, as if there were none."""
    insist(can_see_organisations(user))
    return get_object_or_404(Organisation.objects.visible_to(user).select_related("profile"), slug=slug)


def back(request: HttpRequest, otherwise: Organisation) -> HttpResponse:
    """To the page that the form stood on, if it says so; never to another site."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect(otherwise)

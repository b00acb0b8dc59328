"""Who may enter which pages of the room: everything is fetched through the person who asks."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import Organisation, User
from members.permissions import Verdict, can_manage, can_see_organisations, can_see_people, insist


def only_if(verdict_of: Callable[[User], Verdict]) -> Callable:
    """A page for those of whom the verdict is yes; others get 403 with its reason."""

    def decorator(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            insist(verdict_of(request.user))
            return view(request, *args, **kwargs)

        return guarded

    return decorator


for_managers = only_if(can_manage)


def visible_organisation(user: User, slug: str) -> Organisation:
    """The organisation of this address if the person may see it; 404 otherwise, as if there were none."""
    insist(can_see_organisations(user))
    return get_object_or_404(Organisation.objects.visible_to(user).select_related("profile"), slug=slug)


def visible_member(user: User, slug: str) -> Organisation:
    """A member of the cluster that the person belongs to, or any for managers; 404 otherwise."""
    organisation = visible_organisation(user, slug)
    if not organisation.is_member or not can_see_people(user, organisation):
        raise Http404
    return organisation


def back(request: HttpRequest, otherwise: Organisation) -> HttpResponse:
    """To the page that the form stood on, if it says so; never to another site."""
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(target)
    return redirect(otherwise)

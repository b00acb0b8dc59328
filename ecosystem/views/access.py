"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from ecosystem import links
from ecosystem.models import Partnership, SharedOpportunity, Shortlist, ShortlistCard
from ecosystem.permissions import can_run_list, can_run_partners, may_enter
from members.permissions import insist
from members.views.access import only_if

for_managers = only_if(can_run_partners)
for_members_and_partners = only_if(may_enter)


def visible_partner(request: HttpRequest, slug: str) -> Partnership:
    """The partner of this address if the person may see it; 404 otherwise, as if there were none."""
    insist(may_enter(request.user))
    rows = Partnership.objects.visible_to(request.user).select_related("organisation")
    return get_object_or_404(rows, organisation__slug=slug)


def visible_shared(request: HttpRequest, key: UUID) -> SharedOpportunity:
    """What is between the cluster and a partner, if the person may see it; 404 otherwise."""
    insist(may_enter(request.user))
    rows = SharedOpportunity.objects.visible_to(request.user)
    rows = rows.select_related("partnership__organisation", "opportunity__source", "answered_by", "by")
    return get_object_or_404(rows.defer("opportunity__search"), key=key)


def visible_list(request: HttpRequest, key: UUID) -> Shortlist:
    """The shortlist if the person may see it; 404 otherwise."""
    insist(may_enter(request.user))
    rows = Shortlist.objects.visible_to(request.user)
    rows = rows.select_related("partnership__organisation", "activity", "opportunity")
    return get_object_or_404(rows.defer("opportunity__search"), key=key)


def run_list(request: HttpRequest, key: UUID) -> Shortlist:
    """The same for a manager who works on it."""
    found = visible_list(request, key)
    insist(can_run_list(request.user, found))
    return found


def run_card(request: HttpRequest, key: UUID) -> ShortlistCard:
    """A card of a list that the manager works on; 404 otherwise."""
    insist(can_run_partners(request.user))
    return get_object_or_404(ShortlistCard.objects.run_by(request.user).for_page(), key=key)


def own_card(request: HttpRequest, key: UUID) -> ShortlistCard:
    """A card about the person's own organisation, once it was asked; 404 otherwise."""
    insist(may_enter(request.user))
    return get_object_or_404(ShortlistCard.objects.about(request.user).for_page(), key=key)


def seen_card(request: HttpRequest, key: UUID) -> ShortlistCard:
    """A card that the person's own organisation has before it as the partner; 404 otherwise."""
    insist(may_enter(request.user))
    return get_object_or_404(ShortlistCard.objects.seen_by_partner(request.user).for_page(), key=key)


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that the link in a company's mail opens, signed in or not. The view gets the card and who answers."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        try:
            card, person = links.opened(token)
        except links.DeadLink as dead:
            has_ended = isinstance(dead, links.EndedLink)
            status = 410 if has_ended else 404
            response = TemplateResponse(request, "ecosystem/link_dead.html", {"has_ended": has_ended}, status=status)
        else:
            response = view(request, card=card, person=person)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return opened

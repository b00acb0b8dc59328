"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from funding import links
from funding.asking import as_handed_in
from funding.doors import Door
from funding.models import Application, FundingCall, Partner
from funding.permissions import can_run_calls, can_see_grants, can_see_ranking, may_enter
from members.models import Organisation
from members.permissions import insist
from members.views.access import only_if

for_managers = only_if(can_run_calls)
for_grants = only_if(can_see_grants)
for_members_and_partners = only_if(may_enter)


def visible_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    return get_object_or_404(seen, slug=slug)


def ranked_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address for its panel and the secretary; others get 403, or 404 if they do not see the call."""
    found = visible_call(request, slug)
    insist(can_see_ranking(request.user, found))
    return found


def handed_in(call: FundingCall, number: int) -> Application:
    """An application of the call that was handed in once, under that title; also one that was withdrawn since."""
    rows = Application.objects.filter(call=call, submissions__isnull=False).select_related("call", "lead").distinct()
    return as_handed_in([get_object_or_404(rows, number=number)])[0]


def own_organisation(request: HttpRequest, slug: str) -> Organisation:
    """The organisation of this address if the person belongs to it; 404 otherwise."""
    own = [m.organisation_id for m in request.user.all_memberships if not m.organisation.is_home]
    return get_object_or_404(Organisation.objects.filter(pk__in=own), slug=slug)


def own_or_managed(request: HttpRequest, slug: str) -> Organisation:
    """Managers reach every organisation's part of the ledger; others that of their own."""
    if request.user.is_manager:
        return get_object_or_404(Organisation.objects.filter(is_home=False), slug=slug)
    return own_organisation(request, slug)


def visible_application(request: HttpRequest, reference: str) -> Application:
    """What the person takes part in, or may read as the cluster team; 404 otherwise, as if there were none."""
    seen = Application.objects.visible_to(request.user).named(reference)
    return get_object_or_404(seen.select_related("call", "lead"))


def sees_application(request: HttpRequest, application: Application) -> bool:
    """Whether somebody who came by a link has an account here that may read the application, too."""
    user = request.user
    return user.is_authenticated and Application.objects.visible_to(user).filter(pk=application.pk).exists()


def led_application(request: HttpRequest, reference: str) -> Application:
    """The same for the people of the lead alone: only they see how it is written."""
    seen = Application.objects.led_by(request.user).named(reference)
    return get_object_or_404(seen.select_related("call", "lead"))


def by_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that a partner's signed link opens, signed in or not. The view gets the door."""

    @never_cache
    @login_not_required
    @wraps(view)
    def opened(request: HttpRequest, token: str, **kwargs: object) -> HttpResponse:
        try:
            partner = links.partner_of(token)
        except links.DeadLink as dead:
            context = {
                "replaced": getattr(dead, "partner", None),
                "ended": isinstance(dead, links.EndedLink),
                "stopped": isinstance(dead, links.StoppedLink),
            }
            status = 404 if isinstance(dead, links.ForgedLink) else 410
            return TemplateResponse(request, "funding/partner_dead.html", context | {"token": token}, status=status)
        return view(request, door=Door(partner, None), **kwargs)

    return opened


def if_taking_part(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page to fill in, for a partner that has not declined. What it still sends is refused beside what it typed."""

    @wraps(view)
    def opened(request: HttpRequest, door: Door, **kwargs: object) -> HttpResponse:
        if door.partner.status == Partner.Status.DECLINED and request.method in ("GET", "HEAD"):
            return TemplateResponse(request, "funding/partner_declined.html", {"door": door}, status=403)
        return view(request, door=door, **kwargs)

    return opened


def as_lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same page for the lead's own part, opened by its people."""

    @wraps(view)
    def opened(request: HttpRequest, reference: str, **kwargs: object) -> HttpResponse:
        application = led_application(request, reference)
        partner = application.partners.select_related("funder", "organisation").get(is_lead=True)
        partner.application = application
        return view(request, door=Door(partner, request.user), **kwargs)

    return opened

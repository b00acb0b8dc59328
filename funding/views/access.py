"""Who may enter which pages of the room: everything is fetched through the person or the link that asks."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from funding import links
from funding.doors import Door
from funding.models import Application, FundingCall
from funding.permissions import can_run_calls, may_enter
from members.views.access import only_if

for_managers = only_if(can_run_calls)
for_members_and_partners = only_if(may_enter)


def visible_call(request: HttpRequest, slug: str) -> FundingCall:
    """The call of this address if whoever asks may see it; 404 otherwise, as if there were none."""
    calls = FundingCall.objects
    seen = calls.visible_to(request.user) if request.user.is_authenticated else calls.public()
    return get_object_or_404(seen, slug=slug)


def visible_application(request: HttpRequest, reference: str) -> Application:
    """What the person takes part in, or may read as the cluster team; 404 otherwise, as if there were none."""
    seen = Application.objects.visible_to(request.user).named(reference)
    return get_object_or_404(seen.select_related("call", "lead"))


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


def as_lead(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The same page for the lead's own part, opened by its people."""

    @wraps(view)
    def opened(request: HttpRequest, reference: str, **kwargs: object) -> HttpResponse:
        application = led_application(request, reference)
        partner = application.partners.select_related("funder", "organisation").get(is_lead=True)
        partner.application = application
        return view(request, door=Door(partner, request.user), **kwargs)

    return opened

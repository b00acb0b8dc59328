"""Mails about services: to the cluster team when one is asked for, and to who asked."""

from django.urls import reverse

from core import mail
from members.emails import write
from members.models import User
from programme import service_links
from programme.models import ServiceRequest


def _url(request: ServiceRequest) -> str:
    return mail.absolute(reverse("programme:service_request", args=[request.pk]))


def send_asked(*, request: ServiceRequest) -> None:
    """A member waits for an answer of the cluster team. Who asked for it is not told of it."""
    for manager in User.objects.managers().exclude(pk=request.asked_by_id):
        key = f"service-asked:{request.pk}:{manager.pk}"
        write("service_asked", to=manager.email, key=key, request=request, url=_url(request))


def send_agreed(*, request: ServiceRequest) -> None:
    """What was agreed, once for each time."""
    _answer(request, "service_agreed", key=f"service-agreed:{request.pk}:{request.agreed_at.isoformat()}")


def send_declined(*, request: ServiceRequest) -> None:
    """No, in the cluster team's own words."""
    _answer(request, "service_declined", key=f"service-declined:{request.pk}")


def send_delivered(*, request: ServiceRequest) -> None:
    """Did it help? The link needs no sign-in."""
    _answer(request, "service_delivered", key=f"service-delivered:{request.pk}", url=service_links.url_of(request))


def _answer(request: ServiceRequest, template: str, *, key: str, url: str = "") -> None:
    """To who asked, if that person still answers for the organisation; otherwise to all who do."""
    people = [each.user for each in request.organisation.memberships.who_answer()]
    asked = [each for each in people if each.pk == request.asked_by_id]
    for person in asked or people:
        address = url or _url(request)
        write(template, to=person.email, kind="service-answer", key=f"{key}:{person.pk}", request=request, url=address)

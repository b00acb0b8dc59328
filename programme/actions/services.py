"""What the cluster offers: added, changed, offered no more and offered again."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.slugs import free_slug
from members.models import User
from members.permissions import insist
from programme.actions.aims import insist_on_citable
from programme.models import Service
from programme.permissions import can_run_the_programme

# First words of the room's own addresses below "services/".
RESERVED_SLUGS = frozenset({"add", "helped", "hours", "matrix", "plans", "requests"})


@transaction.atomic
def save_service(*, service: Service, by: User) -> Service:
    """Keeps a new service, or what was changed of one. Its address stays."""
    insist(can_run_the_programme(by))
    is_new = service.pk is None
    insist_on_citable(service.goal, _goal_before(service))
    if is_new:
        service.slug = free_slug(Service, service.name, RESERVED_SLUGS)
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError:
        said = _("There is a service named %(name)s already.") % {"name": service.name}
        raise Refused(said, field="name") from None
    record("programme.service_added" if is_new else "programme.service_changed", by=by, on=service)
    return service


def _goal_before(service: Service) -> int | None:
    """What it cites so far."""
    return Service.objects.filter(pk=service.pk).values_list("goal", flat=True).first()


@transaction.atomic
def set_offered(*, service: Service, offered: bool, by: User) -> bool:
    """Offers a service no more, or again; returns whether that is new. What was asked for stays as it is."""
    insist(can_run_the_programme(by))
    changed = Service.objects.filter(pk=service.pk, is_offered=not offered).update(is_offered=offered)
    if changed:
        record("programme.service_offered" if offered else "programme.service_stopped", by=by, on=service)
    return bool(changed)

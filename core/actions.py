"""What every action leans on: the audit trail's one entry, and how an act that does not fit is refused."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from core.models import AuditEvent

PORTAL = "The portal"


class Refused(Exception):
    """The act does not fit the state that things are in; the message says why, for the person who tried.

    `field`: the name of what was said that does not fit, where it is one thing. A form shows the message there.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def record(
    action: str, *, by: Any, on: models.Model, organisation_id: int | None = None, **details: object
) -> AuditEvent:
    """Writes one audit event in the current transaction. `by` is the user, or None when the portal acts by itself."""
    event = _event(action, by=by, on=on, organisation_id=organisation_id, details=details)
    event.save()
    return event


def record_each(action: str, *, by: Any, on: Iterable[tuple[models.Model, int | None, dict[str, object]]]) -> None:
    """The same for many things in one query: each with the organisation that it is about, and its details."""
    AuditEvent.objects.bulk_create(
        [
            _event(action, by=by, on=each, organisation_id=organisation_id, details=details)
            for each, organisation_id, details in on
        ]
    )


def _event(
    action: str, *, by: Any, on: models.Model, organisation_id: int | None, details: dict[str, object]
) -> AuditEvent:
    return AuditEvent(
        actor_id=by.pk if by else None,
        actor_label=str(by) if by else PORTAL,
        action=action,
        object_type=on._meta.label_lower,
        object_id=on.pk,
        object_label=str(on)[:300],
        organisation_id=organisation_id,
        details=details,
    )

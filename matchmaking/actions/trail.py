"""The audit trail of what participants do by their link: they have no account, so the event names them itself."""

from django.db import models

from core.actions import record
from core.models import AuditEvent
from matchmaking.models import Participant


def by_participant(
    action: str, participant: Participant, *, on: models.Model | None = None, **details: object
) -> AuditEvent:
    """Writes one audit event of a participant's own act."""
    return record(
        action,
        by=None,
        on=on or participant,
        organisation_id=participant.organisation_id,
        participant=participant.pk,
        company=participant.company,
        **details,
    )

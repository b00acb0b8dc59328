"""The audit trail of what partners do by their link: they have no account, so the event names them itself."""

from core.actions import record
from core.models import AuditEvent
from funding.models import Partner
from members.models import User


def of_part(action: str, partner: Partner, *, by: User | None, **details: object) -> AuditEvent:
    """Writes one audit event about a partner's part; without a person it is the partner's own act."""
    return record(
        action,
        by=by,
        on=partner,
        organisation_id=partner.organisation_id,
        application=partner.application.reference,
        partner=partner.name,
        **details,
    )

"""A confirmed part that changes has to be confirmed again."""

from collections.abc import Sequence

from django.utils.functional import Promise

from funding import emails
from funding.actions.trail import of_part
from funding.models import Partner
from members.models import User


def ask_again(partner: Partner, *, by: User | None, what: Sequence[str | Promise]) -> bool:
    """Takes a partner's confirmation back, and tells the partner when it was not itself that changed its part.

    The lead confirms its own part by handing in.
    """
    if partner.is_lead or partner.status != Partner.Status.CONFIRMED:
        return False
    emails_to_send = by is not None and partner.email
    if emails_to_send:
        emails.send_part_changed(partner=partner, what=[str(each) for each in what])
    partner.status = Partner.Status.INVITED
    partner.answered_at, partner.declared_at, partner.answered_by = None, None, ""
    partner.save(update_fields=["status", "answered_at", "declared_at", "answered_by"])
    of_part("funding.part_to_be_confirmed_again", partner, by=by, what=[str(each) for each in what])
    return True

"""What this cluster says of a company of a partner's cluster."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from ecosystem.models import ForeignCard
from ecosystem.permissions import can_run_partners
from members.models import User
from members.permissions import insist


@transaction.atomic
def answer_card(*, card: ForeignCard, answer: str, message: str, by: User) -> ForeignCard:
    """Interested or not; it goes to the partner with the next packet. The last word counts, and twice is once."""
    insist(can_run_partners(by))
    current = ForeignCard.objects.select_for_update().get(pk=card.pk)
    if current.is_withdrawn:
        raise Refused(_("The company has withdrawn this card. There is nothing to answer any more."))
    if current.revealed and answer != ForeignCard.Answer.INTERESTED:
        raise Refused(_("You know each other already. Write to the company directly."))
    if (current.answer, current.message) == (answer, message):
        return current
    current.answer, current.message, current.answered_by, current.answered_at = answer, message, by, timezone.now()
    current.save(update_fields=["answer", "message", "answered_by", "answered_at"])
    organisation_id = current.peer.partnership.organisation_id
    record("ecosystem.foreign_card_answered", by=by, on=current, organisation_id=organisation_id, answer=answer)
    return current

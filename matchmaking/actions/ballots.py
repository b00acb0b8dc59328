"""Ballots: whom a participant wants to meet, and whom not.

No event of the audit trail says who wished what: what somebody never wants is known to the solver and to nobody else.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import Refused
from matchmaking.actions.trail import by_participant
from matchmaking.models import Participant, Round, Wish
from matchmaking.permissions import can_choose
from matchmaking.reading.others import others_of


@transaction.atomic
def wish(*, participant: Participant, other: Participant, kind: str) -> None:
    """Says must, nice or never to somebody; an empty kind takes it back. Twice is once."""
    current = _who_may_choose(participant)
    if not others_of(current).filter(pk=other.pk).exists():
        raise Refused(_("This company is not among those you can meet."))
    wishes = Wish.objects.filter(participant=current)
    if kind == Wish.Kind.MUST:
        musts = wishes.filter(kind=Wish.Kind.MUST).exclude(other=other).count()
        if musts >= current.most_meetings:
            raise Refused(too_many_musts(current))
    if kind:
        wishes.update_or_create(
            participant=current, other=other, defaults={"kind": Wish.Kind(kind), "at": timezone.now()}
        )
    else:
        wishes.filter(other=other).delete()


def too_many_musts(participant: Participant) -> str:
    """Why one more must does not fit, and what to do."""
    most = participant.most_meetings
    said = ngettext("You have %(n)s meeting, so %(n)s must.", "You have %(n)s meetings, so %(n)s musts.", most)
    return f"{said % {'n': most}} {_('Change one of them to nice first.')}"


@transaction.atomic
def hand_in(*, participant: Participant) -> None:
    """The ballot is done; it may still be changed until choosing ends."""
    current = _who_may_choose(participant)
    if not Wish.objects.filter(participant=current).exists():
        raise Refused(_("Choose at least one company first."))
    is_first = current.chosen_at is None
    Participant.objects.filter(pk=current.pk).update(chosen_at=timezone.now())
    if is_first:
        by_participant("matchmaking.ballot_handed_in", current)


def _who_may_choose(participant: Participant) -> Participant:
    """The participant's row, held until the end: two taps at once do not pass the limit of musts."""
    current = Participant.objects.select_for_update(no_key=True).get(pk=participant.pk)
    current.round = Round.objects.get(pk=current.round_id)
    if not current.is_in or not current.round.takes_ballots:
        raise Refused(_("This round takes no ballot from you."))
    if not (verdict := can_choose(current.round)):
        raise Refused(str(verdict.reason))
    return current

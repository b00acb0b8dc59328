"""Whom a participant may choose or ask, and what it may know of them."""

from matchmaking.models import Affinity, ForbiddenPair, Participant, Round
from matchmaking.querysets import ParticipantQuerySet

# Nobody shows a card to the others of a round that is not open yet, or that does not take place.
WITHOUT_OTHERS = frozenset({Round.Status.PLANNED, Round.Status.CANCELLED})


def sees_others(participant: Participant) -> bool:
    """Whether it may look at the others: it takes part itself, in a round that is open, published or over."""
    return participant.is_in and participant.round.status not in WITHOUT_OTHERS


def others_of(participant: Participant) -> ParticipantQuerySet:
    """Whom the rules let it meet, without those that the cluster team keeps apart from it."""
    if not sees_others(participant):
        return Participant.objects.none()
    pairs = ForbiddenPair.objects.of(participant).values_list("a_id", "b_id")
    apart = {pk for pair in pairs for pk in pair} - {participant.pk}
    return Participant.objects.who_may_meet(participant).exclude(pk__in=apart)


def affinities_of(participant: Participant) -> dict[int, Affinity]:
    """The affinities of a participant by the id of the other."""
    rows = Affinity.objects.of(participant)
    return {row.b_id if row.a_id == participant.pk else row.a_id: row for row in rows}

"""Whom a participant may choose or ask, and what it may know of them."""

from matchmaking.models import Affinity, ForbiddenPair, Participant
from matchmaking.querysets import ParticipantQuerySet


def others_of(participant: Participant) -> ParticipantQuerySet:
    """Whom the rules let it meet, without those that the cluster team keeps apart from it."""
    pairs = ForbiddenPair.objects.of(participant).values_list("a_id", "b_id")
    apart = {pk for pair in pairs for pk in pair} - {participant.pk}
    return Participant.objects.who_may_meet(participant).exclude(pk__in=apart)


def affinities_of(participant: Participant) -> dict[int, Affinity]:
    """The affinities of a participant by the id of the other."""
    rows = Affinity.objects.of(participant)
    return {row.b_id if row.a_id == participant.pk else row.a_id: row for row in rows}

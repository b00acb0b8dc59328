"""Who may meet whom in a round, for pairs in memory; ParticipantQuerySet.who_may_meet asks the database the same."""

from matchmaking.models import Participant, Round


def may_meet(round_: Round, one: Participant, other: Participant) -> bool:
    """Whether the round's rules let these two meet."""
    if one.pk == other.pk or one.company == other.company:
        return False
    if one.organisation_id and one.organisation_id == other.organisation_id:
        return False
    if round_.meets == Round.Meets.OTHER_CLUSTER:
        return one.cluster_id != other.cluster_id
    if round_.meets == Round.Meets.OTHER_SIDE and one.side:
        return one.side != other.side
    return True

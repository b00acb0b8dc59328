"""Who is on the way in: invitations with where they stand, and requests that wait."""

from collections.abc import Iterable

from members import cards
from members.models import Invitation, JoinRequest, User


def waiting_requests(user: User) -> int:
    """How many requests to join wait for this person's answer."""
    return JoinRequest.objects.visible_to(user).waiting().count()


def with_state(invitations: Iterable[Invitation]) -> list[dict[str, object]]:
    """Invitations with where they stand, as sign and word."""
    stands = [(each, *cards.invitation_state(each)) for each in invitations]
    return [{"invitation": each, "state": state, "label": label} for each, state, label in stands]

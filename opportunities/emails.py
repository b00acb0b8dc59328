"""The room's mails: what is written to whom. Whether to write is decided in the actions and in `digests`."""

from collections.abc import Sequence

from django.urls import reverse

from core import mail
from core.models import Mail
from members.emails import write
from members.models import Organisation, User
from opportunities.models import Opportunity


def send_hand_over(
    *, opportunity: Opportunity, organisation: Organisation, to: User, sentence: str, by: User
) -> Mail | None:
    """A manager thinks that it is worth the member's time; once for each person."""
    return write(
        "hand_over",
        to=to.email,
        key=f"hand-over:{opportunity.pk}:{to.pk}",
        opportunity=opportunity,
        organisation=organisation,
        sentence=sentence,
        by=by,
        url=mail.absolute(opportunity.get_absolute_url()),
    )


def send_digest(*, to: User, organisation: Organisation, cards: Sequence[dict[str, object]], key: str) -> Mail | None:
    """What is new for the person's organisation; once for each key."""
    listed = [card | {"url": mail.absolute(str(card["url"]))} for card in cards]
    url = mail.absolute(reverse("opportunities:feed"))
    return write("digest", to=to.email, key=key, organisation=organisation, cards=listed, url=url)

"""The words by which a company agrees to an introduction. What was asked once stays here; new words are a new number.

A consent of `members.consents` is one person's, for a purpose and until it is taken back. This one is a company's, for
one partner and one shortlist, and says which fields: it stands on the card itself.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDINGS: dict[int, str | Promise] = {
    1: _(
        "%(partner)s may see this card without our name. If it is interested, the cluster team introduces us, "
        "and %(partner)s then sees what we have ticked. We can take this back at any time."
    ),
}


def newest() -> int:
    """The number of the words that are asked now."""
    return max(WORDINGS)


def words(partner: str, number: int | None = None) -> str:
    """The words of a number, with the partner's name in them; those that are asked now without one."""
    return str(WORDINGS[number or newest()]) % {"partner": partner}

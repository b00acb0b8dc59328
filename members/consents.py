"""The words that people agree to, and the signed link that takes an agreement back.

Each purpose has its wordings by number. What was asked once stays here as it was: a consent names the number, and the
words prove what it covers. New words are a new number.
"""

from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import mail
from core.speaking import language_of_mail
from members.models import Consent

SALT = "members.consent"
SURVEYS = Consent.Purpose.SURVEYS
DIRECTORY = "directory"  # an organisation agrees to it, not a person: the row is a Listing
WORDINGS: dict[str, dict[int, str | Promise]] = {
    SURVEYS: {
        1: _(
            "The cluster may write to me with surveys of its members: a few a year, two minutes each. "
            "My answers are kept apart from my name."
        ),
    },
    DIRECTORY: {
        1: _(
            "Everybody may read our name, our kind, our country and what is ticked above: in the cluster's public "
            "directory, in lists of members on other sites, and as a file for machines. It shows what our profile "
            "says, also when we change it. We can take this back at any time."
        ),
    },
}


def newest(purpose: str) -> int:
    """The number of the words that are asked now."""
    return max(WORDINGS[purpose])


def words(purpose: str, number: int | None = None) -> str | Promise:
    """The words of a number; those that are asked now without one."""
    return WORDINGS[purpose][newest(purpose) if number is None else number]


def withdraw_url(address: str, purpose: str) -> str:
    """The full address of the page that takes a consent back, for mails. It needs no account and does not end."""
    token = signing.dumps([address.strip().lower(), purpose], salt=SALT)
    return mail.absolute(reverse("members:withdraw_consent", args=[token], query=language_of_mail()))


def read_token(token: str) -> tuple[str, str]:
    """The address and the purpose of such a link; raises signing.BadSignature for a forged one."""
    try:
        address, purpose = signing.loads(token, salt=SALT)
    except (ValueError, TypeError):
        raise signing.BadSignature("This link is not complete.") from None
    return address, purpose


def given(address: str, purpose: str) -> Consent | None:
    """The consent of an address that holds now."""
    return Consent.objects.holding(purpose).filter(address=address.strip().lower()).first()

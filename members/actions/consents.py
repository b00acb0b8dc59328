"""What people agree to, and take back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from core.actions import record
from members import consents
from members.models import Consent, User


@transaction.atomic
def give_consent(*, address: str, purpose: str, how: str, by: User | None) -> bool:
    """Notes that the holder of an address agrees, by the words that are asked now. Twice is once.

    Only the holder says so: `by` is the user of that address, or None where a signed link has proved the address.
    """
    address = _own_address(address, by)
    consent, is_new = Consent.objects.holding(purpose).get_or_create(
        address=address,
        defaults={"purpose": purpose, "wording": consents.newest(purpose), "how": how},
    )
    if is_new:
        record("members.consent_given", by=by, on=consent, purpose=purpose, wording=consent.wording, how=how)
    return is_new


@transaction.atomic
def withdraw_consent(*, address: str, purpose: str, how: str, by: User | None) -> bool:
    """Takes a consent back from now on; returns whether there was one. Twice is once."""
    address = _own_address(address, by)
    consent = Consent.objects.holding(purpose).select_for_update().filter(address=address).first()
    if consent is None:
        return False
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_how=how)
    record("members.consent_withdrawn", by=by, on=consent, purpose=purpose, how=how)
    return True


def _own_address(address: str, by: User | None) -> str:
    address = address.strip().lower()
    if by is not None and by.email != address:
        raise PermissionDenied
    return address

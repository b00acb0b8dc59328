"""What a member lets everybody read of it: agreed to, changed, and taken back."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from core.actions import record
from members import consents
from members.models import Listing, Organisation, User
from members.permissions import can_list, can_take_off_list, insist


@transaction.atomic
def put_on_list(*, organisation: Organisation, fields: Iterable[str], by: User) -> Listing:
    """The member agrees by the words that are asked now. Another choice is a new row; the same one again is once."""
    insist(can_list(by, organisation))
    held = _held(organisation)
    chosen = [field for field in Listing.Field.values if field in set(fields)]
    wording = consents.newest(consents.DIRECTORY)
    if held and (held.fields, held.wording) == (chosen, wording):
        return held
    if held:
        _end(held, by)
    listing = Listing.objects.create(organisation=organisation, fields=chosen, wording=wording, given_by=by)
    record("members.listed", by=by, on=listing, organisation_id=organisation.pk, fields=chosen, wording=wording)
    return listing


@transaction.atomic
def take_off_list(*, organisation: Organisation, by: User) -> bool:
    """Nothing of it is public from now on; returns whether something was. Twice is once."""
    insist(can_take_off_list(by, organisation))
    held = _held(organisation)
    if held is None:
        return False
    _end(held, by)
    record("members.unlisted", by=by, on=held, organisation_id=organisation.pk)
    return True


def _held(organisation: Organisation) -> Listing | None:
    """What holds now; nobody changes it until the transaction ends."""
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    return Listing.objects.holding().filter(organisation=organisation).first()


def _end(listing: Listing, by: User) -> None:
    Listing.objects.filter(pk=listing.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)

"""A person's data is taken out: by the person, or by a manager for somebody who asks by other means."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.holdings import Person, all_holdings, has_left
from core.locks import wait_for
from core.models import AuditEvent
from core.pseudonyms import pseudonymise
from members import emails, erasures
from members.actions.people import keep_one_in_charge, locked
from members.models import Erasure, Membership, User
from members.permissions import can_manage, insist

logger = logging.getLogger(__name__)
LOCK = "members.erasing"  # one person after the other: it is done seldom, and goes through every room


@transaction.atomic
def erase_own_account(*, by: User) -> Erasure | None:
    """The person leaves. The only owner of a company, and the only manager, give the role away first. Twice is once."""
    wait_for(LOCK)
    current = User.objects.get(pk=by.pk)
    if has_left(current.email):
        return None
    for membership in _held_memberships(current):
        keep_one_in_charge(membership)
    return _erase_and_tell(erasures.person_of(current), by=current)


@transaction.atomic
def erase_person(*, address: str, reason: str, by: User) -> Erasure:
    """A manager does it for somebody who asks, with or without an account; the reason is noted.

    Who is alone in a company can go although nobody owns it then: nobody else could be given the role.
    """
    insist(can_manage(by))
    wait_for(LOCK)
    person = erasures.person_at(address)
    if person.user_id == by.pk:
        raise Refused(_("This is your own address. Erase your account in your settings."))
    if not reason.strip():
        raise Refused(_("Note how the person asked for it."))
    if not any(each.all_of_person(person).exists() for each in all_holdings() if each.is_of_people):
        raise Refused(_("Nothing is held on %(address)s.") % {"address": address})
    if person.user_id:
        for membership in _held_memberships(User.objects.get(pk=person.user_id)):
            if membership.organisation.is_home or _has_colleagues(membership):
                keep_one_in_charge(membership)
    return _erase_and_tell(person, by=by, reason=reason.strip())


def _held_memberships(user: User) -> list[Membership]:
    """The person's memberships, their organisations held in one order for everybody."""
    memberships = list(user.memberships.select_related("organisation").order_by("organisation"))
    for membership in memberships:
        locked(membership.organisation)
    return memberships


def _has_colleagues(membership: Membership) -> bool:
    return Membership.objects.filter(organisation=membership.organisation_id).exclude(pk=membership.pk).exists()


@transaction.atomic
def erase_again(*, at: datetime, hashes: Iterable[str]) -> int:
    """After a restored backup: does an erasure of the list once more. How many people were found; twice is once."""
    wait_for(LOCK)
    hashes = sorted(hashes)
    if Erasure.objects.filter(at=at, hashes=hashes).exists():
        return 0
    found = {each.lower() for each in erasures.known_addresses() if erasures.hash_of(each) in hashes}
    people = {erasures.person_at(each) for each in sorted(found)}
    erasure = Erasure.objects.create(at=at, hashes=hashes)
    for person in sorted(people, key=lambda each: each.addresses):
        _erase(person, erasure, by=None)
    return len(people)


def _erase_and_tell(person: Person, *, by: User, **details: str) -> Erasure:
    erasure = Erasure.objects.create(hashes=erasures.hashes_of(person))
    _erase(person, erasure, by=by, **details)
    emails.send_farewell(person=person, erasure=erasure)
    # The list of erasures must outlive the database: the log stands elsewhere.
    line = erasures.line_of(erasure)
    transaction.on_commit(lambda: logger.info("Erased: %s", line))
    return erasure


def _erase(person: Person, erasure: Erasure, *, by: User | None, **details: str) -> None:
    holdings = [each for each in all_holdings() if each.is_of_people]
    for membership in Membership.objects.filter(user=person.user_id).select_related("user", "organisation"):
        record("members.person_left", by=by, on=membership, organisation_id=membership.organisation_id)
    record("members.person_erased", by=by, on=erasure, **details)
    for holding in holdings:
        if holding.ends:
            holding.ends(person)
    rows = {erasure._meta.label_lower: {erasure.pk}}
    names = {person.name} - {""}
    for holding in holdings:
        names |= holding.names_in(person)
        if holding.model is not AuditEvent:
            rows.setdefault(holding.label, set()).update(holding.all_of_person(person).values_list("pk", flat=True))
    for holding in holdings:
        holding.forget(person, erasure.pk)
    pseudonymise(person, rows=rows, names=sorted(names))

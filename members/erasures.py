"""Whose data is a person's, and the list of who was erased: hashes that only this portal makes of an address."""

from collections.abc import Iterator
from datetime import datetime

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import EmailField, QuerySet
from django.utils.crypto import salted_hmac

from core.holdings import Person, has_left
from core.models import AuditEvent
from members.models import Erasure, User

SALT = "members.erasure"


def person_of(user: User) -> Person:
    """Somebody with an account. An address that is not confirmed yet may be anybody's: it does not count."""
    proved = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return Person(
        addresses=tuple(sorted({user.email, *(each.lower() for each in proved)})),
        user_id=user.pk,
        name=user.name,
        organisations=tuple(sorted({*user.memberships.values_list("organisation", flat=True), *_acted_for(user)})),
    )


def _acted_for(user: User) -> Iterator[int]:
    """Organisations that the person belonged to, or did something for."""
    acts = AuditEvent.objects.filter(actor_id=user.pk).exclude(organisation_id=None)
    yield from acts.order_by().values_list("organisation_id", flat=True).distinct()


def person_at(address: str) -> Person:
    """Whoever has this address, with an account or, as guests of rounds and contacts of partners, without."""
    address = address.strip().lower()
    proved = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    user = User.objects.filter(email=address).first() or User.objects.filter(pk__in=proved).first()
    return person_of(user) if user else Person(addresses=(address,))


def hash_of(address: str) -> str:
    """Keyed with SECRET_KEY: nobody finds out by trying addresses."""
    return salted_hmac(SALT, address.strip().lower(), algorithm="sha256").hexdigest()


def hashes_of(person: Person) -> list[str]:
    """What is kept of the addresses of somebody who is erased."""
    return sorted(hash_of(each) for each in person.addresses)


def line_of(erasure: Erasure) -> str:
    """One line of the list."""
    return f"{erasure.at.isoformat()} {','.join(erasure.hashes)}"


def read_line(line: str) -> tuple[datetime, list[str]]:
    """When, and the hashes. Raises ValueError for what is no line of the list."""
    moment, hashes = line.split()
    at, found = datetime.fromisoformat(moment), hashes.split(",")
    if at.tzinfo is None or any(len(each) != 64 or set(each) - set("0123456789abcdef") for each in found):
        raise ValueError(line)
    return at, found


def known_addresses() -> Iterator[str]:
    """Every address that stands in any table, once a column."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, EmailField):
                known = QuerySet(model).order_by().values_list(field.name, flat=True).distinct()
                yield from (each for each in known.iterator() if each and not has_left(each))

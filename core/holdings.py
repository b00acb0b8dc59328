"""What is held on organisations and on people: each room says it in its own `holdings.py`, which registers itself.

A page and a file tell people what is held on them, and erasing somebody goes through the same table, so that no room
can tell less than it keeps. Rows are found by lookups: this room knows no organisation and no account, only their ids.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise

SOMEBODY = "A person who left"
NOWHERE = "left.invalid"  # RFC 2606: nothing is ever delivered there
# What erasing writes in place of a name and of an address.
NAME, ADDRESS = object(), object()
# Why a row that only says who did something is not listed with the person.
ACTS = (
    "It says who did it. The person's own acts are listed with the audit trail; the account behind it loses its name."
)

Words = str | Promise


def has_left(address: str) -> bool:
    """Whether an address is one that erasing put in the place of a person's."""
    return address.endswith(f"@{NOWHERE}")


@dataclass(frozen=True)
class Person:
    """Somebody, by the account if there is one, and by every address that is proved to be the person's."""

    addresses: tuple[str, ...]
    user_id: int | None = None
    name: str = ""
    organisations: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One kind of rows: why it is kept and for how long, which rows are whose, and what erasing a person does to them.

    organisation: the lookup that leads to the organisation whose data it is, or what makes one of its id.
    users, addresses: lookups that lead to the account of a person, or to an address.
    signed: fields with a person's name as it was signed, in rows of the person's organisations.
    meant: which rows of the model are meant at all.
    only: which rows the organisation or person may read yet.
    for_colleagues: the cluster team may not read them at all, or not yet.
    """

    model: type[Model]
    name: Words
    purpose: Words
    kept_for: Words
    fields: tuple[str, ...]
    organisation: str | Callable[[int], Q] = ""
    users: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()
    meant: Q = field(default_factory=Q)
    only: Q = field(default_factory=Q)
    for_colleagues: bool = False
    ends: Callable[[Person], None] | None = None
    is_deleted: bool = False
    overwritten: Mapping[str, object] = field(default_factory=dict)
    kept_because: Words = ""

    @property
    def is_of_people(self) -> bool:
        return bool(self.users or self.addresses or self.signed)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def of_organisation(self, organisation: Model) -> QuerySet:
        """What the organisation's people may read of its rows, as plain data."""
        by = self.organisation
        return self._told(by(organisation.pk) if callable(by) else Q(**{by: organisation.pk}))

    def of_person(self, person: Person) -> QuerySet:
        """What the person may read of the own rows, as plain data."""
        return self._told(self._is_of(person))

    def all_of_person(self, person: Person) -> QuerySet:
        """The person's rows, told or not."""
        return QuerySet(self.model).filter(self._is_of(person), self.meant)

    def _told(self, whose: Q) -> QuerySet:
        return QuerySet(self.model).filter(whose, self.meant, self.only).order_by("pk").values(*self.fields)

    def _is_of(self, person: Person) -> Q:
        found = Q(pk__in=[])
        for lookup in self.users if person.user_id else ():
            found |= Q(**{lookup: person.user_id})
        for lookup in self.addresses:
            found |= Q(**{lookup if "__overlap" in lookup else f"{lookup}__in": list(person.addresses)})
        for name in self.signed if person.name else ():
            found |= Q(**{name: person.name, f"{self.organisation}__in": person.organisations})
        return found

    def names_in(self, person: Person) -> set[str]:
        """What the person is called in the own rows."""
        fields = [name for name, value in self.overwritten.items() if value is NAME]
        rows = self.all_of_person(person).values_list(*fields) if fields else []
        return {name for row in rows for name in row if name}

    def forget(self, person: Person, number: int) -> None:
        """Deletes the person's rows, or takes name and address out of them; `number` is that of the erasure."""
        rows = self.all_of_person(person)
        if self.is_deleted:
            rows.delete()
        elif self.overwritten:
            address = Concat(Value(f"person-{number}-"), Cast("pk", CharField()), Value(f"@{NOWHERE}"))
            meant: dict[object, Any] = {NAME: Value(SOMEBODY), ADDRESS: address}
            rows.update(**{name: meant.get(value, value) for name, value in self.overwritten.items()})


@dataclass(frozen=True)
class Room:
    """What one room holds, and what it holds without telling: 'funding.Correction.by' with the reason."""

    name: Words
    holdings: tuple[Holding, ...]
    left_out: Mapping[str, str]


_rooms: dict[str, Room] = {}


def register(room: str, name: Words, holdings: Iterable[Holding], left_out: Mapping[str, Iterable[str]]) -> None:
    """A room says what it holds. `left_out`: by reason, the fields that say who or whose and are told nowhere."""
    reasons = {f"{room}.{field}": reason for reason, fields in left_out.items() for field in fields}
    _rooms[room] = Room(name, tuple(holdings), reasons)


def rooms() -> list[Room]:
    """All rooms, from the ground up: a higher room is installed, and so registers, before those that it stands on."""
    return list(reversed(_rooms.values()))


def all_holdings() -> Iterator[Holding]:
    """Of all rooms."""
    for room in rooms():
        yield from room.holdings

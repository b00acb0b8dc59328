"""What is held on an organisation or a person, in all rooms: for a page, for a file, and before somebody is erased."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet, Value
from django.utils import timezone

from core.holdings import Holding, Person, Words, rooms
from core.models import AuditEvent
from members.models import Organisation


class Line(NamedTuple):
    """One kind of rows, and how many there are."""

    holding: Holding
    count: int


class Group(NamedTuple):
    """What one room holds: what there is, and what there could be."""

    name: Words
    lines: list[Line]
    empty: list[Holding]


def events(organisation: Organisation) -> QuerySet[AuditEvent]:
    """Everything that was noted about an organisation, newest first, and who took the whole list along."""
    about = Q(organisation_id=organisation.pk) | Q(action="members.exported")
    return AuditEvent.objects.filter(about).order_by("-at", "-pk")


def on_organisation(organisation: Organisation, *, colleague: bool) -> list[Group]:
    """By room, with how many rows. What the cluster team may not read, an application's draft for one, is for people of
    the organisation alone: `colleague`."""
    return list(
        _groups(lambda each: _of_organisation(each, colleague), lambda each: each.of_organisation(organisation))
    )


def file_of_organisation(organisation: Organisation, *, colleague: bool) -> dict[str, object]:
    """The same with all rows, as plain data: two to five dozen queries, whatever the number of rows."""
    return _file(
        organisation.name,
        lambda each: _of_organisation(each, colleague),
        lambda each: each.of_organisation(organisation),
    )


def _of_organisation(holding: Holding, colleague: bool) -> bool:
    return bool(holding.organisation) and not holding.signed and (colleague or not holding.for_colleagues)


def on_person(person: Person) -> list[Group]:
    """By room, with how many rows."""
    return list(_groups(lambda each: each.is_of_people, lambda each: each.of_person(person)))


def file_of_person(person: Person) -> dict[str, object]:
    """The same with all rows, as plain data."""
    return _file(", ".join(person.addresses), lambda each: each.is_of_people, lambda each: each.of_person(person))


def _groups(fits: Callable[[Holding], bool], rows: Callable[[Holding], QuerySet]) -> Iterator[Group]:
    known = iter(_counts([rows(each) for room in rooms() for each in room.holdings if fits(each)]))
    for room in rooms():
        counted = [Line(each, next(known)) for each in room.holdings if fits(each)]
        if counted:
            held = [line for line in counted if line.count]
            yield Group(room.name, held, [line.holding for line in counted if not line.count])


def _counts(found: Sequence[QuerySet]) -> list[int]:
    """How many rows each finds, all in one query: there are some fifty, and each way to the database costs."""
    counted = [rows.order_by().values(place=Value(place)).annotate(rows=Count("*")) for place, rows in enumerate(found)]
    several = counted[0].union(*counted[1:], all=True)
    known = {each["place"]: each["rows"] for each in several}
    return [known.get(place, 0) for place in range(len(found))]


def _file(about: str, fits: Callable[[Holding], bool], rows: Callable[[Holding], QuerySet]) -> dict[str, object]:
    held = [
        {
            "what": each.name,
            "room": room.name,
            "rows_of": each.label,
            "purpose": each.purpose,
            "kept_for": each.kept_for,
            "rows": list(rows(each)),
        }
        for room in rooms()
        for each in room.holdings
        if fits(each)
    ]
    return {"about": about, "made_at": timezone.now(), "held": held}


class Fate(NamedTuple):
    """What becomes of a person's rows."""

    deleted: list[Line]
    nameless: list[Line]
    kept: list[Line]

    @property
    def kept_by_reason(self) -> list[tuple[Words, list[Line]]]:
        """What stays, each reason once."""
        reasons: dict[str, list[Line]] = {}
        for line in self.kept:
            reasons.setdefault(str(line.holding.kept_because), []).append(line)
        return list(reasons.items())


def fate(person: Person) -> Fate:
    """What erasing would delete, take the name out of, and keep as it is, with how many rows of each."""
    ours = [each for room in rooms() for each in room.holdings if each.is_of_people]
    counts = _counts([each.all_of_person(person) for each in ours])
    lines = [Line(each, count) for each, count in zip(ours, counts, strict=True) if count]
    return Fate(
        [line for line in lines if line.holding.is_deleted],
        [line for line in lines if line.holding.overwritten],
        [line for line in lines if line.holding.kept_because],
    )

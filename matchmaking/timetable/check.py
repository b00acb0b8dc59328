"""An independent look at a timetable: built on the round alone, it shares no code with the solver.

The web application asks it before a timetable is published; the tests ask it about everything.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from matchmaking.timetable.types import MUST, NEVER, Key, Meeting, Participant, Round, Timetable

# Values are sums of floats in another order.
_TOLERANCE = 1e-6


def check(round_: Round, timetable: Timetable) -> list[str]:
    """What is wrong with the timetable as an answer to this round: one line each, none when all is well."""
    if timetable.status == "infeasible":
        return [] if timetable.conflicts and not timetable.meetings else ["Infeasible without conflicts."]
    found = [*broken(round_, timetable.meetings)]
    if found:
        return found
    value = value_of(round_, timetable.meetings)
    scale = max(1.0, abs(value))
    if abs(value - timetable.value) > _TOLERANCE * scale:
        found.append(f"The value is {value}, not {timetable.value}.")
    if timetable.bound < value - _TOLERANCE * scale:
        found.append(f"The bound {timetable.bound} is below the value {value}.")
    if timetable.status == "optimal" and timetable.bound > value + _TOLERANCE * scale:
        found.append(f"The bound {timetable.bound} does not prove that {value} is optimal.")
    return found


def broken(round_: Round, meetings: tuple[Meeting, ...]) -> Iterator[str]:
    """Rules that meetings break: who may meet, availability, double booking, quotas, tables, pins."""
    people = {each.id: each for each in round_.participants}
    tables = dict(zip(round_.slots, round_.capacity, strict=True))
    may = _may_meet(round_)
    never_in = {(frozenset((ban.a, ban.b)), ban.slot) for ban in round_.forbidden if ban.slot is not None}
    for each in meetings:
        yield from _seat(each, people, tables)
        pair = frozenset((each.a, each.b))
        if pair not in may:
            yield f"{each.a} and {each.b} may not meet."
        if (pair, each.slot) in never_in:
            yield f"{each.a} and {each.b} are kept apart in {each.slot}."
    yield from _repeated(meetings)
    yield from _rows(round_, meetings)
    for name, count in _counts(meetings).items():
        if name in people and count > people[name].quota:
            yield f"{name} has {count} meetings, quota {people[name].quota}."
    held = {(frozenset((each.a, each.b)), each.slot) for each in meetings}
    for pin in round_.pins:
        if (frozenset((pin.a, pin.b)), pin.slot) not in held:
            yield f"The pin of {pin.a} and {pin.b} in {pin.slot} is not kept."


def _rows(round_: Round, meetings: tuple[Meeting, ...]) -> Iterator[str]:
    """Rows that are longer than asked for, unless pins alone make them so."""
    longest = round_.max_in_a_row or len(round_.slots)
    pinned = {(name, pin.slot) for pin in round_.pins for name in (pin.a, pin.b)}
    busy = {(name, each.slot) for each in meetings for name in (each.a, each.b)}
    for name in dict.fromkeys(name for name, _ in busy):
        row: list[tuple[Key, Key]] = []
        for slot in round_.slots:
            row = [*row, (name, slot)] if (name, slot) in busy else []
            if len(row) > longest and not pinned.issuperset(row):
                yield f"{name} has {len(row)} meetings in a row up to {slot}."
            row = [] if slot in round_.breaks else row


def _seat(meeting: Meeting, people: Mapping[Key, Participant], tables: Mapping[Key, int]) -> Iterator[str]:
    for name in (meeting.a, meeting.b):
        if name in people and meeting.slot not in people[name].available:
            yield f"{name} is not free in {meeting.slot}."
    if not 1 <= meeting.table <= tables.get(meeting.slot, 0):
        yield f"{meeting.slot} has no table {meeting.table}."


def value_of(round_: Round, meetings: tuple[Meeting, ...]) -> float:
    """The value of meetings that break no rule, as docs/timetable.md defines it."""
    weights = round_.weights
    said = {(wish.wisher, wish.wanted): weights.must if wish.wish == MUST else weights.nice for wish in round_.wishes}
    fit = {frozenset((each.a, each.b)): each.score for each in round_.affinity}
    value = 0.0
    for each in meetings:
        wishes = [said[pair] for pair in ((each.a, each.b), (each.b, each.a)) if pair in said]
        value += sum(wishes) + (weights.mutual if len(wishes) == 2 else 0.0)
        value += weights.affinity * fit.get(frozenset((each.a, each.b)), 0.0)
    counts = _counts(meetings)
    value -= weights.shortfall * sum(max(need - counts[name], 0) for name, need in needs(round_).items())
    held = {(frozenset((each.a, each.b)), each.slot) for each in meetings}
    moved = [each for each in round_.published if (frozenset((each.a, each.b)), each.slot) not in held]
    return value - weights.move * len(moved)


def _may_meet(round_: Round) -> set[frozenset[Key]]:
    side = {each.id: each.side for each in round_.participants}
    may = {frozenset((wish.wisher, wish.wanted)) for wish in round_.wishes}
    may |= {frozenset((each.a, each.b)) for each in round_.affinity}
    may |= {frozenset((each.a, each.b)) for each in round_.pins}
    may -= {frozenset((wish.wisher, wish.wanted)) for wish in round_.wishes if wish.wish == NEVER}
    may -= {frozenset((ban.a, ban.b)) for ban in round_.forbidden if ban.slot is None}
    return {pair for pair in may if len({side[name] for name in pair} - {None}) == 2 or None in map(side.get, pair)}


def needs(round_: Round) -> dict[Key, int]:
    """Each one's minimum, capped by its quota and by the partners it could meet in some slot with a table."""
    tables = dict(zip(round_.slots, round_.capacity, strict=True))
    banned = {(frozenset((ban.a, ban.b)), ban.slot) for ban in round_.forbidden}
    slots = {each.id: {name for name in each.available if tables[name]} for each in round_.participants if each.quota}
    partners: Counter[Key] = Counter()
    for pair in _may_meet(round_):
        a, b = pair
        if any((pair, slot) not in banned for slot in slots.get(a, set()) & slots.get(b, set())):
            partners.update(pair)
    return {each.id: min(each.minimum, each.quota, partners[each.id]) for each in round_.participants}


def _counts(meetings: tuple[Meeting, ...]) -> Counter[Key]:
    return Counter(name for each in meetings for name in (each.a, each.b))


def _repeated(meetings: tuple[Meeting, ...]) -> Iterator[str]:
    seats = Counter((name, each.slot) for each in meetings for name in (each.a, each.b))
    places = Counter((each.slot, each.table) for each in meetings)
    pairs = Counter(frozenset((each.a, each.b)) for each in meetings)
    for (name, slot), count in seats.items():
        if count > 1:
            yield f"{name} has {count} meetings in {slot}."
    for (slot, table), count in places.items():
        if count > 1:
            yield f"Table {table} in {slot} holds {count} meetings."
    for pair, count in pairs.items():
        if count > 1:
            yield f"{' and '.join(sorted(map(str, pair)))} meet {count} times."

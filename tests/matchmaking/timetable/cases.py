"""Small rounds for the tests: written by hand, drawn at random, and solved by trying everything."""

from collections.abc import Iterator

from hypothesis import strategies as st

from matchmaking.timetable import Affinity, Meeting, Participant, Pin, Round, Timetable, Wish, solve
from matchmaking.timetable.check import broken, check, value_of

SLOTS = ("s1", "s2", "s3")


def person(
    name: str, available: tuple[str, ...] = SLOTS, quota: int = 3, minimum: int = 0, side: str | None = None
) -> Participant:
    return Participant(name, available, quota, minimum, side)


def round_of(
    *people: Participant, wishes: str = "", capacity: int = 5, slots: tuple[str, ...] = SLOTS, **more: object
) -> Round:
    """A round in which "a!b c+d e-f" says: a must meet b, c would like d, e never f."""
    kinds = {"!": "must", "+": "nice", "-": "never"}
    found = tuple(Wish(each[0], each[2], kinds[each[1]]) for each in wishes.split())
    return Round(slots, (capacity,) * len(slots), people, found, **more)


def solved(round_: Round) -> Timetable:
    """The timetable, looked at by the independent checker."""
    timetable = solve(round_)
    assert check(round_, timetable) == []
    return timetable


def pairs(timetable: Timetable) -> set[str]:
    return {f"{each.a}{each.b}" for each in timetable.meetings}


def best_value(round_: Round) -> float:
    """The value of the best timetable, by trying every one."""
    named = {tuple(sorted((each.wisher, each.wanted))) for each in round_.wishes}
    named |= {tuple(sorted((each.a, each.b))) for each in (*round_.affinity, *round_.pins)}
    return max(value_of(round_, meetings) for meetings in _every(round_, sorted(named), ()))


def _every(round_: Round, named: list[tuple[str, str]], meetings: tuple[Meeting, ...]) -> Iterator[tuple[Meeting, ...]]:
    if not named:
        if not any(broken(round_, meetings)):
            yield meetings
        return
    (a, b), *rest = named
    yield from _every(round_, rest, meetings)
    for slot in round_.slots:
        table = 1 + sum(each.slot == slot for each in meetings)
        more = (*meetings, Meeting(a, b, slot, table))
        if all(line.startswith("The pin of") for line in broken(round_, more)):
            yield from _every(round_, rest, more)


def fields(round_: Round) -> dict[str, object]:
    return {name: getattr(round_, name) for name in Round.__dataclass_fields__}


NAMES = "abcdef"


@st.composite
def rounds(draw: st.DrawFn, people: int = 5, most_pairs: int = 6) -> Round:
    """A small round with everything in it: sides, bans, pins that can be kept, a published timetable."""
    count = draw(st.integers(0, people))
    slots = SLOTS[: draw(st.integers(1, 3))]
    someone = [
        Participant(
            name,
            tuple(draw(st.lists(st.sampled_from(slots), unique=True))),
            draw(st.integers(0, 3)),
            draw(st.integers(0, 3)),
            draw(st.sampled_from([None, None, None, "A", "B"])),
        )
        for name in NAMES[:count]
    ]
    two = [(a, b) for a in NAMES[:count] for b in NAMES[:count] if a < b]
    chosen = draw(st.lists(st.sampled_from(two), unique=True, max_size=most_pairs)) if two else []
    wishes, affinity = [], []
    for a, b in chosen:
        for wisher, wanted in ((a, b), (b, a)):
            wish = draw(
                st.sampled_from([None, "must", "nice", "nice", "never"] if wisher > wanted else [None, "must", "nice"])
            )
            if wish:
                wishes.append(Wish(wisher, wanted, wish))
        if draw(st.booleans()):
            affinity.append(Affinity(a, b, draw(st.sampled_from([0.0, 0.25, 0.5, 1.0]))))
    capacity = tuple(draw(st.integers(0, 2)) for _ in slots)
    return Round(slots, capacity, tuple(someone), tuple(wishes), tuple(affinity), seed=draw(st.integers(0, 3)))


@st.composite
def pinned_rounds(draw: st.DrawFn, most_pins: int = 2) -> Round:
    """A round with pins, a published timetable and bans beside it; pins may contradict."""
    round_ = draw(rounds())
    names = [each.id for each in round_.participants]
    two = [(a, b) for a in names for b in names if a < b]
    if not two:
        return round_
    placed = st.tuples(st.sampled_from(two), st.sampled_from(round_.slots))
    pins = [Pin(a, b, slot) for (a, b), slot in draw(st.lists(placed, unique=True, max_size=most_pins))]
    published = draw(st.lists(placed, unique_by=lambda each: each[0], max_size=3))
    return Round(
        **{
            **fields(round_),
            "pins": tuple(pins),
            "published": tuple(Meeting(a, b, slot, 1) for (a, b), slot in published),
        }
    )


def as_list(timetable: Timetable) -> list[tuple[object, object, object, int]]:
    return [(each.a, each.b, each.slot, each.table) for each in timetable.meetings]

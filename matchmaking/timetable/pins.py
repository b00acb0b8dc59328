"""Pins that cannot all be kept: what collides, and the smallest set of changes after which the rest can be kept."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matchmaking.timetable.problem import by_name, kept_apart, ordered
from matchmaking.timetable.types import Conflict, Key, Pin, Reason, Round

# Changes are counted; this much of one decides between sets of equal number: rather release a pin than raise a limit.
_RATHER = 1e-3


@dataclass(frozen=True, slots=True)
class _Collision:
    """At most `limit` of these pins (their places in the sorted list) can be kept; `remedy` may lift the limit."""

    pins: tuple[int, ...]
    limit: int
    reason: Reason
    remedy: Reason | None = None


def pin_conflicts(round_: Round) -> tuple[Conflict, ...]:
    """Nothing when all pins can be kept; else one conflict for each group of pins that hang together."""
    pins = sorted(round_.pins, key=lambda pin: (round_.slots.index(pin.slot), *map(by_name, ordered(pin.a, pin.b))))
    collisions = [*_alone(round_, pins), *_together(round_, pins)]
    if not collisions:
        return ()
    group = _groups(len(pins), collisions)
    changes = _smallest(pins, collisions)
    found = []
    for number in dict.fromkeys(group[each.pins[0]] for each in collisions):
        mine = [each for each in collisions if group[each.pins[0]] == number]
        there = [pins[place] for place in sorted({place for each in mine for place in each.pins})]
        needed = tuple(change for place, change in changes if group[place] == number)
        found.append(_conflict(there, tuple(each.reason for each in mine), needed))
    return tuple(found)


def _conflict(pins: list[Pin], reasons: tuple[Reason, ...], changes: tuple[Reason, ...]) -> Conflict:
    people = {name for pin in pins for name in (pin.a, pin.b)}
    slots = tuple(dict.fromkeys(pin.slot for pin in pins))
    return Conflict("pin", tuple(sorted(people, key=by_name)), slots, reasons, changes)


def _alone(round_: Round, pins: list[Pin]) -> Iterator[_Collision]:
    """Pins that cannot be kept whatever the others do."""
    apart = kept_apart(round_)
    banned = {(*ordered(ban.a, ban.b), ban.slot) for ban in round_.forbidden}
    available = {each.id: set(each.available) for each in round_.participants}
    for place, pin in enumerate(pins):
        values = {"a": pin.a, "b": pin.b, "slot": pin.slot}
        if ordered(pin.a, pin.b) in apart:
            yield _Collision((place,), 0, Reason("pin_apart", values))
        if (*ordered(pin.a, pin.b), pin.slot) in banned:
            yield _Collision((place,), 0, Reason("pin_banned", values))
        for name in (pin.a, pin.b):
            if pin.slot not in available[name]:
                yield _Collision((place,), 0, Reason("pin_unavailable", {**values, "participant": name}))


def _together(round_: Round, pins: list[Pin]) -> Iterator[_Collision]:
    """Pins that are too many for a pair, a person in a slot, a quota or a slot's tables."""
    for places in _grouped(pins, lambda pin: [ordered(pin.a, pin.b)]).values():
        if len(places) > 1:
            values = {"a": pins[places[0]].a, "b": pins[places[0]].b, "slots": [pins[place].slot for place in places]}
            yield _Collision(places, 1, Reason("pin_twice", values))
    for (name, slot), places in _grouped(pins, lambda pin: [(pin.a, pin.slot), (pin.b, pin.slot)]).items():
        others = [_other(pins[place], name) for place in places]
        if len(set(others)) > 1:
            values = {"participant": name, "slot": slot, "others": others}
            yield _Collision(places, 1, Reason("pin_double", values))
    quota = {each.id: each.quota for each in round_.participants}
    for name, places in _grouped(pins, lambda pin: [pin.a, pin.b]).items():
        if len(places) > quota[name]:
            values = {"participant": name, "pins": len(places), "quota": quota[name]}
            remedy = Reason("raise_quota", {"participant": name, "number": len(places)})
            yield _Collision(places, quota[name], Reason("pin_quota", values), remedy)
    tables = dict(zip(round_.slots, round_.capacity, strict=True))
    for slot, places in _grouped(pins, lambda pin: [pin.slot]).items():
        if len(places) > tables[slot]:
            values = {"slot": slot, "pins": len(places), "tables": tables[slot]}
            remedy = Reason("raise_capacity", {"slot": slot, "number": len(places)})
            yield _Collision(places, tables[slot], Reason("pin_tables", values), remedy)


def _other(pin: Pin, name: Key) -> Key:
    return pin.b if pin.a == name else pin.a


def _grouped(pins: list[Pin], keys: Callable[[Pin], Iterable[Hashable]]) -> dict[Any, tuple[int, ...]]:
    found: dict[Any, tuple[int, ...]] = defaultdict(tuple)
    for place, pin in enumerate(pins):
        for key in keys(pin):
            found[key] += (place,)
    return found


def _groups(pins: int, collisions: list[_Collision]) -> list[int]:
    """A number for each pin: the same for pins that collide with each other, directly or through others."""
    links = [(each.pins[0], place) for each in collisions for place in each.pins]
    first, second = (np.array([link[end] for link in links], np.int64) for end in (0, 1))
    _, labels = connected_components(coo_matrix((np.ones(len(links)), (first, second)), (pins, pins)), directed=False)
    return [int(label) for label in labels]


def _smallest(pins: list[Pin], collisions: list[_Collision]) -> list[tuple[int, Reason]]:
    """The fewest changes, each with a pin of its group: an integer programme over releases and limits to lift."""
    remedies = [number for number, each in enumerate(collisions) if each.remedy is not None]
    cost = np.concatenate([np.ones(len(pins)), np.full(len(remedies), 1 + _RATHER)])
    rows = np.zeros((len(collisions), len(cost)))
    for number, each in enumerate(collisions):
        rows[number, list(each.pins)] = 1
        if number in remedies:
            rows[number, len(pins) + remedies.index(number)] = len(each.pins)
    surplus = np.array([len(each.pins) - each.limit for each in collisions], np.float64)
    solved = milp(
        cost, constraints=LinearConstraint(rows, surplus, np.inf), integrality=np.ones(len(cost)), bounds=Bounds(0, 1)
    )
    chosen = np.flatnonzero(solved.x > 0.5)
    releases = [(int(place), _release(pins[place])) for place in chosen if place < len(pins)]
    lifted = [collisions[remedies[place - len(pins)]] for place in chosen if place >= len(pins)]
    return releases + [(each.pins[0], each.remedy) for each in lifted if each.remedy is not None]


def _release(pin: Pin) -> Reason:
    return Reason("release", {"a": pin.a, "b": pin.b, "slot": pin.slot})

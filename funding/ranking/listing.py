"""Down the list: the ranking, the cut of each funder, and who is paid when those are passed over who cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass

from funding.ranking.types import Application, Call, Selection, asked, selection


@dataclass(frozen=True, slots=True)
class Cut:
    """How far each funder's money reaches when nobody is passed over.

    `lines`: a funder to the first application that it cannot pay; below it, that funder pays nothing. A funder that
    can pay all is not in it. `blocked`: an application to the funders whose money it does not get: those that cannot
    pay it, and those whose line lies above it.
    """

    selection: Selection
    lines: Mapping[str, str]
    blocked: Mapping[str, tuple[str, ...]]


def ranked(call: Call) -> tuple[tuple[int, Application], ...]:
    """All applications with their places: the greatest score first, those that pass before those that do not.

    Equal scores share a place and stand in the order of the file.
    """
    rows = sorted(call.applications, key=lambda each: (not call.can_be_funded(each), -each.score))
    places: list[tuple[int, Application]] = []
    for number, each in enumerate(rows, start=1):
        above = places[-1] if places else None
        shares = above is not None and _level(call, above[1]) == _level(call, each)
        places.append((above[0] if above is not None and shares else number, each))
    return tuple(places)


def _level(call: Call, application: Application) -> tuple[bool, object]:
    return call.can_be_funded(application), application.score


def candidates(call: Call) -> list[Application]:
    """Those that can be funded at all, the best ranked first."""
    return [each for _place, each in ranked(call) if call.can_be_funded(each)]


def cut(call: Call) -> Cut:
    """Strictly down the list. A joint project is paid only when every one of its funders reaches it."""
    left, lines, blocked, funded = call.cents(), dict[str, str](), dict[str, tuple[str, ...]](), list[Application]()
    for each in candidates(call):
        asks = asked(each)
        for funder, amount in asks.items():
            if funder not in lines and amount > left[funder]:
                lines[funder] = each.id
        if out := tuple(funder for funder in asks if funder in lines):
            blocked[each.id] = out
            continue
        funded.append(each)
        _pay(left, asks)
    return Cut(selection(call, funded), lines, blocked)


def in_order(call: Call) -> Selection:
    """Down the list, passing over only those of whom a funder has not enough money left."""
    left, funded = call.cents(), list[Application]()
    for each in candidates(call):
        asks = asked(each)
        if all(amount <= left[funder] for funder, amount in asks.items()):
            funded.append(each)
            _pay(left, asks)
    return selection(call, funded)


def _pay(left: dict[str, int], asks: Mapping[str, int]) -> None:
    for funder, amount in asks.items():
        left[funder] -= amount

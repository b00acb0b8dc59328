"""The same ranking for a reader to whom some applications are closed: no sentence names them or tells of them.

What is said of the others stays true. A line stands at the first of them that the money does not reach, which is there
whatever stands between.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from funding.ranking.listing import Cut, ranked
from funding.ranking.outlook import Missing
from funding.ranking.types import Call


def without(call: Call, closed: Collection[str]) -> Call:
    """The call with the other applications alone: places are counted among them."""
    return call.model_copy(update={"applications": tuple(each for each in call.applications if each.id not in closed)})


def cut_without(call: Call, found: Cut, closed: Collection[str]) -> Cut:
    """The cut with lines at the others, and nothing of what is closed; what is paid and what is left stays."""
    blocked = {name: funders for name, funders in found.blocked.items() if name not in closed}
    lines: dict[str, str] = {}
    for _place, each in ranked(without(call, closed)):
        for funder in blocked.get(each.id, ()):
            lines.setdefault(funder, each.id)
    return replace(found, lines=lines, blocked=blocked)


def missing_without(missing: Iterable[Missing], closed: Collection[str]) -> tuple[Missing, ...]:
    """Who is not funded among the others, and whom of the others their money goes to."""
    return tuple(
        replace(each, instead=tuple(other for other in each.instead if other not in closed))
        for each in missing
        if each.application not in closed
    )

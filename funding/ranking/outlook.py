"""What is missing for those that are not funded, why they were passed over, and what more money would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from funding.ranking.listing import candidates
from funding.ranking.types import Call, Selection, asked, cents


@dataclass(frozen=True, slots=True)
class Missing:
    """One application that is not funded, in the order of the ranking.

    `short`: a funder to what would have to come free there, in EUR. `instead`: those further down whom these funders
    pay.
    """

    application: str
    short: Mapping[str, Decimal]
    instead: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """Which application comes in first when a funder has more money, and from how much more, in EUR."""

    application: str
    more: Decimal


def missing_of(call: Call, chosen: Selection) -> tuple[Missing, ...]:
    """The reserve list of a selection: who could be funded but is not, and what would have to come free."""
    funded = set(chosen.funded)
    rows, found = candidates(call), list[Missing]()
    for at, each in enumerate(rows):
        if each.id in funded:
            continue
        gaps = {funder: amount - cents(chosen.left[funder]) for funder, amount in asked(each).items()}
        short = {funder: Decimal(gap) / 100 for funder, gap in gaps.items() if gap > 0}
        below = (other for other in rows[at + 1 :] if other.id in funded and asked(other).keys() & short)
        found.append(Missing(each.id, short, tuple(other.id for other in below)))
    return tuple(found)


def next_of(call: Call, chosen: Selection) -> dict[str, Next]:
    """For each funder whose money alone keeps somebody out: who comes in first, the better ranked of two.

    The selection stays; one more EUR than nothing changes nothing before `more` is reached.
    """
    return comes_in_first(missing_of(call, chosen))


def comes_in_first(missing: Iterable[Missing]) -> dict[str, Next]:
    """The same, among some of those that are not funded, in the order of the ranking."""
    found = dict[str, Next]()
    for each in missing:
        if len(each.short) == 1:
            ((funder, more),) = each.short.items()
            if funder not in found or more < found[funder].more:
                found[funder] = Next(each.application, more)
    return found

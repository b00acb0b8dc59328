"""Why an application is not funded, in English; a caller with another language has the same values."""

from collections.abc import Mapping
from decimal import Decimal

from funding.ranking.listing import Cut
from funding.ranking.outlook import Missing, Next
from funding.ranking.types import Call


def of_missing(
    call: Call, each: Missing, left: Mapping[str, Decimal], *, is_best: bool, is_partial: bool = False
) -> str:
    """Why a selection passes it over; `is_best` when it is proven that no set is worth more.

    `is_partial`: for somebody to whom others are closed. No amount and no name of another is said, whatever they are,
    so that neither a sum nor silence tells of those.
    """
    names = _names(call)
    said = [
        f"{names[funder]} has not enough left for it."
        if is_partial
        else f"{names[funder]} has {euro(left[funder])} left: {euro(more)} are missing."
        for funder, more in each.short.items()
    ]
    if each.instead:
        others = "" if is_partial else f", to {_listed(each.instead)}"
        said.append(f"Its money goes further down{others}.")
        if is_best:
            said.append("No set with this application is worth more.")
    return " ".join(said)


def of_cut(call: Call, found: Cut, application: str) -> str:
    """What stops it when nobody is passed over."""
    names = _names(call)
    return " ".join(
        f"The money of {names[funder]} does not reach it."
        if found.lines[funder] == application
        else f"The line of {names[funder]} lies above it, at {found.lines[funder]}."
        for funder in found.blocked[application]
    )


def of_next(call: Call, funder: str, each: Next, *, is_partial: bool = False) -> str:
    """What more money would change; how much more is left out where it would tell what others get."""
    more = "more money" if is_partial else f"{euro(each.more)} more"
    return f"With {more} of {_names(call)[funder]}, {each.application} comes in."


def euro(amount: Decimal) -> str:
    """EUR 12,000, and cents where there are any."""
    return f"EUR {amount:,.2f}".removesuffix(".00")


def _names(call: Call) -> dict[str, str]:
    return {each.id: each.name for each in call.funders}


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

"""Why an application is not funded, in English; a caller with another language has the same values."""

from collections.abc import Mapping
from decimal import Decimal

from funding.ranking.listing import Cut
from funding.ranking.outlook import Missing, Next
from funding.ranking.types import Call


def of_missing(
    call: Call, each: Missing, left: Mapping[str, Decimal], *, is_best: bool, names_others: bool = True
) -> str:
    """Why a selection passes it over; `is_best` when it is proven that no set is worth more.

    `names_others`: who is paid instead is named. To whom some are closed, nobody is, so that silence tells nothing.
    """
    names = _names(call)
    said = [
        f"{names[funder]} has {euro(left[funder])} left: {euro(more)} are missing."
        for funder, more in each.short.items()
    ]
    if each.instead:
        others = f", to {_listed(each.instead)}" if names_others else ""
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


def of_next(call: Call, funder: str, each: Next) -> str:
    """What more money would change."""
    return f"With {euro(each.more)} more of {_names(call)[funder]}, {each.application} comes in."


def euro(amount: Decimal) -> str:
    """EUR 12,000, and cents where there are any."""
    return f"EUR {amount:,.2f}".removesuffix(".00")


def _names(call: Call) -> dict[str, str]:
    return {each.id: each.name for each in call.funders}


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

"""Small calls, and the best set of them by trying every one."""

from decimal import Decimal
from itertools import combinations

from hypothesis import strategies as st

from funding.ranking import Application, Call, Funder, ranked


def call_of(budgets: dict[str, int], *applications: tuple[str, float, dict[str, int]], **more: object) -> Call:
    """Funders by name; applications as (id, score, what it asks of whom)."""
    return Call(
        funders=[Funder(id=name, name=name.title(), budget=budget) for name, budget in budgets.items()],
        applications=[Application(id=id_, score=str(score), asks=asks) for id_, score, asks in applications],
        **more,
    )


def spent(call: Call, funded: tuple[str, ...]) -> dict[str, Decimal]:
    """What each funder pays for these, counted apart from the code under test."""
    rows = {each.id: each for each in call.applications}
    return {
        funder.id: sum((rows[id_].asks.get(funder.id, Decimal(0)) for id_ in funded), Decimal(0))
        for funder in call.funders
    }


def fits(call: Call, funded: tuple[str, ...]) -> bool:
    """Within every budget."""
    sums = spent(call, funded)
    return all(sums[each.id] <= each.budget for each in call.funders)


def by_trying(call: Call) -> tuple[Decimal, int]:
    """The greatest value of any set, and the greatest sum of places from the bottom among the sets of that value."""
    rows = [each for _place, each in ranked(call) if each.passes and each.score >= call.threshold]
    found = (Decimal(0), 0)
    for size in range(len(rows) + 1):
        for chosen in combinations(range(len(rows)), size):
            if fits(call, tuple(rows[at].id for at in chosen)):
                value = sum((rows[at].score - call.threshold for at in chosen), Decimal(0))
                found = max(found, (value, sum(len(rows) - at for at in chosen)))
    return found


AMOUNTS = st.decimals(0, 90_000, places=2)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Up to nine applications, three funders; scores that are often equal, some below the threshold, some failed."""
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    applications = [
        Application(
            id=f"P{number}",
            score=draw(st.integers(0, 12)) * Decimal("0.5"),
            passes=draw(st.integers(0, 5)) > 0,
            asks=draw(st.dictionaries(st.sampled_from(names), AMOUNTS, max_size=3)),
        )
        for number in range(draw(st.integers(0, 9)))
    ]
    funders = [Funder(id=name, name=name, budget=draw(st.decimals(0, 200_000, places=2))) for name in names]
    return Call(threshold=draw(st.sampled_from([0, 2])), funders=funders, applications=applications)

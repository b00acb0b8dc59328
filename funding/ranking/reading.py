"""A call for the ranking from JSON, with a line for each fault that names its place."""

from collections import Counter
from collections.abc import Iterable, Iterator

from funding.eligibility import Unusable
from funding.eligibility.reading import read
from funding.ranking.types import Call


def read_ranking(text: bytes) -> Call:
    """Budgets, scores and what is asked. Raises Unusable."""
    call = read(Call, text)
    if faults := list(_faults(call)):
        raise Unusable(faults)
    return call


def _faults(call: Call) -> Iterator[str]:
    yield from _twice("funders", (each.id for each in call.funders))
    yield from _twice("applications", (each.id for each in call.applications))
    known = {each.id for each in call.funders}
    for place, each in enumerate(call.applications, start=1):
        for funder in sorted(each.asks.keys() - known):
            yield f"applications[{place}].asks: The call has no funder {funder}."


def _twice(place: str, ids: Iterable[str]) -> Iterator[str]:
    for name in sorted(name for name, times in Counter(ids).items() if times > 1):
        yield f"{place}: {name} occurs twice."

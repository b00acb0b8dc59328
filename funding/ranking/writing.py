"""What the ranking found, as plain data for JSON. Amounts and points are text, so that no cent is lost on the way."""

from funding.ranking import sentences
from funding.ranking.choosing import MOST_NODES, Choice, best
from funding.ranking.listing import Cut, cut, in_order, ranked
from funding.ranking.outlook import missing_of, next_of
from funding.ranking.types import Application, Call, Selection


def written(call: Call, *, most_nodes: int = MOST_NODES) -> dict[str, object]:
    """Ranking, cut, both proposals and the reserve list."""
    strict, listed, choice = cut(call), in_order(call), best(call, most_nodes=most_nodes)
    return {
        "ranking": [_row(call, strict, choice, place, each) for place, each in ranked(call)],
        "cut": _selection(strict.selection) | {"lines": dict(strict.lines)},
        "in_order": _selection(listed) | _outlook(call, listed, is_best=False),
        "best": _selection(choice.selection)
        | _proof(choice)
        | _outlook(call, choice.selection, is_best=choice.is_proven),
    }


def _row(call: Call, strict: Cut, choice: Choice, place: int, each: Application) -> dict[str, object]:
    can = call.can_be_funded(each)
    above = each.id in strict.selection.funded
    return {
        "id": each.id,
        "place": place,
        "score": str(each.score),
        "passes": can,
        "asks": {funder: str(amount) for funder, amount in each.asks.items()},
        "above_the_cut": above,
        "stopped_by": list(strict.blocked.get(each.id, ())),
        "why": sentences.of_cut(call, strict, each.id) if can and not above else "",
        "proposed": each.id in choice.selection.funded,
    }


def _selection(chosen: Selection) -> dict[str, object]:
    return {"funded": list(chosen.funded), "left": {funder: str(left) for funder, left in chosen.left.items()}}


def _proof(choice: Choice) -> dict[str, object]:
    return {"value": str(choice.value), "bound": str(choice.bound), "proven": choice.is_proven}


def _outlook(call: Call, chosen: Selection, *, is_best: bool) -> dict[str, object]:
    reserve = [
        {
            "id": each.application,
            "missing": {funder: str(more) for funder, more in each.short.items()},
            "instead": list(each.instead),
            "why": sentences.of_missing(call, each, chosen.left, is_best=is_best),
        }
        for each in missing_of(call, chosen)
    ]
    more = {
        funder: {"id": each.application, "from": str(each.more), "says": sentences.of_next(call, funder, each)}
        for funder, each in next_of(call, chosen).items()
    }
    return {"reserve": reserve, "more_money": more}

"""What ballots say, as far as anybody but their writers may know."""

from typing import NamedTuple

from matchmaking.models import Round, Wish

Pair = tuple[int, int]


class Told(NamedTuple):
    """`wishes`: must or nice, by who wishes and whom. `nevers`: pairs, lower id first, for what must not be offered."""

    wishes: dict[Pair, str]
    nevers: set[Pair]


def told(round_: Round) -> Told:
    """The wishes of a round without those that meet a never of the other side.

    A must that stays open although both have time, and a table is free, would say that the other one never wants it.
    """
    rows = Wish.objects.filter(participant__round=round_).order_by("pk")
    said = {(one, other): kind for one, other, kind in rows.values_list("participant_id", "other_id", "kind")}
    nevers = {(min(pair), max(pair)) for pair, kind in said.items() if kind == Wish.Kind.NEVER}
    wishes = {pair: kind for pair, kind in said.items() if (min(pair), max(pair)) not in nevers}
    return Told(wishes, nevers)

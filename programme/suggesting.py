"""Which goal something seems to serve: the one whose markets and sectors it names, with the reason in words."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.html import escape
from django.utils.translation import gettext as _

from core import codelists
from programme.models import Goal


class Suggestion(NamedTuple):
    """A goal and why: the names of the markets and of the sectors that both have."""

    goal: Goal
    markets: list[str]
    sectors: list[str]

    @property
    def sentence(self) -> str:
        """In words, safe to stand in a help text."""
        words = {
            "goal": self.goal.name,
            "markets": ", ".join(self.markets),
            "sectors": ", ".join(self.sectors),
        }
        if self.markets and self.sectors:
            said = _("“%(goal)s” seems to fit: it aims at %(markets)s and at %(sectors)s.")
        elif self.markets:
            said = _("“%(goal)s” seems to fit: it aims at %(markets)s.")
        else:
            said = _("“%(goal)s” seems to fit: it aims at %(sectors)s.")
        return escape(said % words)


def suggest(goals: Iterable[Goal], *, countries: Iterable[str], nace_codes: Iterable[str]) -> Suggestion | None:
    """The goal that most speaks for; none when no goal names a country or a sector of it.

    A sector fits when one of the two codes is the other or stands above it. Both together count before either alone.
    """
    places, fields = set(countries), set(nace_codes)
    found = [_compared(goal, places, fields) for goal in goals]
    fitting = [each for each in found if each.markets or each.sectors]
    return max(fitting, key=_weight, default=None)


def _weight(found: Suggestion) -> tuple[int, int]:
    return bool(found.markets) + bool(found.sectors), len(found.markets) + len(found.sectors)


def _compared(goal: Goal, places: set[str], fields: set[str]) -> Suggestion:
    names, nace = codelists.countries(), codelists.nace()
    markets = sorted(names.get(code, code) for code in places & set(goal.markets))
    sectors = [code for code in goal.sectors if any(_akin(code, other) for other in fields)]
    return Suggestion(goal, markets, [nace[code].label if code in nace else code for code in sectors])


def _akin(one: str, other: str) -> bool:
    nace = codelists.nace()
    return one == other or one in codelists.ancestors(nace, other) or other in codelists.ancestors(nace, one)

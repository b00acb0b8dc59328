"""What is ranked: applications with a score and what each asks of which funder, and each funder's budget."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from funding.eligibility.types import Euro, Name, Row

Score = Annotated[Decimal, Field(ge=0, le=100_000, decimal_places=2)]


class Funder(Row):
    """Who pays, and how much at most in this call."""

    id: Name
    name: Name
    budget: Euro


class Application(Row):
    """`passes`: it reached every threshold. `asks`: the id of a funder to what the partners ask of it, together."""

    id: Name
    score: Score
    passes: bool = True
    asks: Mapping[Name, Euro] = {}


class Call(Row):
    """`threshold`: the score that is needed at least; what an application is worth is its score above it."""

    threshold: Score = Decimal(0)
    funders: Annotated[tuple[Funder, ...], Field(max_length=1000)]
    applications: Annotated[tuple[Application, ...], Field(max_length=5000)]

    def can_be_funded(self, application: Application) -> bool:
        """Whether it reached the thresholds. Money is another question."""
        return application.passes and application.score >= self.threshold

    def worth(self, application: Application) -> int:
        """Hundredths of points above the threshold."""
        return int((application.score - self.threshold) * 100)

    def cents(self) -> dict[str, int]:
        """Each funder's budget in cents."""
        return {each.id: cents(each.budget) for each in self.funders}


@dataclass(frozen=True, slots=True)
class Selection:
    """Some applications that are paid together: their ids, the best ranked first, and what each funder has left."""

    funded: tuple[str, ...]
    left: Mapping[str, Decimal]


def cents(amount: Decimal) -> int:
    """A whole number of cents."""
    return int(amount * 100)


def asked(application: Application) -> dict[str, int]:
    """What it asks of each funder, in cents; funders of which it asks nothing are left out."""
    return {funder: cents(amount) for funder, amount in application.asks.items() if amount}


def selection(call: Call, funded: Iterable[Application]) -> Selection:
    """What is left of each budget when these are paid. Takes them as they are: less than nothing can be left."""
    left = call.cents()
    chosen = tuple(funded)
    for application in chosen:
        for funder, amount in asked(application).items():
            left[funder] -= amount
    return Selection(tuple(each.id for each in chosen), {id_: Decimal(rest) / 100 for id_, rest in left.items()})

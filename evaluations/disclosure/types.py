"""What goes into disclosure control and what comes out: frozen dataclasses, nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A category as the caller has it. None in a key means that the dimension is summed out; it is never a category.
Category = str | int
Key = tuple[Category | None, ...]

PRIMARY, COMPLEMENTARY = "primary", "complementary"
LOWEST_THRESHOLD, USUAL_THRESHOLD = 3, 5


@dataclass(frozen=True, slots=True)
class Answers:
    """How many categories of a multiple-response question one respondent names: at least and at most (None: any)."""

    least: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of respondents over the cross of some dimensions.

    `cells` holds the counts, one category of each dimension to a key; combinations that it lacks count zero. A
    dimension named in `multiple` is a question to which a respondent may give several answers: its categories do not
    add up, so keys with None there hold the base, the respondents who were asked, for every combination of the other
    dimensions.
    `where` says of which part of the population the table is: the categories that pass, for each filtered dimension.
    `unsafe` holds keys that another rule forbids, such as dominance of an amount; totals are named with None.
    """

    dimensions: tuple[str, ...]
    cells: Mapping[Key, int]
    threshold: int = USUAL_THRESHOLD
    multiple: Mapping[str, Answers] = field(default_factory=dict)
    where: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)
    unsafe: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of a protected table: its count, or None and why it is hidden (primary or complementary)."""

    n: int | None
    suppressed: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """What is hidden of a table, totals included: figures, and the sum of their counts, each with its share."""

    figures: int
    primary: int
    complementary: int
    hidden_n: int
    share_of_figures: float
    share_of_n: float


@dataclass(frozen=True, slots=True)
class Protected:
    """A table that may be published: every cell and every total by key, and what that costs.

    `known` names hidden figures whose interval earlier publications had already made narrower than the threshold;
    hiding cannot take that back. A `withheld` table shows nothing, not even its zeros: together with what is
    published already they would say too much.
    """

    dimensions: tuple[str, ...]
    cells: Mapping[Key, Cell]
    threshold: int
    loss: Loss
    multiple: Mapping[str, Answers] = field(default_factory=dict)
    where: Mapping[str, tuple[Category, ...]] = field(default_factory=dict)
    unsafe: frozenset[Key] = frozenset()
    known: tuple[Key, ...] = ()
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """What an attacker knows of a hidden figure: it lies between `low` and `high`, both possible; None has no end.

    `publication` is the place of its table in what was audited, from 0.
    """

    publication: int
    key: Key
    low: int
    high: int | None

    @property
    def width(self) -> float:
        """High less low, in respondents; infinite without an upper end."""
        return float("inf") if self.high is None else self.high - self.low

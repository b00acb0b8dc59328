"""What goes into the filter and what comes out: frozen dataclasses, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

# Opportunity ids share one 64-bit integer with the score, so that score and tie-break are one comparison.
ID_BITS = 24
LARGEST_ID = 2**ID_BITS - 1


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a classification: scheme (nace cpv nuts euroscivoc programme topic ...), code and label."""

    scheme: str
    code: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A member's answer: opened saved interested not_for_us handed_over held; and why: topic place timing size."""

    opportunity_id: int
    kind: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member company as the filter sees it. An empty field means "not said" and never forbids anything."""

    id: int | str
    name: str = ""
    country: str = ""
    organisation_kind: str = ""
    size_class: str = ""
    text: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    markets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    hours_a_month: float | None = None
    cofinance_eur_a_year: float | None = None
    trl_min: int | None = None
    trl_max: int | None = None
    feedback: tuple[Feedback, ...] = ()


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A partnering request, tender, funding topic or event. An empty field means "not said"."""

    id: int
    kind: str = ""
    partnering_type: str = ""
    title: str = ""
    summary: str = ""
    text: str = ""
    keywords: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    countries: tuple[str, ...] = ()
    target_countries: tuple[str, ...] = ()
    target_kinds: tuple[str, ...] = ()
    target_sizes: tuple[str, ...] = ()
    deadline: date | None = None
    budget_min_eur: float | None = None
    budget_max_eur: float | None = None
    effort_hours: float | None = None
    language: str = ""
    organisation: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that would not fit beside the score."""
        if not 0 < self.id <= LARGEST_ID:
            raise ValueError(f"An opportunity id lies between 1 and {LARGEST_ID}, not {self.id}.")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pair fits, free of language: `code` names a template of sentences.py, `values` fill it."""

    code: str
    values: Mapping[str, str | int | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a pair is forbidden: the hard rule's name and the reason in language-neutral form."""

    rule: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Match:
    """One row of a member's list. `key` orders everything: the score first, then the lower opportunity id."""

    opportunity_id: int
    key: int

    @property
    def score(self) -> int:
        """The score in units of 1/SCALE (score.py)."""
        return self.key >> ID_BITS


@dataclass(frozen=True, slots=True)
class MatchList:
    """A member's matches, best first, complete down to `floor`.

    Every opportunity that is alive, allowed and above the cut-off with a key of at least `floor` is in the list;
    a floor of 0 says that nothing at all was cut.
    """

    member_id: int | str
    matches: tuple[Match, ...]
    floor: int

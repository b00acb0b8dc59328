"""What is checked: a call with its funders, an application with its partners, and what a rule finds.

Amounts are EUR, rates and shares run from 0 to 1, days are dates of the calendar, moments have a zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}[0-9A-Z]{0,3}$")]
# A thousand thousand million: more is a slip of the keyboard, and breaks no sum.
Euro = Annotated[Decimal, Field(ge=0, le=Decimal(10**12), decimal_places=2)]
Share = Annotated[Decimal, Field(ge=0, le=1)]
Kind = Literal["company", "research", "public", "cluster", "intermediary"]
SizeClass = Literal["micro", "small", "medium", "large"]
Verdict = Literal["pass", "fail", "unknown"]


# Where the regions of a country begin with other letters than its ISO code.
NUTS_LETTERS = {"GR": "EL", "GB": "UK"}


def nuts_of(country: str) -> str:
    """The letters with which the NUTS codes of a country begin."""
    return NUTS_LETTERS.get(country, country)


class Row(BaseModel):
    """Neither changed later nor given keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Figures(Row):
    """One closed accounting year. A figure that is not known is None."""

    headcount: Annotated[Decimal, Field(ge=0, le=10_000_000)] | None = None
    turnover_eur: Euro | None = None
    balance_eur: Euro | None = None


class Holding(Row):
    """Another enterprise on either side of a share: it holds `share` of ours, or ours holds `share` of it.

    `exempt`: one of the investors of article 3 (2) of the annex (universities, venture capital, small public
    authorities ...) that leave an enterprise autonomous up to half of it.
    """

    name: Name
    share: Share
    exempt: bool = False
    years: Annotated[tuple[Figures, ...], Field(max_length=10)] = ()


class Enterprise(Row):
    """What the question of SME status needs: the newest closed year first, and the enterprises around it.

    `held_before`: the status before the oldest of these years, where it is known.
    """

    years: Annotated[tuple[Figures, ...], Field(max_length=10)] = ()
    held_before: SizeClass | None = None
    holdings: tuple[Holding, ...] = ()
    public_share: Share = Decimal(0)


class Aid(Row):
    """De minimis aid that a single undertaking was granted: the day of the legal right, not of the payment."""

    undertaking: Name
    member_state: Country
    amount: Euro
    granted_on: date


class PreviousGrant(Row):
    """A grant that an organisation had from a funder."""

    funder: Name
    granted_on: date


class Limit(Row):
    """At most so many grants in so many years before the application."""

    grants: Annotated[int, Field(ge=0, le=1000)]
    years: Annotated[int, Field(ge=1, le=50)]


class Funder(Row):
    """Who pays for the partners of one country or of some regions, by its own rules. Empty lists allow all."""

    id: Name
    name: Name
    member_state: Country
    regions: tuple[Region, ...] = ()
    kinds: tuple[Kind, ...] = ()
    sizes: tuple[SizeClass, ...] = ()
    activities: tuple[Name, ...] = ()
    smallest_grant: Euro | None = None
    largest_grant: Euro | None = None
    rate: Share = Decimal(1)
    rates: Mapping[str, Share] = {}
    de_minimis: bool = False
    previous_grants: Limit | None = None


class Consortium(Row):
    """How a consortium has to look."""

    organisations: Annotated[int, Field(ge=1, le=1000)] = 1
    most_organisations: Annotated[int, Field(ge=1, le=1000)] | None = None
    countries: Annotated[int, Field(ge=1, le=250)] = 1
    smes: Annotated[int, Field(ge=0, le=1000)] = 0
    lead_kinds: tuple[Kind, ...] = ()
    one_consortium_only: bool = False


class Call(Row):
    """A call for proposals."""

    name: Name
    opens_at: AwareDatetime
    deadline: AwareDatetime
    zone: Name = "UTC"
    funders: Annotated[tuple[Funder, ...], Field(min_length=1)]
    consortium: Consortium = Consortium()
    shortest_months: Annotated[int, Field(ge=0, le=240)] | None = None
    longest_months: Annotated[int, Field(ge=0, le=240)] | None = None


class Cost(Row):
    """One line of a budget."""

    category: Name
    amount: Euro


class Partner(Row):
    """One organisation's part. None stands for what has not been said yet; an empty list for none."""

    id: Name
    name: Name
    kind: Kind
    country: Country
    region: Region | None = None
    is_lead: bool = False
    funder: Name | None = None
    activities: tuple[Name, ...] = ()
    costs: tuple[Cost, ...] = ()
    total: Euro | None = None
    grant: Euro | None = None
    own_money: Euro | None = None
    other_money: Euro = Decimal(0)
    enterprise: Enterprise | None = None
    de_minimis: tuple[Aid, ...] | None = None
    previous_grants: tuple[PreviousGrant, ...] | None = None
    other_consortia: tuple[Name, ...] | None = None


class Application(Row):
    """What a consortium asks for. `moment`: when it is handed in, or asked about."""

    moment: AwareDatetime
    granting_on: date | None = None
    months: Annotated[int, Field(ge=0, le=240)] | None = None
    partners: Annotated[tuple[Partner, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found of one partner, or of the whole application: a code and its values; words elsewhere."""

    verdict: Verdict
    code: str
    values: Mapping[str, object]
    partner: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One rule's verdict: fail if anything fails, unknown if anything is not known, else pass."""

    rule: str
    source: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of the findings."""
        verdicts = {each.verdict for each in self.findings}
        return "fail" if "fail" in verdicts else "unknown" if "unknown" in verdicts else "pass"

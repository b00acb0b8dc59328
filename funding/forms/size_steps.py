"""The steps of the check that decide how large a company counts as: its own figures, and those around it.

Companies around it are summed with it, linked ones in full and partners by their share. Each question is asked only
where its answer could change what the rules of the call make of the size.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.sizes import LARGE
from funding.eligibility import sme
from funding.eligibility.types import Call, Enterprise, Figures, Holding
from funding.forms.amounts import figure_field
from funding.forms.steps import Step, figures, people_field, size_matters
from members.models import Organisation

LINKED, PARTNER = "linked", "partner"
OWNERS = (
    ("none", _("Nobody holds a quarter or more of it, and it holds no quarter of another company")),
    (PARTNER, _("Another company holds 25 to 50 % of it, or it holds so much of another")),
    (LINKED, _("Another company holds more than half of it, or it holds more than half of another")),
    ("both", _("Both: more than half with one company, 25 to 50 % with another")),
)
RELATIONS = {LINKED: (LINKED,), PARTNER: (PARTNER,), "both": (LINKED, PARTNER)}
COUNTED_AS = (
    ("", _("I do not know")),
    ("micro", _("Micro: fewer than 10 people")),
    ("small", _("Small: fewer than 50 people")),
    ("medium", _("Medium: fewer than 250 people")),
    ("large", _("Large: no SME")),
)


class SizeStep(Step):
    """How large a company is, by its last closed year."""

    name, title = "size", _("How large it is")

    own_headcount = people_field(
        _("How many people does it employ?"), help_text=_("In full-time posts, last closed year.")
    )
    own_turnover = figure_field(_("Turnover of that year, EUR"))
    own_balance = figure_field(_("Balance sheet total of that year, EUR"))
    own_owner = forms.ChoiceField(
        label=_("Who owns it, and what does it own?"), choices=OWNERS, widget=forms.RadioSelect, initial="none"
    )
    own_public = forms.BooleanField(label=_("A quarter or more of it is in public hands"), required=False)

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """It is a company, and size matters."""
        return earlier.get("own_kind") == Organisation.Kind.COMPANY and size_matters(call)


def _around(earlier: Mapping[str, object]) -> tuple[str, ...]:
    """How other companies stand to it; none that could change anything where a quarter is in public hands."""
    return () if earlier.get("own_public") else RELATIONS.get(str(earlier.get("own_owner")), ())


def share_field() -> forms.DecimalField:
    """How much of the company a partner enterprise has, or it of that one."""
    return forms.DecimalField(
        label=_("The share of 25 to 50 %, in per cent"), min_value=25, max_value=50, decimal_places=2, initial=50
    )


class AroundStep(Step):
    """The companies around it, if they can change its size."""

    name, title = "around", _("The companies around it")

    linked_headcount = people_field(
        _("People employed by the companies with more than half, all together"),
        help_text=_("In full-time posts, last closed year. Count the companies behind them, too."),
    )
    linked_turnover = figure_field(_("Turnover of these companies, EUR"))
    linked_balance = figure_field(_("Balance sheet totals of these companies, EUR"))
    partner_share = share_field()
    partner_headcount = people_field(
        _("People employed by the company with that share"), help_text=_("In full-time posts, last closed year.")
    )
    partner_turnover = figure_field(_("Turnover of that company, EUR"))
    partner_balance = figure_field(_("Balance sheet total of that company, EUR"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, _around(self.earlier))

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """It has an owner or a daughter, and their figures could change what the call makes of its size."""
        if not SizeStep.is_asked(call, earlier) or not _around(earlier):
            return False
        return _differ(call, sme.open_classes(enterprise_of(earlier)))


def _keep(step: Step, relations: Iterable[str]) -> None:
    """The questions on these companies, and no others."""
    for name in list(step.fields):
        if name.partition("_")[0] not in relations:
            del step.fields[name]


class YearBeforeStep(Step):
    """The year before, where it can change what the company counts as: a change counts after two years in a row."""

    name, title = "year_before", _("The year before")

    before_headcount = people_field(
        _("How many people did it employ in the year before?"), help_text=_("Full-time posts.")
    )
    before_turnover = figure_field(_("Turnover of the year before, EUR"))
    before_balance = figure_field(_("Balance sheet total of the year before, EUR"))
    before_status = forms.ChoiceField(
        label=_("What did it count as until then?"),
        choices=COUNTED_AS,
        required=False,
    )

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """The newest figures lie near a ceiling, or above the last one, and a rule looks at the difference."""
        return SizeStep.is_asked(call, earlier) and _differ(call, sme.classes_near(enterprise_of(earlier)))


class AroundBeforeStep(Step):
    """The companies around it in the year before, where they decide whether that was a large one, too."""

    name, title = "around_before", _("Around it, the year before")

    linked_before_headcount = people_field(
        _("People employed by the companies with more than half in the year before, all together"),
        help_text=_("Full-time posts. Count the companies behind them, too."),
    )
    linked_before_turnover = figure_field(_("Turnover of these companies in the year before, EUR"))
    linked_before_balance = figure_field(_("Balance sheet totals of these companies in the year before, EUR"))
    partner_share = share_field()
    partner_before_headcount = people_field(
        _("People employed by the company with that share in the year before"), help_text=_("Full-time posts.")
    )
    partner_before_turnover = figure_field(_("Turnover of that company in the year before, EUR"))
    partner_before_balance = figure_field(_("Balance sheet total of that company in the year before, EUR"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _keep(self, _around(self.earlier))
        if "partner_share" in self.earlier:
            self.fields.pop("partner_share", None)
        for name, field in self.fields.items():
            # Mostly little has changed: what was said of the newest year stands there to begin with.
            field.initial = self.earlier.get(name.replace("_before", "")) or field.initial

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """The year before was told, and these companies could change what the call makes of the two years."""
        around = _around(earlier)
        if not around or not SizeStep.is_asked(call, earlier) or earlier.get("before_headcount") is None:
            return False
        unknown = {f"{relation}_before_headcount": None for relation in around}
        return _differ(call, sme.open_classes(enterprise_of({**earlier, **unknown})))


def _differ(call: Call, sizes: Iterable[str]) -> bool:
    """Whether the rules of a call make different things of some sizes."""
    return len({_counts_as(call, each) for each in sizes}) > 1


def _counts_as(call: Call, size: str) -> tuple[object, ...]:
    """What the rules of a call make of a size."""
    funders = ((not each.sizes or size in each.sizes, each.rates.get(size)) for each in call.funders)
    return (bool(call.consortium.smes) and size != LARGE, *funders)


def enterprise_of(said: Mapping[str, object]) -> Enterprise:
    """What was answered of a company and of those around it."""
    before = figures(said, "before")
    return Enterprise(
        years=(figures(said, "own"), *([before] if before.headcount is not None else [])),
        held_before=said.get("before_status") or None,
        holdings=tuple(_holdings(said)),
        public_share=Decimal("0.25") if said.get("own_public") else Decimal(0),
    )


def _holdings(said: Mapping[str, object]) -> Iterator[Holding]:
    """The companies around it, each relation as one. What was not asked, or not answered, is not known."""
    names = {LINKED: _("the companies with more than half"), PARTNER: _("the company with 25 to 50 %")}
    for relation in _around(said):
        share = Decimal(1) if relation == LINKED else Decimal(str(said.get("partner_share") or 50)) / 100
        years: tuple[Figures, ...] = ()
        if f"{relation}_headcount" in said:
            years = (figures(said, relation),)
        if f"{relation}_before_headcount" in said:
            years = (*(years or (Figures(),)), figures(said, f"{relation}_before"))
        yield Holding(name=str(names[relation]), share=share, years=years)

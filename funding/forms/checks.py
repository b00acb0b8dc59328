"""What a visitor answers to see whether a call is for them: a few questions a step, all of them in the address.

Nothing is kept on the server: what was answered travels in the query. Going back works, and a link can be shared.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codelists
from core.sizes import LARGE
from funding.eligibility import sme
from funding.eligibility.types import Call, Enterprise, Figures, Funder, Holding, nuts_of
from funding.forms.fields import BOXES, euro_field
from members import codes
from members.forms.fields import NOT_CHOSEN
from members.models import Organisation

MOST_PARTNERS = 9
MOST_PEOPLE = 1_000_000
ELSEWHERE = "ZZZ"  # behind the letters of a country: a region where no funder of the call pays
OWNERS = (
    ("none", _("Nobody holds a quarter or more of it, and it holds no quarter of another company")),
    ("partner", _("Another company holds 25 to 50 % of it, or it holds so much of another")),
    ("linked", _("Another company holds more than half of it, or it holds more than half of another")),
)
COUNTED_AS = (
    ("", _("I do not know")),
    ("micro", _("Micro: fewer than 10 people")),
    ("small", _("Small: fewer than 50 people")),
    ("medium", _("Medium: fewer than 250 people")),
    ("large", _("Large: no SME")),
)
Answers = Mapping[str, str]


class Step(forms.Form):
    """One step. `earlier`: what the steps before it were answered."""

    name: ClassVar[str]
    title: ClassVar[object]
    use_required_attribute = False

    def __init__(self, *args: object, call: Call, earlier: Mapping[str, object], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.call, self.earlier = call, earlier

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """Whether the call and what was answered so far make it worth asking."""
        del call, earlier
        return True


def _country_choices(call: Call) -> list[tuple[str, object]]:
    """Countries with a funder first."""
    names, paid = codelists.countries(), {each.member_state for each in call.funders}
    first = sorted(((code, names.get(code, code)) for code in paid), key=lambda choice: choice[1])
    others = [choice for choice in codes.country_choices() if choice[0] not in paid]
    return [NOT_CHOSEN, (str(_("A funder pays here")), first), (str(_("Other countries")), others)]


def _number(label: object, **options: object) -> forms.Field:
    field = forms.DecimalField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, decimal_places=1, **options
    )
    field.widget.attrs |= {"inputmode": "decimal"}
    return field


def _money(label: object, **options: object) -> forms.Field:
    return euro_field(label=label, **options)


def funders_in(call: Call, country: object) -> list[Funder]:
    """The funders that pay in a country, or in some of its regions."""
    return [each for each in call.funders if each.member_state == country]


def size_matters(call: Call) -> bool:
    """Whether any rule looks at the size of a company."""
    return bool(call.consortium.smes) or any(each.sizes or each.rates for each in call.funders)


class OwnStep(Step):
    """Who asks."""

    name, title = "own", _("Your organisation")

    own_name = forms.CharField(label=_("Its name"), max_length=120, required=False)
    own_kind = forms.ChoiceField(label=_("What it is"), choices=Organisation.Kind.choices, widget=forms.RadioSelect)
    own_country = forms.ChoiceField(label=_("Country"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["own_country"].choices = _country_choices(self.call)


class RegionStep(Step):
    """Where, if a funder pays in some regions only."""

    name, title = "region", _("Where it is")

    own_region = forms.ChoiceField(label=_("In which region is it?"), widget=forms.RadioSelect)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        country = str(self.earlier["own_country"])
        regions = {code for each in funders_in(self.call, country) for code in each.regions}
        names = codelists.nuts()
        found = [(code, names[code].label if code in names else code) for code in sorted(regions)]
        self.fields["own_region"].choices = [*found, (f"{nuts_of(country)}{ELSEWHERE}", _("In none of these"))]

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """A funder of the own country names regions."""
        return any(each.regions for each in funders_in(call, earlier.get("own_country")))


class SizeStep(Step):
    """How large a company is, by its last closed year."""

    name, title = "size", _("How large it is")

    own_headcount = _number(_("How many people does it employ?"), help_text=_("In full-time posts, last closed year."))
    own_turnover = _money(_("Turnover of that year, EUR"))
    own_balance = _money(_("Balance sheet total of that year, EUR"))
    own_owner = forms.ChoiceField(label=_("Who owns it?"), choices=OWNERS, widget=forms.RadioSelect, initial="none")
    own_public = forms.BooleanField(label=_("A quarter or more of it is in public hands"), required=False)

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """It is a company, and size matters."""
        return earlier.get("own_kind") == Organisation.Kind.COMPANY and size_matters(call)


class AroundStep(Step):
    """The companies around it, if they can change its size."""

    name, title = "around", _("The companies around it")

    around_share = forms.DecimalField(
        label=_("How much is held, in per cent?"), min_value=25, max_value=50, decimal_places=2, initial=50
    )
    around_headcount = _number(_("How many people do these companies employ, all together?"))
    around_turnover = _money(_("Their turnover, EUR"))
    around_balance = _money(_("Their balance sheet total, EUR"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.earlier.get("own_owner") == "linked":
            del self.fields["around_share"]

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """It has an owner or a daughter, and is not large already."""
        has_others = earlier.get("own_owner") in ("linked", "partner") and not earlier.get("own_public")
        return SizeStep.is_asked(call, earlier) and has_others and sme.class_of(figures(earlier, "own")) != LARGE


class YearBeforeStep(Step):
    """The year before, where it can change what the company counts as: a change counts after two years in a row."""

    name, title = "year_before", _("The year before")

    before_headcount = _number(_("How many people did it employ in the year before?"), help_text=_("Full-time posts."))
    before_turnover = _money(_("Turnover of the year before, EUR"))
    before_balance = _money(_("Balance sheet total of the year before, EUR"))
    before_status = forms.ChoiceField(
        label=_("What did it count as until then?"),
        choices=COUNTED_AS,
        required=False,
    )

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """The newest figures lie near a ceiling, or above the last one, and a rule looks at the difference."""
        if not SizeStep.is_asked(call, earlier):
            return False
        return len({_counts_as(call, each) for each in sme.classes_near(enterprise_of(earlier))}) > 1


def _counts_as(call: Call, size: str) -> tuple[object, ...]:
    """What the rules of a call make of a size."""
    funders = ((not each.sizes or size in each.sizes, each.rates.get(size)) for each in call.funders)
    return (bool(call.consortium.smes) and size != LARGE, *funders)


def enterprise_of(said: Mapping[str, object]) -> Enterprise:
    """What was answered of a company and of those around it."""
    around = said.get("own_owner")
    holdings: tuple[Holding, ...] = ()
    if around in ("linked", "partner") and "around_headcount" in said:
        share = Decimal(1) if around == "linked" else Decimal(str(said.get("around_share") or 50)) / 100
        years = (figures(said, "around"),)
        holdings = (Holding(name=str(_("the companies around it")), share=share, years=years),)
    before = figures(said, "before")
    return Enterprise(
        years=(figures(said, "own"), *([before] if before.headcount is not None else [])),
        held_before=said.get("before_status") or None,
        holdings=holdings,
        public_share=Decimal("0.25") if said.get("own_public") else Decimal(0),
    )


def figures(said: Mapping[str, object], who: str) -> Figures:
    """The figures of one year that were said of somebody."""
    return Figures(
        headcount=said.get(f"{who}_headcount"),
        turnover_eur=said.get(f"{who}_turnover"),
        balance_eur=said.get(f"{who}_balance"),
    )


class PartnersStep(Step):
    """Who else takes part. Rows that say nothing do not count."""

    name, title = "partners", _("Who else takes part")

    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=MOST_PARTNERS)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, self._count() + 1)
        countries = _country_choices(self.call)
        for number in self.numbers:
            self.fields[f"p{number}_kind"] = forms.ChoiceField(
                label=_("What it is"), choices=[NOT_CHOSEN, *Organisation.Kind.choices], required=False
            )
            self.fields[f"p{number}_country"] = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
            # What funders make of a partner's size, the partner finds out for itself.
            if self.call.consortium.smes:
                self.fields[f"p{number}_headcount"] = _number(_("People employed, if it is a company"))
                self.fields[f"p{number}_turnover"] = _money(_("Turnover, EUR"))
                self.fields[f"p{number}_balance"] = _money(_("Balance sheet total, EUR"))
        leads = [(0, _("Your organisation")), *((n, _("Partner %(n)s") % {"n": n}) for n in self.numbers)]
        self.fields["lead"] = forms.TypedChoiceField(
            label=_("Who leads?"), choices=leads, coerce=int, widget=forms.RadioSelect, initial=0
        )

    def _count(self) -> int:
        usual = max(self.call.consortium.organisations - 1, 1)
        typed = str(self.data.get("rows", "") if self.is_bound else self.initial.get("rows", "") or "")
        count = int(typed) if typed.isdecimal() and len(typed) < 3 else usual
        return max(0, min(count, MOST_PARTNERS))

    def groups(self) -> Iterator[dict[str, object]]:
        """The fields of each partner."""
        for number in self.numbers:
            fields = [self[name] for name in self.fields if name.startswith(f"p{number}_")]
            yield {"title": _("Partner %(n)s") % {"n": number}, "fields": fields}

    def clean(self) -> dict[str, object]:
        """Kind and country belong together."""
        cleaned = super().clean()
        for number in self.numbers:
            kind, country = cleaned.get(f"p{number}_kind"), cleaned.get(f"p{number}_country")
            if bool(kind) != bool(country):
                self.add_error(f"p{number}_{'country' if kind else 'kind'}", _("Say both, what it is and where."))
        lead = cleaned.get("lead")
        if lead and not cleaned.get(f"p{lead}_kind"):
            self.add_error("lead", _("Say what the lead is, and where, or choose another one."))
        return cleaned

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """Calls for a single organisation have no partners."""
        del earlier
        return call.consortium.most_organisations != 1


class ProjectStep(Step):
    """What for, how long and how much."""

    name, title = "project", _("Your project")

    months = forms.IntegerField(label=_("How many months does it take?"), min_value=1, max_value=240, required=False)
    activities = forms.MultipleChoiceField(label=_("What will you do in it?"), widget=BOXES, required=False)
    costs = _money(_("What does your own part cost, EUR?"))
    grant = _money(_("How much of that do you ask for, EUR?"), help_text=_("0 if you pay for it yourself."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.call.shortest_months is None and self.call.longest_months is None:
            del self.fields["months"]
        named = list(dict.fromkeys(name for each in self.call.funders for name in each.activities))
        if named:
            self.fields["activities"].choices = [(each, each) for each in named]
        else:
            del self.fields["activities"]

    def clean(self) -> dict[str, object]:
        """Nobody is paid more than it costs."""
        cleaned = super().clean()
        costs, grant = cleaned.get("costs"), cleaned.get("grant")
        if costs is not None and grant is not None and grant > costs:
            self.add_error("grant", _("It is more than your part costs."))
        return cleaned


class AidStep(Step):
    """What it was granted before."""

    name, title = "before", _("What it was granted before")

    aid = _money(
        _("De minimis aid granted in the last three years, EUR"),
        help_text=_("By the same country, to you and the companies linked with yours. Blank if you do not know."),
    )
    previous = forms.IntegerField(
        label=_("How many grants have you had from this funder?"), min_value=0, max_value=100, required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        funders = funders_in(self.call, self.earlier.get("own_country"))
        if not any(each.de_minimis for each in funders):
            del self.fields["aid"]
        limits = [each.previous_grants for each in funders if each.previous_grants]
        if not limits:
            del self.fields["previous"]
        else:
            years = max(each.years for each in limits)
            self.fields["previous"].help_text = _("In the last %(years)s years.") % {"years": years}

    @classmethod
    def is_asked(cls, call: Call, earlier: Mapping[str, object]) -> bool:
        """A funder of the own country looks at it, and money is asked for."""
        funders = funders_in(call, earlier.get("own_country"))
        return earlier.get("grant") != Decimal(0) and any(each.de_minimis or each.previous_grants for each in funders)


STEPS: tuple[type[Step], ...] = (
    OwnStep,
    RegionStep,
    SizeStep,
    AroundStep,
    YearBeforeStep,
    PartnersStep,
    ProjectStep,
    AidStep,
)

"""What a visitor answers to see whether a call is for them: a few questions a step, all of them in the address.

Nothing is kept on the server: what was answered travels in the query. Going back works, and a link can be shared.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codelists
from funding.eligibility.types import Call, nuts_of
from funding.forms.amounts import AmountField, figure_field
from funding.forms.fields import BOXES
from funding.forms.size_steps import AroundBeforeStep, AroundStep, SizeStep, YearBeforeStep
from funding.forms.steps import Step, funders_in, people_field
from members import codes
from members.forms.fields import NOT_CHOSEN
from members.models import Organisation

MOST_PARTNERS = 9
ELSEWHERE = "ZZZ"  # behind the letters of a country: a region where no funder of the call pays


def _country_choices(call: Call) -> list[tuple[str, object]]:
    """Countries with a funder first."""
    names, paid = codelists.countries(), {each.member_state for each in call.funders}
    first = sorted(((code, names.get(code, code)) for code in paid), key=lambda choice: choice[1])
    others = [choice for choice in codes.country_choices() if choice[0] not in paid]
    return [NOT_CHOSEN, (str(_("A funder pays here")), first), (str(_("Other countries")), others)]


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
                self.fields[f"p{number}_headcount"] = people_field(_("People employed, if it is a company"))
                self.fields[f"p{number}_turnover"] = figure_field(_("Turnover, EUR"))
                self.fields[f"p{number}_balance"] = figure_field(_("Balance sheet total, EUR"))
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
    costs = AmountField(label=_("What does your own part cost, EUR?"), required=False)
    grant = AmountField(
        label=_("How much of that do you ask for, EUR?"), required=False, help_text=_("0 if you pay for it yourself.")
    )

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

    aid = AmountField(
        label=_("De minimis aid granted in the last three years, EUR"),
        required=False,
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
    AroundBeforeStep,
    PartnersStep,
    ProjectStep,
    AidStep,
)

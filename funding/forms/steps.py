"""One step of the check before anybody writes, and what its steps ask with."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from funding.eligibility.types import Call, Figures, Funder

MOST_PEOPLE = 1_000_000


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


def people_field(label: object, **options: object) -> forms.Field:
    """How many people: full-time posts have parts."""
    field = forms.DecimalField(
        label=label, required=False, min_value=0, max_value=MOST_PEOPLE, decimal_places=2, **options
    )
    field.widget.attrs |= {"inputmode": "decimal"}
    return field


def funders_in(call: Call, country: object) -> list[Funder]:
    """The funders that pay in a country, or in some of its regions."""
    return [each for each in call.funders if each.member_state == country]


def size_matters(call: Call) -> bool:
    """Whether any rule looks at the size of a company."""
    return bool(call.consortium.smes) or any(each.sizes or each.rates for each in call.funders)


def figures(said: Mapping[str, object], who: str) -> Figures:
    """The figures of one year that were said of somebody."""
    return Figures(
        headcount=said.get(f"{who}_headcount"),
        turnover_eur=said.get(f"{who}_turnover"),
        balance_eur=said.get(f"{who}_balance"),
    )

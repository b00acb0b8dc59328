"""The budget of one partner: what each category costs, and who pays."""

from collections.abc import Mapping
from decimal import Decimal

from django import forms
from django.utils.html import conditional_escape
from django.utils.translation import gettext_lazy as _

from funding.actions.budgets import Budget, budget_of
from funding.forms.amounts import AmountField
from funding.models import CostCategory, Partner


class BudgetForm(forms.Form):
    """One column. A grant that is left out is not said yet; a category without an amount costs nothing."""

    use_required_attribute = False

    def __init__(
        self, data: Mapping[str, object] | None = None, *, partner: Partner, categories: list[CostCategory]
    ) -> None:
        stands = budget_of(partner)
        initial = {f"c{pk}": amount for pk, amount in stands.costs.items()}
        initial |= {"grant": stands.grant, "own": stands.own, "other": stands.other or None}
        super().__init__(data, prefix=f"p{partner.pk}", initial=initial)
        self.partner, self.categories = partner, categories
        for category in categories:
            help_text = conditional_escape(category.help)  # the field's template shows help as markup: this is none
            self.fields[f"c{category.pk}"] = AmountField(label=category.name, required=False, help_text=help_text)
        self.fields["grant"] = AmountField(label=_("Grant asked for"), required=False)
        self.fields["own"] = AmountField(label=_("Own money"), required=False)
        self.fields["other"] = AmountField(label=_("Money of others"), required=False)

    @property
    def costs(self) -> list[forms.BoundField]:
        return [self[f"c{each.pk}"] for each in self.categories]

    @property
    def payers(self) -> list[forms.BoundField]:
        return [self["grant"], self["own"], self["other"]]

    def budget(self) -> Budget:
        """What was typed, without what could not be read; what stands there where nothing was sent."""
        if not self.is_bound:
            return budget_of(self.partner)
        self.is_valid()
        said = self.cleaned_data
        costs = {each.pk: said.get(f"c{each.pk}") for each in self.categories}
        given = {pk: amount for pk, amount in costs.items() if amount is not None}
        return Budget(given, said.get("grant"), said.get("own"), said.get("other") or Decimal(0))

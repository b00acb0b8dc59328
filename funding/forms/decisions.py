"""What is decided of an application, letters in own words, appeals and answers to them."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.portal import cents
from funding.asking import Part
from funding.models import Appeal, Decision, Funder, LetterTemplate

Outcome = Decision.Outcome


class DecisionForm(forms.ModelForm):
    """Outcome, reasons, and for those that are funded an amount for each partner, within what it asks."""

    reserve_place = forms.IntegerField(
        label=gettext_lazy("Place on the reserve list"), required=False, min_value=1, max_value=9999,
        help_text=gettext_lazy("Only on the reserve list: 1 moves up first."),
    )  # fmt: skip
    why_early = forms.CharField(
        label=gettext_lazy("Why it is decided before all reviews are in"), required=False, max_length=600,
        help_text=gettext_lazy("Only if reviews are missing. The record keeps it, the applicant does not read it."),
    )  # fmt: skip
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Decision
        fields = ["outcome", "reasons", "reserve_place"]
        widgets = {"outcome": forms.RadioSelect, "reasons": forms.Textarea(attrs={"rows": 6})}

    def __init__(self, *args: Any, parts: list[Part], reviews_are_in: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if reviews_are_in:
            del self.fields["why_early"]
        self.fields["outcome"].choices = Outcome.choices
        given = {each.partner_id: each.amount_eur for each in self.instance.awards.all()} if self.instance.pk else {}
        funders = dict(Funder.objects.filter(pk__in={part.funder_id for part in parts}).values_list("pk", "name"))
        for part in parts:
            # More than is asked is told by the sentence of the action, beside all other limits.
            self.fields[f"amount_{part.partner.pk}"] = forms.DecimalField(
                label=_("%(partner)s, EUR") % {"partner": part.partner.name},
                help_text=_("Asks for %(asked)s of %(funder)s.")
                % {"asked": cents(part.amount), "funder": funders[part.funder_id]},
                required=False, min_value=Decimal(0), max_digits=12, decimal_places=2,
                initial=given.get(part.partner.pk, part.amount),
            )  # fmt: skip
        amounts = [name for name in self.fields if name.startswith("amount_")]
        self.order_fields(["outcome", *amounts, "reserve_place", "reasons", "why_early", "seen"])

    def said(self) -> dict[str, Any]:
        """What the actions take. Amounts and a place that the outcome has no use for are left out."""
        data = self.cleaned_data
        amounts = {
            int(name.removeprefix("amount_")): amount
            for name, amount in data.items()
            if name.startswith("amount_") and amount is not None
        }
        return {
            "outcome": data["outcome"],
            "reasons": data["reasons"],
            "amounts": amounts if data["outcome"] == Outcome.FUNDED else {},
            "reserve_place": data["reserve_place"] if data["outcome"] == Outcome.RESERVE else None,
            "why_early": data.get("why_early", ""),
            "seen": data["seen"],
        }

    def _post_clean(self) -> None:
        """The action checks and writes the row, not the form."""


class LetterForm(forms.ModelForm):
    """Subject and text of one kind of letter."""

    class Meta:
        model = LetterTemplate
        fields = ["subject", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}

    def _post_clean(self) -> None:
        """The action checks and writes the row, not the form."""


class AppealForm(forms.ModelForm):
    """Why the applicant asks to look again."""

    class Meta:
        model = Appeal
        fields = ["words"]
        widgets = {"words": forms.Textarea(attrs={"rows": 8})}


class WhyForm(forms.Form):
    """A reason that the record keeps."""

    why = forms.CharField(label=gettext_lazy("Why"), max_length=400)


class ReasonsForm(forms.Form):
    """Reasons that the applicant reads."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons, as the applicant reads them"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

"""What is typed into the ledger, declared for it, or brought as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import TableFileField
from funding.forms.amounts import AmountField
from funding.forms.grants import DayField
from funding.models import Aid
from funding.models.aid import INSTRUMENT
from members import codes
from members.forms.fields import NOT_CHOSEN
from members.models import Organisation

# The Member States of the Union, and of the European Economic Area where the regulation holds as well.
UNION = {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
         "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}  # fmt: skip
MEMBER_STATES = frozenset(UNION | {"IS", "LI", "NO"})


def _states() -> list[tuple[str, object]]:
    return [NOT_CHOSEN, *(each for each in codes.country_choices() if each[0] in MEMBER_STATES)]


class LedgerFilterForm(forms.Form):
    """What the ledger is narrowed down to."""

    q = forms.CharField(
        label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )
    state = forms.ChoiceField(label=_("Member State"), required=False, choices=lambda: [("", _("All")), *_states()[1:]])
    source = forms.ChoiceField(label=_("Source"), required=False, choices=[("", _("All")), *Aid.Source.choices])

    def value_of(self, name: str) -> str:
        """What is asked for; nothing where it was not understood."""
        return self.cleaned_data.get(name) or "" if self.is_bound and not self.errors.get(name) else ""


class DeclaredForm(forms.Form):
    """One grant of aid that was granted elsewhere."""

    beneficiary = forms.CharField(label=_("Which company got it"), max_length=200)
    member_state = forms.ChoiceField(label=_("Member State that granted it"), choices=_states)
    authority = forms.CharField(label=_("Who granted it"), max_length=200, help_text=_("The fund, bank or authority."))
    amount_eur = AmountField(
        label=_("Amount, EUR"), help_text=_("Of a loan or a guarantee: the gross grant equivalent in the decision.")
    )
    granted_on = DayField(
        label=_("Day of granting"), help_text=_("The day of the decision or the contract, not of the payment.")
    )
    instrument = forms.CharField(label=_("Kind of aid"), max_length=80, initial=INSTRUMENT)


class EnterForm(DeclaredForm):
    """The same, entered by the cluster team for an organisation."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(is_home=False).by_name(), label=_("Counts for"), empty_label=_("Choose")
    )
    field_order = ("organisation",)


class ReasonForm(forms.Form):
    """Why an entry is reversed, or what is asked."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class QuestionForm(forms.Form):
    """What is asked about a declaration."""

    question = forms.CharField(label=_("Question"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class RegisterFileForm(forms.Form):
    """A file of the central register."""

    file = TableFileField()

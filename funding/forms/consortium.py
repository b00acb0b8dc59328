"""Who takes part in an application, as the lead says it."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from core import codelists
from funding.models import Application, FundingCall, Partner
from members.codes import NEAR_COUNTRIES
from members.models import Organisation
from opportunities.names import NameField


def countries(call: FundingCall) -> list[tuple[str, object]]:
    """Where funders of the call pay, then the rest of the neighbourhood, then all others."""
    names = codelists.countries()
    paying = sorted({each.member_state for each in call.funders.all()}, key=names.get)
    near = [code for code in NEAR_COUNTRIES if code not in paying]
    rest = sorted((code for code in names if code not in {*paying, *near}), key=names.get)
    groups = ((_("Funders pay here"), paying), (_("Nearby"), sorted(near, key=names.get)), (_("Elsewhere"), rest))
    return [("", _("Choose"))] + [(label, [(code, names[code]) for code in codes]) for label, codes in groups if codes]


def regions(call: FundingCall) -> list[tuple[str, str]]:
    """The regions that funders of the call name, when some do not pay in all of their country."""
    codes = sorted({region for each in call.funders.all() for region in each.regions})
    nuts = codelists.nuts()
    return [(code, f"{nuts[code].label} ({code})" if code in nuts else code) for code in codes]


class PartnerForm(forms.Form):
    """One organisation. What is asked depends on the call: regions and activities only where a funder looks at them."""

    use_required_attribute = False

    name = NameField(label=_("Organisation"), max_length=200)
    country = forms.ChoiceField(label=_("Country"))
    region = forms.ChoiceField(label=_("Region"), required=False, help_text=_("Some funders pay in some regions only."))
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=Organisation.Kind)
    registration_number = NameField(label=_("Registration number"), max_length=40, required=False)
    person = NameField(label=_("Contact person"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    funder = forms.ModelChoiceField(
        None, label=_("Who pays"), required=False, empty_label=_("The one that fits"),
        help_text=_("Choose only where several funders pay in the country."),
    )  # fmt: skip
    activity_types = forms.ModelMultipleChoiceField(
        None, label=_("What it will do"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Mapping[str, object] | None = None, *, application: Application, partner: Partner | None = None
    ) -> None:
        super().__init__(data, initial=_said(partner) if partner else None)
        call, self.partner = application.call, partner
        self.fields["country"].choices = countries(call)
        self.fields["region"].choices = [("", _("Another region")), *regions(call)]
        self.fields["funder"].queryset = call.funders.all()
        self.fields["activity_types"].queryset = call.activity_types.all()
        if len(self.fields["region"].choices) == 1:
            del self.fields["region"]
        if not call.activity_types.exists():
            del self.fields["activity_types"]
        if partner and partner.is_lead:
            for known in ("name", "country", "kind", "email", "person"):
                del self.fields[known]


def _said(partner: Partner) -> dict[str, object]:
    names = ("name", "country", "region", "kind", "registration_number", "person", "email", "funder")
    return {name: getattr(partner, name) for name in names} | {"activity_types": partner.activity_types.all()}

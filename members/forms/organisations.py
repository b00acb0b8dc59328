"""The facts of an organisation, and the few of a new one."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import codes
from members.forms.fields import NOT_CHOSEN, WholeNumberField
from members.models import Organisation, User


class OrganisationForm(forms.ModelForm):
    """The facts of an organisation. Name, kind and membership are for managers."""

    headcount = WholeNumberField(
        label=_("People employed"),
        required=False,
        max_value=10_000_000,
        help_text=_("Full-time equivalents in the last closed year. Count linked companies too."),
    )
    turnover_eur = WholeNumberField(label=_("Turnover a year, EUR"), required=False, max_value=10**13)
    balance_eur = WholeNumberField(label=_("Balance sheet total, EUR"), required=False, max_value=10**13)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Organisation
        fields = (
            "name", "kind", "is_member", "town", "country", "nuts", "website", "founded",
            "headcount", "turnover_eur", "balance_eur",
        )  # fmt: skip

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        # The home cluster stays what it is.
        fixed = () if by.is_manager else ("name",)
        for name in (*fixed, *(("kind", "is_member") if fixed or self.instance.is_home else ())):
            del self.fields[name]
        country = self.data.get("country") if self.is_bound else self.instance.country
        self.fields["country"] = forms.ChoiceField(
            label=_("Country"), choices=[NOT_CHOSEN, *codes.country_choices()], required=False
        )
        self.fields["nuts"] = forms.CharField(
            label=_("Region"),
            required=False,
            widget=forms.Select(choices=[NOT_CHOSEN, *codes.region_choices(country or "")]),
            help_text=_("NUTS 3. When you change the country, save first, then choose the region."),
        )
        self.fields["founded"].max_value = timezone.localdate().year

    def clean_founded(self) -> int | None:
        """A year that has been."""
        year = self.cleaned_data["founded"]
        if year is not None and not 1000 <= year <= timezone.localdate().year:
            raise ValidationError(_("Write a year with four digits that is not in the future."))
        return year

    def clean_nuts(self) -> str:
        """A region of another country is let go, as the country has just been changed."""
        region = self.cleaned_data["nuts"]
        if region and region not in dict(codes.region_choices(codes.region_country(region))):
            raise ValidationError(_("Choose a region from the list."))
        return region if codes.region_country(region) == self.cleaned_data.get("country") else ""

    def clean_name(self) -> str:
        """Names that differ in case or accents only would be taken for each other."""
        return _free_name(self.cleaned_data["name"], except_for=self.instance.pk)


def _free_name(name: str, *, except_for: int | None = None) -> str:
    if Organisation.objects.filter(name__unaccent__iexact=name).exclude(pk=except_for).exists():
        raise ValidationError(_("There is an organisation of this name already."))
    return name


class NewOrganisationMixin(forms.Form):
    """An organisation that is there, or the few facts of a new one."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Organisation"), required=False, empty_label=_("A new one")
    )
    new_name = forms.CharField(
        label=_("Name of the new organisation"),
        max_length=200,
        required=False,
    )
    new_kind = forms.ChoiceField(label=_("Kind of the new organisation"), choices=Organisation.Kind, required=False)
    new_country = forms.ChoiceField(
        label=_("Country of the new organisation"),
        choices=lambda: [NOT_CHOSEN, *codes.country_choices()],
        required=False,
    )

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].only_when = _("or a new one")
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by).by_name()
        for name in ("new_name", "new_kind", "new_country"):
            self.fields[name].only_when = _("for a new one")  # stands beside the label, in place of "optional"
        # Most members are from the cluster's own country.
        self.fields["new_country"].initial = next(m.organisation.country for m in by.all_memberships)

    def clean_new_name(self) -> str:
        """Not a second organisation of the same name."""
        return _free_name(self.cleaned_data["new_name"].strip())

    def clean(self) -> dict[str, object]:
        """Either is needed; an organisation that is chosen counts before one that is typed."""
        cleaned = super().clean()
        if not cleaned.get("organisation") and not cleaned.get("new_name") and "new_name" not in self.errors:
            self.add_error("new_name", _("Choose an organisation, or write the name of a new one."))
        return cleaned

    def new_organisation(self) -> dict[str, str] | None:
        """Name, kind and country of the new organisation; None when one was chosen."""
        if self.cleaned_data["organisation"]:
            return None
        kind = self.cleaned_data["new_kind"] or Organisation.Kind.COMPANY
        return {"name": self.cleaned_data["new_name"], "kind": kind, "country": self.cleaned_data["new_country"]}

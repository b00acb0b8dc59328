"""What is typed about a partner: what it offers, what was agreed, and whom to write to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Agreement, PartnerContact, Partnership
from members.forms.organisations import NewOrganisationMixin
from members.forms.profiles import CodesField
from members.models import Organisation, User
from programme.forms.strategies import day_input


class AddPartnerForm(NewOrganisationMixin):
    """Which organisation becomes a partner: one that is there, or a new one."""

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        super().__init__(*args, by=by, **kwargs)
        rows = Organisation.objects.filter(is_home=False, is_member=False, partnership=None)
        self.fields["organisation"].queryset = rows.by_name()
        self.fields["new_kind"].initial = Organisation.Kind.CLUSTER
        self.fields["new_country"].initial = ""  # most partners are abroad

    def clean(self) -> dict[str, object]:
        """A new one has its country."""
        cleaned = super().clean()
        if not cleaned.get("organisation") and cleaned.get("new_name") and not cleaned.get("new_country"):
            self.add_error("new_country", _("Choose the country of the new organisation."))
        return cleaned


class PartnerForm(forms.ModelForm):
    """What a partner offers, where, and how it hears of its pool."""

    field_order = ("status", "offers", "words", "markets", "nace_codes", "pool_mail")

    offers = forms.MultipleChoiceField(
        label=_("What they offer"),
        choices=Partnership.Offer,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    markets = CodesField("markets", label=_("Markets"), help_text=_("Countries that they know or work in."))
    nace_codes = CodesField("nace", label=_("Sectors"), help_text=_("Search by a word such as “water”, or by code."))

    class Meta:
        model = Partnership
        fields = ("status", "offers", "words", "pool_mail")
        widgets = {"words": forms.Textarea(attrs={"rows": 4}), "pool_mail": forms.RadioSelect}
        labels = {"words": _("In words"), "pool_mail": _("They hear of what is new in their pool")}
        help_texts = {"words": _("What a member gets from them: whom they bring it to, what it costs.")}

    def __init__(self, *args: object, instance: Partnership, **kwargs: object) -> None:
        first = {"markets": instance.markets, "nace_codes": instance.sectors}
        super().__init__(*args, instance=instance, initial=first, **kwargs)

    def says(self) -> dict[str, object]:
        """As the actions take it."""
        said = dict(self.cleaned_data)
        return said | {"sectors": said.pop("nace_codes")}


class AgreementForm(forms.ModelForm):
    """What was signed, and until when it holds."""

    field_order = ("title", "kind", "signed_on", "valid_until", "text", "url")

    url = forms.URLField(
        label=_("Where the document is kept"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("The address of the signed document, for example in your own archive."),
    )

    class Meta:
        model = Agreement
        fields = ("title", "kind", "signed_on", "valid_until", "text", "url")
        widgets = {"signed_on": day_input(), "valid_until": day_input(), "text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {
            "valid_until": _("The cluster team gets a mail two months before. Empty: it holds until somebody ends it."),
        }

    def clean(self) -> dict[str, object]:
        """The days in their order."""
        cleaned = super().clean()
        signed, until = cleaned.get("signed_on"), cleaned.get("valid_until")
        if signed and until and until < signed:
            self.add_error("valid_until", _("It ends before it was signed. Choose a later day."))
        return cleaned


class ContactForm(forms.ModelForm):
    """Somebody to write to."""

    languages = CodesField("languages", label=_("Languages"))

    class Meta:
        model = PartnerContact
        fields = ("name", "role", "email", "languages", "note")
        help_texts = {"note": _("For the cluster team: what to write to this person about.")}

    def clean_email(self) -> str:
        """In lower case, as addresses are kept."""
        return self.cleaned_data["email"].strip().lower()

"""What a member lets everybody read."""

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from members import consents, listings
from members.models import Listing, Organisation

# What most agree to; what a company looks for tells its rivals more.
USUAL = [Listing.Field.TOWN, Listing.Field.WEBSITE, Listing.Field.SUMMARY, Listing.Field.ACTIVITIES]


class ListingForm(forms.Form):
    """Which fields, each with what it says now, and the agreement itself."""

    fields_shown = forms.MultipleChoiceField(
        label=_("What everybody may read"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    agree = forms.BooleanField(
        error_messages={"required": _("Tick the box to agree. Without it, nothing is shown in public.")}
    )

    def __init__(self, *args: object, organisation: Organisation, held: Listing | None, **kwargs: object) -> None:
        initial = {"fields_shown": held.fields if held else USUAL, "agree": held is not None}
        super().__init__(*args, initial=initial, **kwargs)
        told = listings.in_words(organisation)
        self.fields["fields_shown"].choices = [
            (field.value, f"{field.label}: {Truncator(told[field]).chars(160) or _('nothing is said yet')}")
            for field in Listing.Field
        ]
        self.fields["agree"].label = consents.words(consents.DIRECTORY)

"""What organisations say about linked companies, and what the cluster team makes of it."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from members import codes
from members.forms.fields import NOT_CHOSEN
from members.models import LinkedCompany, Organisation


class LinkedForm(forms.Form):
    """One company that controls the organisation, or is controlled by it."""

    name = forms.CharField(label=_("Name of the other company"), max_length=200)
    country = forms.ChoiceField(label=_("Its country"), choices=lambda: [NOT_CHOSEN, *codes.country_choices()])
    registration_number = forms.CharField(label=_("Its registration number"), max_length=40, required=False)
    link = forms.ChoiceField(
        label=_("How are you linked?"), choices=LinkedCompany.Link, widget=forms.RadioSelect,
        help_text=_("One of the four is enough, in either direction."),
    )  # fmt: skip


def _companies() -> object:
    return Organisation.objects.filter(is_home=False).by_name()


class JoinForm(forms.Form):
    """Two organisations that are one undertaking."""

    one = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), empty_label=_("Choose"))
    other = forms.ModelChoiceField(Organisation.objects.none(), label=_("is one with"), empty_label=_("Choose"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset = _companies()


class SettleForm(forms.Form):
    """Which organisation of the portal a linked company is."""

    is_organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("It is"), required=False, empty_label=_("None of them")
    )

    def __init__(
        self, *args: object, linked: LinkedCompany, suggestions: Iterable[Organisation], **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.suggestions = list(suggestions)
        field = self.fields["is_organisation"]
        field.queryset = _companies().exclude(pk=linked.organisation_id)
        field.initial = self.suggestions[0].pk if len(self.suggestions) == 1 else None

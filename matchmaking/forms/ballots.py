"""How a participant narrows the companies down, and the answer to one of them."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Wish


class OthersForm(forms.Form):
    """Search and filters above the companies; the choices are what there is among them."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.TextInput(attrs={"type": "search"}))
    country = forms.ChoiceField(label=_("Country"), required=False)
    cluster = forms.ChoiceField(label=_("Cluster"), required=False)
    field = forms.ChoiceField(label=_("Field"), required=False)

    def __init__(self, *args: object, choices: Mapping[str, list[tuple[str, str]]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", _("All")), *found]

    def asked(self) -> dict[str, str]:
        """What is asked for; a choice that is not there asks for nothing."""
        self.is_valid()
        return {name: value.strip() for name, value in self.cleaned_data.items() if value.strip()}


class WishForm(forms.Form):
    """One of the three answers, or none: it is taken back."""

    kind = forms.ChoiceField(choices=[*Wish.Kind.choices, ("none", "")])

    def chosen(self) -> str:
        """The answer; empty to take it back."""
        return "" if self.cleaned_data["kind"] == "none" else self.cleaned_data["kind"]

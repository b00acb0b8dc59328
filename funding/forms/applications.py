"""Small forms of an application: why it is withdrawn, who signs, what is agreed to."""

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.declarations import DECLARATIONS
from opportunities.names import NameField


class WithdrawForm(forms.Form):
    """Why."""

    use_required_attribute = False

    why = forms.CharField(label=_("Why do you withdraw it?"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))


class DeclareForm(forms.Form):
    """Every declaration, ticked one by one."""

    use_required_attribute = False

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for key, words in DECLARATIONS:
            ticked = {"required": _("Tick this, or do not confirm.")}
            self.fields[key] = forms.BooleanField(label=words, error_messages=ticked)


class ConfirmForm(DeclareForm):
    """The declarations, and the name of whoever makes them."""

    name = NameField(label=_("Your name"), max_length=120)
    field_order = (*(key for key, _words in DECLARATIONS), "name")


class DeclineForm(forms.Form):
    """Who says no, and why."""

    use_required_attribute = False

    name = NameField(label=_("Your name"), max_length=120)
    why = forms.CharField(
        label=_("A sentence to the lead"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

"""What is asked before somebody is erased."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class AddressForm(forms.Form):
    """Whose data a manager looks for."""

    address = forms.EmailField(
        label=_("E-mail address of the person"), widget=forms.EmailInput({"autocomplete": "off"})
    )

    def clean_address(self) -> str:
        """As addresses are kept."""
        return self.cleaned_data["address"].strip().lower()


class EraseForm(forms.Form):
    """The person means it: the own address, typed once more."""

    confirmed = forms.EmailField(
        label=_("Your e-mail address, once more"),
        help_text=_("Type it, so that nobody erases an account by accident."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )

    def __init__(self, *args: object, address: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.address = address

    def clean_confirmed(self) -> str:
        """The same address, in whatever case."""
        typed = self.cleaned_data["confirmed"].strip().lower()
        if typed != self.address:
            raise ValidationError(_("This is another address. Type %(address)s."), params={"address": self.address})
        return typed


class ErasePersonForm(EraseForm):
    """A manager says how the person asked for it."""

    reason = forms.CharField(
        label=_("How the person asked for it"),
        max_length=300,
        help_text=_("For example: by telephone on 3 May. Leave out the name: this stays in the audit trail."),
    )
    field_order = ("reason", "confirmed")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirmed"].label = _("The person's address, once more")
        self.fields["confirmed"].help_text = _("Type it, so that nobody is erased by accident.")

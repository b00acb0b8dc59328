"""A request to join, and its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.organisations import NewOrganisationMixin
from members.forms.people import described
from members.models import JoinRequest, Membership


class JoinForm(forms.ModelForm):
    """A request to join, from outside."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = JoinRequest
        fields = ("name", "email", "organisation_name", "website", "message")
        widgets = {
            "message": forms.Textarea(attrs={"rows": 3}),
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organisation_name": forms.TextInput(attrs={"autocomplete": "organization"}),
        }


class ApproveForm(NewOrganisationMixin):
    """Where the person who asked belongs."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=described(Membership.MEMBER_ROLES),
        initial=Membership.Role.OWNER,  # somebody must be the first
        widget=forms.RadioSelect,
    )


class DeclineForm(forms.Form):
    """A sentence to somebody who cannot join."""

    sentence = forms.CharField(
        label=_("A sentence to them"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stands in the mail as you write it."),
    )

"""Who is invited, and what the invited person says."""

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.fields import SurveysField
from members.forms.organisations import NewOrganisationMixin
from members.forms.people import described
from members.models import Membership, Organisation
from members.permissions import roles_in


class InviteForm(forms.Form):
    """Who is invited to an organisation that is known, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: object, organisation: Organisation, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = described(dict(roles_in(organisation)))


class InviteAnywhereForm(NewOrganisationMixin):
    """A manager's invitation: to any organisation, or to a new one."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=described(Membership.Role.values), widget=forms.RadioSelect)
    field_order = ("email", "name", "organisation", "new_name", "new_kind", "new_country", "role")

    def clean(self) -> dict[str, object]:
        """The home cluster has roles of its own."""
        cleaned = super().clean()
        organisation = cleaned.get("organisation") or Organisation()
        allowed = dict(roles_in(organisation))
        if cleaned.get("role") and cleaned["role"] not in allowed:
            words = {"roles": ", ".join(str(label).lower() for label in allowed.values())}
            self.add_error("role", _("Choose one of the roles there: %(roles)s.") % words)
        return cleaned


class AcceptForm(forms.Form):
    """What the invited person is called, and whether it agrees to be asked in surveys."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    surveys = SurveysField(help_text=_("You can say no, and take a yes back whenever you like."))

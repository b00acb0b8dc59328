"""Who signs in, what a person is called and may do, and what it agrees to."""

from collections.abc import Iterable

from allauth.account.forms import LoginForm
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.forms.fields import SurveysField
from members.models import Membership, User
from members.permissions import roles_in

WHAT_ROLES_DO = {
    Membership.Role.OWNER: _("Owner: changes the profile, answers, and invites colleagues"),
    Membership.Role.EDITOR: _("Editor: changes the profile and answers"),
    Membership.Role.VIEWER: _("Viewer: reads, and changes nothing"),
    Membership.Role.MANAGER: _("Cluster manager: sees and changes everything"),
    Membership.Role.EVALUATOR: _("Evaluator: sees figures, and no names"),
    Membership.Role.REVIEWER: _("Reviewer: judges the applications for funding that are assigned"),
}


def described(roles: Iterable[str]) -> list[tuple[str, str | Promise]]:
    """Roles as choices that say what they may do."""
    return [(role, WHAT_ROLES_DO[Membership.Role(role)]) for role in roles]


class SignInForm(LoginForm):
    """The address is enough: a code goes there. Who has a password may use that instead."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            required=False,
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ConsentForm(forms.Form):
    """What somebody agrees to, in the settings."""

    surveys = SurveysField()


class RoleForm(forms.Form):
    """Another role for a person."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: object, membership: Membership, **kwargs: object) -> None:
        super().__init__(*args, initial={"role": membership.role}, auto_id=f"id_{membership.pk}_%s", **kwargs)
        self.fields["role"].choices = roles_in(membership.organisation)


class NameForm(forms.ModelForm):
    """What a person is called."""

    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}

"""What people type about themselves, their organisation and whom they invite: parsed here, written by actions."""

from collections.abc import Iterable

from allauth.account.forms import LoginForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members import codes, consents
from members.models import JoinRequest, Membership, Organisation, User
from members.permissions import roles_in

NOT_CHOSEN = ("", _("Not chosen"))
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


class WholeNumberField(forms.IntegerField):
    """A number as people write it: 40 000, 40,000 or EUR 40000."""

    def __init__(self, *, max_value: int, **kwargs: object) -> None:
        # No widget attributes from the limits: the number is typed as text.
        super().__init__(
            min_value=0, max_value=max_value, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs
        )

    def prepare_value(self, value: object) -> object:
        """With commas between thousands."""
        return number_format(value, force_grouping=True) if isinstance(value, int) else value

    def to_python(self, value: object) -> int | None:
        """Leaves out what separates thousands, and the currency."""
        if isinstance(value, str):
            value = value.upper().replace("EUR", "").replace("€", "")
            value = "".join(letter for letter in value if letter not in " ,'’\u00a0\u202f")
        return super().to_python(value)


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


class SurveysField(forms.BooleanField):
    """Whether somebody agrees to be asked in surveys, by the words that are asked now. Never ticked beforehand."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(label=consents.words(consents.SURVEYS), required=False, **kwargs)


class AcceptForm(forms.Form):
    """What the invited person is called, and whether it agrees to be asked in surveys."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    surveys = SurveysField(help_text=_("You can say no, and take a yes back whenever you like."))


class ConsentForm(forms.Form):
    """What somebody agrees to, in the settings."""

    surveys = SurveysField()


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

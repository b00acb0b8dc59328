"""Who is invited, and by which partner: parsed here, written by actions."""

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from matchmaking import guests
from matchmaking.actions.participants import PARTNER_KINDS
from matchmaking.announcing import IN_CHARGE
from matchmaking.models import MOST_MEETINGS, Participant, Round, RoundPartner
from members.forms.organisations import NewOrganisationMixin
from members.models import Membership, Organisation, User
from opportunities.feeds import NotThisFormat
from opportunities.names import NameField

MOST_LETTERS = 60_000


class _OfACluster(forms.Form):
    """In whose name somebody is invited; asked only of those who may choose."""

    cluster = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Invited by"), empty_label=None, help_text=_("The cluster of the company.")
    )

    def __init__(self, *args: object, clusters: QuerySet[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cluster"].queryset = clusters
        found = list(clusters[:2])
        if len(found) == 1:
            self.fields["cluster"].initial = found[0]
            self.fields["cluster"].widget = self.fields["cluster"].hidden_widget()


class GuestForm(_OfACluster):
    """One guest."""

    company = NameField(label=_("Company"), max_length=200)
    person = NameField(label=_("Contact person"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"))
    field_order = ("company", "person", "email", "cluster")


class GuestLinesForm(_OfACluster):
    """Several guests: pasted, or in a file. What is refused comes back into the box."""

    lines = forms.CharField(
        label=_("One guest a line"),
        required=False,
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Company; Person; e-mail. Columns copied from a spreadsheet work as well."),
    )
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("CSV or XLSX with the columns company, person and e-mail.")
    )
    field_order = ("lines", "file", "cluster")

    def clean_file(self) -> object:
        """A table that can be read."""
        file = self.cleaned_data["file"]
        self.from_file: tuple[list[guests.Guest], list[guests.Refusal]] = ([], [])
        if not file:
            return file
        limit = settings.UPLOAD_LIMIT_MB * 1024 * 1024
        if file.size > limit:
            raise ValidationError(
                _("This file has %(size)s. Up to %(limit)s can be read."),
                params={"size": filesizeformat(file.size), "limit": filesizeformat(limit)},
            )
        try:
            self.from_file = guests.from_file(file.read())
        except NotThisFormat as fault:
            raise ValidationError(fault.reason) from None
        return file

    def clean(self) -> dict[str, object]:
        """Something to invite."""
        cleaned = super().clean()
        if not cleaned.get("lines") and not cleaned.get("file") and not self.errors:
            self.add_error("lines", _("Paste at least one line, or choose a file."))
        return cleaned

    def guests(self) -> tuple[list[guests.Guest], list[guests.Refusal]]:
        """Of the box and of the file together; a second line of an address is refused."""
        pasted, refused = guests.from_text(self.cleaned_data["lines"])
        filed, refused_of_file = self.from_file
        there = {each.email for each in pasted}
        again = [
            guests.Refusal(each.line, _("This address stands twice in the list."))
            for each in filed
            if each.email in there
        ]
        return [*pasted, *(each for each in filed if each.email not in there)], [*refused, *refused_of_file, *again]


class MembersForm(forms.Form):
    """Members to tick, each with the person to write to: one who signs in for it, or an address that is typed."""

    def __init__(self, *args: object, members: Iterable[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.members = list(members)
        for each in self.members:
            self.fields[f"pick-{each.pk}"] = forms.BooleanField(label=each.name, required=False)
            label = _("Contact person of %(name)s") % {"name": each.name}
            people = contacts(each)
            if people:
                choices = [(m.user_id, f"{m.user} ({m.get_role_display().lower()})") for m in people]
                self.fields[f"contact-{each.pk}"] = forms.TypedChoiceField(
                    label=label, choices=choices, coerce=int, required=False
                )
            else:
                self.fields[f"email-{each.pk}"] = forms.EmailField(
                    label=label, required=False, widget=forms.EmailInput(attrs={"placeholder": _("E-mail address")})
                )

    def rows(self) -> list[dict[str, object]]:
        """A line of the table for each member."""
        return [
            {"member": each, "pick": self[f"pick-{each.pk}"], "contact": self[self._contact(each)]}
            for each in self.members
        ]

    def _contact(self, member: Organisation) -> str:
        name = f"contact-{member.pk}"
        return name if name in self.fields else f"email-{member.pk}"

    def clean(self) -> dict[str, object]:
        """At least one, and an address for each that is ticked."""
        cleaned = super().clean()
        picked = [each for each in self.members if cleaned.get(f"pick-{each.pk}")]
        for each in picked:
            name = f"email-{each.pk}"
            if name in self.fields and name not in self.errors and not cleaned.get(name):
                self.add_error(name, _("Write the address of somebody at %(name)s.") % {"name": each.name})
        if not picked and not self.errors:
            raise ValidationError(_("Tick at least one member."))
        return cleaned

    def picked(self) -> list[tuple[Organisation, str, str]]:
        """The members that are ticked, each with name and address of its contact person."""
        return [self._with_contact(each) for each in self.members if self.cleaned_data[f"pick-{each.pk}"]]

    def _with_contact(self, member: Organisation) -> tuple[Organisation, str, str]:
        people = contacts(member)
        if not people:
            return member, "", self.cleaned_data[f"email-{member.pk}"]
        chosen = self.cleaned_data[f"contact-{member.pk}"]
        person = next((m.user for m in people if m.user_id == chosen), people[0].user)
        return member, person.name, person.email


def contacts(member: Organisation) -> list[Membership]:
    """Who answers for a member, owners first. Needs `memberships__user` at hand."""
    people = [m for m in member.memberships.all() if m.role in IN_CHARGE and m.user.is_active]
    return sorted(people, key=lambda m: (IN_CHARGE.index(m.role), m.pk))


class ParticipantForm(forms.ModelForm):
    """What the cluster team sets for one participant."""

    class Meta:
        model = Participant
        fields = ("quota", "side")

    def __init__(self, *args: object, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quota"] = forms.IntegerField(
            label=_("Most meetings"),
            min_value=0,
            max_value=MOST_MEETINGS,
            required=False,
            help_text=_("Leave it empty for the round's own number, which is %(n)s.") % {"n": round_.quota},
        )
        if round_.meets == Round.Meets.OTHER_SIDE:
            choices = [("", _("Not chosen yet")), ("a", round_.side_a), ("b", round_.side_b)]
            self.fields["side"] = forms.ChoiceField(label=_("Side"), choices=choices, required=False)
        else:
            del self.fields["side"]


class PlacesForm(forms.ModelForm):
    """How many companies a partner may bring."""

    class Meta:
        model = RoundPartner
        fields = ("places",)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, auto_id=f"id_{kwargs['instance'].pk}_%s", **kwargs)


class PartnerForm(NewOrganisationMixin):
    """A cluster or an intermediary that brings companies: one that is there, or a new one with its contact person."""

    new_kind = forms.ChoiceField(
        label=_("Kind of the new organisation"),
        choices=[(kind.value, kind.label) for kind in PARTNER_KINDS],
        required=False,
    )
    contact_name = NameField(label=_("Contact person"), max_length=120, required=False)
    contact_email = forms.EmailField(
        label=_("E-mail address of the contact person"),
        required=False,
        help_text=_("Needed when nobody of the organisation signs in yet. They get an invitation to the portal."),
    )
    places = forms.IntegerField(
        label=_("Places"), min_value=1, max_value=1000, initial=20, help_text=_("How many companies it may bring.")
    )
    field_order = ("organisation", "new_name", "new_kind", "new_country", "contact_name", "contact_email", "places")

    def __init__(self, *args: object, by: User, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, by=by, **kwargs)
        found = Organisation.objects.visible_to(by).filter(is_home=False, kind__in=PARTNER_KINDS)
        self.fields["organisation"].queryset = found.exclude(pk__in=round_.partners.values("organisation")).by_name()
        # A foreign cluster is mostly from another country.
        self.fields["new_country"].initial = ""

    def clean(self) -> dict[str, object]:
        """Somebody must be there to be told."""
        cleaned = super().clean()
        organisation = cleaned.get("organisation")
        has_people = organisation and organisation.memberships.filter(role__in=IN_CHARGE).exists()
        if not has_people and not cleaned.get("contact_email") and "contact_email" not in self.errors:
            self.add_error("contact_email", _("Nobody there signs in yet. Write whom to invite."))
        return cleaned

    def facts(self) -> dict[str, object]:
        """As the action takes them."""
        cleaned = self.cleaned_data
        contact = {"email": cleaned["contact_email"], "name": cleaned["contact_name"]}
        return {
            "organisation": cleaned["organisation"],
            "new": self.new_organisation(),
            "contact": contact if contact["email"] else None,
            "places": cleaned["places"],
        }

"""Signing colleagues up by name and address: one, or several in lines."""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import Organisation
from programme.models import Registration

MOST_AT_ONCE = 50
# How long a name may be.
PERSON = Registration._meta.get_field("person").max_length


class Person(NamedTuple):
    """Somebody to sign up."""

    name: str
    email: str


class PeopleForm(forms.Form):
    """Whom to sign up, of which organisation: those that the person acts for."""

    organisation = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"),
        queryset=Organisation.objects.none(),
        empty_label=gettext_lazy("Choose one"),
    )
    people = forms.CharField(
        label=gettext_lazy("Who comes"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One person a line, name and address: Anna Berg, anna@company.example"),
    )

    def __init__(self, *args: object, organisations: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        if len(organisations) == 1:
            self.fields["organisation"].empty_label = None

    def clean_people(self) -> list[Person]:
        """Each line as a person. Every line that is not understood is named, and all stay in the box."""
        lines = [line.strip(" \t,;") for line in self.cleaned_data["people"].splitlines()]
        lines = [line for line in lines if line]
        if not lines:
            raise ValidationError(_("Write at least one name and address."))
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                _("These are %(n)s lines. Write %(most)s at once, and the rest after them."),
                params={"n": len(lines), "most": MOST_AT_ONCE},
            )
        found: dict[str, Person] = {}
        faults: list[ValidationError] = []
        for number, line in enumerate(lines, start=1):
            try:
                person = _person(line)
                if person.email in found:
                    raise ValidationError(_("this address stands in the list twice."))
                found[person.email] = person
            except ValidationError as fault:
                told = {"number": number, "line": line[:60], "fault": fault.messages[0]}
                faults.append(ValidationError(_("Line %(number)s, “%(line)s”: %(fault)s"), params=told))
        if faults:
            raise ValidationError(faults)
        return list(found.values())


def _person(line: str) -> Person:
    """Of `Name, address`, with a comma, a semicolon, a tab or brackets between them."""
    words = line.replace("<", " ").replace(">", " ").replace(";", " ").replace("\t", " ").replace(",", " ").split()
    addresses = [word for word in words if "@" in word]
    name = " ".join(word for word in words if "@" not in word)
    if len(addresses) != 1:
        raise ValidationError(_("there are several addresses.") if addresses else _("the address is missing."))
    if not name:
        raise ValidationError(_("the name is missing."))
    if len(name) > PERSON:
        raise ValidationError(_("the name is too long."))
    try:
        validate_email(addresses[0])
    except ValidationError:
        raise ValidationError(_("%(email)s is no e-mail address."), params={"email": addresses[0]}) from None
    return Person(name, addresses[0].lower())


class SupportForm(forms.Form):
    """What the cluster paid for a participant."""

    amount = forms.DecimalField(min_value=0, max_digits=10, decimal_places=2, required=False)

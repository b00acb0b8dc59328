"""The five questions of a profile. Each saves what is valid of it, and only what was changed in this very page."""

import hashlib
import json
from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members import codes
from members.forms.fields import NOT_CHOSEN, WholeNumberField
from members.models import Profile

MOST_LINES, LONGEST_LINE = 30, 80
MOST_CODES = 40
HOURS_OF_A_PERSON = 160  # a month: 40 hours a week


class LinesField(forms.CharField):
    """Several short words or phrases: one a line, or with commas or semicolons between them."""

    widget = forms.Textarea

    def __init__(self, **kwargs: object) -> None:
        super().__init__(max_length=MOST_LINES * (LONGEST_LINE + 2), **kwargs)

    def prepare_value(self, value: object) -> object:
        """One a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: object) -> list[str]:
        """Each once, in the order written."""
        text = super().clean(value).replace(",", "\n").replace(";", "\n")
        lines = list(dict.fromkeys(line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")))
        if too_long := [line for line in lines if len(line) > LONGEST_LINE]:
            raise ValidationError(
                _("“%(line)s …” is too long. Use up to 80 characters a line."), params={"line": too_long[0][:40]}
            )
        if len(lines) > MOST_LINES:
            raise ValidationError(_("Keep the 30 that matter most."))
        return lines


class CodesBoundField(forms.BoundField):
    """A field of codes with what its picker shows: the chosen ones, the search and what it found."""

    @property
    def chosen(self) -> list[codes.Option]:
        """The codes that are ticked."""
        return codes.options(self.field.scheme, self._codes())

    @property
    def search_words(self) -> str:
        """What is searched for, when the form came without scripts."""
        return self.form.data.get(f"{self.html_name}_q", "") if self.form.is_bound else ""

    @property
    def found(self) -> codes.Found:
        """What the search found, without the chosen ones."""
        return codes.search(self.field.scheme, self.search_words, without=self._codes())

    @property
    def search_url(self) -> str:
        """Where htmx searches."""
        return reverse("members:codes", args=[self.field.scheme])

    def _codes(self) -> Sequence[str]:
        return list(dict.fromkeys(self.value() or ()))


class CodesField(forms.MultipleChoiceField):
    """Codes of a list that is too long to show: found by search, ticked, kept."""

    bound_field_class = CodesBoundField

    def __init__(self, scheme: str, **kwargs: object) -> None:
        self.scheme = scheme
        super().__init__(
            choices=lambda: codes.names(scheme).items(), required=False, template_name="members/_codes.html", **kwargs
        )

    def clean(self, value: object) -> list[str]:
        """Each code once, in the order of the list."""
        chosen = set(super().clean(value))
        if len(chosen) > MOST_CODES:
            raise ValidationError(_("Keep the 40 that matter most."))
        return sorted(chosen)


class KindsField(forms.MultipleChoiceField):
    """The kinds of opportunity, in the order in which they are always named."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(choices=Profile.OpportunityKind, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value: object) -> list[str]:
        """In the order of the choices, so that nothing seems changed when nothing is."""
        chosen = set(super().clean(value))
        return [kind for kind in Profile.OpportunityKind.values if kind in chosen]


def fingerprint(value: object) -> str:
    """A short word for an answer, the same however its lines end and its codes are ordered."""
    if isinstance(value, str):
        value = "\n".join(value.strip().splitlines())
    elif isinstance(value, list):
        value = sorted(value)
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]


class StepForm(forms.Form):
    """One question. `seen-<field>` says which answer the page was sent with: what the page has not changed is not
    saved, so that two open pages do not wipe each other's answers."""

    label = question = ""
    # Fields that are checked against each other are saved together.
    together: tuple[str, ...] = ()

    def __init__(self, *args: object, profile: Profile, **kwargs: object) -> None:
        self.profile = profile
        super().__init__(*args, initial={name: self.saved(name) for name in self.base_fields}, **kwargs)

    def saved(self, name: str) -> object:
        """The answer as it is saved now."""
        return getattr(self.profile, name)

    def seen(self) -> list[tuple[str, str]]:
        """The hidden fields: each answer as it is saved now."""
        seen = [(f"seen-{name}", fingerprint(self.saved(name))) for name in self.fields]
        return seen + [("wrong", name) for name in self.errors]

    def to_renew(self) -> list[forms.BoundField]:
        """The fields that look different after a save while one types: wrong now, or wrong before."""
        pickers = {name for name, field in self.fields.items() if isinstance(field, CodesField)}
        was_wrong = set(self.data.getlist("wrong"))
        return [self[name] for name in self.fields if name in self.errors or name in was_wrong - pickers]

    def changed_answers(self) -> dict[str, object]:
        """The valid answers that differ from what the page was sent with. Call `is_valid` first."""
        valid = self.cleaned_data
        if not set(self.together) <= set(valid):
            valid = {name: value for name, value in valid.items() if name not in self.together}
        changed = {name for name, value in valid.items() if self._is_changed(name, value)}
        if changed & set(self.together):
            changed |= set(self.together)
        return {name: valid[name] for name in self.fields if name in changed}

    def _is_changed(self, name: str, value: object) -> bool:
        was = self.data.get(f"seen-{name}")
        return name in self.data if was is None else fingerprint(value) != was


class BusinessForm(StepForm):
    """What the organisation does."""

    label = _("Business")
    question = _("What does your organisation do?")
    summary = forms.CharField(
        label=_("What you do"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Two or three sentences, as you would tell a customer. The filter reads every word."),
    )


class ExchangeForm(StepForm):
    """What it offers and seeks."""

    label = _("Offer and need")
    question = _("What do you offer, and what do you look for?")
    offers = forms.CharField(
        label=_("What you offer"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thing a line: a product, a service, a skill."),
    )
    seeks = forms.CharField(
        label=_("What you look for"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One thing a line: customers, partners, suppliers, knowledge, money."),
    )


# As Horizon Europe names them.
LEVELS = [
    NOT_CHOSEN,
    (1, _("1: basic principles observed")),
    (2, _("2: concept formulated")),
    (3, _("3: proof of concept by experiment")),
    (4, _("4: validated in the laboratory")),
    (5, _("5: validated in a relevant environment")),
    (6, _("6: demonstrated in a relevant environment")),
    (7, _("7: prototype in its operational environment")),
    (8, _("8: system complete and qualified")),
    (9, _("9: proven in operation")),
]


class LevelField(forms.TypedChoiceField):
    """A technology readiness level from 1 to 9."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(choices=LEVELS, coerce=int, empty_value=None, required=False, **kwargs)


class FieldForm(StepForm):
    """Its activities and what it can do."""

    label = _("Field")
    question = _("Which field are you in?")
    nace_codes = CodesField(
        "nace",
        label=_("Activities"),
        help_text=_("NACE codes. Search by a word such as “machinery”, or by code. Three to six are enough."),
    )
    technologies = LinesField(
        label=_("Technologies"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line."),
    )
    certificates = LinesField(
        label=_("Certificates"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One a line, for example ISO 9001."),
    )
    trl_min = LevelField(
        label=_("Lowest technology readiness level"),
        help_text=_("How ripe the technology is that you work with: 1 is an idea, 9 is in everyday use."),
    )
    trl_max = LevelField(label=_("Highest technology readiness level"))
    together = ("trl_min", "trl_max")

    def clean(self) -> dict[str, object]:
        """The levels in their order."""
        cleaned = super().clean()
        low, high = cleaned.get("trl_min"), cleaned.get("trl_max")
        if low and high and low > high:
            self.add_error("trl_max", _("The highest level cannot be below the lowest."))
        return cleaned


class ReachForm(StepForm):
    """Its target markets and languages."""

    label = _("Reach")
    question = _("Where do you want to go, and in which languages?")
    markets = CodesField(
        "markets",
        label=_("Target markets"),
        help_text=_("Countries where you look for customers or partners in the next two years."),
    )
    languages = CodesField(
        "languages", label=_("Languages"), help_text=_("Those in which you can write an offer or hold a meeting.")
    )


class CapacityForm(StepForm):
    """What it wants to hear of, and what it can give."""

    label = _("Capacity")
    question = _("What may we bring you, and what can you give?")
    kinds = KindsField(label=_("Kinds of opportunity"), help_text=_("We bring you only what you tick."))
    hours_a_month = WholeNumberField(
        label=_("Hours a month"),
        required=False,
        max_value=1000,
        help_text=_("What you can give to answers, proposals and meetings. Zero is an answer too."),
    )
    cofinance_eur_a_year = WholeNumberField(
        label=_("Own money a year, EUR"),
        required=False,
        max_value=1_000_000_000,
        help_text=_("What you could add to a funded project."),
    )

    def clean_hours_a_month(self) -> int | None:
        """Not more than the people employed have, where we know how many they are."""
        hours, people = self.cleaned_data["hours_a_month"], self.profile.organisation.headcount
        most = HOURS_OF_A_PERSON * max(1, people or 0)
        if hours is not None and people is not None and hours > most:
            words = {"each": HOURS_OF_A_PERSON, "most": most, "people": people}
            raise ValidationError(
                _("A person has about %(each)s working hours a month. With %(people)s employed, %(most)s is the most."),
                params=words,
            )
        return hours


STEPS: dict[str, type[StepForm]] = {
    "business": BusinessForm,
    "exchange": ExchangeForm,
    "field": FieldForm,
    "reach": ReachForm,
    "capacity": CapacityForm,
}

"""What an evaluator asks the tables for."""

from collections.abc import Mapping, Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluations.custom_tables import MOST_DIMENSIONS
from evaluations.quarters import OUTCOME_GROUPS
from evaluations.reading import words
from evaluations.tabulating import GROUPS

UNKNOWN = "unknown"
ONLY = {
    "size_class": _("Only these size classes"),
    "country": _("Only these countries"),
    "section": _("Only these sectors"),
    "experience": _("Only this experience"),
    "source": _("Only what came of this"),
    "attribution": _("Only with this part of the cluster"),
}


class TableForm(forms.Form):
    """A question, what it is broken down by, and which groups count."""

    names: Sequence[str] = GROUPS

    subject = forms.ChoiceField(label=_("Question"))
    dimensions = forms.MultipleChoiceField(
        label=_("Broken down by"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Up to three. With about a hundred companies, two are mostly shown and three mostly hidden."),
    )

    def __init__(
        self,
        *args: object,
        subjects: Sequence[tuple[str, str]],
        groups: Mapping[str, Sequence[tuple[str, str]]],
        **kwargs: object,
    ) -> None:
        """`subjects` and `groups`: what can be chosen in this survey, each with its label."""
        super().__init__(*args, **kwargs)
        self.fields["subject"].choices = subjects
        self.fields["dimensions"].choices = [(name, capfirst(words.dimension(name))) for name in self.names]
        for name in self.names:
            if len(groups.get(name, ())) > 1:
                # "" is a group like others, "not known"; a choice without a value would be taken for none at all.
                choices = [(value or UNKNOWN, label) for value, label in groups[name]]
                self.fields[f"only_{name}"] = forms.MultipleChoiceField(
                    label=ONLY[name], choices=choices, widget=forms.CheckboxSelectMultiple, required=False
                )

    def clean_dimensions(self) -> list[str]:
        """No more than can be protected together."""
        if len(chosen := self.cleaned_data["dimensions"]) > MOST_DIMENSIONS:
            raise ValidationError(_("Choose up to three."))
        return chosen

    def filters(self) -> dict[str, list[str]]:
        """Which groups count, of each kind that is cut down. All of a kind is no filter."""
        found = {}
        for name in self.names:
            chosen = self.cleaned_data.get(f"only_{name}") or []
            if chosen and len(chosen) < len(self.fields[f"only_{name}"].choices):
                found[name] = ["" if value == UNKNOWN else value for value in chosen]
        return found

    def filter_fields(self) -> list[forms.BoundField]:
        """Drawn apart from the rest."""
        return [self[name] for name in self.fields if name.startswith("only_")]


class OutcomeTableForm(TableForm):
    """The outcomes of a quarter."""

    names = OUTCOME_GROUPS

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].label = _("Quarter")

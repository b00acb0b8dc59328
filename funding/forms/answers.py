"""Fields that save themselves: the application's own words and what the call asks."""

from collections.abc import Mapping, Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from funding.actions.answers import Value
from funding.forms.questions import field_of
from funding.models import Question


def name_of(field: str) -> str:
    """The name of a control: a colon is awkward in ids."""
    return field.replace(":", "-")


def field_named(name: str) -> str:
    """The field that a control is of."""
    return name.replace("-", ":")


OWN = {
    "title": forms.CharField(label=_("Title of the project"), required=True),
    "summary": forms.CharField(
        label=_("Summary"), widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you want to do and what changes by it. Partners read it before they confirm."),
    ),
    "months": forms.CharField(
        label=_("Months that it takes"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4, "class": "short"}),
    ),
    "role": forms.CharField(
        label=_("What it does in the project"), widget=forms.Textarea(attrs={"rows": 4})
    ),
}  # fmt: skip


class AnswersForm(forms.Form):
    """Shows what stands there; what comes back is kept as it was typed, so nothing of it is refused here."""

    use_required_attribute = False

    def __init__(self, fields: Sequence[str], questions: Sequence[Question], values: Mapping[str, object]) -> None:
        super().__init__(initial={name_of(field): value for field, value in values.items()})
        for field in fields:
            self.fields[name_of(field)] = OWN[field]
        for question in questions:
            asked = field_of(question, complete=False)
            asked.required = question.is_required  # said in the page; a draft may leave it open
            asked.widget.attrs.pop("maxlength", None)  # nothing that is pasted is cut off without a word
            self.fields[f"question-{question.pk}"] = asked


def typed_in(posted: QueryDict, name: str, *, several: bool) -> Value:
    """What a control sent."""
    return posted.getlist(name) if several else posted.get(name, "")

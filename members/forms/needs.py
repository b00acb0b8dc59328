"""The needs assessment as a form: ten taps from 1 to 5, and a sentence."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import needs
from members.models import NeedsAssessment

SCALE = [(n, str(n)) for n in range(needs.LOWEST, needs.HIGHEST + 1)]


class NeedsForm(forms.Form):
    """Every question may stay open: what is said so far is saved. Last year's answer stands beside each."""

    words = forms.CharField(
        label=gettext_lazy("What would help you most this year?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    year = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: object, now: int, assessment: NeedsAssessment | None, before: NeedsAssessment | None):
        said = assessment.answers if assessment else {}
        initial = {**said, "words": assessment.words if assessment else "", "year": now}
        super().__init__(*args, initial=initial)
        for question in needs.QUESTIONS:
            self.fields[question.key] = forms.TypedChoiceField(
                label=question.text,
                choices=SCALE,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                help_text=_hint(before, question.key),
                error_messages={"invalid_choice": gettext_lazy("Choose a number from 1 to 5.")},
            )

    @property
    def groups(self) -> list[dict[str, object]]:
        """The questions by gap, as the page shows them."""
        gaps = dict.fromkeys(question.gap for question in needs.QUESTIONS)
        return [{"gap": gap, "fields": [self[each.key] for each in needs.QUESTIONS if each.gap == gap]} for gap in gaps]

    @property
    def answers(self) -> dict[str, int]:
        """What was said; open questions are left out."""
        said = {question.key: self.cleaned_data[question.key] for question in needs.QUESTIONS}
        return {key: value for key, value in said.items() if value is not None}


def _hint(before: NeedsAssessment | None, key: str) -> str:
    said: Mapping[str, int] = before.answers if before else {}
    if key not in said:
        return ""
    return _("In %(year)s you said %(n)s.") % {"year": before.year, "n": said[key]}

"""What participants are asked after a meeting, and months later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ladder import AmountClass, Attribution
from matchmaking.models import Outcome, Seat

RELEVANCE = [(str(number), str(number)) for number in range(1, 6)]
WORDS = forms.Textarea(attrs={"rows": 2})


class FeedbackForm(forms.Form):
    """Twenty seconds on a phone: three taps, and a sentence if one likes."""

    held = forms.ChoiceField(
        label=_("Did the meeting take place?"),
        choices=Seat.Held.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Tap whether the meeting took place.")},
    )
    relevance = forms.TypedChoiceField(
        label=_("How relevant was it for you?"),
        help_text=_("1: not at all. 5: very relevant."),
        choices=RELEVANCE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    next_step = forms.ChoiceField(
        label=_("What comes next?"), choices=Seat.NextStep.choices, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("A sentence, if you like"), max_length=400, required=False, widget=WORDS)

    def clean(self) -> dict[str, object]:
        """Who says how relevant a meeting was has met."""
        said = super().clean()
        if not self.data.get("held") and (said.get("relevance") or said.get("next_step")):
            self.errors.pop("held", None)
            said["held"] = Seat.Held.YES
        return said


class OutcomeForm(forms.Form):
    """How far the two have come since they met."""

    stage = forms.ChoiceField(
        label=_("How far have you come?"),
        choices=Outcome.Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Tap how far you have come.")},
    )
    amount = forms.ChoiceField(
        label=_("What is it worth?"),
        choices=AmountClass.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("We keep the class alone. It is only shown for five companies or more."),
    )
    attribution = forms.ChoiceField(
        label=_("And without the cluster?"), choices=Attribution.choices, required=False, widget=forms.RadioSelect
    )
    words = forms.CharField(label=_("A sentence, if you like"), max_length=400, required=False, widget=WORDS)

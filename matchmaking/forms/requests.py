"""What a participant types to ask, to answer and to leave."""

from collections.abc import Sequence
from itertools import groupby

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Participant, Slot


class SentenceForm(forms.Form):
    """A sentence of one's own, or none."""

    sentence = forms.CharField(
        label=_("A sentence, if you like"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class SlotForm(SentenceForm):
    """A time that both have free, on the reader's own clocks."""

    slot = forms.TypedChoiceField(label=_("When"), coerce=int)
    field_order = ("slot", "sentence")

    def __init__(self, *args: object, slots: Sequence[Slot], reader: Participant, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._slots = {slot.pk: slot for slot in slots}
        self.fields["slot"].choices = [("", _("Choose a time")), *_by_day(slots, reader)]
        self.fields["slot"].error_messages["invalid_choice"] = _("This time is not free any more. Choose another one.")
        self.fields["slot"].error_messages["required"] = _("Choose a time.")

    def chosen(self) -> Slot:
        """The slot itself."""
        return self._slots[self.cleaned_data["slot"]]


class RequestForm(SlotForm):
    """Why one wants to meet, and when."""

    sentence = forms.CharField(
        label=_("Why you want to meet"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences that only they read."),
        error_messages={"required": _("Write one sentence: it is what they decide by.")},
    )
    field_order = ("sentence", "slot")


def _by_day(slots: Sequence[Slot], reader: Participant) -> list[tuple[str, list[tuple[int, str]]]]:
    """The slots of each day, on the reader's own clocks."""
    told = [(slot.pk, timezone.localtime(slot.starts_at, reader.zone)) for slot in slots]
    days = groupby(told, key=lambda each: each[1].date())
    return [(date_format(day, "l j F"), [(pk, date_format(at, "D j M, H:i")) for pk, at in each]) for day, each in days]

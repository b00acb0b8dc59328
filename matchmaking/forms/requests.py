"""What a participant types to ask, to answer and to leave."""

from collections.abc import Sequence

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

    slot = forms.TypedChoiceField(label=_("When"), coerce=int, widget=forms.RadioSelect)
    field_order = ("slot", "sentence")

    def __init__(self, *args: object, slots: Sequence[Slot], reader: Participant, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._slots = {slot.pk: slot for slot in slots}
        self.fields["slot"].choices = [(slot.pk, told(slot, reader)) for slot in slots]
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


def told(slot: Slot, reader: Participant) -> str:
    """A slot on the reader's own clocks: Tuesday 3 May, 09:30."""
    at = timezone.localtime(slot.starts_at, reader.zone)
    return f"{date_format(at, 'l j F')}, {at:%H:%M}"

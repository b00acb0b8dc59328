"""What managers type and pick while they work on a timetable."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from matchmaking.actions.meetings import not_offered
from matchmaking.models import Participant, Slot, Table, Timetable
from matchmaking.reading.board import Board


class SolveForm(forms.Form):
    """What a new draft goes on from."""

    based_on = forms.ModelChoiceField(
        label=_("Keep the pinned meetings of"),
        queryset=Timetable.objects.none(),
        to_field_name="number",
        required=False,
        empty_label=_("None: start from the ballots"),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        help_text=_("The same seed makes the same timetable. Another one may find another as good."),
        min_value=0,
        max_value=2**31 - 1,
        required=False,
    )

    def __init__(self, *args: Any, drafts: Any, **kwargs: Any) -> None:
        """`drafts` are those that are done."""
        super().__init__(*args, **kwargs)
        self.fields["based_on"].queryset = drafts
        self.fields["based_on"].label_from_instance = lambda draft: _("Timetable %(n)s") % {"n": draft.number}


class PlaceForm(forms.Form):
    """Where a meeting goes to: a slot and a table, as the choices send them."""

    place = forms.RegexField(r"^\d+-\d+$", error_messages={"invalid": _("Choose a time or a table from the list.")})

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        """`board` knows the slots and tables there are."""
        super().__init__(*args, **kwargs)
        self.board = board

    def clean_place(self) -> tuple[Slot, Table]:
        """The slot and the table themselves."""
        slot_pk, table_pk = (int(part) for part in self.cleaned_data["place"].split("-"))
        slot = next((each for each in self.board.slots if each.pk == slot_pk), None)
        table = next((each for each in self.board.tables if each.pk == table_pk), None)
        if slot is None or table is None:
            raise ValidationError(_("Choose a time or a table from the list."))
        return slot, table


class AddForm(forms.Form):
    """Two who are to meet, and when."""

    one = forms.ModelChoiceField(queryset=Participant.objects.none())
    other = forms.ModelChoiceField(
        queryset=Participant.objects.none(), error_messages={"required": _("Choose the other company first.")}
    )
    slot = forms.ModelChoiceField(
        queryset=Slot.objects.none(), error_messages={"required": _("Choose a time from the list.")}
    )

    def __init__(self, *args: Any, board: Board, **kwargs: Any) -> None:
        """Both take part in the round of the board."""
        super().__init__(*args, **kwargs)
        self.board = board
        people = Participant.objects.confirmed().filter(round=board.round)
        self.fields["one"].queryset = self.fields["other"].queryset = people
        self.fields["slot"].queryset = board.round.slots.all()

    def clean(self) -> dict[str, Any]:
        """One of those whom the page offers. Why somebody else is not among them is told to nobody."""
        cleaned = super().clean()
        one, other = cleaned.get("one"), cleaned.get("other")
        if one and other and other not in self.board.proposals(one):
            self.add_error("other", not_offered())
        return cleaned


class CancelForm(forms.Form):
    """Why a meeting does not take place."""

    why = forms.CharField(max_length=300, required=False)

"""What is typed to put a consortium together, to start its application, and to tell what came of it."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _

from funding.models import FundingCall, PartnerSearch, SearchReply
from opportunities.names import NameField

TOLD_BY_HAND = (PartnerSearch.Outcome.ELSEWHERE, PartnerSearch.Outcome.NONE)


class TeamForm(forms.Form):
    """Who of those interested is in, and what each would do: two fields for each of them."""

    def __init__(self, data: Mapping[str, object] | None = None, *, interested: list[SearchReply]) -> None:
        super().__init__(data)
        self.interested = interested
        for reply in interested:
            self.fields[f"in-{reply.pk}"] = forms.BooleanField(
                label=_("In the consortium"), required=False, initial=reply.is_in
            )
            self.fields[f"role-{reply.pk}"] = forms.CharField(
                label=_("What it does in the project"),
                required=False,
                max_length=300,
                initial=reply.role,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def rows(self) -> list[tuple[SearchReply, forms.BoundField, forms.BoundField]]:
        """Each organisation with its two fields."""
        return [(each, self[f"in-{each.pk}"], self[f"role-{each.pk}"]) for each in self.interested]

    def roles(self) -> dict[int, str]:
        """Those that are in, by their reply."""
        said = self.cleaned_data
        return {each.pk: said[f"role-{each.pk}"] for each in self.interested if said[f"in-{each.pk}"]}


class StartForm(forms.Form):
    """What the application begins with."""

    title = NameField(
        label=_("Title of the project"),
        max_length=160,
        help_text=_("Partners read it in their invitation. You can change it."),
        error_messages={"required": _("Give the project a title: the partners read it in their invitation.")},
    )
    sends_links = forms.BooleanField(label=_("Send each partner its link now"), required=False, initial=True)


class OutcomeForm(forms.ModelForm):
    """What came of a search outside of the portal."""

    outcome = forms.ChoiceField(
        label=_("What came of it?"),
        choices=[(each.value, each.label) for each in TOLD_BY_HAND],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two answers.")},
    )

    class Meta:
        model = PartnerSearch
        fields = ("outcome", "outcome_words")
        widgets = {"outcome_words": forms.Textarea(attrs={"rows": 2})}


class CallOfTopicForm(forms.Form):
    """Which call of the portal a scouted topic is."""

    call = forms.ModelChoiceField(
        FundingCall.objects.filter(status=FundingCall.Status.PUBLISHED).by_urgency(),
        label=_("Call in this portal"),
        required=False,
        empty_label=_("None: applied for elsewhere"),
    )

"""What the team types about partners' portals and the cards that come from them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ecosystem.exchange import MAX_BYTES
from ecosystem.models import ForeignCard, Partnership


class AddPeerForm(forms.Form):
    """Whose portal, and where it is."""

    partnership = forms.ModelChoiceField(
        label=_("Partner"), queryset=Partnership.objects.none(), empty_label=_("Choose one")
    )
    address = forms.CharField(
        label=_("Address of their portal"),
        max_length=200,
        help_text=_("For example https://portal.cluster.example. Their portal says who it is, and you compare."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = Partnership.objects.filter(peer=None).select_related("organisation")
        self.fields["partnership"].queryset = rows.order_by("organisation__name")


class PacketForm(forms.Form):
    """A packet that came as a file."""

    file = forms.FileField(label=_("Packet"))

    def content(self) -> bytes:
        """No more of it than tells that it is too large."""
        return self.cleaned_data["file"].read(MAX_BYTES + 1)


class CardAnswerForm(forms.Form):
    """Interested or not, with a sentence."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[each for each in ForeignCard.Answer.choices if each[0]],
        widget=forms.RadioSelect,
    )
    message = forms.CharField(
        label=_("A sentence to the partner"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say which of your members you think of, if they agree."),
    )

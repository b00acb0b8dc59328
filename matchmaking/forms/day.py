"""What is typed at the door."""

from datetime import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.zones import NoSuchTime, moment
from matchmaking.models import Participant, Round
from members.models import Organisation
from opportunities.names import NameField


class LateForm(forms.Form):
    """Until when somebody is late, on the round's clocks, today."""

    until = forms.TimeField(
        label=_("Late until"), error_messages={"required": _("Say until when."), "invalid": _("Write it as 10:30.")}
    )

    def __init__(self, *args: object, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.round = round_

    def clean_until(self) -> datetime:
        """The moment at which the round's clocks show this time today."""
        today = timezone.localdate(timezone=self.round.zone)
        try:
            return moment(datetime.combine(today, self.cleaned_data["until"]), self.round.zone)
        except NoSuchTime:
            raise forms.ValidationError(_("The clocks skip this time today. Choose another.")) from None


class WalkInForm(forms.ModelForm):
    """Somebody who comes without having signed up: one minute at the door."""

    company = NameField(label=_("Company"), max_length=200)
    person = NameField(label=_("Name"), max_length=120)

    class Meta:
        model = Participant
        fields = ["company", "person", "email", "cluster", "offers", "seeks"]
        labels = {"cluster": _("Comes with"), "offers": _("Offers"), "seeks": _("Looks for")}
        help_texts = {"cluster": "", "offers": _("One thing a line."), "seeks": _("One thing a line.")}
        widgets = {"offers": forms.Textarea(attrs={"rows": 3}), "seeks": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: object, round_: Round, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        partners = round_.partners.values("organisation")
        self.fields["cluster"].queryset = Organisation.objects.filter(Q(is_home=True) | Q(pk__in=partners)).order_by(
            "-is_home", "name"
        )
        self.fields["cluster"].empty_label = None
        for name in ("offers", "seeks"):
            self.fields[name].required = True

    def clean_email(self) -> str:
        """As it is kept."""
        return self.cleaned_data["email"].strip().lower()

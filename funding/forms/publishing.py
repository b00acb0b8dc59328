"""What the secretary types to change what may change of a published call, and to cancel it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ClockField
from funding.actions.publishing import DAYS, WORDS
from funding.forms.fields import day_field, moments
from funding.models import FundingCall

WHY = {"max_length": 300, "widget": forms.Textarea(attrs={"rows": 2})}


class CorrectionForm(forms.ModelForm):
    """Words that were wrong or unclear. What they mean stays as it is."""

    why = forms.CharField(label=_("Why, in a sentence"), help_text=_("It is shown with the date."), **WHY)

    class Meta:
        model = FundingCall
        fields = WORDS
        widgets = {"aim": forms.Textarea(attrs={"rows": 2}), "text": forms.Textarea(attrs={"rows": 12})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class ProlongForm(forms.Form):
    """Later days, typed on the call's clocks."""

    deadline = ClockField(label=_("Deadline"))
    review_until = ClockField(label=_("Reviews until"))
    granting_on = day_field(label=_("Planned day of granting"))
    why = forms.CharField(label=_("Why, in a sentence"), help_text=_("Who has an application gets it by mail."), **WHY)

    def __init__(self, *args: object, call: FundingCall, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.call = call
        self.before = {name: getattr(call, name) for name in DAYS}
        for name in ("deadline", "review_until"):
            at = self.before[name]
            self.initial[name] = at.astimezone(call.zone).replace(tzinfo=None) if at else None
        self.initial["granting_on"] = call.granting_on

    def clean(self) -> dict[str, object]:
        """Moments on the call's clocks, none of them earlier than before."""
        cleaned = super().clean()
        moments(self, ("deadline", "review_until"), self.call.time_zone, self.before)
        for name, before in self.before.items():
            if cleaned.get(name) and before and cleaned[name] < before:
                self.add_error(name, _("People rely on the day that was published. Choose a later one."))
        if not self.errors and all(cleaned[name] == before for name, before in self.before.items()):
            self.add_error("deadline", _("This is the deadline that stands. Choose a later one."))
        return cleaned


class CancelForm(forms.Form):
    """A sentence that goes to those concerned, and onto the page of the call."""

    why = forms.CharField(label=_("A sentence to applicants"), max_length=600, widget=forms.Textarea(attrs={"rows": 3}))

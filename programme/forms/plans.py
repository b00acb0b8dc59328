"""Steps of an action plan."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ask_to_choose
from programme.models import ActionItem, Service


class StepForm(forms.ModelForm):
    """What, who, by when, and which gap it closes."""

    class Meta:
        model = ActionItem
        fields = ("what", "gap", "who", "due_on")
        widgets = {"due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        ask_to_choose(self, "gap")

    def clean_due_on(self) -> date | None:
        """A day to come. One that has passed since stays until somebody chooses another."""
        due_on = self.cleaned_data["due_on"]
        if due_on and "due_on" in self.changed_data and due_on < timezone.localdate():
            raise ValidationError(_("This day has passed. Choose a later one, or leave it empty."))
        return due_on


class AskForStepForm(forms.Form):
    """Which service is to do the step."""

    service = forms.ModelChoiceField(
        Service.objects.none(),
        label=_("Ask for a service"),
        error_messages={"invalid_choice": _("This service is not offered any more. Choose another one.")},
    )

    def __init__(self, *args: object, step: ActionItem) -> None:
        super().__init__(*args)
        self.fields["service"].queryset = Service.objects.filter(is_offered=True, gap=step.gap).order_by("name")

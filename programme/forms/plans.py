"""Steps of an action plan."""

from django import forms
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

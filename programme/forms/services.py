"""What managers type about a service, and what members and managers say about a request."""

from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import ask_to_choose
from members.models import Organisation
from programme.actions.requests import MOST_HOURS
from programme.forms.aims import AimForm
from programme.models import Service, ServiceRequest


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ServiceForm(AimForm, forms.ModelForm):
    """A service in its cell of the matrix."""

    class Meta:
        model = Service
        fields = ("name", "gap", "function", "what", "hours", "price_eur", "provider", "goal", "why_no_goal")
        widgets = {"what": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "what": _("In plain words: what a member gets, and what it has to bring."),
            "provider": _("A partner organisation. Leave it empty when you do it yourselves."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        ask_to_choose(self, "gap", "function")
        self.fields["provider"].queryset = Organisation.objects.filter(is_home=False).by_name()
        self.fields["provider"].empty_label = _("The cluster itself")


class AskForm(forms.ModelForm):
    """One tap and a sentence."""

    class Meta:
        model = ServiceRequest
        fields = ("words",)
        labels = {"words": _("What do you need? One sentence is enough.")}
        widgets = {"words": forms.Textarea(attrs={"rows": 2})}


class AgreeForm(forms.Form):
    """What was agreed, in how many hours and by when."""

    agreed_hours = forms.DecimalField(
        label=_("Hours of ours"), min_value=Decimal(0), max_value=MOST_HOURS, max_digits=6, decimal_places=1
    )
    due_on = forms.DateField(label=_("By"), required=False, widget=_day())
    answer = forms.CharField(
        label=_("What we agreed"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeclineForm(forms.Form):
    """No, and why."""

    prefix = "no"
    answer = forms.CharField(
        label=_("Why not, and what else could help"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )


class DeliverForm(forms.Form):
    """When it was done, and how long it took."""

    prefix = "done"
    delivered_on = forms.DateField(label=_("Delivered on"), widget=_day())
    delivered_hours = forms.DecimalField(
        label=_("Hours spent"), min_value=Decimal(0), max_value=MOST_HOURS, max_digits=6, decimal_places=1
    )

    def __init__(self, *args: object, request: ServiceRequest) -> None:
        # Mostly it is done today, in the hours that were agreed.
        initial = {"delivered_on": timezone.localdate(), "delivered_hours": request.agreed_hours}
        super().__init__(*args, initial=initial)


class HelpedForm(forms.Form):
    """Whether it helped, in one tap and words."""

    satisfied = forms.TypedChoiceField(
        label=_("Did it help?"),
        choices=[(n, str(n)) for n in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("1: not at all. 5: very much."),
        error_messages={"invalid_choice": _("Choose a number from 1 to 5.")},
    )
    satisfied_words = forms.CharField(
        label=_("In your words"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: object, request: ServiceRequest) -> None:
        super().__init__(*args, initial={"satisfied": request.satisfied, "satisfied_words": request.satisfied_words})

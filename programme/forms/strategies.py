"""What managers type to write a strategy, and what a stakeholder answers."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from members.forms.fields import WholeNumberField
from members.forms.profiles import CodesField
from members.models import Organisation
from programme.models import KPI, Endorsement, Goal, Strategy

NO_NUMBER = _("This is no number. Write digits only, for example 20 or 12.5. The unit has a field of its own.")
TOO_LONG = _("Write at most ten digits before the point and two after it. A larger unit makes it shorter.")


def day_input() -> forms.DateInput:
    """A day as the browser's own picker gives it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NumberField(forms.DecimalField):
    """A number that is measured, typed as text, so that what is no number is told and stays in the page."""

    def __init__(self, **kwargs: object) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        messages = dict.fromkeys(("max_digits", "max_decimal_places", "max_whole_digits"), TOO_LONG)
        messages["invalid"] = NO_NUMBER
        super().__init__(max_digits=12, decimal_places=2, widget=widget, error_messages=messages, **kwargs)

    def prepare_value(self, value: object) -> object:
        """Without needless zeros."""
        return f"{value.normalize():f}" if hasattr(value, "normalize") else value


class StrategyForm(forms.ModelForm):
    """Its frame; goals are added one by one afterwards."""

    class Meta:
        model = Strategy
        fields = ("name", "starts_on", "ends_on", "vision", "skills")
        widgets = {
            "starts_on": day_input(),
            "ends_on": day_input(),
            "vision": forms.Textarea(attrs={"rows": 4}),
            "skills": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "name": _("As people will call it, with its years."),
            "vision": _("Where do you want to be at its end? Two or three sentences that a member would repeat."),
            "skills": _("What you need to be able to do yourselves, or to buy. It is asked early, as it takes time."),
        }
        error_messages = {"name": {"unique": _("There is a strategy of this name already. Add its years.")}}

    def clean(self) -> dict[str, object]:
        """The days in their order."""
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and starts_on >= ends_on:
            self.add_error("ends_on", _("It would end before it starts. Choose a later day."))
        return cleaned


class GoalForm(forms.ModelForm):
    """One goal: what, why, where, and what is set aside for it. The pickers are those of a member's profile."""

    field_order = ("name", "why", "markets", "nace_codes", "hours", "money_eur")

    markets = CodesField("markets", label=_("Target markets"), help_text=_("Countries that it aims at."))
    nace_codes = CodesField(
        "nace",
        label=_("Sectors"),
        help_text=_("NACE codes of those whom it reaches there. Search by a word such as “water”, or by code."),
    )
    hours = WholeNumberField(
        label=_("Hours set aside"), max_value=1_000_000, help_text=_("Of the cluster team, over the whole period.")
    )
    money_eur = WholeNumberField(label=_("Money set aside, EUR"), max_value=1_000_000_000)

    class Meta:
        model = Goal
        fields = ("name", "why")
        widgets = {"why": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": _("What is to be reached, in a few words."),
            "why": _("Which need of the members it comes from."),
        }

    def __init__(self, *args: object, instance: Goal | None = None, **kwargs: object) -> None:
        goal = instance or Goal()
        first = {"markets": goal.markets, "nace_codes": goal.sectors}
        first |= {"hours": goal.hours, "money_eur": int(goal.money_eur)}
        super().__init__(*args, instance=instance, initial=first, **kwargs)

    def says(self) -> dict[str, object]:
        """As the actions take it."""
        said = dict(self.cleaned_data)
        return said | {"sectors": said.pop("nace_codes")}


class KPIForm(forms.ModelForm):
    """How one sees whether the goal is reached."""

    field_order = ("name", "unit", "baseline", "target", "due_on", "source")

    baseline = NumberField(label=_("At the start"), required=False, help_text=_("Empty when nobody knows."))
    target = NumberField(label=_("Target"))

    class Meta:
        model = KPI
        fields = ("name", "unit", "baseline", "target", "due_on", "source")
        widgets = {"due_on": day_input()}
        help_texts = {
            "name": _("What is counted, for example: members with a first order from Finland."),
            "unit": _("For example: companies, EUR, %. Empty for a plain number."),
            "due_on": _("The day by which the target is to be reached."),
            "source": _("Where the number comes from, so that anybody can check it."),
        }

    def __init__(self, *args: object, strategy: Strategy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.begins = strategy.starts_on

    def clean_due_on(self) -> date:
        """What is due before the strategy begins cannot be its doing."""
        due_on = self.cleaned_data["due_on"]
        if due_on < self.begins:
            words = {"day": date_format(self.begins, "j F Y")}
            raise ValidationError(_("The strategy begins on %(day)s. Choose a later day."), params=words)
        return due_on

    def clean(self) -> dict[str, object]:
        """There is something to reach."""
        cleaned = super().clean()
        if cleaned.get("baseline") is not None and cleaned["baseline"] == cleaned.get("target"):
            self.add_error("target", _("This is where it starts. Write what it is to become."))
        return cleaned


class ReadingForm(forms.Form):
    """What an indicator stands at on a day."""

    value = NumberField(label=_("Stands at"))
    on = forms.DateField(label=_("On"), widget=day_input())
    words = forms.CharField(label=_("A note"), required=False, max_length=300)

    def __init__(self, *args: object, kpi: KPI, **kwargs: object) -> None:
        first = {"on": timezone.localdate()}
        super().__init__(*args, auto_id=f"kpi-{kpi.pk}-%s", initial=first, **kwargs)


class WhyForm(forms.Form):
    """A sentence that is kept with the act."""

    why = forms.CharField(label=_("Why"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: object, required: bool = True, label: object = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required
        if label:
            self.fields["why"].label = label


class StakeholderForm(forms.ModelForm):
    """Somebody who is asked."""

    field_order = ("organisation", "name", "person", "email", "is_key_company")

    class Meta:
        model = Endorsement
        fields = ("organisation", "name", "person", "email", "is_key_company")
        labels = {"is_key_company": _("A key company: it leads, others follow it abroad")}
        help_texts = {
            "organisation": _("If it is one of the portal's."),
            "name": _("If it is none of them, or speaks under another name: for example a region or a university."),
            "email": _("The link goes here. It needs no account."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["organisation"].queryset = Organisation.objects.filter(is_home=False).by_name()
        self.fields["organisation"].empty_label = _("None of the portal's")

    def clean_email(self) -> str:
        """As addresses are kept."""
        return self.cleaned_data["email"].lower()

    def clean(self) -> dict[str, object]:
        """One of the portal's organisations, or a name."""
        cleaned = super().clean()
        if not cleaned.get("name") and "name" not in self.errors:
            if cleaned.get("organisation"):
                cleaned["name"] = cleaned["organisation"].name
            else:
                self.add_error("name", _("Choose an organisation above, or write the name of the body here."))
        return cleaned


class AnswerForm(forms.Form):
    """Stands behind it, or objects with words."""

    answer = forms.ChoiceField(
        label=_("What do you say?"),
        choices=[("endorsed", _("We stand behind it")), ("objected", _("We object"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the two.")},
    )
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you object to, or what you will bring to it. An objection needs words."),
    )

    def clean(self) -> dict[str, object]:
        """An objection needs words."""
        cleaned = super().clean()
        if cleaned.get("answer") == "objected" and not cleaned.get("words", "").strip():
            self.add_error("words", _("Say what you object to. Without it, nobody knows what to change."))
        return cleaned

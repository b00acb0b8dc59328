"""The part of a form that asks which goal something serves: one of the goals, a reason for none, or not said yet."""

from django import forms
from django.utils.translation import gettext_lazy as _

from programme.models import Goal
from programme.suggesting import Suggestion


class GoalField(forms.ModelChoiceField):
    """The goals that can be cited, each with its strategy."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(queryset=Goal.objects.none(), required=False, empty_label=_("Not said yet"), **kwargs)

    def label_from_instance(self, goal: Goal) -> str:
        """The goal's own name first: it is what somebody looks for."""
        return f"{goal.name} ({goal.strategy.name})"


class AimForm(forms.Form):
    """To be inherited before Form or ModelForm. A ModelForm names `goal` and `why_no_goal` among its fields, too.

    `suggestion`: a goal that seems to fit, told below the field with the reason. It is never chosen by itself.
    """

    goal = GoalField(label=_("Goal that it serves"))
    why_no_goal = forms.CharField(
        label=_("Or: why it serves none"),
        required=False,
        max_length=200,
        help_text=_("One sentence. Leave both empty when it is not decided."),
    )

    def __init__(self, *args: object, suggestion: Suggestion | None = None, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        now = getattr(getattr(self, "instance", None), "goal_id", None)
        # One that was given up since stays what it is until somebody chooses another.
        self.fields["goal"].queryset = Goal.objects.citable(and_also=now).select_related("strategy")
        if suggestion:
            self.fields["goal"].help_text = suggestion.sentence

    def clean(self) -> dict[str, object]:
        """A goal, or a reason: not both."""
        cleaned = super().clean()
        if cleaned.get("goal") and cleaned.get("why_no_goal"):
            self.add_error("why_no_goal", _("You chose a goal. Leave this empty, or choose “Not said yet” above."))
        return cleaned

    def aim(self) -> dict[str, object]:
        """As the actions take it."""
        return {name: self.cleaned_data[name] for name in ("goal", "why_no_goal")}

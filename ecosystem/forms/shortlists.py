"""What is typed for a shortlist: who is sought, who stands on it and in which words, and what came of it."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ecosystem.models import Partnership, Shortlist, ShortlistCard
from members.models import Organisation
from opportunities.models import Opportunity
from programme.forms.strategies import day_input
from programme.models import Activity


class ShortlistForm(forms.ModelForm):
    """For what, who is sought, and until when companies answer."""

    class Meta:
        model = Shortlist
        fields = ("title", "seeks", "until", "activity", "opportunity")
        widgets = {"seeks": forms.Textarea(attrs={"rows": 5}), "until": day_input()}
        help_texts = {
            "title": _("The companies that are asked read it, and the partner."),
            "opportunity": _("One that you share with this partner."),
            "seeks": _("As the partner would say it: products, skills, size. Members are suggested by these words."),
        }

    def __init__(self, *args: object, partnership: Partnership, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        now = self.instance
        self.fields["activity"].queryset = Activity.objects.filter(
            Q(status="published", ends_at__gte=timezone.now()) | Q(pk=now.activity_id)
        ).order_by("starts_at", "pk")
        in_pool = Opportunity.objects.filter(shared_with__partnership=partnership, shared_with__ended_at=None).open()
        self.fields["opportunity"].queryset = in_pool.soonest()
        self.fields["activity"].empty_label = _("No activity")
        self.fields["opportunity"].empty_label = _("No opportunity")

    def clean_until(self) -> object:
        """A day that is still to come, if it is another than before."""
        day = self.cleaned_data["until"]
        if day != self.instance.until and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        return day

    def clean(self) -> dict[str, object]:
        """One thing at most that it is for."""
        cleaned = super().clean()
        if cleaned.get("activity") and cleaned.get("opportunity"):
            self.add_error("opportunity", _("Choose an activity or an opportunity, or neither of them."))
        return cleaned


class PutOnForm(forms.Form):
    """Which members stand on it."""

    to = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one member.")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = Organisation.objects.members().filter(is_home=False)


class CardForm(forms.ModelForm):
    """The words and the place that a partner sees."""

    with_region = forms.BooleanField(label=_("Show the region beside the country"), required=False)

    class Meta:
        model = ShortlistCard
        fields = ("offers", "seeks")
        widgets = {"offers": forms.Textarea(attrs={"rows": 5}), "seeks": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "offers": _("One thing a line. No names of companies, people, products or places."),
            "seeks": _("One thing a line."),
        }

    def __init__(self, *args: object, region: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["with_region"].initial = bool(self.instance.region)
        if region:
            self.fields["with_region"].help_text = region
        else:
            del self.fields["with_region"]

    def clean(self) -> dict[str, object]:
        """Something has to stand on the card."""
        cleaned = super().clean()
        if not self.errors and not cleaned.get("offers") and not cleaned.get("seeks"):
            self.add_error("offers", _("Write what the company offers, or what it looks for."))
        return cleaned


class AnswerForm(forms.Form):
    """What a company agrees to: its name always, the rest as it ticks."""

    OPTIONAL = [choice for choice in ShortlistCard.Field.choices if choice[0] != ShortlistCard.Field.NAME]

    answer = forms.ChoiceField(
        choices=[("agree", _("Yes, show our card")), ("decline", _("Not for us")), ("withdraw", _("Take it back"))],
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("Choose one of the answers."),
        },
    )
    reveal = forms.MultipleChoiceField(
        label=_("When we are introduced, they see our name and town, and"),
        choices=OPTIONAL,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class OutcomeForm(forms.ModelForm):
    """What came of an introduction."""

    class Meta:
        model = ShortlistCard
        fields = ("outcome", "outcome_note")
        widgets = {"outcome_note": forms.Textarea(attrs={"rows": 3})}

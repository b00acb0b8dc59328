"""What is typed to share an opportunity, to answer it, and to bring one in."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from ecosystem.models import Partnership, SharedOpportunity
from members import codes
from opportunities.models import Opportunity
from programme.forms.strategies import day_input


class ShareForm(forms.Form):
    """With whom, and why."""

    partners = forms.ModelMultipleChoiceField(
        label=_("Partners"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one partner.")},
    )
    note = SharedOpportunity._meta.get_field("note").formfield(
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Why it could be for companies of theirs.")
    )

    def __init__(self, *args: object, opportunity: Opportunity, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        has_it = opportunity.shared_with.filter(ended_at=None).values("partnership")
        rows = Partnership.objects.exclude(pk__in=has_it).select_related("organisation")
        self.fields["partners"].queryset = rows.order_by("organisation__name", "pk")


class PoolAnswerForm(forms.Form):
    """Interested, with a sentence that says for whom; or not."""

    answer = forms.ChoiceField(
        choices=[("interested", _("A company is interested")), ("not_for_us", _("Not for us"))],
        error_messages={
            "required": _("Choose one of the two answers."),
            "invalid_choice": _("Choose one of the two answers."),
        },
    )
    sentence = forms.CharField(
        label=_("Which of your companies, and why"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It goes to the cluster team, which brings the two together."),
    )


class BringInForm(forms.Form):
    """A partnering request in short form."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Opportunity.PartneringType)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What is offered or sought, in one line."))
    summary = forms.CharField(
        label=_("What it is about"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What the company does, what it offers or looks for, and with whom it wants to work."),
    )
    organisation = forms.CharField(
        label=_("Company"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty if the company does not want to be named yet."),
    )
    country = forms.ChoiceField(label=_("Country"), choices=codes.country_choices)
    deadline = forms.DateField(label=_("Answers until"), widget=day_input())
    link = forms.URLField(label=_("More about it"), required=False, max_length=500, assume_scheme="https")

    def clean_deadline(self) -> object:
        """Some days ahead, within two years."""
        day, today = self.cleaned_data["deadline"], timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("This day has passed. Choose a later one."))
        if day > today + timedelta(days=730):
            raise forms.ValidationError(_("Choose a day within two years."))
        return day

    def says(self) -> dict[str, str]:
        """As words, as a table has them."""
        said = dict(self.cleaned_data)
        return said | {
            "country": codelists.countries()[said["country"]],
            "deadline": said["deadline"].isoformat(),
        }

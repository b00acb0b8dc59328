"""What a manager chooses for a report, and for whom it is shared."""

from datetime import date, datetime, time, timedelta
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from evaluations.models import Quote, Report, Wave

QUARTERS = 12
LONGEST = 366  # days


def ends_of_quarters(today: date) -> list[date]:
    """The last days of the quarters that are over, the newest first: outcomes are counted up to such a day."""
    first = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1)
    found = []
    for _each in range(QUARTERS):
        last = first - timedelta(days=1)
        found.append(last)
        first = last.replace(day=1, month=last.month - 2)
    return found


def _quoted(quote: Quote) -> str:
    who = quote.company or _("without a name")
    return f"{Truncator(quote.text).chars(240)} ({who})"


def _of_wave(quote: Quote) -> str:
    return str(quote.wave)


class ReportForm(forms.Form):
    """A report in one page."""

    kind = forms.ChoiceField(label=_("Report"), choices=Report.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("As it stands on the first page, and in the list of reports.")
    )
    wave = forms.ModelChoiceField(
        label=_("Survey"),
        queryset=Wave.objects.none(),
        required=False,
        empty_label=_("No survey: outcomes only"),
        help_text=_("Only surveys that are closed."),
    )
    cut_off = forms.TypedChoiceField(
        label=_("Outcomes up to"),
        coerce=date.fromisoformat,
        help_text=_("The end of a quarter. What was told later belongs to the next report."),
    )
    audience = forms.ChoiceField(
        label=_("Who reads it"),
        widget=forms.RadioSelect,
        choices=[
            ("public", _("The public: it can be shared by link. Fewer small groups are shown.")),
            ("house", _("In-house only: managers and evaluators who sign in.")),
        ],
        initial="public",
    )

    quotes = forms.ModelMultipleChoiceField(
        label=_("Quotes"),
        queryset=Quote.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each company agreed. Leave out what names others, or says too much of the company."),
    )

    def __init__(self, *args: object, waves: object, quotes: object, today: date, **kwargs: object) -> None:
        """`waves` and `quotes`: what this person may choose from."""
        super().__init__(*args, **kwargs)
        self.fields["wave"].queryset = waves
        self.fields["quotes"].queryset = quotes
        by_wave = {wave: [(each.pk, _quoted(each)) for each in found] for wave, found in groupby(quotes, _of_wave)}
        self.fields["quotes"].choices = list(by_wave.items())
        ends = ends_of_quarters(today)
        self.fields["cut_off"].choices = [(day.isoformat(), date_format(day, "j F Y")) for day in ends]

    def clean(self) -> dict[str, object]:
        """Quotes of the chosen survey only."""
        cleaned = super().clean()
        wave, chosen = cleaned.get("wave"), cleaned.get("quotes") or []
        if any(quote.wave_id != (wave and wave.pk) for quote in chosen):
            self.add_error("quotes", _("Choose quotes of the same survey as above."))
        return cleaned | {"quotes": sorted(quote.pk for quote in chosen)}


class ShareForm(forms.Form):
    """For whom a link is, and until when it opens."""

    label = forms.CharField(
        label=_("For whom"), max_length=120, help_text=_("A name for this list. The reader does not see it.")
    )
    until = forms.DateField(label=_("Opens until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_until(self) -> datetime:
        """The end of that day; not over yet, and within a year."""
        day, today = self.cleaned_data["until"], timezone.localdate()
        if day < today:
            raise ValidationError(_("This day is over. Choose today or a later one."))
        if day > today + timedelta(days=LONGEST):
            raise ValidationError(_("Choose a day within a year. A new link can be made then."))
        return timezone.make_aware(datetime.combine(day, time.max))

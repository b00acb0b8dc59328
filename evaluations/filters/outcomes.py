"""What the pages of outcomes can be filtered by: plain GET forms."""

from datetime import datetime

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.models import Outcome, Rung
from members.models import SizeClass

TWELVE_MONTHS, EVERYTHING = "", "all"
PERIODS = [(TWELVE_MONTHS, _("The past 12 months")), (EVERYTHING, _("Everything"))]
# What surveys tell is read in protected tables.
SOURCES = [choice for choice in Outcome.Source.choices if choice[0] != Outcome.Source.SURVEY]
ASKED = [(0, _("Right after")), (3, _("After 3 months")), (12, _("After 12 months"))]


def since(period: str) -> datetime | None:
    """From when on things count; None when everything does."""
    return None if period == EVERYTHING else timezone.now() - relativedelta(months=12)


class PeriodForm(forms.Form):
    """Which time a page looks at."""

    period = forms.ChoiceField(label=_("Period"), choices=PERIODS, required=False)

    def since(self) -> datetime | None:
        """From when on things count; what is not understood is the past twelve months."""
        return since(self.cleaned_data.get("period", TWELVE_MONTHS) if self.is_valid() else TWELVE_MONTHS)


class FunnelForm(PeriodForm):
    """What the funnel is broken down by."""

    BY = [
        ("source", _("Source")),
        ("kind", _("Kind")),
        ("reason", _("First reason")),
        ("size", _("Size")),
        ("rank", _("Place in the feed")),
    ]

    by = forms.ChoiceField(label=_("By"), choices=BY, required=False)

    def dimension(self) -> str:
        """The source, unless another is asked for."""
        return (self.cleaned_data.get("by") if self.is_valid() else "") or "source"


class OutcomeFilter(django_filters.FilterSet):
    """Outcomes on record, for managers."""

    q = django_filters.CharFilter(
        label=_("Member"),
        field_name="organisation__name",
        lookup_expr="unaccent__icontains",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        max_length=200,
    )
    source = django_filters.ChoiceFilter(label=_("Source"), choices=SOURCES, empty_label=_("All sources"))
    months = django_filters.ChoiceFilter(label=_("Asked"), choices=ASKED, empty_label=_("At any time"))
    rung = django_filters.ChoiceFilter(label=_("How far"), choices=Rung.choices, empty_label=_("All"))
    size = django_filters.ChoiceFilter(
        label=_("Size"), field_name="size_class", choices=SizeClass.choices, empty_label=_("All sizes")
    )
    period = django_filters.ChoiceFilter(
        label=_("Period"), choices=[("year", _("The past 12 months"))], empty_label=_("Everything"), method="within"
    )

    class Meta:
        model = Outcome
        fields: tuple[str, ...] = ()

    def within(self, outcomes: QuerySet, _name: str, _value: str) -> QuerySet:
        """Told in the past twelve months."""
        return outcomes.filter(told_on__gte=timezone.localdate() - relativedelta(months=12))

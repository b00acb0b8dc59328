"""Filters and orders of the list of calls: the page and the JSON feed read the same ones from the address."""

from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from funding.models import ActivityType, Funder

WHEN = (("", _("All")), ("open", _("Open")), ("coming", _("Coming")), ("past", _("Past")))
ORDERS = (
    ("", _("Deadline")),
    ("newest", _("Newest")),
    ("budget", _("Largest budget")),
    ("name", _("Name")),
)


class CallFilter(forms.Form):
    """What somebody looks for. Anything else that a link says is left aside."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80, widget=forms.SearchInput)
    when = forms.ChoiceField(label=_("When"), choices=WHEN, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)
    activity = forms.ChoiceField(label=_("Activity"), required=False)
    until = forms.DateField(
        label=_("Deadline until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2027-05-31.")},
    )
    order = forms.ChoiceField(label=_("Order"), choices=ORDERS, required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        told = Funder.objects.exclude(call__status="draft").order_by()
        names = codelists.countries()
        codes = told.values_list("member_state", flat=True).distinct()
        self.fields["country"].choices = _named((code, names.get(code, code)) for code in codes)
        done = ActivityType.objects.exclude(call__status="draft").order_by().values_list("name", flat=True).distinct()
        self.fields["activity"].choices = _named((name, name) for name in done)

    def narrowed(self, calls: QuerySet) -> QuerySet:
        """The calls that fit."""
        self.is_valid()
        said, now = self.cleaned_data, timezone.now()
        for word in said.get("q", "").split():
            calls = calls.filter(_holds(word))
        if country := said.get("country"):
            calls = calls.filter(pk__in=Funder.objects.filter(member_state=country).values("call"))
        if activity := said.get("activity"):
            calls = calls.filter(pk__in=ActivityType.objects.filter(name=activity).values("call"))
        if until := said.get("until"):
            calls = calls.filter(deadline__date__lte=until)
        match said.get("when"):
            case "open":
                return calls.open()
            case "coming":
                return calls.filter(status="published", opens_at__gt=now)
            case "past":
                return calls.exclude(status="draft").exclude(status="published", deadline__gte=now)
        return calls

    def ordered(self, calls: QuerySet) -> QuerySet:
        """As was chosen; those that can be applied for first otherwise."""
        self.is_valid()
        match self.cleaned_data.get("order"):
            case "newest":
                return calls.order_by(F("published_at").desc(nulls_last=True), "-pk")
            case "budget":
                return calls.annotate(budget=Sum("funders__budget_eur")).order_by(
                    F("budget").desc(nulls_last=True), "pk"
                )
            case "name":
                return calls.order_by(Lower(Unaccent("name")), "pk")
        return calls.by_urgency()


def _named(choices: object) -> list[tuple[str, object]]:
    return [("", _("All")), *sorted(choices, key=lambda choice: choice[1].casefold())]


def _holds(word: str) -> Q:
    """The word stands somewhere in what a visitor reads of a call."""
    named = Q(name__icontains=word)
    doing = ActivityType.objects.filter(named).values("call")
    paying = Funder.objects.filter(named | Q(criteria__icontains=word)).values("call")
    return named | Q(aim__icontains=word) | Q(text__icontains=word) | Q(pk__in=doing) | Q(pk__in=paying)

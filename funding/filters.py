"""Filters of the list of calls."""

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import codelists
from funding.models import ActivityType, Funder

WHEN = (("", _("All")), ("open", _("Open")), ("coming", _("Coming")), ("past", _("Past")))


class CallFilter(forms.Form):
    """What somebody looks for. Anything else that a link says is left aside."""

    q = forms.CharField(label=_("Words"), required=False, max_length=80, widget=forms.SearchInput)
    when = forms.ChoiceField(label=_("When"), choices=WHEN, required=False)
    country = forms.ChoiceField(label=_("Country"), required=False)

    def __init__(self, data: object) -> None:
        super().__init__(data)
        codes = (
            Funder.objects.exclude(call__status="draft").order_by().values_list("member_state", flat=True).distinct()
        )
        names = codelists.countries()
        self.fields["country"].choices = [
            ("", _("All")),
            *sorted(((code, names.get(code, code)) for code in codes), key=lambda choice: choice[1]),
        ]

    def narrowed(self, calls: QuerySet) -> QuerySet:
        """The calls that fit."""
        self.is_valid()
        said, now = self.cleaned_data, timezone.now()
        if words := said.get("q"):
            doing = ActivityType.objects.filter(name__icontains=words).values("call")
            calls = calls.filter(Q(name__icontains=words) | Q(aim__icontains=words) | Q(pk__in=doing))
        if country := said.get("country"):
            calls = calls.filter(pk__in=Funder.objects.filter(member_state=country).values("call"))
        match said.get("when"):
            case "open":
                return calls.open()
            case "coming":
                return calls.filter(status="published", opens_at__gt=now)
            case "past":
                return calls.exclude(status="draft").exclude(status="published", deadline__gte=now)
        return calls

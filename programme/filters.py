"""What the lists of the room can be filtered by: plain GET forms."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.codelists import countries
from members.codes import in_order
from members.models import Organisation
from programme.actions.requests import OPEN
from programme.models import Activity, ServiceRequest

PAST, ALL = "past", "all"


def _country_choices() -> list[tuple[str, str]]:
    """The countries in which something published takes place."""
    named = countries()
    found = Activity.objects.public().exclude(country="").order_by().values_list("country", flat=True).distinct()
    return in_order({code: named.get(code, code) for code in found})


class ActivityFilter(django_filters.FilterSet):
    """Activities by kind, country, and whether they are still to come."""

    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Activity.Kind.choices, empty_label=_("All kinds"))
    country = django_filters.ChoiceFilter(label=_("Country"), choices=_country_choices, empty_label=_("All countries"))
    when = django_filters.ChoiceFilter(
        label=_("When"), choices=[(PAST, _("Past"))], empty_label=_("Coming"), method="unchanged"
    )

    class Meta:
        model = Activity
        fields: tuple[str, ...] = ()

    def unchanged(self, activities: QuerySet, _name: str, _value: str) -> QuerySet:
        """What is coming or past is decided below, also when nothing was chosen."""
        return activities

    def filter_queryset(self, activities: QuerySet) -> QuerySet:
        """What is coming, the next first, unless the past is asked for."""
        found = super().filter_queryset(activities)
        return found.past() if self.form.cleaned_data.get("when") == PAST else found.coming()


class RequestFilter(django_filters.FilterSet):
    """Requests of services by words and state: what waits for the team, unless something else is asked for."""

    q = django_filters.CharFilter(label=_("Words"), method="about", widget=forms.SearchInput)
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*ServiceRequest.Status.choices, (ALL, _("All"))],
        empty_label=_("Open"),
        method="unchanged",
    )

    class Meta:
        model = ServiceRequest
        fields: tuple[str, ...] = ()

    def about(self, requests: QuerySet, _name: str, words: str) -> QuerySet:
        """By the service, the member, and what it needs."""
        names = Q(service__name__icontains=words) | Q(organisation__name__icontains=words)
        return requests.filter(names | Q(words__icontains=words))

    def unchanged(self, requests: QuerySet, _name: str, _value: str) -> QuerySet:
        """Which state is decided below, also when nothing was chosen."""
        return requests

    def filter_queryset(self, requests: QuerySet) -> QuerySet:
        """What waits, the oldest first, unless a state is asked for."""
        found, state = super().filter_queryset(requests), self.form.cleaned_data.get("state")
        if not state:
            return found.filter(status__in=OPEN).order_by("asked_at", "pk")
        return found if state == ALL else found.filter(status=state)


class PlanFilter(django_filters.FilterSet):
    """Members by name and by how far their plan is."""

    q = django_filters.CharFilter(
        label=_("Member"), field_name="name", lookup_expr="icontains", widget=forms.SearchInput
    )
    plan = django_filters.ChoiceFilter(
        label=_("Plan"),
        choices=[("late", _("Something is overdue")), ("open", _("With open steps")), ("none", _("No plan yet"))],
        empty_label=_("All"),
        method="how_far",
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def how_far(self, members: QuerySet, _name: str, value: str) -> QuerySet:
        """By what was counted of the plan."""
        chosen = {"late": {"n_late__gt": 0}, "open": {"n_open__gt": 0}, "none": {"n_open": 0, "n_done": 0}}
        return members.filter(**chosen[value])

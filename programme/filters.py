"""What the lists of the room can be filtered by: plain GET forms."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.codelists import countries
from members.codes import in_order
from programme.models import Activity

PAST = "past"


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

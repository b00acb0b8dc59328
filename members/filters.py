"""What the list of organisations can be filtered and sorted by: a plain GET form."""

import django_filters
from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import codelists
from members import codes
from members.models import Organisation, SizeClass

STEPS = 5


def _search(organisations: QuerySet, _name: str, words: str) -> QuerySet:
    return organisations.search(words)


def _regions() -> list[tuple[str, str]]:
    """Those regions that an organisation lies in."""
    used = Organisation.objects.exclude(nuts="").values_list("nuts", flat=True).distinct().order_by()
    nuts = codelists.nuts()
    return codes.in_order({code: nuts[code].label for code in used if code in nuts})


class OrganisationFilter(django_filters.FilterSet):
    """All organisations, for managers."""

    PROFILES = {
        "complete": (_("Complete"), {"steps": STEPS}),
        "begun": (_("Half-way"), {"steps__gt": 0, "steps__lt": STEPS}),
        "empty": (_("Not begun"), {"steps": 0}),
    }
    PEOPLE = {"none": (_("Nobody yet"), {"people": 0}), "some": (_("Somebody"), {"people__gt": 0})}
    SORTS = {
        "name": (Lower(Unaccent("name")), "pk"),
        "town": (Lower(Unaccent("town")), "pk"),
        "size": ("headcount", "pk"),
        "profile": ("steps", Lower(Unaccent("name"))),
        "people": ("people", Lower(Unaccent("name"))),
    }

    q = django_filters.CharFilter(
        label=_("Search"), method=_search, widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
    )
    member = django_filters.ChoiceFilter(
        label=_("Belongs"),
        field_name="is_member",
        choices=[("true", _("Members")), ("false", _("Others"))],
        empty_label=_("All"),
        method="by_membership",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Organisation.Kind, empty_label=_("All kinds"))
    size = django_filters.ChoiceFilter(
        label=_("Size"), field_name="size_class", choices=SizeClass, empty_label=_("All sizes")
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"), field_name="nuts", choices=_regions, empty_label=_("All regions")
    )
    profile = django_filters.ChoiceFilter(
        label=_("Profile"),
        choices=[(key, label) for key, (label, _lookup) in PROFILES.items()],
        empty_label=_("Any"),
        method="by_profile",
    )
    people = django_filters.ChoiceFilter(
        label=_("People"),
        choices=[(key, label) for key, (label, _lookup) in PEOPLE.items()],
        empty_label=_("Any"),
        method="by_people",
    )
    sort = django_filters.CharFilter(method="in_order_of", widget=forms.HiddenInput)

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def by_membership(self, organisations: QuerySet, _name: str, value: str) -> QuerySet:
        """Members of the cluster, or partners, offices and the cluster itself."""
        return organisations.filter(is_member=value == "true")

    def by_profile(self, organisations: QuerySet, _name: str, value: str) -> QuerySet:
        """By how much of the profile is answered."""
        return organisations.filter(**self.PROFILES[value][1])

    def by_people(self, organisations: QuerySet, _name: str, value: str) -> QuerySet:
        """By whether anybody has come in."""
        return organisations.filter(**self.PEOPLE[value][1])

    def in_order_of(self, organisations: QuerySet, _name: str, value: str) -> QuerySet:
        """By one column, a minus in front turns it round; what is not known comes last."""
        first, *rest = self.SORTS.get(value.removeprefix("-"), self.SORTS["name"])
        first = first if hasattr(first, "resolve_expression") else F(first)
        turned = first.desc(nulls_last=True) if value.startswith("-") else first.asc(nulls_last=True)
        return organisations.order_by(turned, *rest)

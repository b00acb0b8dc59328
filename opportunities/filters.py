"""What the lists can be filtered by: plain GET forms."""

import django_filters
from django import forms
from django.contrib.postgres.lookups import Unaccent
from django.db.models import F, Func, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.codelists import countries
from opportunities.models import Feedback, Opportunity, Source
from opportunities.querysets import DAY_THAT_COUNTS

LONGEST_SEARCH = 200  # PostgreSQL refuses a word of more than two thousand letters
CLOSED = "closed"
SEARCH_BOX = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


def _country_choices() -> list[tuple[str, str]]:
    """The countries that there is something from or for."""
    named = countries()
    both = Func(F("countries"), F("target_countries"), function="unnest", arg_joiner=" || ")
    found = Opportunity.objects.order_by().annotate(code=both)
    return sorted(
        ((code, named.get(code, code)) for code in set(found.values_list("code", flat=True).distinct())),
        key=lambda item: item[1],
    )


def _search(queryset: QuerySet, _name: str, words: str) -> QuerySet:
    return queryset.search(words)


def _from_or_for(queryset: QuerySet, _name: str, country: str) -> QuerySet:
    return queryset.filter(Q(countries__contains=[country]) | Q(target_countries__contains=[country]))


class OpportunityFilter(django_filters.FilterSet):
    """All published opportunities, for members and managers alike."""

    q = django_filters.CharFilter(label=_("Search"), method=_search, widget=SEARCH_BOX, max_length=LONGEST_SEARCH)
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Opportunity.Kind.choices, empty_label=_("All kinds"))
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=_country_choices, method=_from_or_for, empty_label=_("All countries")
    )
    closing = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("closed", _("Closed"))],
        method="by_closing",
        empty_label=_("Open"),
    )
    order = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[("newest", _("Newest")), ("title", _("Title")), ("organisation", _("Organisation"))],
        method="by_order",
        empty_label=_("Closes first"),
    )

    ORDERS = {
        "newest": ["-created_at", "pk"],
        "title": [Lower(Unaccent("title")), "pk"],
        "organisation": [Lower(Unaccent("organisation")), "pk"],
    }

    class Meta:
        model = Opportunity
        fields = ["q", "kind", "country"]

    def by_order(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """A search is ordered by how well it is met, unless another order was chosen."""
        return queryset.order_by(*self.ORDERS[value])

    def by_closing(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        """Closed ones on request; the view leaves them out otherwise."""
        return queryset

    @property
    def wants_closed(self) -> bool:
        return self.form.is_valid() and self.form.cleaned_data.get("closing") == "closed"


class InboxFilter(django_filters.FilterSet):
    """The manager's pile."""

    q = django_filters.CharFilter(label=_("Search"), method=_search, widget=SEARCH_BOX, max_length=LONGEST_SEARCH)
    status = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*Opportunity.Status.choices, (CLOSED, _("Closed unread"))],
        method="by_status",
        empty_label=None,
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Opportunity.Kind.choices, empty_label=_("All kinds"))
    source = django_filters.ModelChoiceFilter(
        label=_("Source"), queryset=Source.objects.order_by("name"), empty_label=_("All sources")
    )
    country = django_filters.ChoiceFilter(
        label=_("Country"), choices=_country_choices, method=_from_or_for, empty_label=_("All countries")
    )
    order = django_filters.ChoiceFilter(
        label=_("Order"),
        choices=[("fits", _("Fits most members")), ("deadline", _("Closes first")), ("newest", _("Newest"))],
        method="by_order",
        empty_label=None,
    )

    ORDERS = {
        "fits": [F("fits").desc(nulls_last=True), "deadline", "pk"],
        "deadline": [DAY_THAT_COUNTS.asc(nulls_last=True), "pk"],
        "newest": ["-created_at", "pk"],
    }

    class Meta:
        model = Opportunity
        fields = ["q", "status", "kind", "source", "country"]

    def by_status(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """The inbox holds what can still be answered; what closed before anybody read it stands by itself."""
        if value == CLOSED:
            return queryset.filter(status=Opportunity.Status.INBOX).closed()
        return (
            queryset.filter(status=value).open() if value == Opportunity.Status.INBOX else queryset.filter(status=value)
        )

    def by_order(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """A search is ordered by how well it is met, whatever else was chosen."""
        return queryset if self.data.get("q") else queryset.order_by(*self.ORDERS[value])


class AnswerFilter(django_filters.FilterSet):
    """What members have said."""

    kind = django_filters.ChoiceFilter(
        label=_("Answer"),
        choices=[choice for choice in Feedback.Kind.choices if choice[0] != Feedback.Kind.OPENED],
        empty_label=_("All answers"),
    )
    organisation = django_filters.CharFilter(
        label=_("Member"), field_name="organisation__name", lookup_expr="unaccent__icontains"
    )

    class Meta:
        model = Feedback
        fields = ["kind", "organisation"]

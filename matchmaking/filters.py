"""What the lists of a round can be filtered by: plain GET forms."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from matchmaking.models import Participant, Round
from members.models import Organisation, SizeClass

LONGEST_SEARCH = 200  # PostgreSQL refuses a word of more than two thousand letters
SEARCH_BOX = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


def _search(queryset: QuerySet, _name: str, words: str) -> QuerySet:
    return queryset.search(words)


class ParticipantFilter(django_filters.FilterSet):
    """Who was invited to a round."""

    BALLOTS = {"in": Q(chosen_at__isnull=False), "missing": Q(chosen_at=None, status=Participant.Status.CONFIRMED)}

    q = django_filters.CharFilter(label=_("Search"), method=_search, widget=SEARCH_BOX, max_length=LONGEST_SEARCH)
    status = django_filters.ChoiceFilter(label=_("State"), choices=Participant.Status, empty_label=_("All"))
    cluster = django_filters.ModelChoiceFilter(
        label=_("Cluster"), queryset=Organisation.objects.none(), empty_label=_("All clusters")
    )
    ballot = django_filters.ChoiceFilter(
        label=_("Choices"),
        choices=[("in", _("Handed in")), ("missing", _("Missing"))],
        method="by_ballot",
        empty_label=_("All"),
    )

    class Meta:
        model = Participant
        fields: tuple[str, ...] = ()

    def __init__(self, *args: object, round_: Round, clusters: QuerySet[Organisation], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.filters["cluster"].field.queryset = clusters
        if not round_.takes_ballots:
            del self.filters["ballot"]

    def by_ballot(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """Handed in, or missing of somebody who takes part."""
        return queryset.filter(self.BALLOTS[value])


class MemberFilter(django_filters.FilterSet):
    """Members that could be invited."""

    q = django_filters.CharFilter(label=_("Search"), method=_search, widget=SEARCH_BOX, max_length=LONGEST_SEARCH)
    size = django_filters.ChoiceFilter(
        label=_("Size"), field_name="size_class", choices=SizeClass, empty_label=_("All sizes")
    )
    profile = django_filters.ChoiceFilter(
        label=_("Offers and needs"), choices=[("told", _("In the profile"))], method="by_profile", empty_label=_("All")
    )

    class Meta:
        model = Organisation
        fields: tuple[str, ...] = ()

    def by_profile(self, queryset: QuerySet, _name: str, _value: str) -> QuerySet:
        """Those whose profile says what they offer and what they look for."""
        return queryset.exclude(profile__offers="").exclude(profile__seeks="")

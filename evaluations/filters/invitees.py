"""What the list of who was asked can be filtered by: a plain GET form."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.models import Mail
from evaluations.models import Invitee

LONGEST_SEARCH = 200  # PostgreSQL refuses a word of more than two thousand letters


class InviteeFilter(django_filters.FilterSet):
    """Who was asked in a wave. Needs `with_mail`. By mail, never by answer."""

    STATES = {"failed": {"mail_status": Mail.Status.FAILED}, "out": {"is_taken_out": True}}

    q = django_filters.CharFilter(
        label=_("Search"),
        method="by_words",
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        max_length=LONGEST_SEARCH,
    )
    mail = django_filters.ChoiceFilter(
        label=_("Mail"),
        choices=[("failed", _("The mail failed")), ("out", _("Taken out"))],
        method="by_mail",
        empty_label=_("All"),
    )

    class Meta:
        model = Invitee
        fields: tuple[str, ...] = ()

    def by_words(self, queryset: QuerySet, _name: str, words: str) -> QuerySet:
        """By company, person or address."""
        return queryset.search(words)

    def by_mail(self, queryset: QuerySet, _name: str, value: str) -> QuerySet:
        """Those whose mail failed, or who were taken out."""
        return queryset.filter(**self.STATES[value])

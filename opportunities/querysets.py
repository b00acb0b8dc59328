"""Which opportunities there are for whom: decided here, once."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, When
from django.utils import timezone

# English words by their stems, and letters without their accents: a search for "vaxjo" finds Växjö.
SEARCH_CONFIG = "portal_english"

# Of an event it is the start that a list shows.
DAY_THAT_COUNTS = Case(When(kind="event", then=F("starts_at")), default=F("deadline"))

if TYPE_CHECKING:
    from members.models import Organisation, User


class OpportunityQuerySet(models.QuerySet):
    @staticmethod
    def is_open(at: datetime | None = None) -> Q:
        """What can still be answered at `at` (now)."""
        return Q(closes_at=None) | Q(closes_at__gte=at or timezone.now())

    def visible_to(self, user: "User") -> "OpportunityQuerySet":
        """Managers see all; a member's people what is published, and what they have answered or were given."""
        from opportunities.models import Feedback  # noqa: PLC0415 - the models import their querysets

        membership = user.own_membership
        if user.is_manager:
            return self
        if membership is None or not membership.organisation.is_member:
            return self.none()
        mine = Feedback.objects.answers().filter(organisation=membership.organisation, opportunity=OuterRef("pk"))
        return self.filter(Q(status="published") | Exists(mine))

    def published(self) -> "OpportunityQuerySet":
        return self.filter(status="published")

    def open(self, at: datetime | None = None) -> "OpportunityQuerySet":
        """What can still be answered at `at` (now)."""
        return self.filter(self.is_open(at))

    def closed(self, at: datetime | None = None) -> "OpportunityQuerySet":
        return self.filter(closes_at__lt=at or timezone.now())

    def open_to_partners(self) -> "OpportunityQuerySet":
        """What everybody may read: published, open, marked by a manager, and of a source whose terms allow it."""
        marked = self.published().open().exclude(for_partners="")
        return marked.filter(source__may_be_public=True).defer("description", "summary", "details", "search")

    def waiting(self) -> "OpportunityQuerySet":
        """In the curation inbox, and still open."""
        return self.filter(status="inbox").open()

    def for_list(self) -> "OpportunityQuerySet":
        """Without the long texts, which no list shows."""
        return self.select_related("source").defer("description", "details", "search")

    def search(self, words: str) -> "OpportunityQuerySet":
        """Full text, best first; words, "phrases", or and -without, as on the web."""
        query = SearchQuery(words, config=SEARCH_CONFIG, search_type="websearch")
        return self.filter(search=query).annotate(rank=SearchRank(F("search"), query)).order_by("-rank", "pk")

    def by_kind(self) -> list[dict[str, object]]:
        """How many there are of each kind."""
        return list(self.order_by("kind").values("kind").annotate(n=Count("pk")))

    def soonest(self) -> "OpportunityQuerySet":
        """By the day that counts: the deadline, and of an event its start. Those without a day come last."""
        return self.order_by(DAY_THAT_COUNTS.asc(nulls_last=True), "pk")

    def with_answers_of(self, organisation: "Organisation") -> "OpportunityQuerySet":
        """Each with `answers`: what this organisation has said of it."""
        from opportunities.models import Feedback  # noqa: PLC0415

        mine = Feedback.objects.filter(organisation=organisation)
        return self.prefetch_related(Prefetch("feedback", queryset=mine, to_attr="answers"))


class MatchQuerySet(models.QuerySet):
    def current(self) -> "MatchQuerySet":
        """Rows of each member's last complete run: a run that is still going on is not seen."""
        return self.filter(run_id=F("organisation__match_state__run_id"))

    def of(self, organisation: "Organisation", opportunities: list[int]) -> "MatchQuerySet":
        """What the member's present list says of these opportunities."""
        return self.current().filter(organisation=organisation, opportunity__in=opportunities)

    def shown_to(self, organisation: "Organisation") -> "MatchQuerySet":
        """What the member's feed may choose from: published, open, nothing said of it yet, best first."""
        from opportunities.models import Feedback  # noqa: PLC0415

        said = Feedback.objects.said().filter(organisation=organisation, opportunity=OuterRef("opportunity"))
        return (
            self.current()
            .filter(organisation=organisation, opportunity__status="published")
            .filter(Q(opportunity__closes_at=None) | Q(opportunity__closes_at__gte=timezone.now()))
            .exclude(Exists(said))
            .order_by("-key")
        )


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "FeedbackQuerySet":
        """Managers see every answer; people of a member those of their own organisation."""
        if user.is_manager:
            return self
        return self.filter(organisation__memberships__user=user)

    def answers(self) -> "FeedbackQuerySet":
        """What somebody has said on purpose, not merely opened: the member, or the manager who handed it over."""
        return self.exclude(kind="opened")

    def said(self) -> "FeedbackQuerySet":
        """The answers that a member gives on a card."""
        return self.filter(kind__in=self.model.LAST_WORD)


class SourceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "SourceQuerySet":
        return self if user.is_manager else self.none()

    def for_list(self) -> "SourceQuerySet":
        waiting = Count("opportunities", filter=Q(opportunities__status="inbox"))
        return self.annotate(waiting=waiting, in_all=Count("opportunities")).order_by("name")

    def due(self, at: datetime | None = None) -> "SourceQuerySet":
        return self.filter(next_fetch_at__lte=at or timezone.now()).exclude(url="")


class ImportRunQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ImportRunQuerySet":
        return self if user.is_manager else self.none()

    def for_list(self) -> "ImportRunQuerySet":
        return self.select_related("source", "started_by").order_by("-pk")

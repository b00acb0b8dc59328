"""Who may see which partners, shared opportunities and cards: decided here, once.

The cluster team sees all, except what goes to a partner that one of the team belongs to: that person sees there what
the partner sees. A partner's people see their own partnership, their pool and their shortlists. A member sees the cards
that are about itself. Evaluators and reviewers see nothing.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.lookups import Unaccent
from django.db import models
from django.db.models import Case, Count, Q, When
from django.db.models.functions import Lower
from django.utils import timezone

if TYPE_CHECKING:
    from ecosystem.models import Partnership
    from members.models import User

REMIND_BEFORE = timedelta(days=60)
# The states in which the partner has a card before it.
SEEN = ("shown", "not_interested", "interested", "revealed")


def seen(cards: str = "") -> Q:
    """The cards that the partner has before it. `cards` leads to them. The cluster introduces its members alone; what
    was introduced before a company left stays.
    """
    of_members = Q(**{f"{cards}status__in": SEEN, f"{cards}organisation__is_member": True})
    return of_members | Q(**{f"{cards}status": "revealed"})


def own_of(user: "User") -> list[int]:
    """The organisations other than the home cluster that a person belongs to."""
    return [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]


class PartnershipQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "PartnershipQuerySet":
        """Managers see all, a partner's people their own."""
        return self if user.is_manager else self.filter(organisation__in=own_of(user))

    def for_list(self) -> "PartnershipQuerySet":
        """In alphabetical order, with the counts of what goes on."""
        return (
            self.select_related("organisation")
            .annotate(
                in_pool=Count("pool", filter=Q(pool__ended_at=None), distinct=True),
                lists=Count("shortlists", filter=Q(shortlists__status="open"), distinct=True),
            )
            .order_by(Lower(Unaccent("organisation__name")), "pk")
        )


class AgreementQuerySet(models.QuerySet):
    def ending(self, today: date) -> "AgreementQuerySet":
        """Those that end in the next sixty days."""
        return self.filter(valid_until__gte=today, valid_until__lte=today + REMIND_BEFORE).order_by("valid_until", "pk")


class SharedOpportunityQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "SharedOpportunityQuerySet":
        """Managers see all; a partner's people what is in their pool now, and what they brought in."""
        if user.is_manager:
            return self
        return self.of_partners().filter(partnership__organisation__in=own_of(user))

    def of_partners(self) -> "SharedOpportunityQuerySet":
        """What a partner has before it: what it brought in, and what is shared with it, published and open."""
        now = timezone.now()
        alive = Q(opportunity__closes_at=None) | Q(opportunity__closes_at__gte=now)
        shared = Q(way="shared", ended_at=None, opportunity__status="published") & (alive | ~Q(answer=""))
        return self.filter(Q(way="brought") | shared)

    def shared_with(self, partnership: "Partnership") -> "SharedOpportunityQuerySet":
        """The pool of one partner: what the cluster shares with it now."""
        return self.of_partners().filter(partnership=partnership, way="shared").select_related("opportunity")


def waits() -> Q:
    """Of a card: the company is asked, and can still answer."""
    return Q(status="asked", shortlist__status="open", shortlist__until__gte=timezone.localdate())


class ShortlistQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> "ShortlistQuerySet":
        """Managers see all but those of a partner of their own; a partner's people those that were shown to them."""
        own = Q(partnership__organisation__in=own_of(user))
        shown = own & Q(shown_at__isnull=False)
        return self.filter(~own | shown) if user.is_manager else self.filter(shown)

    def for_list(self) -> "ShortlistQuerySet":
        """The newest first, with how many stand on it, have agreed and were introduced."""
        return (
            self.select_related("partnership__organisation")
            .annotate(
                on_it=Count("cards"),
                agreed=Count("cards", filter=Q(cards__status__in=["consented", *SEEN])),
                seen=Count("cards", filter=seen("cards__")),
                met=Count("cards", filter=Q(cards__status="revealed")),
            )
            .order_by("-created_at", "-pk")
        )

    def run_by(self, user: "User") -> "ShortlistQuerySet":
        """Those that a manager may work on: not those of a partner that the manager belongs to."""
        return self.exclude(partnership__organisation__in=own_of(user)) if user.is_manager else self.none()


class ShortlistCardQuerySet(models.QuerySet):
    def run_by(self, user: "User") -> "ShortlistCardQuerySet":
        """Managers' cards, without those of partners that they belong to themselves."""
        if not user.is_manager:
            return self.none()
        return self.exclude(shortlist__partnership__organisation__in=own_of(user))

    def seen_by_partner(self, user: "User") -> "ShortlistCardQuerySet":
        """What a partner's people have before them, in an order that tells nothing: that of the random keys."""
        rows = self.filter(seen(), shortlist__partnership__organisation__in=own_of(user))
        return rows.with_who().order_by("key")

    def about(self, user: "User") -> "ShortlistCardQuerySet":
        """The cards about a person's own organisations, once it was asked."""
        return self.filter(organisation__in=own_of(user)).exclude(status="draft")

    def waiting(self) -> "ShortlistCardQuerySet":
        """Questions that nobody has answered, and that still can be."""
        return self.filter(waits())

    def waiting_first(self) -> "ShortlistCardQuerySet":
        """Questions to answer, then the newest."""
        return self.order_by(Case(When(waits(), then=0), default=1), "-asked_at", "-pk")

    def shared_with(self, partnership: "Partnership") -> "ShortlistCardQuerySet":
        """All cards that one partner has before it, in the order of their random keys."""
        rows = self.filter(seen(), shortlist__partnership=partnership)
        return rows.select_related("shortlist").with_who().order_by("key")

    def before(self, peers: models.QuerySet) -> models.QuerySet:
        """What the portals of partners may show now: the peer, and the key of a card."""
        rows = self.filter(seen(), shortlist__partnership__peer__in=peers)
        return rows.values_list("shortlist__partnership__peer", "key")

    def with_who(self) -> "ShortlistCardQuerySet":
        """With the company and its contact person, and where that person belongs now."""
        return self.select_related("organisation__profile", "contact").prefetch_related("contact__memberships")

    def for_page(self) -> "ShortlistCardQuerySet":
        """With all that a card's page names."""
        return self.select_related(
            "shortlist__partnership__organisation", "shortlist__activity", "organisation__profile", "contact"
        )

    def introduced(self) -> "ShortlistCardQuerySet":
        """Introductions: those that were revealed, also where the company withdrew later."""
        return self.filter(revealed_at__isnull=False)

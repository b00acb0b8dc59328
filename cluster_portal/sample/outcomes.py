"""What came of the sample's interests, meetings and introductions: asked after 3 and 12 months, told, gathered."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from cluster_portal.sample.round_steps import chance
from core.ladder import AmountClass, Attribution, Rung
from ecosystem.models import ShortlistCard
from evaluations import outcomes, preparations, quarters
from evaluations.actions import outcomes as actions
from evaluations.models import FollowUp, Outcome
from members.models import Membership
from opportunities.models import Feedback

ANSWERED = 0.62  # of those who are asked
# How far things have come, in parts of a hundred: after three months, and after twelve.
AFTER = {
    3: {Rung.NOTHING: 30, Rung.KNOWLEDGE: 18, Rung.CONTACT: 24, Rung.OPPORTUNITY: 18, Rung.PROJECT: 7, Rung.SALES: 3},
    12: {Rung.NOTHING: 22, Rung.CONTACT: 22, Rung.OPPORTUNITY: 16, Rung.PROJECT: 20, Rung.AGREEMENT: 12, Rung.SALES: 8},
}
WORTH = (AmountClass.UNDER_10K, AmountClass.UNDER_50K, AmountClass.UNDER_50K, AmountClass.UNDER_250K)
WHOSE = (*[Attribution.WOULD_NOT] * 3, *[Attribution.LATER] * 4, Attribution.ANYWAY)
WORDS = {
    Rung.NOTHING: ("They chose a firm nearby.", "We had no people for it in spring."),
    Rung.CONTACT: ("We write to each other every month.", "They visited us in Kalmar."),
    Rung.OPPORTUNITY: ("We are on their list for the next tender.", "We wait for their budget."),
    Rung.PROJECT: ("A test at their works runs until autumn.", "We applied for money together."),
    Rung.AGREEMENT: ("They sell for us in two countries now.",),
    Rung.SALES: ("The first order is delivered.",),
}


def load() -> None:
    """Each interest that is old enough was asked about in its time; the newest questions still wait."""
    for interest, months, asked_at in _asked():
        follow_up = FollowUp.objects.create(
            organisation=interest.organisation,
            opportunity=interest.opportunity,
            months=months,
            email=interest.user.email,
            began_on=timezone.localdate(interest.at),
            asked_at=asked_at,
        )
        _answer(follow_up)
    for card, months, asked_at in _introduced():
        follow_up = FollowUp.objects.create(
            organisation=card.organisation,
            introduction=card,
            months=months,
            email=card.answered_by.email,
            began_on=timezone.localdate(card.revealed_at),
            asked_at=asked_at,
        )
        _answer(follow_up)
    outcomes.gather()
    while preparation := quarters.start_due():
        preparations.execute(preparation.pk)


def _asked() -> Iterator[tuple[Feedback, int, datetime]]:
    """Interests of members, with when they were asked."""
    rows = Feedback.objects.filter(kind=Feedback.Kind.INTERESTED).select_related("organisation", "opportunity", "user")
    now = timezone.now()
    for interest in rows.order_by("at", "pk"):
        for months in AFTER:
            if (due := interest.at + relativedelta(months=months)) <= now:
                yield interest, months, due


def _introduced() -> Iterator[tuple[ShortlistCard, int, datetime]]:
    """Introductions, with when the companies were asked."""
    now = timezone.now()
    for card in ShortlistCard.objects.introduced().for_page().select_related("answered_by").order_by("pk"):
        for months in AFTER:
            if (due := card.revealed_at + relativedelta(months=months)) <= now:
                yield card, months, due


def _answer(follow_up: FollowUp) -> None:
    """Past the action where the link had ended by now: what it writes is dated back to when it was told."""
    dice = chance("came of", follow_up.organisation.name, follow_up.title, str(follow_up.months))
    told_at = follow_up.asked_at + timedelta(days=dice.randint(0, 18), hours=dice.randint(1, 9))
    if dice.random() > ANSWERED or told_at > timezone.now():
        return
    rungs = AFTER[follow_up.months]
    rung = dice.choices([*rungs], [*rungs.values()])[0]
    words = dice.choice(WORDS[rung]) if rung in WORDS and dice.random() < 0.5 else ""
    person = follow_up.organisation.memberships.exclude(role=Membership.Role.VIEWER).earliest("pk").user
    said = {"stage": rung, "amount": dice.choice(WORTH), "attribution": dice.choice(WHOSE), "words": words}
    actions.correct(follow_up=follow_up, by=person, **said)
    FollowUp.objects.filter(pk=follow_up.pk).update(answered_at=told_at)
    mine = Outcome.objects.filter(source=follow_up.source, source_key=follow_up.source_key, months=follow_up.months)
    mine.update(told_on=timezone.localdate(told_at))

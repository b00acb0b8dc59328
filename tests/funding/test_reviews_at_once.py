"""Reviews are written while something else happens: a second tab, an assignment that is taken back, the decision."""

from functools import partial

import pytest
from django.utils import timezone

from core.models import AuditEvent
from funding.actions import announcing, assignments, discussion, reviews
from funding.models import Assignment, Decision, FundingCall, Letter, ModeratedScore, Score
from tests.factories.funding import DecisionFactory
from tests.funding.review_ground import ground, handed, opened, whole
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(12)


@pytest.fixture
def g(home):
    return ground(home)


def fresh(g) -> Assignment:
    Assignment.objects.all().delete()
    return opened(g.ferries, g.eva)


def test_two_tabs_lose_no_word_and_hand_in_once(g):
    for _ in ROUNDS:
        row, by = fresh(g), g.eva.user
        why, other = f"why-{g.impact.pk}", f"why-{g.quality.pk}"
        said = {"assignment": row, "seen": {}, "by": by}
        refused = at_once(
            partial(reviews.save, posted={why: "From one tab.", "sum": "In sum."}, **said),
            partial(reviews.save, posted={why: "From the other.", other: "Well planned."}, **said),
        )
        words = dict(Score.objects.filter(assignment=row).values_list("criterion__name", "words"))
        row.refresh_from_db()

        assert refused == []
        assert sorted(words["Impact"].split("\n\n")) == ["From one tab.", "From the other."]
        assert (words["Quality"], row.words) == ("Well planned.", "In sum.")
        before = AuditEvent.objects.filter(action="funding.review_handed_in").count()
        at_once(*[partial(reviews.save, posted=whole(g), hand_in=True, **said)] * 2)
        assert AuditEvent.objects.filter(action="funding.review_handed_in").count() == before + 1
        assert Assignment.objects.get(pk=row.pk).status == "done"


def test_assignment_that_is_taken_back_while_it_is_saved_is_either_handed_in_or_gone(g, manager):
    seen = set()
    for _ in ROUNDS:
        row = fresh(g)
        refused = at_once(
            partial(reviews.save, assignment=row, posted=whole(g), seen={}, by=g.eva.user, hand_in=True),
            partial(assignments.take_back, assignment=row, by=manager),
        )
        row.refresh_from_db()
        seen.add(row.status)

        assert len(refused) == 1, "one of the two came too late, and was told so"
        assert (row.status == "done") == (row.done_at is not None)
        assert Score.objects.filter(assignment=row).exists() == (row.status == "done"), "all of it, or nothing"
    assert seen <= {"done", "withdrawn"}


def test_moderation_that_ends_while_it_is_saved_is_in_the_decision_or_refused(g, manager):
    for _ in ROUNDS:
        Letter.objects.all().delete()
        Decision.objects.all().delete()
        ModeratedScore.objects.all().delete()
        Assignment.objects.all().delete()
        FundingCall.objects.update(status="published", decided_at=None)
        for each in (g.ferries, g.timber):
            handed(each, g.eva)
            DecisionFactory(application=each, outcome="rejected", decided_at=timezone.now())
        refused = at_once(
            partial(discussion.moderate, application=g.ferries, criterion=g.impact, value=4, words="So.", by=manager),
            partial(announcing.make_known, call=g.call, by=manager),
        )
        agreed = ModeratedScore.objects.first()

        assert FundingCall.objects.get().status == "decided"
        noted = AuditEvent.objects.filter(action="funding.score_moderated").last()
        told = AuditEvent.objects.filter(action="funding.decisions_made_known").last()
        assert noted is None or noted.at < told.at
        assert (agreed is None) == (len(refused) == 1)
        if agreed is None:
            assert "The call is decided" in str(refused[0])


def test_review_is_opened_again_or_others_are_there_to_be_read_but_not_both(g):
    """Whoever hands in at that moment may be read from then on: own scores stay, or were open before."""
    for _ in ROUNDS:
        row = fresh(g)
        reviews.save(assignment=row, posted=whole(g), seen={}, by=g.eva.user, hand_in=True)
        other = opened(g.ferries, g.rolf)
        refused = at_once(
            partial(reviews.reopen, assignment=row, by=g.eva.user),
            partial(reviews.save, assignment=other, posted=whole(g), seen={}, by=g.rolf.user, hand_in=True),
        )
        row.refresh_from_db()

        assert Assignment.objects.get(pk=other.pk).status == "done"
        assert (row.status == "done") == (len(refused) == 1)
        reopened = AuditEvent.objects.filter(action="funding.review_reopened", object_id=row.pk).last()
        read = AuditEvent.objects.get(action="funding.review_handed_in", object_id=other.pk)
        assert reopened is None or reopened.at < read.at
        if refused:
            assert "so yours stay" in str(refused[0])

"""The sample's past year: what members were shown, opened and answered, and what came of it."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.test import TestCase
from django.utils import timezone

from cluster_portal.sample import FILES, load, outcomes, past
from evaluations.models import FollowUp, Journey, Outcome
from members.models import User
from opportunities.filtering import TEMPLATES
from opportunities.models import Feedback, Opportunity, Showing

pytestmark = pytest.mark.slow
SME = "saga.lindeborg@klarflod.example"
# One list of what is open, and all of what has closed: enough to live through.
READ = ("een-pod.json", "tender-watch.csv", "een-letters.csv", "funding-letters.csv", "fairs.csv")


class TestPastYear(TestCase):
    """Loaded once for all of them: it takes some seconds."""

    @classmethod
    def setUpTestData(cls) -> None:
        load.organisations()
        manager = User.objects.get(email="ylva.stromqvist@havsbris.example")
        for sample in FILES:
            if sample.name in READ:
                load.read(sample, timezone.localdate(), manager)
        load.curate(manager)
        past.load(by=manager, full_feeds=load.people_of_the_demo())
        outcomes.load()

    def test_what_has_closed_is_of_the_whole_year_and_published_in_its_time(self):
        closed = Opportunity.objects.closed().filter(source__slug__in=past.PAST)
        assert closed.count() >= 30
        assert not closed.exclude(status="published").exists()
        days = sorted((timezone.now() - each.created_at).days for each in closed)
        assert days[0] < 90 < 300 < days[-1]
        assert set(closed.values_list("kind", flat=True)) == {"tender", "partnering", "funding", "event"}

    def test_most_members_were_shown_something_for_reasons_of_the_filter(self):
        assert Showing.objects.values("organisation").distinct().count() >= 25
        told = {code for each in Showing.objects.all() for code in each.first_reasons}
        assert told <= {*TEMPLATES, "handed_over"}
        assert not Showing.objects.filter(first_reasons=[]).exists()
        assert not Showing.objects.filter(last_at__gt=timezone.now()).exists()
        assert not Showing.objects.filter(first_at__lt=F("opportunity__created_at")).exists()

    def test_answers_follow_what_was_shown_and_none_lies_ahead(self):
        kinds = dict.fromkeys(Feedback.objects.values_list("kind", flat=True))
        assert set(kinds) == {"opened", "saved", "interested", "not_for_us", "handed_over"}
        assert not Feedback.objects.filter(at__gt=timezone.now()).exists()
        for said in Feedback.objects.exclude(kind="handed_over"):
            first = Showing.objects.filter(organisation=said.organisation, opportunity=said.opportunity).earliest(
                "first_at"
            )
            assert first.first_at <= said.at
            assert said.rank_shown
            assert said.reasons_shown
        assert set(Feedback.objects.filter(kind="not_for_us").values_list("reason", flat=True)) >= {"topic", "timing"}

    def test_feed_of_the_demos_member_keeps_what_is_open(self):
        said = Feedback.objects.said().filter(organisation__memberships__user__email=SME)
        assert not [each for each in said.select_related("opportunity") if each.opportunity.is_open]

    def test_funnel_and_ladder_have_content(self):
        reached = [Journey.objects.exclude(**{step: None}).count()
                   for step in ("shown_at", "opened_at", "interested_at", "met_on", "project_on")]  # fmt: skip
        assert reached == sorted(reached, reverse=True)
        assert reached[-1] >= 1
        assert FollowUp.objects.filter(answered_at=None).exists()
        months = set(Outcome.objects.filter(source="interest").values_list("months", flat=True))
        assert months == {3, 12}
        assert not Outcome.objects.filter(told_on__gt=timezone.localdate() + timedelta(days=1)).exists()

    def test_same_day_gives_the_same_year(self):
        before = sorted(Feedback.objects.values_list("organisation__name", "opportunity__reference", "kind", "at"))
        Feedback.objects.all().delete()
        Showing.objects.all().delete()
        past.load(by=User.objects.get(email="ylva.stromqvist@havsbris.example"), full_feeds=load.people_of_the_demo())
        after = sorted(Feedback.objects.values_list("organisation__name", "opportunity__reference", "kind", "at"))
        assert [row[:3] for row in after] == [row[:3] for row in before]

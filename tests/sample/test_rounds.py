"""The sample's rounds, loaded through the room's own actions: one over, one open, one being planned."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import Count, F, Q
from django.test import TestCase
from django.utils import timezone

from cluster_portal.sample import load, rounds
from cluster_portal.sample.round_steps import content
from core.models import Mail
from matchmaking import asking
from matchmaking.asking import to_ask
from matchmaking.models import (
    Affinity,
    Meeting,
    MeetingRequest,
    Outcome,
    Round,
    Seat,
    Timetable,
    Wish,
)
from members.models import User

pytestmark = pytest.mark.slow


class TestLoadedRounds(TestCase):
    """Loaded once for all of them: it takes some seconds."""

    @classmethod
    def setUpTestData(cls) -> None:
        load.organisations()
        rounds.load(today=timezone.localdate(), by=User.objects.get(email="ylva.stromqvist@havsbris.example"))
        cls.over, cls.open, cls.planned = (Round.objects.get(name=told["name"]) for told in content()["round"])

    def test_each_round_is_where_its_dates_are(self):
        now = timezone.now()
        assert [each.status for each in (self.over, self.open, self.planned)] == ["over", "open", "planned"]
        first, last = self.over.slots.earliest("starts_at").starts_at, self.over.slots.latest("ends_at").ends_at
        assert now - timedelta(weeks=58) < first < last < now - timedelta(weeks=56)
        assert self.open.takes_sign_ups
        assert now + timedelta(weeks=2) < self.open.slots.earliest("starts_at").starts_at < now + timedelta(weeks=4)
        assert now + timedelta(weeks=10) < self.planned.slots.earliest("starts_at").starts_at

    def test_programme_is_on_the_clocks_of_the_round(self):
        for round_, told in zip((self.over, self.open, self.planned), content()["round"], strict=True):
            begins = [s.starts_at.astimezone(round_.zone) for s in round_.sessions.order_by("starts_at")]
            assert [f"{at:%H:%M}" for at in begins] == [session["from"] for session in told["sessions"]]
            assert {at.isoweekday() for at in begins} == {told["weekday"]}
            assert round_.register_until < round_.choose_until < begins[0]
            assert round_.tables.count() == told["tables"]

    def test_people_of_three_clusters_in_three_time_zones(self):
        people = self.open.participants.all()
        assert Counter(people.values_list("status", flat=True)).keys() == {"confirmed", "invited", "declined"}
        confirmed = people.confirmed()
        assert confirmed.count() >= 50
        assert set(confirmed.values_list("time_zone", flat=True)) == {
            "Europe/Stockholm",
            "Europe/Tallinn",
            "Europe/Lisbon",
        }
        assert confirmed.values("cluster").distinct().count() == 3
        assert confirmed.filter(chosen_at=None).exists()
        assert not self.planned.participants.exclude(status="invited").exists()
        assert not self.over.participants.exclude(status="confirmed", chosen_at__isnull=False).exists()

    def test_nobody_is_at_two_tables_and_no_table_has_two_meetings(self):
        seats = Seat.objects.standing()
        assert not seats.values("timetable", "slot", "participant").annotate(n=Count("pk")).filter(n__gt=1).exists()
        meetings = Meeting.objects.standing()
        assert not meetings.values("timetable", "slot", "table").annotate(n=Count("pk")).filter(n__gt=1).exists()
        assert not meetings.filter(Q(a__cluster=F("b__cluster")) | Q(slot__in=F("a__away"))).exists()
        unwanted = set(Wish.objects.filter(kind="never").values_list("participant", "other"))
        assert unwanted
        for a, b in meetings.values_list("a", "b"):
            assert not unwanted & {(a, b), (b, a)}

    def test_wishes_follow_what_fits(self):
        for round_ in (self.over, self.open):
            pairs = set(Affinity.objects.filter(a__round=round_).values_list("a", "b"))
            musts = Wish.objects.filter(participant__round=round_, kind="must").values_list("participant", "other")
            assert len(musts) > 60
            assert {(min(pair), max(pair)) for pair in musts} <= pairs
            assert not round_.affinity_is_due

    def test_most_meetings_were_held_and_somebody_did_not_come(self):
        standing = Meeting.objects.standing().filter(timetable=self.over.timetable)
        states = Counter(standing.values_list("status", flat=True))
        assert states["held"] > 0.8 * sum(states.values())
        assert self.over.participants.exclude(no_show_at=None).count() == 2
        assert self.over.participants.exclude(arrives_at=None).count() == 1
        freed = Meeting.objects.filter(timetable=self.over.timetable, status="cancelled").select_related("slot")
        assert freed
        assert all(timedelta(0) < meeting.slot.starts_at - meeting.status_at < timedelta(days=1) for meeting in freed)

    def test_seven_of_ten_seats_have_said_how_it_went(self):
        seats = Seat.objects.standing().filter(timetable=self.over.timetable).select_related("slot")
        told = [seat for seat in seats if seat.told_at]
        assert 0.6 < len(told) / len(seats) < 0.85
        assert all(timedelta(0) < seat.told_at - seat.slot.ends_at < timedelta(hours=1) for seat in told)
        assert {seat.held for seat in told} >= {"yes", "no_show"}
        stages = Counter(Outcome.objects.filter(seat__in=told, months=0).values_list("stage", flat=True))
        assert stages["project"] >= 3
        assert sum(stages.values()) == sum(bool(seat.next_step) for seat in told)

    def test_outcomes_after_3_and_12_months_reach_every_rung_and_many_do_not_answer(self):
        later = Outcome.objects.exclude(months=0).select_related("seat__slot")
        assert set(later.values_list("stage", flat=True)) == set(Outcome.Stage)
        now = timezone.now()
        for months in (3, 12):
            told = [each for each in later if each.months == months]
            asked = to_ask(self.over, months).count()
            assert 0.3 < len(told) / asked < 0.7
            assert all(each.seat.slot.due_at(months) < each.told_at < now for each in told)
            assert all(bool(each.amount) == (each.stage in {"agreement", "sales"}) for each in told)

    def test_nobody_of_the_sample_is_asked_again_today(self):
        before = Mail.objects.count()
        asking.ask_feedback()
        asking.ask_outcomes()
        assert Mail.objects.count() == before

    def test_everything_of_the_round_that_is_over_lies_in_the_past(self):
        first = self.over.slots.earliest("starts_at").starts_at
        assert self.over.created_at < self.over.published_at < first
        assert self.over.timetable.published_at < first
        for name in ("created_at", "status_at", "chosen_at", "checked_in_at", "no_show_at"):
            assert not self.over.participants.filter(**{f"{name}__gt": first}).exists(), name

    def test_requests_wait_and_a_draft_keeps_what_was_agreed(self):
        requests = MeetingRequest.objects.filter(sender__round=self.open)
        assert Counter(requests.values_list("status", flat=True)) == {"accepted": 4, "declined": 1, "waiting": 6}
        draft = Timetable.objects.get(round=self.open, started_by__isnull=False)
        assert draft.status == "done"
        assert draft != self.open.timetable
        agreed = set(requests.filter(status="accepted").values_list("meeting__a", "meeting__b", "slot"))
        assert agreed <= set(draft.meetings.values_list("a", "b", "slot"))
        assert draft.meetings.count() > 80

    def test_nobody_is_written_to(self):
        assert Mail.objects.exists()
        assert not Mail.objects.exclude(status=Mail.Status.SENT).exists()
        assert not Mail.objects.filter(text__contains=self.over.name).exists()

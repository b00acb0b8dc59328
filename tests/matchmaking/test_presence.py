"""Who comes, who is late, who does not come: the timetable follows at once, and nobody else moves."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions import day, leaving, meetings, participants
from matchmaking.models import Affinity, ForbiddenPair, Meeting, Participant, Seat, Wish, ordered
from tests.matchmaking.ground import Ground, ground

HELD, NO_SHOW, PLANNED, CANCELLED = Meeting.Status.values[1], "no_show", "planned", "cancelled"


@pytest.fixture
def running(db, home, time_machine) -> Ground:
    """Three of each cluster, four slots, three tables; ten minutes before the first slot.

    Person 0 meets 0, 1 and 2 of the other cluster in the first three slots; 1 and 2 sit elsewhere in slot 0.
    """
    g = ground(each=4, tables=3)
    g.publish()
    for slot, there in enumerate((0, 1, 2)):
        g.meeting(0, there, slot=slot)
    g.meeting(1, 1, slot=0, table=1)
    time_machine.move_to(g.slots[0].starts_at - timedelta(minutes=10), tick=False)
    return g


def wish(one: Participant, other: Participant, kind: str = "must") -> None:
    Wish.objects.create(participant=one, other=other, kind=kind)


def standing() -> set[tuple[int, int, int, int]]:
    return set(Meeting.objects.standing().values_list("a_id", "b_id", "slot_id", "table_id"))


def pairs(origin: str) -> set[tuple[int, int, int]]:
    rows = Meeting.objects.standing().filter(origin=origin)
    return set(rows.values_list("a_id", "b_id", "slot_id"))


def again(participant: Participant) -> Participant:
    return Participant.objects.get(pk=participant.pk)


def mails_to() -> list[str]:
    return sorted(Mail.objects.filter(kind="agenda").values_list("to", flat=True))


def test_check_in_notes_the_time_once(running, manager):
    person = running.here[0]
    day.check_in(participant=person, by=manager)
    since = again(person).checked_in_at
    before = standing()
    day.check_in(participant=person, by=manager)
    assert again(person).checked_in_at == since == timezone.now()
    assert standing() == before
    assert AuditEvent.objects.filter(action="matchmaking.checked_in").count() == 1
    assert not Mail.objects.exists()


def test_no_show_frees_what_is_to_come_and_fills_it_from_the_waiting_list(running, manager):
    wish(running.here[2], running.there[1])
    others = standing() - set(
        Meeting.objects.filter(a=running.here[0]).values_list("a_id", "b_id", "slot_id", "table_id")
    )
    followed = day.no_show(participant=running.here[0], by=manager)

    assert followed == (3, 0, 1)
    assert others <= standing(), "nobody else moves"
    assert pairs("refill") == {(running.here[2].pk, running.there[1].pk, running.slots[1].pk)}, "0 is taken"
    freed = Meeting.objects.filter(status=CANCELLED)
    assert {each.absent for each in freed} == {running.here[0]}
    assert set(Seat.objects.filter(meeting__in=freed).values_list("is_given_up", flat=True)) == {True}


def test_each_concerned_is_told_in_one_mail_and_nobody_else(running, manager):
    wish(running.here[2], running.there[1])
    day.no_show(participant=running.here[0], by=manager)
    told = [running.here[0], running.here[2], *running.there[:3]]
    assert mails_to() == sorted(each.email for each in told)
    text = Mail.objects.get(to=running.there[1].email).text
    assert f"Cancelled: {running.here[0].company}" in text
    assert f"New: {running.here[2].company}" in text
    assert "has not come" in text


def test_no_show_twice_is_once(running, manager):
    wish(running.here[2], running.there[1])
    day.no_show(participant=running.here[0], by=manager)
    before, mails = standing(), Mail.objects.count()
    assert day.no_show(participant=running.here[0], by=manager) == (0, 0, 0)
    assert (standing(), Mail.objects.count()) == (before, mails)


@pytest.mark.parametrize("kept_apart", ["never", "never of the other", "forbidden", "same cluster", "no wish"])
def test_who_is_kept_apart_is_not_put_together(running, manager, kept_apart):
    one, other = running.here[2], running.there[1]
    if kept_apart != "no wish":
        wish(one, running.here[3] if kept_apart == "same cluster" else other)
    if kept_apart == "never":
        Wish.objects.update(kind="never")
        Affinity.objects.create(a=one, b=other, score=1)
    if kept_apart == "never of the other":
        wish(other, one, "never")
    if kept_apart == "forbidden":
        a, b = ordered(one, other)
        ForbiddenPair.objects.create(a=a, b=b, by=manager)
    day.no_show(participant=running.here[0], by=manager)
    assert pairs("refill") == set()


@pytest.mark.parametrize("missing", ["no-show", "late", "away", "withdrawn", "full"])
def test_only_who_is_there_and_has_places_left_is_put_in(running, manager, missing):
    one = running.here[2]
    wish(one, running.there[1])
    changes = {
        "no-show": {"no_show_at": timezone.now()},
        "late": {"arrives_at": running.slots[-1].ends_at},
        "withdrawn": {"status": "withdrawn"},
        "full": {"quota": 0},
    }
    Participant.objects.filter(pk=one.pk).update(**changes.get(missing, {"town": "Away"}))
    if missing == "away":
        one.away.set(running.slots)
    day.no_show(participant=running.here[0], by=manager)
    assert pairs("refill") == set()


def test_only_slots_that_have_not_begun_are_freed_and_filled(running, manager, time_machine):
    wish(running.here[2], running.there[1])
    time_machine.move_to(running.slots[1].starts_at + timedelta(minutes=1), tick=False)
    day.no_show(participant=running.here[0], by=manager)
    states = dict(Meeting.objects.filter(a=running.here[0]).values_list("slot_id", "status"))
    assert states == {running.slots[0].pk: NO_SHOW, running.slots[1].pk: NO_SHOW, running.slots[2].pk: CANCELLED}
    assert all(slot == running.slots[2].pk for _, _, slot in pairs("refill"))


def test_who_was_here_and_leaves_keeps_what_was(running, manager, time_machine):
    day.check_in(participant=running.here[0], by=manager)
    time_machine.move_to(running.slots[1].starts_at + timedelta(minutes=1), tick=False)
    day.no_show(participant=again(running.here[0]), by=manager)
    states = list(Meeting.objects.filter(a=running.here[0]).order_by("slot").values_list("status", flat=True))
    assert states == [PLANNED, PLANNED, CANCELLED]


def test_late_frees_what_is_missed_and_keeps_the_rest(running, manager):
    until = running.slots[1].starts_at + timedelta(minutes=5)
    followed = day.expect_late(participant=running.here[0], until=until, by=manager)
    assert followed.freed == 2
    kept = Meeting.objects.standing().filter(a=running.here[0])
    assert [each.slot for each in kept] == [running.slots[2]]
    assert again(running.here[0]).arrives_at == until
    assert day.expect_late(participant=again(running.here[0]), until=until, by=manager) == (0, 0, 0)


def test_less_late_brings_meetings_back(running, manager):
    person = running.here[0]
    before = standing()
    day.expect_late(participant=person, until=running.slots[3].starts_at, by=manager)
    followed = day.expect_late(participant=again(person), until=running.slots[1].starts_at, by=manager)
    assert followed.back == 2
    day.check_in(participant=again(person), by=manager)
    assert standing() == before
    assert (again(person).arrives_at, Meeting.objects.filter(absent=person).count()) == (None, 0)


def test_late_until_a_time_that_has_passed_is_refused(running, manager):
    with pytest.raises(Refused, match="This time has passed"):
        day.expect_late(participant=running.here[0], until=timezone.now(), by=manager)


def test_undo_brings_back_what_is_still_free(running, manager):
    person, before = running.here[0], standing()
    wish(running.here[2], running.there[1])
    day.no_show(participant=person, by=manager)
    followed = day.expect(participant=again(person), by=manager)
    assert followed.back == 2, "there[1] meets somebody else in that slot now"
    assert len(standing() & before) == len(before) - 1
    assert again(person).no_show_at is None
    assert day.expect(participant=again(person), by=manager) == (0, 0, 0)


def test_who_comes_after_all_has_not_missed_what_nobody_told_of(running, manager, time_machine):
    time_machine.move_to(running.slots[1].starts_at + timedelta(minutes=1), tick=False)
    day.no_show(participant=running.here[0], by=manager)
    seat = running.there[0].seats.get()
    Seat.objects.filter(pk=seat.pk).update(held="no_show")
    day.check_in(participant=again(running.here[0]), by=manager)
    states = list(Meeting.objects.filter(a=running.here[0]).order_by("slot").values_list("status", flat=True))
    assert states == [NO_SHOW, PLANNED, PLANNED], "there[0] said that nobody came"


def test_pair_that_was_called_off_on_purpose_is_not_put_together_again(running, manager):
    wish(running.here[0], running.there[0])
    meeting = Meeting.objects.get(a=running.here[0], b=running.there[0])
    meetings.cancel(meeting=meeting, why="They cannot.", by=manager)
    assert day.refill(round_=running.round, by=manager) == 0


def test_refill_puts_together_who_is_free_and_tells_how_many(running, manager):
    wish(running.here[3], running.there[3])
    assert day.refill(round_=running.round, by=manager) == 1
    assert day.refill(round_=running.round, by=manager) == 0
    assert AuditEvent.objects.get(action="matchmaking.refilled").details == {"count": 1}


def test_who_withdraws_an_hour_before_frees_and_fills(running, time_machine):
    time_machine.move_to(running.slots[0].starts_at - timedelta(hours=1), tick=False)
    wish(running.here[2], running.there[1])
    person, others = running.here[0], standing()
    own = set(Meeting.objects.filter(a=person).values_list("a_id", "b_id", "slot_id", "table_id"))
    for _ in range(2):
        leaving.withdraw(participant=person, sentence="The car has broken down.")
    assert len(own) == 3
    assert len(pairs("refill")) == 1
    assert others - standing() == own, "nobody else moves"
    assert person.email not in mails_to(), "who has left is not written to"
    assert Mail.objects.filter(kind="agenda", to=running.there[1].email).count() == 1


def test_who_is_taken_out_by_the_cluster_team_frees_and_fills_too(running, manager):
    wish(running.here[2], running.there[1])
    participants.withdraw(participant=running.here[0], why="They asked us to.", by=manager)
    assert len(pairs("refill")) == 1


def test_draft_of_a_round_that_is_not_out_is_not_filled(running):
    running.round.status = "open"
    running.round.save()
    wish(running.here[2], running.there[1])
    meetings.cancel_all(participant=running.here[0], timetable=running.timetable, why="", by=None)
    assert pairs("refill") == set()


@pytest.mark.parametrize("status", ["open", "over", "cancelled"])
def test_day_of_a_round_that_does_not_run_is_refused(running, manager, status):
    running.round.status = status
    running.round.save()
    person = again(running.here[0])
    for act in (day.check_in, day.no_show, day.expect):
        with pytest.raises(Refused):
            act(participant=person, by=manager)


def test_day_is_led_by_managers(running, evaluator, outsider):
    for user in (evaluator, outsider):
        for act in (day.check_in, day.no_show, day.expect):
            with pytest.raises(PermissionDenied):
                act(participant=running.here[0], by=user)
        with pytest.raises(PermissionDenied):
            day.refill(round_=running.round, by=user)
    assert not AuditEvent.objects.exists()


def test_who_declined_cannot_be_checked_in(running, manager):
    Participant.objects.filter(pk=running.here[0].pk).update(status="declined")
    with pytest.raises(Refused, match="does not take part"):
        day.check_in(participant=running.here[0], by=manager)


def test_filling_reads_a_constant_number_of_rows_at_a_time(running, manager):
    counts = []
    for person in (running.here[1], running.here[0]):
        with CaptureQueriesContext(connection) as queries:
            day.no_show(participant=person, by=manager)
        reads = [
            q for q in queries.captured_queries if q["sql"].startswith("SELECT") and "matchmaking_wish" in q["sql"]
        ]
        counts.append(len(reads))
    assert counts == [1, 1]

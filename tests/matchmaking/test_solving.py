"""A draft is queued, solved, kept in one piece, stopped, and taken up again after its worker was killed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core import runs
from core.actions import Refused
from core.models import AuditEvent
from matchmaking import gather, tasks, timetables
from matchmaking.actions import meetings
from matchmaking.models import Affinity, ForbiddenPair, Meeting, Round, Seat, Timetable, Wish
from matchmaking.timetable import types
from tests.factories.matchmaking import ParticipantFactory
from tests.matchmaking.ground import Ground, ground

MUST, NICE, NEVER = Wish.Kind.MUST, Wish.Kind.NICE, Wish.Kind.NEVER
Status = Timetable.Status


@pytest.fixture
def g(db) -> Ground:
    """Everybody of one cluster wishes to meet everybody of the other."""
    found = ground(each=3)
    for here in found.here:
        for there in found.there:
            Wish.objects.create(participant=here, other=there, kind=NICE)
    Timetable.objects.all().delete()
    return found


def start(g: Ground, by, **more) -> Timetable:
    return timetables.start(round_=g.round, by=by, **more)


def solved(g: Ground, by, **more) -> Timetable:
    timetable = start(g, by, **more)
    timetables.execute(timetable.pk)
    timetable.refresh_from_db()
    assert timetable.status == Status.DONE, timetable.error
    return timetable


def rows(timetable: Timetable) -> list[tuple[int, ...]]:
    found = timetable.meetings.order_by("slot__starts_at", "table__number")
    return list(found.values_list("a", "b", "slot", "table", "is_pinned", "origin"))


def test_start_queues_a_draft_and_sends_it(g, manager, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as after_commit:
        first = start(g, manager, seed=4)

    assert (first.number, first.status, first.seed, first.started_by) == (1, Status.QUEUED, 4, manager)
    assert len(after_commit) == 1
    assert AuditEvent.objects.get(action="matchmaking.timetable_started").object_id == first.pk


def test_solved_draft_holds_meetings_with_seats_and_what_they_are_worth(g, manager):
    timetable = solved(g, manager)

    found = list(timetable.meetings.all())
    assert len(found) == 8  # as many as four slots with two tables hold, of nine that are wished
    assert (timetable.result, timetable.done, timetable.total, timetable.step) == ("optimal", 100, 100, "")
    assert timetable.value == pytest.approx(timetable.bound)
    assert {each.origin for each in found} == {Meeting.Origin.SOLVED}
    assert sorted(Seat.objects.values_list("meeting", "participant")) == sorted(
        (each.pk, participant) for each in found for participant in (each.a_id, each.b_id)
    )
    assert [unmet["wish"] for unmet in timetable.unmet] == ["nice"]


def test_who_does_not_run_the_round_starts_nothing(g, owner):
    with pytest.raises(PermissionDenied):
        start(g, owner)
    assert not Timetable.objects.exists()


def refused(saying: str):
    return pytest.raises(Refused, match=saying)


def test_second_start_waits_for_the_first(g, manager):
    start(g, manager)
    with refused("Another timetable is being made"):
        start(g, manager)
    assert Timetable.objects.count() == 1


@pytest.mark.parametrize("status", [Round.Status.PLANNED, Round.Status.OVER, Round.Status.CANCELLED])
def test_round_that_is_not_open_is_not_solved(g, manager, status):
    Round.objects.update(status=status)
    with refused("Open the round first"):
        start(g, manager)


def test_what_is_missing_is_named(g, manager):
    g.round.participants.update(status="invited")
    with refused("nobody to put together"):
        start(g, manager)
    g.round.tables.all().delete()
    with refused("slots and tables"):
        start(g, manager)


def test_draft_of_another_round_is_no_base(g, manager):
    with refused("draft of this round"):
        start(g, manager, based_on=ground().timetable)


def test_pins_stay_with_table_and_origin_when_solved_again(g, manager):
    first = solved(g, manager)
    moved = first.meetings.order_by("pk").last()
    meetings.cancel(meeting=moved, why="", by=manager)
    by_hand = meetings.add(
        timetable=first, one=moved.a, other=moved.b, slot=moved.slot, origin=Meeting.Origin.HAND, by=manager
    )
    second = solved(g, manager, based_on=first)

    kept = second.meetings.get(a=by_hand.a, b=by_hand.b)
    assert (kept.slot, kept.table, kept.is_pinned, kept.origin) == (by_hand.slot, by_hand.table, True, "hand")
    assert second.number == 2


def test_solving_again_stays_near_the_draft_it_goes_on_from(db, manager):
    g = ground(slots=6)
    for here, there in zip(g.here, g.there, strict=True):
        Wish.objects.create(participant=here, other=there, kind=NICE)
    first = solved(g, manager)
    for meeting in first.meetings.all():
        meetings.move(meeting=meeting, slot=g.slots[5], by=manager)
    second = solved(g, manager, based_on=first, seed=9)

    assert rows(second) == rows(first)
    assert {row[2] for row in rows(second)} == {g.slots[5].pk}


def test_forbidden_and_never_pairs_and_absences_are_kept(g, manager):
    ForbiddenPair.objects.create(a=g.here[0], b=g.there[0])
    Wish.objects.create(participant=g.there[1], other=g.here[1], kind=NEVER)
    g.here[2].away.set(g.slots[1:])
    timetable = solved(g, manager)

    pairs = set(timetable.meetings.values_list("a", "b"))
    assert (g.here[0].pk, g.there[0].pk) not in pairs
    assert (g.here[1].pk, g.there[1].pk) not in pairs
    assert set(timetable.meetings.filter(a=g.here[2]).values_list("slot", flat=True)) == {g.slots[0].pk}


def test_pins_that_contradict_each_other_end_in_a_draft_that_says_so(g, manager):
    first = solved(g, manager)
    meetings.pin(meeting=first.meetings.order_by("pk").first(), by=manager)
    pinned = first.meetings.get(is_pinned=True)
    pinned.a.away.add(pinned.slot)
    second = solved(g, manager, based_on=first)

    assert (second.result, second.meetings.count(), len(second.conflicts)) == ("infeasible", 0, 1)


# Interruptions


def test_worker_killed_while_solving_ends_with_the_same_rows(g, manager, monkeypatch):
    expected = rows(solved(g, manager))
    Timetable.objects.all().delete()
    timetable, keep = start(g, manager), timetables._keep

    class Killed(BaseException):
        """The process is gone: nothing after it runs."""

    def killed_after_writing(*args):
        keep(*args)
        raise Killed

    monkeypatch.setattr(timetables, "_keep", killed_after_writing)
    with pytest.raises(Killed):
        timetables.execute(timetable.pk)
    timetable.refresh_from_db()
    assert timetable.status == Status.RUNNING
    monkeypatch.undo()
    tasks.resume_timetables()  # too early: it may still be alive
    assert Timetable.objects.get().status == Status.RUNNING

    Timetable.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    tasks.resume_timetables()
    timetable.refresh_from_db()
    assert timetable.status == Status.DONE
    assert rows(timetable) == expected
    assert Seat.objects.count() == 2 * len(expected)


def test_nobody_sees_half_a_timetable(g, manager, monkeypatch):
    timetable = start(g, manager)

    def out_of_memory(*_args, **_facts):
        raise MemoryError

    monkeypatch.setattr(Seat.objects, "bulk_create", out_of_memory)
    with pytest.raises(MemoryError):
        timetables.execute(timetable.pk)
    timetable.refresh_from_db()
    assert timetable.status == Status.FAILED
    assert not Meeting.objects.exists()


def test_solving_stops_when_asked(g, manager, monkeypatch):
    timetable, solve = start(g, manager), timetables.solve

    def asked_to_stop(found, *, progress):
        runs.ask_to_stop(timetable)
        return solve(found, progress=progress)

    monkeypatch.setattr(timetables, "solve", asked_to_stop)
    timetables.execute(timetable.pk)
    timetable.refresh_from_db()
    assert (timetable.status, timetable.meetings.count()) == (Status.CANCELLED, 0)
    monkeypatch.undo()
    assert start(g, manager).number == 2


# Gathering


def test_gathering_asks_the_same_number_of_questions_for_any_size(g, manager):
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            gather.problem(Timetable(round=g.round))
        return len(captured)

    before = questions()
    for _ in range(10):
        new = ParticipantFactory(round=g.round, cluster=g.there[0].cluster)
        new.away.add(g.slots[0])
        Wish.objects.create(participant=new, other=g.here[0], kind=MUST)
        Affinity.objects.create(a=g.here[0], b=new, score=0.5)
    assert questions() == before
    assert before <= 11


def test_quota_minimum_and_absences_reach_the_solver(g):
    g.here[0].quota = 1
    g.here[0].save()
    g.here[1].arrives_at = g.slots[2].starts_at
    g.here[1].save()
    g.here[2].no_show_at = timezone.now()
    g.here[2].save()
    found = {each.id: each for each in gather.problem(Timetable(round=g.round)).participants}

    assert (found[g.here[0].pk].quota, found[g.here[0].pk].minimum) == (1, 1)
    assert (found[g.there[0].pk].quota, found[g.there[0].pk].minimum) == (8, 2)
    assert found[g.here[1].pk].available == (g.slots[2].pk, g.slots[3].pk)
    assert found[g.here[2].pk].available == ()


@pytest.mark.parametrize("meets", list(Round.Meets))
def test_rules_reach_the_solver_as_sides_and_bans(g, meets):
    Round.objects.update(meets=meets)
    g.round.refresh_from_db()
    g.here[0].side, g.there[0].side, g.there[1].company = "a", "b", g.here[1].company
    for each in (g.here[0], g.there[0], g.there[1]):
        each.save()
    problem = gather.problem(Timetable(round=g.round))
    sides = {each.id: each.side for each in problem.participants}

    expected = {"anyone": None, "other_cluster": g.here[0].cluster_id, "other_side": "a"}
    assert sides[g.here[0].pk] == expected[meets]
    assert sides[g.here[2].pk] == (g.here[2].cluster_id if meets == "other_cluster" else None)
    assert problem.forbidden == (types.Ban(g.here[1].pk, g.there[1].pk),)

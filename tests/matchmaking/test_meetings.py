"""Adding, moving, cancelling, pinning and forbidding meetings: what fits, what is refused, and who hears of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from matchmaking.actions import meetings
from matchmaking.models import ForbiddenPair, Meeting, Round, Seat, Slot, Timetable, Wish
from tests.factories.matchmaking import ParticipantFactory, morning
from tests.matchmaking.ground import Ground, ground

HAND, REQUEST = Meeting.Origin.HAND, Meeting.Origin.REQUEST


@pytest.fixture
def round_(db) -> Ground:
    return ground()


def add(g: Ground, by, *, here: int = 0, there: int = 0, slot: int = 0, origin: str = HAND, **more) -> Meeting:
    return meetings.add(
        timetable=g.timetable, one=g.there[there], other=g.here[here], slot=g.slots[slot], origin=origin, by=by, **more
    )


def test_add_seats_both_at_the_first_free_table(round_, manager):
    first = add(round_, manager)
    second = add(round_, manager, here=1, there=1)

    assert (first.table.number, second.table.number) == (1, 2)
    assert (first.a, first.b) == (round_.here[0], round_.there[0])
    assert {seat.participant for seat in first.seats.all()} == {round_.here[0], round_.there[0]}
    assert {(seat.slot, seat.timetable) for seat in first.seats.all()} == {(round_.slots[0], round_.timetable)}
    assert first.is_pinned
    event = AuditEvent.objects.filter(action="matchmaking.meeting_added").latest("pk")
    assert (event.actor_label, event.details["table"]) == (str(manager), 2)


def test_add_at_a_chosen_table(round_, manager):
    assert add(round_, manager, table=round_.tables[1]).table == round_.tables[1]


def test_add_by_agreement_needs_no_manager_and_stays(round_):
    meeting = add(round_, None, origin=REQUEST)

    assert (meeting.origin, meeting.is_pinned) == (REQUEST, True)
    assert not add(round_, None, here=1, there=1, origin=Meeting.Origin.REFILL).is_pinned


def refused(saying: str):
    return pytest.raises(Refused, match=saying)


def test_add_is_refused_where_somebody_is_busy_or_away(round_, manager):
    add(round_, manager)
    with refused("has another meeting at"):
        add(round_, manager, there=1)
    round_.there[1].away.add(round_.slots[1])
    with refused("is not there at"):
        add(round_, manager, there=1, slot=1)
    round_.there[1].arrives_at = round_.slots[3].starts_at
    round_.there[1].save()
    with refused("is not there at"):
        add(round_, manager, there=1, slot=2)
    round_.there[1].no_show_at = timezone.now()
    round_.there[1].save()
    with refused("has not come"):
        add(round_, manager, there=1, slot=3)
    assert Meeting.objects.count() == 1


def test_add_is_refused_without_a_table(db, manager):
    g = ground(each=2, tables=1)
    add(g, manager)
    with refused("No table is free"):
        add(g, manager, here=1, there=1)
    with refused("Table 1 is taken"):
        add(g, manager, here=1, there=1, table=g.tables[0])


def test_add_is_refused_for_a_pair_that_cannot_meet(round_, manager):
    same_cluster = {"timetable": round_.timetable, "slot": round_.slots[0], "origin": HAND, "by": manager}
    with refused("rules of this round"):
        meetings.add(one=round_.here[0], other=round_.here[1], **same_cluster)
    with refused("two participants of this round"):
        meetings.add(one=round_.here[0], other=round_.here[0], **same_cluster)
    with refused("two participants of this round"):
        meetings.add(one=round_.here[0], other=ParticipantFactory(), **same_cluster)
    with refused("does not take part"):
        meetings.add(one=round_.here[0], other=ParticipantFactory(round=round_.round, invited=True), **same_cluster)
    with refused("a slot of this round"):
        add_elsewhere = ground()
        meetings.add(one=round_.here[0], other=round_.there[0], **same_cluster | {"slot": add_elsewhere.slots[0]})
    add(round_, manager)
    with refused("have a meeting already"):
        add(round_, manager, slot=1)


def test_never_is_refused_in_words_that_do_not_tell_it(round_, manager):
    Wish.objects.create(participant=round_.there[0], other=round_.here[0], kind=Wish.Kind.NEVER)

    with refused("^These two are not offered."):
        add(round_, manager)
    assert add(round_, None, origin=REQUEST)  # who agreed has thought again


def test_never_does_not_change_what_else_is_refused(round_, manager):
    """Words of its own beside a reason that everybody sees would tell of it."""
    Wish.objects.create(participant=round_.there[0], other=round_.here[0], kind=Wish.Kind.NEVER)
    add(round_, manager, there=1)
    with refused("has another meeting at"):
        add(round_, manager)


def test_quota_of_the_round_and_ones_own_are_kept(round_, manager):
    Round.objects.update(quota=1, minimum=1)
    add(round_, manager)
    with refused("has 1 meetings, which is the most"):
        add(round_, manager, there=1, slot=1)
    round_.here[0].quota = 2
    round_.here[0].save()
    assert add(round_, manager, there=1, slot=1)


@pytest.mark.parametrize("status", [Timetable.Status.QUEUED, Timetable.Status.RUNNING, Timetable.Status.FAILED])
def test_timetable_that_is_not_made_takes_no_meetings(round_, manager, status):
    Timetable.objects.update(status=status)
    with refused("not made yet"):
        add(round_, manager)


def test_round_that_is_over_keeps_its_meetings(round_, manager):
    meeting = add(round_, manager)
    Round.objects.update(status=Round.Status.OVER)
    with refused("round is over"):
        meetings.cancel(meeting=meeting, why="", by=manager)


def test_who_does_not_run_the_round_changes_nothing(round_, manager, owner, evaluator):
    meeting = add(round_, manager)
    for by in (owner, evaluator):
        with pytest.raises(PermissionDenied):
            add(round_, by, here=1, there=1)
        with pytest.raises(PermissionDenied):
            meetings.move(meeting=meeting, slot=round_.slots[1], by=by)
        with pytest.raises(PermissionDenied):
            meetings.cancel(meeting=meeting, why="", by=by)
        with pytest.raises(PermissionDenied):
            meetings.pin(meeting=meeting, by=by)
        with pytest.raises(PermissionDenied):
            meetings.forbid(one=meeting.a, other=meeting.b, by=by)
    assert Meeting.objects.standing().count() == 1


def test_move_takes_the_seats_along_and_keeps_the_table_if_free(round_, manager):
    meeting = add(round_, manager, table=round_.tables[1])
    moved = meetings.move(meeting=meeting, slot=round_.slots[2], by=manager)

    assert (moved.slot, moved.table) == (round_.slots[2], round_.tables[1])
    assert {seat.slot for seat in moved.seats.all()} == {round_.slots[2]}
    add(round_, manager, here=1, there=1, slot=3, table=round_.tables[1])
    assert meetings.move(meeting=meeting, slot=round_.slots[3], by=manager).table == round_.tables[0]


def test_move_to_another_table_or_nowhere(round_, manager):
    meeting = add(round_, manager)
    moved = meetings.move(meeting=meeting, slot=round_.slots[0], table=round_.tables[1], by=manager)
    again = meetings.move(meeting=moved, slot=round_.slots[0], table=round_.tables[1], by=manager)

    assert again.table == round_.tables[1]
    assert AuditEvent.objects.filter(action="matchmaking.meeting_moved").count() == 1
    round_.timetable.refresh_from_db()
    assert round_.timetable.revision == 2


def test_move_is_refused_where_somebody_is_busy(round_, manager):
    meeting = add(round_, manager)
    add(round_, manager, there=1, slot=1)
    with refused("has another meeting"):
        meetings.move(meeting=meeting, slot=round_.slots[1], by=manager)
    meeting.status = Meeting.Status.HELD
    meeting.save()
    with refused("meeting is over"):
        meetings.move(meeting=meeting, slot=round_.slots[2], by=manager)


def test_cancel_frees_both_once(round_, manager):
    meeting = add(round_, manager)
    for _ in range(2):
        cancelled = meetings.cancel(meeting=meeting, why="Ill", by=manager)

    assert (cancelled.status, cancelled.why_cancelled, cancelled.is_pinned) == ("cancelled", "Ill", False)
    assert not Seat.objects.standing().exists()
    assert AuditEvent.objects.filter(action="matchmaking.meeting_cancelled").count() == 1
    assert add(round_, manager).slot == round_.slots[0]


def test_pin_and_unpin(round_, manager):
    meeting = round_.meeting(0, 0, 0)
    assert meetings.pin(meeting=meeting, by=manager).is_pinned
    meetings.pin(meeting=meeting, by=manager)
    assert not meetings.pin(meeting=meeting, pinned=False, by=manager).is_pinned
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["matchmaking.meeting_pinned", "matchmaking.meeting_unpinned"]


def test_forbid_takes_the_meeting_out_and_allow_lets_them_meet_again(round_, manager):
    add(round_, manager)
    for _ in range(2):
        pair = meetings.forbid(one=round_.there[0], other=round_.here[0], timetable=round_.timetable, by=manager)

    assert (pair.a, pair.b) == (round_.here[0], round_.there[0])
    assert not Meeting.objects.standing().exists()
    with refused("keeps these two apart"):
        add(round_, manager)
    meetings.allow(pair=pair, by=manager)
    assert not ForbiddenPair.objects.exists()
    assert add(round_, manager)


# Who hears of it


def test_changes_of_a_draft_are_told_to_nobody(round_, manager):
    add(round_, manager)
    assert not Mail.objects.exists()


def test_each_change_of_the_published_timetable_is_told_to_the_two_concerned(round_, manager):
    round_.publish()
    Round.objects.update(time_zone="Europe/Stockholm")
    round_.there[0].time_zone = "Europe/Athens"
    round_.there[0].save()
    after_the_change = morning().replace(year=2027, month=3, day=28, hour=8)
    span = {"starts_at": after_the_change, "ends_at": after_the_change + timedelta(minutes=20)}
    Slot.objects.filter(pk=round_.slots[0].pk).update(**span)
    round_.slots[0].refresh_from_db()
    meeting = add(round_, None, origin=REQUEST)
    meetings.move(meeting=meeting, slot=round_.slots[3], by=manager)
    meetings.cancel(meeting=meeting, why="Train <b>late</b>", by=manager)

    concerned = {round_.here[0].email, round_.there[0].email}
    assert sorted(Mail.objects.values_list("to", flat=True)) == sorted([*concerned] * 3)
    added, moved, cancelled = Mail.objects.filter(to=round_.there[0].email).order_by("pk")
    assert f"New: {round_.here[0].company}" in added.text
    assert "Sunday 28 March 2027, 11:00–11:20, Table 1" in added.text  # the clocks in Athens went on that night
    assert "Athens (UTC+03:00)" in added.text
    assert "Before: Sunday 28 March 2027, 11:00" in moved.text
    assert "Now: " in moved.text
    assert "Why: Train <b>late</b>" in cancelled.text
    assert "Train &lt;b&gt;late&lt;/b&gt;" in cancelled.html
    assert "/matchmaking/p/" in added.text


def test_all_meetings_of_one_are_cancelled_with_one_mail_each(round_, manager):
    round_.publish()
    round_.meeting(0, 0, 0)
    round_.meeting(0, 1, 1)
    round_.meeting(1, 1, 2)
    round_.meeting(1, 0, 3, status=Meeting.Status.HELD)
    meetings.cancel_all(participant=round_.there[0], timetable=round_.timetable, why="Cannot come", by=None)
    meetings.cancel_all(participant=round_.here[0], timetable=round_.timetable, why="Cannot come", by=None)

    assert set(Meeting.objects.standing().values_list("slot", flat=True)) == {round_.slots[2].pk, round_.slots[3].pk}
    mails = Mail.objects.order_by("pk").values_list("to", flat=True)
    assert sorted(mails[:2]) == sorted([round_.there[0].email, round_.here[0].email])
    assert sorted(mails[2:]) == sorted([round_.there[1].email, round_.here[0].email])
    round_.timetable.refresh_from_db()
    assert round_.timetable.revision == 2


def test_who_has_withdrawn_is_not_written_to(round_, manager):
    round_.publish()
    meeting = round_.meeting(0, 0, 0)
    round_.there[0].status = "withdrawn"
    round_.there[0].save()
    meetings.cancel(meeting=meeting, why="Withdrawn", by=None)

    assert list(Mail.objects.values_list("to", flat=True)) == [round_.here[0].email]

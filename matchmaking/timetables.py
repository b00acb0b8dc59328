"""A timetable from its start to its publication: queued, solved in the background, checked, shown to participants."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, replace

from celery import current_app
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import runs
from core.actions import Refused, record
from matchmaking import changes, emails, gather
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, Seat, Table, Timetable
from matchmaking.permissions import can_run_rounds
from matchmaking.reading.board import Board
from matchmaking.timetable import solve, types
from matchmaking.timetable.check import broken
from members.models import User
from members.permissions import insist

SOLVABLE = (Round.Status.OPEN, Round.Status.PUBLISHED)
Pair = tuple[int, int]
WHOLE = 100  # of the progress bar


# Making


@transaction.atomic
def start(*, round_: Round, based_on: Timetable | None = None, seed: int = 0, by: User) -> Timetable:
    """Queues a new draft. With `based_on`, that draft's pinned meetings stay where they are."""
    insist(can_run_rounds(by))
    current = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    _insist_on_something_to_solve(current)
    if based_on is not None and based_on.round_id != current.pk:
        raise Refused(_("Choose a draft of this round to go on from."))
    last = current.timetables.aggregate(last=Max("number"))["last"] or 0
    timetable = Timetable.objects.create(
        round=current, number=last + 1, based_on=based_on, seed=seed, started_by=by, total=WHOLE
    )
    record("matchmaking.timetable_started", by=by, on=timetable, based_on=based_on and based_on.number, seed=seed)
    transaction.on_commit(lambda: current_app.send_task("matchmaking.solve_timetable", [timetable.pk]))
    return timetable


def _insist_on_something_to_solve(round_: Round) -> None:
    if round_.status not in SOLVABLE:
        raise Refused(_("Open the round first. A timetable is made from what participants choose."))
    if round_.timetables.filter(status__in=[Timetable.Status.QUEUED, Timetable.Status.RUNNING]).exists():
        raise Refused(_("Another timetable is being made. Wait until it is done, or stop it."))
    if not round_.slots.exists() or not round_.tables.exists():
        raise Refused(_("Add slots and tables to the programme first."))
    if round_.participants.confirmed().count() < 2:
        raise Refused(_("Fewer than two participants have confirmed. There is nobody to put together yet."))


def execute(timetable_id: int) -> None:
    """Solves a queued timetable, for the worker; what a killed one has begun is done again from the start."""
    runs.execute(Timetable, timetable_id, _solve)


def _solve(timetable: Timetable) -> None:
    def progress(step: str, share: float) -> None:
        runs.checkpoint(timetable, step=step, done=round(share * WHOLE), total=WHOLE)

    progress("gathering", 0)
    found = gather.problem(timetable)
    _keep(timetable, found, solve(found, progress=progress))


@transaction.atomic
def _keep(timetable: Timetable, found: types.Round, answer: types.Timetable) -> None:
    """The whole answer in one transaction: nobody ever sees half a timetable, and doing it twice is doing it once."""
    timetable.meetings.all().delete()
    pinned = {(pin.a, pin.b): pin.slot for pin in found.pins}
    earlier = _earlier(timetable)
    tables = _tables(timetable.round, answer.meetings, earlier)
    rows = []
    for each in answer.meetings:
        pair = (each.a, each.b)
        stays = pinned.get(pair) == each.slot
        rows.append(
            Meeting(
                timetable=timetable,
                a_id=each.a,
                b_id=each.b,
                slot_id=each.slot,
                table=tables[pair],
                is_pinned=stays,
                origin=earlier[pair].origin if stays and pair in earlier else Meeting.Origin.SOLVED,
            )
        )
    _with_seats(rows)
    runs.checkpoint(
        timetable,
        step="",
        done=WHOLE,
        result=answer.status,
        value=answer.value,
        bound=answer.bound,
        unmet=[asdict(each) for each in answer.unmet],
        conflicts=[asdict(each) for each in answer.conflicts],
    )


def _earlier(timetable: Timetable) -> dict[Pair, Meeting]:
    """The pairs' meetings in the draft that this one goes on from, or else in the one that participants see."""
    seen_by_all = timetable.round.timetable_id
    rows = Meeting.objects.standing().filter(timetable__in={timetable.based_on_id, seen_by_all} - {None})
    in_order = sorted(rows.select_related("table"), key=lambda row: row.timetable_id == timetable.based_on_id)
    return {(row.a_id, row.b_id): row for row in in_order}


def _tables(round_: Round, meetings: Iterable[types.Meeting], earlier: dict[Pair, Meeting]) -> dict[Pair, Table]:
    """Who stays in a slot stays at the table; the others take the first that is left."""
    tables = list(gather.tables_of(round_).values())
    found: dict[Pair, Table] = {}
    taken = defaultdict(set)
    in_slot = [each for each in meetings if (was := earlier.get((each.a, each.b))) and was.slot_id == each.slot]
    for each in in_slot:
        table = earlier[each.a, each.b].table
        if table not in taken[each.slot]:
            found[each.a, each.b] = table
            taken[each.slot].add(table)
    for each in meetings:
        if (each.a, each.b) not in found:
            table = next(table for table in (tables[each.table - 1], *tables) if table not in taken[each.slot])
            found[each.a, each.b] = table
            taken[each.slot].add(table)
    return found


def _with_seats(rows: list[Meeting], *, given_up: bool = False) -> None:
    saved = Meeting.objects.bulk_create(rows)
    Seat.objects.bulk_create(
        Seat(
            meeting=row,
            timetable_id=row.timetable_id,
            slot_id=row.slot_id,
            participant_id=participant,
            is_given_up=given_up,
        )
        for row in saved
        for participant in (row.a_id, row.b_id)
    )


# Publishing


@transaction.atomic
def publish(*, timetable: Timetable, over: Timetable | None = None, by: User) -> Timetable:
    """Makes a draft the timetable that participants see, and tells them. Twice is once.

    The first time everybody who takes part gets an agenda; later only those whose agenda changes. `over` is the
    published timetable that the organiser knew of: if another one has come in between, the organiser looks first.
    """
    insist(can_run_rounds(by))
    round_ = Round.objects.select_for_update(no_key=True).get(pk=timetable.round_id)
    both = {timetable.pk, round_.timetable_id} - {None}
    rows = {row.pk: row for row in Timetable.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk")}
    current, old, again = rows[timetable.pk], rows.get(round_.timetable_id), round_.status == Round.Status.PUBLISHED
    current.round = round_
    if again and current == old:
        return current
    if again and old != over:
        words = {"number": old.number, "person": old.published_by or _("somebody")}
        raise Refused(_("%(person)s has published timetable %(number)s in the meantime. Look at it first.") % words)
    insist_it_can_be_published(current, old)
    before = list(old.meetings.standing().for_grid()) if old else []
    if current != old:
        current.meetings.filter(status=Meeting.Status.CANCELLED).delete()  # nobody has seen them
    after = list(current.meetings.standing().for_grid())
    if old and current != old:
        _take_over(current, old, after)
    _show(current, old, by)
    told = _tell_changes(current, before, after) if again else _tell_everybody(current, after)
    record("matchmaking.timetable_published", by=by, on=current, over=old and old.number, told=told)
    return current


def insist_it_can_be_published(timetable: Timetable, old: Timetable | None) -> None:
    """Raises Refused with the first reason why not, in words."""
    found = problems(timetable, old)
    if found:
        raise Refused(found[0])


def problems(timetable: Timetable, old: Timetable | None) -> list[str]:
    """Why a draft cannot be published as it is: each with what to do."""
    if timetable.round.status not in SOLVABLE:
        return [_("This round is not open. Open it first.")]
    if timetable.status != Timetable.Status.DONE:
        return [_("This timetable is not made yet. Wait until it is done.")]
    board = Board(timetable)
    if not board.meetings:
        return [_("This timetable has no meetings. Solve again, or add some by hand.")]
    found = []
    if old and old != timetable:
        begun = Q(status__in=[Meeting.Status.HELD, Meeting.Status.NO_SHOW]) | Q(seats__told_at__isnull=False)
        if old.meetings.filter(begun).exists():
            found.append(_("Meetings of the published timetable were held already. Change that one by hand."))
        found += _missing_agreements(old, board)
    return found + _broken_rules(board)


def _missing_agreements(old: Timetable, board: Board) -> list[str]:
    agreed = old.meetings.standing().filter(origin=Meeting.Origin.REQUEST).values_list("a_id", "b_id")
    missing = len(set(agreed) - board.pairs.keys())
    if not missing:
        return []
    said = ngettext(
        "%(n)s meeting that two have agreed on is not in it. Solve again, and it will be.",
        "%(n)s meetings that two have agreed on are not in it. Solve again, and they will be.",
        missing,
    )
    return [said % {"n": missing}]


def _broken_rules(board: Board) -> list[str]:
    """What somebody else's eyes find: nobody twice at a time, everybody there, nobody kept apart, a table for each."""
    rows, timetable = board.meetings, board.timetable
    said = list(filter(None, dict.fromkeys(board.fault(row) for row in rows)))
    if said:
        return said
    # A meeting by hand needs no wish: as a pin it is one that may be, unless somebody or something keeps it apart.
    asked = replace(
        gather.problem(timetable), pins=tuple(types.Pin(row.a_id, row.b_id, row.slot_id) for row in rows)
    )  # fmt: skip
    if any(True for _fault in broken(asked, gather.meetings(rows, timetable.round))):
        return [_("Participants have changed their choices since then. Solve again around the pins.")]
    return []


def _take_over(current: Timetable, old: Timetable, after: list[Meeting]) -> None:
    """What the old one had and this one has not is kept as cancelled, so that calendars which follow it say so."""
    current.revision = max(current.revision, old.revision)
    standing = {(row.a_id, row.b_id): row for row in after}
    gone = {}
    for row in old.meetings.order_by("status_at"):
        if (row.a_id, row.b_id) not in standing:
            gone[row.a_id, row.b_id] = Meeting(
                timetable=current,
                a_id=row.a_id,
                b_id=row.b_id,
                slot_id=row.slot_id,
                table_id=row.table_id,
                origin=row.origin,
                status=Meeting.Status.CANCELLED,
                why_cancelled=row.why_cancelled,
            )
    _with_seats(list(gone.values()), given_up=True)
    requests = list(MeetingRequest.objects.filter(meeting__timetable=old).select_related("meeting"))
    for request in requests:
        pair = (request.meeting.a_id, request.meeting.b_id)
        request.meeting = standing.get(pair) or gone[pair]
    MeetingRequest.objects.bulk_update(requests, ["meeting"])


def _show(timetable: Timetable, old: Timetable | None, by: User) -> None:
    timetable.revision += 1
    timetable.published_at, timetable.published_by = timezone.now(), by
    timetable.save(update_fields=["revision", "published_at", "published_by"])
    round_ = timetable.round
    round_.timetable, round_.status = timetable, Round.Status.PUBLISHED
    round_.published_at = round_.published_at or timetable.published_at
    round_.save(update_fields=["timetable", "status", "published_at"])


def _tell_everybody(timetable: Timetable, meetings: list[Meeting]) -> int:
    of = defaultdict(list)
    for meeting in meetings:
        of[meeting.a_id].append((meeting, meeting.b))
        of[meeting.b_id].append((meeting, meeting.a))
    everybody = list(Participant.objects.confirmed().filter(round=timetable.round))
    for participant in everybody:
        participant.round = timetable.round
        emails.send_agenda(participant=participant, meetings=of[participant.pk])
    return len(everybody)


def _tell_changes(timetable: Timetable, before: list[Meeting], after: list[Meeting]) -> int:
    told = 0
    for participant, each in changes.between(before, after).items():
        if participant.is_in:
            participant.round = timetable.round
            emails.send_agenda_changed(participant=participant, timetable=timetable, changes=each)
            told += 1
    return told

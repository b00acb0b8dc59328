"""Every change of a timetable's meetings after the solver: by hand, by request and on the day.

Each action locks the timetable's row first, so that two of them never look at the same free table. With each change the
revision grows; when participants see the timetable, those concerned are told, and nobody else.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from matchmaking import changes, emails, waiting_list
from matchmaking.models import (
    ForbiddenPair,
    Meeting,
    Participant,
    Round,
    Seat,
    Slot,
    Table,
    Timetable,
    Wish,
    ordered,
)
from matchmaking.permissions import can_run_rounds
from members.models import User
from members.permissions import insist

STAYS = (Meeting.Origin.HAND, Meeting.Origin.REQUEST)  # what people have decided is solved around


@transaction.atomic
def add(
    *,
    timetable: Timetable,
    one: Participant,
    other: Participant,
    slot: Slot,
    table: Table | None = None,
    origin: str,
    by: User | None,
) -> Meeting:
    """A new meeting with its two seats, at this table or at the first free one.

    `by` is a manager; None when two participants have agreed on it or the portal refills a slot.
    """
    _insist_on_a_manager(by)
    current = _locked(timetable)
    people = Participant.objects.in_bulk([one.pk, other.pk])
    a, b = ordered(people[one.pk], people[other.pk])
    _insist_on_a_pair(current, a, b)
    _insist_on_places_left(current, (a, b))
    _insist_on_a_free_slot(current, slot, (a, b))
    meeting = Meeting(
        timetable=current, a=a, b=b, slot=slot, table=_table(current, slot, table), origin=origin,
        is_pinned=origin in STAYS,
    )  # fmt: skip
    _insist_on_no_never(meeting)
    seats = [Seat(meeting=meeting, timetable=current, slot=slot, participant=each) for each in (a, b)]
    with _last_guard():
        meeting.save()
        Seat.objects.bulk_create(seats)
    record("matchmaking.meeting_added", by=by, on=meeting, **_facts(meeting))
    _tell(current, changes.of_both(meeting, before=None, after=changes.at(meeting)))
    return meeting


@transaction.atomic
def move(*, meeting: Meeting, slot: Slot, table: Table | None = None, by: User | None) -> Meeting:
    """To another slot or table where both have time; without a table to its own one if that is free. Twice is once."""
    _insist_on_a_manager(by)
    current = _locked(meeting.timetable)
    meeting = _planned(meeting)
    before = changes.at(meeting)
    if table is None and slot == meeting.slot:
        table = meeting.table
    if (slot, table) == before:
        return meeting
    if slot != meeting.slot:
        _insist_on_a_free_slot(current, slot, (meeting.a, meeting.b))
    wanted = table or (meeting.table if meeting.table in _free_tables(current, slot) else None)
    meeting.slot, meeting.table, meeting.status_at = slot, _table(current, slot, wanted), timezone.now()
    with _last_guard():
        meeting.save(update_fields=["slot", "table", "status_at"])
        meeting.seats.update(slot=slot)
    record("matchmaking.meeting_moved", by=by, on=meeting, **_facts(meeting), before=str(before.slot.starts_at))
    _tell(current, changes.of_both(meeting, before=before, after=changes.at(meeting)))
    return meeting


@transaction.atomic
def cancel(*, meeting: Meeting, why: str, by: User | None) -> Meeting:
    """Frees both seats and the table; both are told why. Twice is once."""
    _insist_on_a_manager(by)
    current = _locked(meeting.timetable)
    found = Meeting.objects.for_grid().get(pk=meeting.pk)
    if found.status == Meeting.Status.CANCELLED:
        return found
    _cancel(current, [_planned(found)], why=why, by=by)
    return Meeting.objects.for_grid().get(pk=meeting.pk)


@transaction.atomic
def cancel_all(*, participant: Participant, timetable: Timetable, why: str, by: User | None) -> list[Meeting]:
    """Frees every meeting of a participant that is still to be held, and fills what can be filled of the published one.

    One revision: one mail for each concerned.
    """
    with revising(timetable, by=by) as revision:
        rows = Meeting.objects.for_grid().filter(timetable=revision.timetable, status=Meeting.Status.PLANNED)
        found = list(rows.filter(Q(a=participant) | Q(b=participant), slot__starts_at__gt=timezone.now()))
        revision.give_up(found, why=why, absent=participant)
        revision.fill({meeting.slot for meeting in found}, people=left_alone(found))
    return found


def left_alone(meetings: Iterable[Meeting]) -> set[int]:
    """Everybody whose meeting is given up; who does not come is not put anywhere anyway."""
    return {pk for meeting in meetings for pk in (meeting.a_id, meeting.b_id)}


def _cancel(timetable: Timetable, meetings: list[Meeting], *, why: str, by: User | None) -> None:
    revision = Revision(timetable, by=by)
    revision.give_up(meetings, why=why)
    revision.tell()


class Revision:
    """Several changes of one timetable, of which each concerned hears once. `revising` opens one."""

    def __init__(self, timetable: Timetable, *, by: User | None) -> None:
        """Needs the timetable locked, with its round."""
        self.timetable, self.by = timetable, by
        self.parts: list[changes.Changes] = []

    def give_up(self, meetings: Collection[Meeting], *, why: str, absent: Participant | None = None) -> None:
        """Frees the seats and tables of these meetings; `absent` says whose absence does it."""
        why = why.strip()[:300]
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).update(
            status=Meeting.Status.CANCELLED, status_at=timezone.now(), why_cancelled=why, is_pinned=False, absent=absent
        )
        Seat.objects.filter(meeting__in=meetings).update(is_given_up=True)
        for meeting in meetings:
            record("matchmaking.meeting_cancelled", by=self.by, on=meeting, why=why, **_facts(meeting))
            self.parts.append(changes.of_both(meeting, before=changes.at(meeting), after=None, why=why))

    def bring_back(self, meetings: Iterable[Meeting]) -> int:
        """Lets meetings stand again where both have time and a table is free; returns how many do."""
        count = 0
        for meeting in meetings:
            free = _free_tables(self.timetable, meeting.slot)
            if not free or not self._fits(meeting):
                continue
            meeting.table = meeting.table if meeting.table in free else free[0]
            meeting.status, meeting.status_at = Meeting.Status.PLANNED, timezone.now()
            meeting.absent, meeting.why_cancelled = None, ""
            meeting.save(update_fields=["table", "status", "status_at", "absent", "why_cancelled"])
            meeting.seats.update(is_given_up=False)
            self._note("matchmaking.meeting_brought_back", meeting)
            count += 1
        return count

    def _fits(self, meeting: Meeting) -> bool:
        pair = (meeting.a, meeting.b)
        try:
            _insist_on_a_pair(self.timetable, *pair)
            _insist_on_places_left(self.timetable, pair)
            _insist_on_a_free_slot(self.timetable, meeting.slot, pair)
            _insist_on_no_never(meeting)
        except Refused:
            return False
        return True

    def fill(self, slots: Iterable[Slot], *, people: Collection[int] | None = None) -> int:
        """Seats new pairs in those of these slots that have not begun; returns how many. Drafts stay as they are.

        `people`: the ids of those who came free; one of them at least is in each pair. None means everybody.
        """
        if not _is_seen(self.timetable):
            return 0
        now = timezone.now()
        to_come = [slot for slot in slots if slot.starts_at > now]
        pairings = waiting_list.fill(self.timetable, to_come, people=people)
        meetings = [self._meeting(pairing) for pairing in pairings]
        with _last_guard():
            Meeting.objects.bulk_create(meetings)
            Seat.objects.bulk_create(
                Seat(meeting=each, timetable=self.timetable, slot=each.slot, participant=participant)
                for each in meetings
                for participant in (each.a, each.b)
            )
        for meeting in meetings:
            self._note("matchmaking.meeting_added", meeting)
        return len(meetings)

    def _meeting(self, pairing: waiting_list.Pairing) -> Meeting:
        a, b = ordered(pairing.one, pairing.other)
        return Meeting(
            timetable=self.timetable,
            a=a,
            b=b,
            slot=pairing.slot,
            table=pairing.table,
            origin=Meeting.Origin.REFILL,
        )

    def _note(self, action: str, meeting: Meeting) -> None:
        record(action, by=self.by, on=meeting, **_facts(meeting))
        self.parts.append(changes.of_both(meeting, before=None, after=changes.at(meeting)))

    def tell(self) -> None:
        """Those concerned hear of all of it at once."""
        if self.parts:
            _tell(self.timetable, changes.together(self.parts))


@contextmanager
def revising(timetable: Timetable, *, by: User | None) -> Iterator[Revision]:
    """Holds the timetable for several changes; at the end each concerned is told of them in one mail."""
    _insist_on_a_manager(by)
    with transaction.atomic():
        revision = Revision(_locked(timetable), by=by)
        yield revision
        revision.tell()


@transaction.atomic
def pin(*, meeting: Meeting, pinned: bool = True, by: User) -> Meeting:
    """Solving again leaves a pinned meeting where it is. Twice is once."""
    insist(can_run_rounds(by))
    _locked(meeting.timetable)
    meeting = _planned(meeting)
    if meeting.is_pinned != pinned:
        meeting.is_pinned = pinned
        meeting.save(update_fields=["is_pinned"])
        record("matchmaking.meeting_pinned" if pinned else "matchmaking.meeting_unpinned", by=by, on=meeting)
    return meeting


@transaction.atomic
def forbid(*, one: Participant, other: Participant, timetable: Timetable | None = None, by: User) -> ForbiddenPair:
    """Keeps two apart from now on, and takes their meeting out of this timetable. Twice is once."""
    insist(can_run_rounds(by))
    a, b = ordered(one, other)
    if a.round_id != b.round_id or a == b:
        raise Refused(_("Choose two participants of the same round."))
    pair, is_new = ForbiddenPair.objects.get_or_create(a=a, b=b, defaults={"by": by})
    if is_new:
        record("matchmaking.pair_forbidden", by=by, on=pair, a=a.company, b=b.company)
    if timetable is not None:
        meeting = Meeting.objects.filter(timetable=timetable, a=a, b=b, status=Meeting.Status.PLANNED).first()
        if meeting:
            cancel(meeting=meeting, why="", by=by)
    return pair


@transaction.atomic
def allow(*, pair: ForbiddenPair, by: User) -> None:
    """Two may be put together again. Twice is once."""
    insist(can_run_rounds(by))
    if ForbiddenPair.objects.filter(pk=pair.pk).exists():
        record("matchmaking.pair_allowed", by=by, on=pair, a=pair.a.company, b=pair.b.company)
        ForbiddenPair.objects.filter(pk=pair.pk).delete()


def _free_tables(timetable: Timetable, slot: Slot) -> list[Table]:
    taken = Meeting.objects.standing().filter(timetable=timetable, slot=slot).values("table")
    return list(Table.objects.filter(round=timetable.round_id).exclude(pk__in=taken).order_by("number"))


# What must hold


def _insist_on_a_manager(by: User | None) -> None:
    if by is not None:
        insist(can_run_rounds(by))


def _locked(timetable: Timetable) -> Timetable:
    """The timetable's row, held until the end, with its round."""
    current = Timetable.objects.select_for_update(no_key=True).get(pk=timetable.pk)
    # Asked for after the wait: joined to the lock, the round would be as it was before.
    current.round = Round.objects.get(pk=current.round_id)
    if current.status != Timetable.Status.DONE:
        raise Refused(_("This timetable is not made yet. Wait until it is done."))
    if current.round.is_past:
        raise Refused(_("This round is over. Its meetings stay as they are."))
    return current


def _planned(meeting: Meeting) -> Meeting:
    found = Meeting.objects.for_grid().get(pk=meeting.pk)
    if found.status == Meeting.Status.CANCELLED:
        raise Refused(_("This meeting is cancelled."))
    if found.status != Meeting.Status.PLANNED:
        raise Refused(_("This meeting is over. It stays as it is."))
    return found


def _insist_on_a_pair(timetable: Timetable, a: Participant, b: Participant) -> None:
    """They take part, may meet each other, and do not yet."""
    if a == b or {a.round_id, b.round_id} != {timetable.round_id}:
        raise Refused(_("Choose two participants of this round."))
    for each in (a, b):
        if not each.is_in:
            raise Refused(_("%(company)s does not take part.") % {"company": each.company})
    if Meeting.objects.standing().filter(timetable=timetable, a=a, b=b).exists():
        raise Refused(_("These two have a meeting already."))
    if ForbiddenPair.objects.filter(a=a, b=b).exists():
        raise Refused(_("The cluster team keeps these two apart. Allow them to meet first."))
    a.round = timetable.round
    if not Participant.objects.who_may_meet(a).filter(pk=b.pk).exists():
        raise Refused(_("The rules of this round do not let these two meet."))


def _insist_on_no_never(meeting: Meeting) -> None:
    """Asked last, so that whatever else is refused is refused in the same words as without a never.

    Managers are offered no such pair: only one who chooses "not for us" just now comes here.
    """
    a, b = meeting.a, meeting.b
    never = Wish.objects.filter(Q(participant=a, other=b) | Q(participant=b, other=a), kind=Wish.Kind.NEVER)
    # Two who have agreed on it have thought again.
    if meeting.origin != Meeting.Origin.REQUEST and never.exists():
        raise Refused(not_offered())


def not_offered() -> str:
    """The same words whether no ballot and no profile speaks for a pair, or one of the two never wants it."""
    return _("These two are not offered. Choose another company from the list.")


def _insist_on_places_left(timetable: Timetable, people: Iterable[Participant]) -> None:
    for each in people:
        most = timetable.round.quota if each.quota is None else each.quota
        if Seat.objects.standing().filter(timetable=timetable, participant=each).count() >= most:
            words = {"company": each.company, "most": most}
            raise Refused(_("%(company)s has %(most)s meetings, which is the most.") % words)


def _insist_on_a_free_slot(timetable: Timetable, slot: Slot, people: Iterable[Participant]) -> None:
    if slot.round_id != timetable.round_id:
        raise Refused(_("Choose a slot of this round."))
    for each in people:
        words = {"company": each.company, "slot": slot}
        if Seat.objects.standing().filter(timetable=timetable, slot=slot, participant=each).exists():
            raise Refused(_("%(company)s has another meeting at %(slot)s.") % words)
        if each.away.filter(pk=slot.pk).exists() or (each.arrives_at and slot.starts_at < each.arrives_at):
            raise Refused(_("%(company)s is not there at %(slot)s.") % words)
        if each.no_show_at:
            raise Refused(_("%(company)s has not come.") % words)


def _table(timetable: Timetable, slot: Slot, wanted: Table | None) -> Table:
    free = _free_tables(timetable, slot)
    if wanted is not None and wanted not in free:
        raise Refused(_("%(table)s is taken at %(slot)s.") % {"table": wanted, "slot": slot})
    if not free:
        raise Refused(_("No table is free at %(slot)s.") % {"slot": slot})
    return wanted or free[0]


@contextmanager
def _last_guard() -> Iterator[None]:
    """The database refuses what another process wrote in the meantime; people get a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refused(_("Somebody has changed this timetable in the meantime. Look at it again.")) from None


# What follows


def _facts(meeting: Meeting) -> dict[str, object]:
    return {
        "timetable": meeting.timetable_id,
        "a": meeting.a.company,
        "b": meeting.b.company,
        "slot": meeting.slot.starts_at,
        "table": meeting.table.number,
    }


def _tell(timetable: Timetable, changed: changes.Changes) -> None:
    """A new revision; of the timetable that participants see, those concerned who still take part hear."""
    timetable.revision += 1
    timetable.save(update_fields=["revision"])
    round_ = timetable.round
    if _is_seen(timetable):
        for participant, each in changed.items():
            if participant.is_in:
                participant.round = round_
                emails.send_agenda_changed(participant=participant, timetable=timetable, changes=each)


def _is_seen(timetable: Timetable) -> bool:
    """It is the one that participants see."""
    round_ = timetable.round
    return round_.status == Round.Status.PUBLISHED and round_.timetable_id == timetable.pk

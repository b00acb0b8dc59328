"""The tables of a round: how many, in which rooms, with which video links; also while people hold their agendas."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from matchmaking import changes
from matchmaking.actions.meetings import Revision, revising
from matchmaking.models import Meeting, Round, Table
from matchmaking.permissions import can_run_rounds
from members.models import User
from members.permissions import insist

Tables = Sequence[tuple[str, str]]
CHANGEABLE = frozenset({Round.Status.PLANNED, Round.Status.OPEN, Round.Status.PUBLISHED})


@transaction.atomic
def set_tables(*, round_: Round, tables: Tables, by: User) -> int:
    """Numbers the tables anew, each with its room and its video link; returns how many are told of it.

    A meeting at a table that goes moves to one that is free then; where none is, nothing changes. What drafts have put
    at such a table is taken out. Once the timetable is published, those whose table, room or link changes get a mail.
    """
    insist(can_run_rounds(by))
    current = Round.objects.select_for_update().get(pk=round_.pk)
    if current.status not in CHANGEABLE:
        words = {"state": current.get_status_display().lower()}
        raise Refused(_("This round is %(state)s. Its tables stay as they are.") % words)
    if not tables:
        raise Refused(_("Say how many tables there are."))
    is_out = current.status == Round.Status.PUBLISHED
    if is_out:
        _insist_on_links(current, tables)
    elsewhere: set[int] = set()
    if current.timetable is None:
        _write(current, tables)
    else:
        with revising(current.timetable, by=by) as revision:
            elsewhere = _change(revision, tables)
    told = len(elsewhere) if is_out else 0
    record("matchmaking.tables_set", by=by, on=current, tables=len(tables), told=told)
    return told


def _insist_on_links(round_: Round, tables: Tables) -> None:
    if round_.place == Round.Place.ONLINE and not all(link for _room, link in tables):
        raise Refused(_("Give each table a video link, as the round is online."))


def _write(round_: Round, tables: Tables) -> None:
    kept = Meeting.objects.filter(timetable=round_.timetable_id) if round_.timetable_id else Meeting.objects.none()
    surplus = round_.tables.filter(number__gt=len(tables))
    Meeting.objects.filter(table__in=surplus).exclude(pk__in=kept.values("pk")).delete()
    surplus.delete()
    Table.objects.bulk_create(
        [
            Table(round=round_, number=number, room=room, link=link)
            for number, (room, link) in enumerate(tables, start=1)
        ],
        update_conflicts=True,
        unique_fields=["round", "number"],
        update_fields=["room", "link"],
    )


def _change(revision: Revision, tables: Tables) -> set[int]:
    """The tables under a timetable that people see; returns who has a meeting elsewhere now."""
    timetable = revision.timetable
    to_come = list(Meeting.objects.to_come().filter(timetable=timetable).for_grid())
    before = {meeting.pk: changes.at(meeting) for meeting in to_come}
    _clear(revision, to_come, len(tables))
    _write(timetable.round, tables)
    now = {table.pk: table for table in timetable.round.tables.all()}
    elsewhere = [meeting for meeting in to_come if _differs(before[meeting.pk].table, now[meeting.table_id])]
    for meeting in elsewhere:
        meeting.table, meeting.status_at = now[meeting.table_id], timezone.now()
        revision.parts.append(changes.of_both(meeting, before=before[meeting.pk], after=changes.at(meeting)))
    Meeting.objects.bulk_update(elsewhere, ["status_at"])
    return {pk for meeting in elsewhere for pk in (meeting.a_id, meeting.b_id)}


def _differs(one: Table, other: Table) -> bool:
    return (one.number, one.room, one.link) != (other.number, other.room, other.link)


def _clear(revision: Revision, to_come: list[Meeting], number: int) -> None:
    """Nothing of the timetable stands at a table behind this number any more."""
    there = Meeting.objects.filter(timetable=revision.timetable, table__number__gt=number)
    if not there.exists():
        return
    if there.standing().exclude(pk__in=[meeting.pk for meeting in to_come]).exists():
        raise Refused(_("Meetings have begun at a table that would go. Keep tables that were used."))
    stays = list(revision.timetable.round.tables.filter(number__lte=number).order_by("number"))
    taken = {(meeting.slot_id, meeting.table_id): meeting for meeting in to_come}
    for meeting in to_come:
        if meeting.table.number > number:
            meeting.table = _free(meeting, stays, taken)
            taken[meeting.slot_id, meeting.table_id] = meeting
            meeting.save(update_fields=["table"])
    # Where a cancelled meeting would have been matters to nobody, and a table cannot go while one names it.
    there.filter(status=Meeting.Status.CANCELLED).update(table=stays[0])


def _free(meeting: Meeting, tables: Sequence[Table], taken: Mapping[tuple[int, int], Meeting]) -> Table:
    for table in tables:
        if (meeting.slot_id, table.pk) not in taken:
            return table
    words = {"a": meeting.a, "b": meeting.b, "slot": meeting.slot, "table": meeting.table}
    raise Refused(
        _("%(table)s is needed at %(slot)s, for %(a)s and %(b)s. Keep it, or move or cancel that meeting first.")
        % words
    )

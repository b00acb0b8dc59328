"""The day itself: who is here, who is late, who does not come, who walks in; and the timetable that follows at once."""

from datetime import datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from matchmaking import affinity
from matchmaking.actions.meetings import Revision, left_alone, revising
from matchmaking.models import Meeting, Participant, Round, Seat
from matchmaking.permissions import can_run_rounds
from members.models import Organisation, User
from members.permissions import insist

AS_EXPECTED = {"checked_in_at": None, "arrives_at": None, "no_show_at": None}


class Followed(NamedTuple):
    """What became of the timetable: meetings freed, brought back and newly filled."""

    freed: int = 0
    back: int = 0
    filled: int = 0


@transaction.atomic
def check_in(*, participant: Participant, by: User) -> Followed:
    """Is here. Twice is once."""
    return _set(participant, "matchmaking.checked_in", by=by, checked_in_at=timezone.now())


@transaction.atomic
def no_show(*, participant: Participant, by: User) -> Followed:
    """Does not come: every meeting to come is freed, and filled where somebody waits. Twice is once."""
    return _set(participant, "matchmaking.no_show", by=by, no_show_at=timezone.now())


@transaction.atomic
def expect_late(*, participant: Participant, until: datetime, by: User) -> Followed:
    """Comes at this time: meetings before it are freed, later ones stay. Twice is once."""
    if until <= timezone.now():
        raise Refused(_("This time has passed. Choose a later one, or tap Here."))
    return _set(participant, "matchmaking.late", by=by, arrives_at=until)


@transaction.atomic
def expect(*, participant: Participant, by: User) -> Followed:
    """Takes back what was tapped: expected again, as before the day. What was freed comes back where it can."""
    return _set(participant, "matchmaking.expected", by=by)


def _set(participant: Participant, action: str, *, by: User, **state: datetime) -> Followed:
    insist(can_run_rounds(by))
    with revising(_running(participant.round), by=by) as revision:
        current = Participant.objects.select_for_update().get(pk=participant.pk)
        if not current.is_in:
            raise Refused(_("%(company)s does not take part.") % {"company": current.company})
        told = AS_EXPECTED | state
        if _is_already(current, told):
            return Followed()
        was_here = current.checked_in_at is not None
        for name, value in told.items():
            setattr(current, name, value)
        current.save(update_fields=list(told))
        record(action, by=by, on=current, organisation_id=current.organisation_id, **state)
        _correct_what_has_begun(current, revision, was_here=was_here)
        return _follow(current, revision)


def _running(round_: Round):
    """The published timetable of a round on its day."""
    if round_.status != Round.Status.PUBLISHED or round_.timetable is None:
        raise Refused(_("The day begins once the timetable is published."))
    return round_.timetable


def _is_already(current: Participant, told: dict[str, datetime | None]) -> bool:
    """The same was said before. When somebody came, or was given up, is not counted anew by a second tap."""
    if told["arrives_at"] != current.arrives_at:
        return False
    return all(bool(told[name]) == bool(getattr(current, name)) for name in ("checked_in_at", "no_show_at"))


def _follow(current: Participant, revision: Revision) -> Followed:
    """Frees the meetings that this participant will miss, brings back those it will not, and fills what is free."""
    now = timezone.now()
    there_from = None if current.no_show_at else max(current.arrives_at or now, now)
    rows = Meeting.objects.for_grid().filter(timetable=revision.timetable, slot__starts_at__gt=now)
    own = rows.filter(Q(a=current) | Q(b=current))
    missed = list(own.filter(_before(there_from), status=Meeting.Status.PLANNED))
    freed = list(own.filter(~_before(there_from), status=Meeting.Status.CANCELLED, absent=current))
    if missed:
        revision.give_up(missed, why=_why(current, revision), absent=current)
    back = revision.bring_back(freed)
    changed = [*missed, *freed]
    filled = revision.fill({meeting.slot for meeting in changed}, people=left_alone(changed))
    return Followed(len(missed), back, filled)


def _before(there_from: datetime | None) -> Q:
    return Q(slot__starts_at__lt=there_from) if there_from else Q(pk__isnull=False)


def _why(current: Participant, revision: Revision) -> str:
    words = {"company": current.company}
    if current.no_show_at:
        return _("%(company)s has not come.") % words
    words["time"] = f"{timezone.localtime(current.arrives_at, revision.timetable.round.zone):%H:%M}"
    return _("%(company)s is late, until %(time)s.") % words


def _correct_what_has_begun(current: Participant, revision: Revision, *, was_here: bool) -> None:
    """Who never came has missed the meetings that have begun; who came after all has not, unless somebody said so."""
    rows = Meeting.objects.filter(timetable=revision.timetable, slot__starts_at__lte=timezone.now())
    own = rows.filter(Q(a=current) | Q(b=current))
    if current.no_show_at and not was_here:
        missed = own.filter(status=Meeting.Status.PLANNED)
        missed.update(status=Meeting.Status.NO_SHOW, status_at=timezone.now(), absent=current)
    elif not current.no_show_at:
        said = Seat.objects.exclude(held="").values("meeting")
        wrong = own.filter(status=Meeting.Status.NO_SHOW, absent=current).exclude(pk__in=said)
        wrong.update(status=Meeting.Status.PLANNED, status_at=timezone.now(), absent=None)


@transaction.atomic
def walk_in(*, round_: Round, cluster: Organisation, email: str, by: User, **facts: str) -> Participant:
    """Somebody who was not on the list is here and free from now on. The same person twice is once."""
    insist(can_run_rounds(by))
    timetable, email = _running(round_), email.strip().lower()
    known = Participant.objects.filter(round=round_, email=email).order_by("-is_walk_in", "pk").first()
    if known:
        if known.is_walk_in and known.company == facts["company"]:
            return known
        words = {"email": email, "company": known.company}
        raise Refused(_("%(email)s is on the list already, for %(company)s. Search for the name.") % words)
    if not (cluster.is_home or round_.partners.filter(organisation=cluster).exists()):
        raise Refused(_("Choose a cluster of this round."))
    participant = _walked_in(round_, cluster, email, facts)
    record("matchmaking.walked_in", by=by, on=participant, organisation_id=cluster.pk)
    affinity.compute(round_)
    with revising(timetable, by=by) as revision:
        revision.fill(round_.slots.all(), people={participant.pk})
    return participant


def _walked_in(round_: Round, cluster: Organisation, email: str, facts: dict[str, str]) -> Participant:
    now = timezone.now()
    try:
        with transaction.atomic():
            participant = Participant.objects.create(
                round=round_,
                cluster=cluster,
                email=email,
                country=cluster.country,
                time_zone=round_.time_zone,
                status=Participant.Status.CONFIRMED,
                is_walk_in=True,
                checked_in_at=now,
                **facts,
            )
    except IntegrityError:
        raise Refused(_("Somebody has just written this person down. Search for the name.")) from None
    participant.away.set(round_.slots.filter(starts_at__lte=now))
    return participant


@transaction.atomic
def refill(*, round_: Round, by: User) -> int:
    """Puts together who is there and free, in every slot that has not begun. Nobody else moves. Returns how many."""
    insist(can_run_rounds(by))
    with revising(_running(round_), by=by) as revision:
        filled = revision.fill(round_.slots.all())
    if filled:
        record("matchmaking.refilled", by=by, on=round_, count=filled)
    return filled


MARKS = (Meeting.Status.HELD, Meeting.Status.NO_SHOW, Meeting.Status.PLANNED)


@transaction.atomic
def mark(*, meeting: Meeting, status: str, by: User) -> None:
    """Notes from the table that a meeting was held, that somebody did not come, or neither. Twice is once."""
    insist(can_run_rounds(by))
    current = Meeting.objects.select_for_update(of=["self"]).select_related("slot").get(pk=meeting.pk)
    if current.status == Meeting.Status.CANCELLED:
        raise Refused(_("This meeting was cancelled."))
    if current.slot.starts_at > timezone.now():
        raise Refused(_("This meeting has not begun yet."))
    if status not in MARKS:
        raise Refused(_("Choose whether the meeting was held."))
    if status != current.status:
        Meeting.objects.filter(pk=current.pk).update(status=status, status_at=timezone.now(), absent=None)
        record("matchmaking.meeting_marked", by=by, on=current, status=status)

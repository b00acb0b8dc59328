"""Setting a round up, and its way from planning to its end."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import Refused, record
from core.clocks import moment_in
from core.slugs import free_slug
from matchmaking import affinity, announcing, emails, readiness, slots
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, Session, Slot
from matchmaking.permissions import can_run_rounds
from members.models import User
from members.permissions import insist
from programme.actions.aims import insist_on_citable

# First words of the room's own addresses, which no round's address may be.
RESERVED_SLUGS = frozenset({"new", "p"})
# What may still change when people hold their timetable in hands.
WORDS = frozenset({"name", "aim", "venue", "goal", "why_no_goal"})
BEFORE_THE_TIMETABLE = (Round.Status.PLANNED, Round.Status.OPEN)


# The round itself


@transaction.atomic
def add_round(*, by: User, **facts: object) -> Round:
    """Begins a round: nobody is told of it before it is opened."""
    insist(can_run_rounds(by))
    insist_on_citable(facts.get("goal"))
    slug = free_slug(Round, str(facts["name"]), RESERVED_SLUGS)
    try:
        with transaction.atomic():
            round_ = Round.objects.create(slug=slug, created_by=by, **facts)
    except IntegrityError:
        raise Refused(_("There is a round named %(name)s already.") % {"name": facts["name"]}) from None
    record("matchmaking.round_added", by=by, on=round_)
    return round_


@transaction.atomic
def change_round(*, round_: Round, by: User, **facts: object) -> list[str]:
    """Changes what is given and returns which did change. Under a published timetable only its words can."""
    insist(can_run_rounds(by))
    current = _locked(round_)
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if not changed:
        return []
    insist_on_citable(changed.get("goal"))
    if current.status not in BEFORE_THE_TIMETABLE and set(changed) - WORDS:
        raise Refused(_("The timetable is published. Only the name, the aim, the goal and the venue can change now."))
    if "time_zone" in changed and current.sessions.exists():
        raise Refused(_("The programme is on the clocks of the old time zone. Remove its sessions first."))
    try:
        with transaction.atomic():
            Round.objects.filter(pk=current.pk).update(**changed)
    except IntegrityError:
        raise Refused(_("There is a round named %(name)s already.") % {"name": facts["name"]}) from None
    event = record("matchmaking.round_changed", by=by, on=current, fields=sorted(changed))
    if "meets" in changed:
        affinity.ask_for(current)
    if "venue" in changed and current.status == Round.Status.PUBLISHED:
        rows = Participant.objects.confirmed().filter(round=current).select_related("cluster", "round")
        for participant in rows.with_span():
            emails.send_round_venue(participant=participant, change=event.pk)
    return sorted(changed)


def _locked(round_: Round) -> Round:
    """The round's row, held until the end: what depends on its state is decided once."""
    return Round.objects.select_for_update().get(pk=round_.pk)


# The programme


@transaction.atomic
def add_session(
    *, round_: Round, kind: str, name: str, starts_at: datetime, ends_at: datetime,
    slot_minutes: int = 20, pause_minutes: int = 5, by: User,
) -> Session:  # fmt: skip
    """Adds a session and cuts it into slots; a break has none. It may not overlap with another session."""
    current = _open_programme(round_, by)
    _insist_on_time(current, starts_at, ends_at)
    session = Session.objects.create(
        round=current,
        kind=kind,
        name=name,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=slot_minutes,
        pause_minutes=pause_minutes,
    )
    if kind == Session.Kind.MEETINGS:
        spans = list(slots.cut(starts_at, ends_at, minutes=slot_minutes, pause=pause_minutes))
        if not spans:
            words = {"minutes": slot_minutes}
            raise Refused(_("No meeting of %(minutes)s minutes fits in. Make the session longer.") % words)
        Slot.objects.bulk_create(
            Slot(round=current, session=session, starts_at=begin, ends_at=end) for begin, end in spans
        )
    record("matchmaking.session_added", by=by, on=session, round=current.name)
    return session


def _open_programme(round_: Round, by: User) -> Round:
    insist(can_run_rounds(by))
    current = _locked(round_)
    if current.status not in BEFORE_THE_TIMETABLE:
        words = {"state": current.get_status_display().lower()}
        raise Refused(_("This round is past its planning (%(state)s). Its programme stays as it is.") % words)
    return current


def _insist_on_time(round_: Round, starts_at: datetime, ends_at: datetime) -> None:
    if starts_at >= ends_at:
        raise Refused(_("A session ends after it begins, on the same day. For a night, add two sessions."))
    other = round_.sessions.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).order_by("starts_at").first()
    if other:
        words = {"other": other.name, "begin": moment_in(other.starts_at, round_.time_zone)}
        raise Refused(_("It overlaps with “%(other)s”, which begins %(begin)s. Choose another time.") % words)
    if starts_at < round_.choose_until:
        words = {"until": moment_in(round_.choose_until, round_.time_zone)}
        raise Refused(_("People choose until %(until)s. Begin later, or move that deadline.") % words)


@transaction.atomic
def remove_session(*, session: Session, by: User) -> None:
    """Takes a session and its slots out of the programme, with what drafts have put there. Twice is once."""
    current = _open_programme(session.round, by)
    _insist_on_no_meetings(current, session)
    waiting = MeetingRequest.objects.waiting().filter(slot__session=session).count()
    if waiting:
        raise Refused(
            ngettext(
                "%(n)s request waits for an answer in this session. Wait for it first.",
                "%(n)s requests wait for answers in this session. Wait for them first.",
                waiting,
            )
            % {"n": waiting}
        )
    Meeting.objects.filter(slot__session=session).delete()
    if Session.objects.filter(pk=session.pk).exists():
        record("matchmaking.session_removed", by=by, on=session, round=current.name)
        Session.objects.filter(pk=session.pk).delete()


def _insist_on_no_meetings(round_: Round, session: Session) -> None:
    """What people see in their timetable already is not taken from under them."""
    standing = Meeting.objects.standing().filter(timetable=round_.timetable_id, slot__session=session).count()
    if round_.timetable_id and standing:
        raise Refused(
            ngettext(
                "%(n)s meeting that people see in their agenda stands there. Cancel it first.",
                "%(n)s meetings that people see in their agendas stand there. Cancel them first.",
                standing,
            )
            % {"n": standing}
        )


# From planning to the end


def _move(round_: Round, to: str, *, by: User, note: str, **changes: object) -> None:
    """To another state, if the round may go there from where it is."""
    insist(can_run_rounds(by))
    before = [status for status, following in Round.TRANSITIONS.items() if to in following]
    if not Round.objects.filter(pk=round_.pk, status__in=before).update(status=to, **changes):
        round_.refresh_from_db(fields=["status"])
        words = {"round": round_, "state": round_.get_status_display().lower()}
        raise Refused(_("%(round)s is in another state already: %(state)s.") % words)
    round_.refresh_from_db()
    record(f"matchmaking.round_{note}", by=by, on=round_)


@transaction.atomic
def open_round(*, round_: Round, by: User) -> None:
    """Lets people sign up and choose; everybody who was put on the list gets the invitation now."""
    insist(can_run_rounds(by))
    if left := readiness.missing(_locked(round_)):
        raise Refused(" ".join(left))
    _move(round_, Round.Status.OPEN, by=by, note="opened")
    announcing.to_partners(round_)
    announcing.after_commit()


@transaction.atomic
def plan_again(*, round_: Round, by: User) -> None:
    """Back to planning: nobody can choose until it is opened again. What was answered is kept."""
    _move(round_, Round.Status.PLANNED, by=by, note="planned_again")


@transaction.atomic
def cancel_round(*, round_: Round, why: str, by: User) -> None:
    """The round does not take place; everybody who was invited is told, in these words."""
    _move(round_, Round.Status.CANCELLED, by=by, note="cancelled", why_cancelled=why)
    announcing.of_cancelled_to_partners(round_)
    announcing.after_commit()


@transaction.atomic
def finish_round(*, round_: Round, by: User) -> None:
    """The meetings are over; what follows is asked of the participants."""
    insist(can_run_rounds(by))
    last = round_.slots.order_by("-ends_at").first()
    if last and last.starts_at > timezone.now():
        words = {"at": moment_in(last.starts_at, round_.time_zone)}
        raise Refused(_("The last meeting begins %(at)s. Finish the round after it.") % words)
    _move(round_, Round.Status.OVER, by=by, note="finished")


@transaction.atomic
def open_again(*, round_: Round, by: User) -> None:
    """Takes the end back: meetings can be changed and marked again. Nobody is told, nor asked a second time."""
    insist(can_run_rounds(by))
    current = _locked(round_)
    if current.status != Round.Status.OVER:
        words = {"round": current, "state": current.get_status_display().lower()}
        raise Refused(_("%(round)s is not over: %(state)s.") % words)
    _move(round_, Round.Status.PUBLISHED, by=by, note="opened_again")

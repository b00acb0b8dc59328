"""Where a round stands: its six steps, each with its numbers and the one next thing to do."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.clocks import day_and_time, moment_in, span_in
from matchmaking import readiness
from matchmaking.models import MeetingRequest, Participant, Round, Seat


class Numbers(NamedTuple):
    """What the steps count, read once."""

    sessions: int
    slots: int
    tables: int
    partners: int
    people: dict[str, int]
    waiting_requests: int
    drafts: int
    seats: int
    told: int
    missing: list[str]


class Said(NamedTuple):
    """What a step says: its numbers in a sentence or two, and the next thing to do."""

    numbers: str
    todo: str = ""


def numbers(round_: Round) -> Numbers:
    """The figures of a round in a constant number of queries."""
    status = Participant.Status
    people = round_.participants.aggregate(
        **{each.value: Count("pk", filter=Q(status=each)) for each in status},
        ballots=Count("pk", filter=Q(status=status.CONFIRMED, chosen_at__isnull=False)),
        silent=Count("pk", filter=Q(status=status.INVITED, reminded_at__isnull=False)),
        here=Count("pk", filter=Q(checked_in_at__isnull=False)),
        no_shows=Count("pk", filter=Q(no_show_at__isnull=False)),
    )
    seats = Seat.objects.standing().filter(timetable=round_.timetable_id) if round_.is_out else Seat.objects.none()
    told = seats.aggregate(seats=Count("pk"), told=Count("told_at"))
    return Numbers(
        sessions=round_.sessions.count(),
        slots=round_.slots.count(),
        tables=round_.tables.count(),
        partners=round_.partners.count(),
        people=people,
        waiting_requests=MeetingRequest.objects.waiting().filter(sender__round=round_).count(),
        drafts=round_.timetables.filter(status="done").count(),
        missing=readiness.missing(round_) if round_.status == Round.Status.PLANNED else [],
        **told,
    )


def _set_up(round_: Round, count: Numbers) -> Said:
    words = {
        "slots": ngettext("%(n)s slot", "%(n)s slots", count.slots) % {"n": count.slots},
        "tables": ngettext("%(n)s table", "%(n)s tables", count.tables) % {"n": count.tables},
    }
    if not count.slots or not count.tables:
        return Said(_("%(slots)s and %(tables)s so far.") % words, _("Add sessions"))
    words["most"] = count.slots * count.tables
    return Said(_("%(slots)s at %(tables)s: room for %(most)s meetings.") % words, _("See it"))


def _invite(round_: Round, count: Numbers) -> Said:
    people = count.people
    words = {
        "all": sum(people[each] for each in Participant.Status.values),
        "in": people["confirmed"],
        "open": people["invited"],
        "no": people["declined"] + people["withdrawn"],
        "partners": ngettext("%(n)s partner", "%(n)s partners", count.partners) % {"n": count.partners},
        "until": day_and_time(round_.register_until, round_.time_zone),
    }
    if not words["all"] and not count.partners:
        return Said(_("Nobody is on the list yet."), _("Invite"))
    if round_.status == Round.Status.PLANNED:
        told = _("%(all)s on the list, %(partners)s. The mails go out when you open the round.")
        return Said(told % words, _("Invite more"))
    told = (
        _("%(in)s of %(all)s take part, %(open)s have not answered, %(no)s declined or left. Sign-up until %(until)s.")
        % words
    )
    if silent := people["silent"]:
        told += " " + _silent(silent)
    return Said(told, _("See who is silent") if people["invited"] and round_.takes_sign_ups else _("See the list"))


def _silent(count: int) -> str:
    return ngettext("%(n)s is silent after a reminder.", "%(n)s are silent after a reminder.", count) % {"n": count}


def _choose(round_: Round, count: Numbers) -> Said:
    told, confirmed = [], count.people["confirmed"]
    if not confirmed:
        told.append(_("Nobody takes part yet."))
    elif round_.takes_ballots:
        words = {"in": count.people["ballots"], "all": confirmed, "missing": confirmed - count.people["ballots"]}
        told.append(_("%(in)s of %(all)s ballots are in, %(missing)s missing.") % words)
    if round_.takes_requests:
        told.append(
            ngettext("%(n)s request waits for an answer.", "%(n)s requests wait for an answer.", count.waiting_requests)
            % {"n": count.waiting_requests}
        )
    told.append(_("Choosing ends %(until)s.") % {"until": day_and_time(round_.choose_until, round_.time_zone)})
    todo = _("See who is missing") if round_.takes_ballots else _("See the list")
    return Said(" ".join(told), todo if confirmed else "")


def _timetable(round_: Round, count: Numbers) -> Said:
    if round_.published_at:
        words = {"at": day_and_time(round_.published_at, round_.time_zone)}
        return Said(_("Published %(at)s.") % words, _("See the timetable"))
    if not count.drafts:
        return Said(_("No draft yet."), _("Make a timetable"))
    return Said(ngettext("%(n)s draft.", "%(n)s drafts.", count.drafts) % {"n": count.drafts}, _("Review the drafts"))


def _day(round_: Round, count: Numbers) -> Said:
    span = round_.slots.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    if not span["first"]:
        return Said(_("The programme says when."))
    told = span_in(span["first"], span["last"], round_.time_zone) + "."
    if count.people["here"]:
        words = {"here": count.people["here"], "all": count.people["confirmed"], "gone": count.people["no_shows"]}
        told += " " + _("%(here)s of %(all)s have come, %(gone)s did not.") % words
    return Said(told, _("Open the day"))


def _after(round_: Round, count: Numbers) -> Said:
    if not count.seats:
        return Said(_("Feedback after the meetings, then after 3 and 12 months."))
    words = {"told": count.told, "all": count.seats}
    return Said(_("%(told)s of %(all)s answers on the meetings are in.") % words, _("See the results"))


class Step(NamedTuple):
    """A step of the way; its page is empty until there is one."""

    key: str
    title: str
    say: Callable[[Round, Numbers], Said]
    page: str
    query: str = ""


STEPS = (
    Step("set_up", gettext_lazy("Set up"), _set_up, "matchmaking:programme"),
    Step("invite", gettext_lazy("Invite"), _invite, "matchmaking:participants", "?status=invited"),
    Step("choose", gettext_lazy("Choose"), _choose, "matchmaking:participants", "?ballot=missing"),
    Step("timetable", gettext_lazy("Timetable"), _timetable, "matchmaking:timetables"),
    Step("day", gettext_lazy("The day"), _day, "matchmaking:day"),
    Step("after", gettext_lazy("After"), _after, "matchmaking:results"),
)


def current_step(round_: Round, count: Numbers) -> str:
    """Where the organiser is needed now; nowhere once the round is cancelled."""
    if round_.status == Round.Status.PLANNED:
        return "set_up" if not count.slots or not count.tables else "invite"
    if round_.status == Round.Status.OPEN:
        if round_.takes_sign_ups:
            return "invite"
        return "choose" if timezone.now() <= round_.choose_until else "timetable"
    return {Round.Status.PUBLISHED: "day", Round.Status.OVER: "after"}.get(Round.Status(round_.status), "")


def steps(round_: Round, count: Numbers) -> list[dict[str, object]]:
    """The six steps as the page shows them."""
    current = current_step(round_, count)
    at = next((number for number, step in enumerate(STEPS) if step.key == current), -1)
    shown = []
    for number, step in enumerate(STEPS):
        state = "current" if number == at else "done" if number < at else "todo"
        said = step.say(round_, count)._asdict()
        shown.append(
            {"number": number + 1, "label": step.title, "state": state, "url": _url(step, round_, count)} | said
        )
    return shown


def _url(step: Step, round_: Round, count: Numbers) -> str:
    """Where a step is worked on; while the round is set up, only what belongs to that."""
    is_planned = round_.status == Round.Status.PLANNED
    if not step.page or (is_planned and step.key not in {"set_up", "invite"}):
        return ""
    return reverse(step.page, args=[round_.slug]) + ("" if is_planned else _query(step, round_, count))


def _query(step: Step, round_: Round, count: Numbers) -> str:
    is_needed = {"invite": bool(count.people["invited"]), "choose": round_.takes_ballots}
    return step.query if is_needed.get(step.key) else ""


def facts(round_: Round) -> list[dict[str, object]]:
    """What is agreed on, for the side of the page."""
    sides = [{"label": _("Sides"), "value": f"{round_.side_a}, {round_.side_b}" if round_.side_a else ""}]
    zone = round_.time_zone
    return [
        {"label": _("Where"), "value": round_.get_place_display(), "note": round_.venue},
        {"label": _("Meetings"), "value": round_.get_mode_display()},
        {"label": _("Who may meet"), "value": round_.get_meets_display()},
        *sides,
        {
            "label": _("Each has"),
            "value": _("%(least)s to %(most)s meetings") % {"least": round_.minimum, "most": round_.quota},
        },
        {"label": _("Sign up until"), "value": moment_in(round_.register_until, zone)},
        {"label": _("Choose until"), "value": moment_in(round_.choose_until, zone)},
    ]

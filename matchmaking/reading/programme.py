"""A round's programme on its clocks: sessions with their slots, tables, and what they hold."""

from collections import Counter
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.portal import clock, day_in
from core.zones import label
from matchmaking.models import Participant, Round, Session


def programme(round_: Round) -> dict[str, object]:
    """Everything that the page of the programme shows, in a constant number of queries."""
    sessions = list(round_.sessions.prefetch_related("slots").order_by("starts_at"))
    tables = list(round_.tables.order_by("number"))
    slots = sum(len(each.slots.all()) for each in sessions)
    coming = round_.participants.filter(status__in=[Participant.Status.INVITED, Participant.Status.CONFIRMED])
    people = list(coming.values_list("time_zone", "quota"))
    return {
        "round": round_,
        "days": _days(round_, sessions),
        "rooms": _rooms(tables),
        "capacity": capacity(round_, slots=slots, tables=len(tables), quotas=[quota for _zone, quota in people]),
        "zones": _zones(round_, sessions, Counter(zone for zone, _quota in people)),
    }


def _days(round_: Round, sessions: list[Session]) -> list[dict[str, object]]:
    zone = round_.time_zone
    days = groupby(sessions, key=lambda each: day_in(each.starts_at, zone))
    return [{"day": day, "sessions": [_session(each, zone) for each in found]} for day, found in days]


def _session(session: Session, zone: str) -> dict[str, object]:
    slots = sorted(session.slots.all(), key=lambda slot: slot.starts_at)
    chips = [{"label": f"{clock(slot.starts_at, zone)}–{clock(slot.ends_at, zone)}"} for slot in slots]
    return {
        "session": session,
        "span": f"{clock(session.starts_at, zone)}–{clock(session.ends_at, zone)}",
        "slots": chips,
        "is_break": session.kind == Session.Kind.BREAK,
    }


def _rooms(tables: list) -> list[dict[str, object]]:
    """Tables by room: which numbers, and how many have a link."""
    found = []
    for room, there in groupby(tables, key=lambda table: table.room):
        group = list(there)
        links = sum(bool(table.link) for table in group)
        numbers = f"{group[0].number}–{group[-1].number}" if len(group) > 1 else str(group[0].number)
        note = ngettext("%(n)s with a video link", "%(n)s with video links", links) % {"n": links} if links else ""
        found.append({"label": room or _("Tables"), "value": numbers, "note": note})
    return found


def capacity(round_: Round, *, slots: int, tables: int, quotas: list[int | None]) -> dict[str, object]:
    """Whether the programme holds the meetings that may be wanted, in a sentence."""
    most, people = slots * tables, len(quotas)
    needed = sum(round_.quota if quota is None else quota for quota in quotas) // 2
    words = {"tables": tables, "slots": slots, "most": most, "people": people, "each": round_.quota, "needed": needed}
    told = [_("%(tables)s tables x %(slots)s slots = %(most)s meetings.") % words]
    if people:
        told.append(_("%(people)s participants with %(each)s each need %(needed)s.") % words)
    if slots and slots < round_.quota:
        told.append(_("Nobody can have more than %(slots)s meetings, as there are %(slots)s slots.") % words)
    state = "quiet" if not most or not people else "good" if needed <= most else "look"
    words_of = {"quiet": "", "good": _("Enough room"), "look": _("Too little room: add tables or slots")}
    return {"text": " ".join(told), "state": state, "label": words_of[state]}


def _zones(round_: Round, sessions: list[Session], zones: Counter[str]) -> list[dict[str, object]]:
    """When the meetings begin and end on the clocks of those who come from elsewhere."""
    meetings = [each for each in sessions if each.kind == Session.Kind.MEETINGS]
    if not meetings:
        return []
    first, last = meetings[0].starts_at, meetings[-1].ends_at
    return [
        {
            "label": label(zone, first),
            "value": f"{clock(first, zone)}–{clock(last, zone)}",
            "note": ngettext("%(n)s participant", "%(n)s participants", count) % {"n": count},
        }
        for zone, count in zones.most_common()
        if zone != round_.time_zone
    ]

"""What the pages of the day show: who is here, and how the meetings went."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from matchmaking.models import Meeting, Participant, Round, Seat, Slot

STATES = ("expected", "late", "here", "no_show")
# What "late" offers before anybody types: a little later than now, on a round number.
LATER = timedelta(minutes=30)


def state(participant: Participant) -> str:
    """Here, late, does not come, or expected."""
    if participant.no_show_at:
        return "no_show"
    if participant.checked_in_at:
        return "here"
    return "late" if participant.arrives_at else "expected"


def list_of(round_: Round, *, show: str = "", q: str = "") -> dict[str, object]:
    """Everybody who takes part, by company, with the next meeting; `show` and `q` narrow it down."""
    people = list(Participant.objects.confirmed().filter(round=round_).for_list())
    meetings = next_meetings(round_)
    rows = [row(round_, each, meetings.get(each.pk)) for each in people]
    counts = counted(round_, (each["state"] for each in rows), show)
    wanted = folded(q)
    rows = [each for each in rows if show in ("", each["state"]) and wanted in folded(each["find"])]
    return {"rows": rows, "counts": counts, "as_of": timezone.now(), "later": later(round_)}


def line_of(round_: Round, participant: Participant) -> dict[str, object]:
    """One line as it is now, with the counts above the list."""
    meeting = next_meetings(round_, of=participant).get(participant.pk)
    states = (state(each) for each in Participant.objects.confirmed().filter(round=round_).only_presence())
    context = {"row": row(round_, participant, meeting), "counts": counted(round_, states, "")}
    return context | {"as_of": timezone.now(), "later": later(round_)}


def counted(round_: Round, states: Iterable[str], show: str) -> list[dict[str, object]]:
    """How many stand how, each as a link that shows only those."""
    count = Counter(states)
    labels = {
        "": pgettext("people on the list", "All"),
        "expected": pgettext("at the door", "Expected"),
        "late": _("Late"),
        "here": _("Here"),
        "no_show": _("Do not come"),
    }
    page = reverse("matchmaking:day", args=[round_.slug])
    return [
        {
            "label": words,
            "count": count[name] if name else count.total(),
            "url": f"{page}?show={name}" if name else page,
            "current": name == show,
        }
        for name, words in labels.items()
    ]


def row(round_: Round, participant: Participant, meeting: Meeting | None) -> dict[str, object]:
    """One line of the list."""
    return {
        "participant": participant,
        "state": state(participant),
        "label": label(round_, participant),
        "meeting": meeting,
        "find": f"{participant.company} {participant.person}",
    }


def label(round_: Round, participant: Participant) -> str:
    """How it stands, in words, with times on the round's clocks."""
    at = {
        "here": participant.checked_in_at,
        "late": participant.arrives_at,
        "no_show": participant.no_show_at,
        "expected": None,
    }[state(participant)]
    words = {"time": _clock(at, round_) if at else ""}
    return {
        "here": _("Here since %(time)s"),
        "late": _("Late, until %(time)s"),
        "no_show": _("Does not come"),
        "expected": pgettext("at the door", "Expected"),
    }[state(participant)] % words


def _clock(at: datetime, round_: Round) -> str:
    return f"{at.astimezone(round_.zone):%H:%M}"


def later(round_: Round) -> str:
    """What the field "late until" holds at first: in half an hour, on the next five minutes."""
    at = timezone.now().astimezone(round_.zone) + LATER
    return f"{at - timedelta(minutes=at.minute % 5):%H:%M}"


def next_meetings(round_: Round, *, of: Participant | None = None) -> dict[int, Meeting]:
    """The meeting that each participant has now or next."""
    rows = Meeting.objects.filter(
        timetable=round_.timetable_id, status=Meeting.Status.PLANNED, slot__ends_at__gt=timezone.now()
    )
    found: dict[int, Meeting] = {}
    for meeting in rows.select_related("slot", "table").order_by("slot__starts_at"):
        for pk in (meeting.a_id, meeting.b_id):
            if of is None or pk == of.pk:
                found.setdefault(pk, meeting)
    return found


def folded(text: str) -> str:
    """Lower case without accents, as the search box compares."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip()


def meetings_of_the_day(round_: Round, chosen: str = "") -> dict[str, object]:
    """The slots that have begun, newest first, each with how many meetings nobody told of; and one slot's meetings."""
    now = timezone.now()
    begun = round_.slots.filter(starts_at__lte=now).order_by("-starts_at")
    of_it = Q(meetings__timetable=round_.timetable_id, meetings__status=Meeting.Status.PLANNED)
    slots = list(begun.annotate(not_known=Count("meetings", filter=of_it)))
    slot = next((each for each in slots if str(each.pk) == chosen), slots[0] if slots else None)
    return {"slot": slot, "slots": [_tab(round_, each, slot) for each in slots], "entries": _entries(round_, slot)}


def _tab(round_: Round, slot: Slot, chosen: Slot | None) -> dict[str, object]:
    page = reverse("matchmaking:day_meetings", args=[round_.slug])
    here = slot.starts_at.astimezone(round_.zone)
    is_today = here.date() == timezone.localdate(timezone=round_.zone)
    label = f"{here:%H:%M}" if is_today else date_format(here.date(), "j M") + f" {here:%H:%M}"
    url = f"{page}?slot={slot.pk}"
    return {"label": label, "url": url, "count": slot.not_known or None, "current": slot == chosen}


def _entries(round_: Round, slot: Slot | None) -> list[dict[str, object]]:
    """A slot's meetings by table, with what the cluster team should know."""
    if slot is None:
        return []
    rows = list(Meeting.objects.standing().filter(timetable=round_.timetable_id, slot=slot).for_grid())
    said: dict[int, set[str]] = defaultdict(set)
    for meeting, held in Seat.objects.filter(meeting__in=rows).exclude(held="").values_list("meeting_id", "held"):
        said[meeting].add(held)
    return [{"meeting": meeting, "note": _note(said[meeting.pk])} for meeting in rows]


def note_of(meeting: Meeting) -> str:
    """What the cluster team should know of one meeting."""
    return _note(set(meeting.seats.exclude(held="").values_list("held", flat=True)))


def _note(said: set[str]) -> str:
    """What the cluster team should know of what both sides said."""
    if {Seat.Held.YES, Seat.Held.NO_SHOW} <= said:
        return _("One side says that it took place, the other that nobody came.")
    if Seat.Held.MOVED in said:
        return _("They meet another time.")
    return ""

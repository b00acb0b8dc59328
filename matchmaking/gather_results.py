"""From the round's rows to what the figures are computed from: a constant number of questions."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _

from core.ladder import AmountClass
from matchmaking import figures
from matchmaking.asking import to_ask
from matchmaking.models import Meeting, MeetingRequest, Outcome, Participant, Round, Seat, Slot, Wish
from members.models import SizeClass

# A meeting that was freed later than this before its slot was not kept; an earlier one was called off in good time.
ON_THE_DAY = timedelta(hours=24)


def facts(round_: Round) -> figures.Facts:
    """Everything that the figures of a round rest on. Who did not come is none of those who took part."""
    took_part = Participant.objects.confirmed().filter(round=round_, no_show_at=None)
    people = took_part.order_by("pk").values_list("pk", "cluster__name", "size_class", "country")
    sizes = dict(SizeClass.choices)
    return figures.Facts(
        people=tuple(
            figures.Person(pk, cluster, str(sizes.get(size) or _("Size not known")), country)
            for pk, cluster, size, country in people
        ),
        meetings=_meetings(round_),
        requests=_requests(round_),
        requested=_requested(round_),
        mutual_musts=_mutual_musts(round_),
        told=_told(round_),
        asked=_asked(round_),
    )


def _meetings(round_: Round) -> tuple[figures.Meeting, ...]:
    seats: dict[int, list[figures.Seat]] = defaultdict(list)
    rows = Seat.objects.filter(timetable=round_.timetable_id).order_by("pk")
    for meeting, *seat in rows.values_list("meeting_id", "pk", "participant_id", "held", "relevance", "next_step"):
        seats[meeting].append(figures.Seat(*seat))
    now = timezone.now()
    found = Meeting.objects.filter(timetable=round_.timetable_id).select_related("slot").order_by("pk")
    return tuple(
        figures.Meeting((seats[row.pk][0], seats[row.pk][1]), _state(row), is_over=row.slot.ends_at <= now)
        for row in found
    )


def _state(meeting: Meeting) -> str:
    if meeting.status != Meeting.Status.CANCELLED:
        return str(meeting.status)
    was_absent = meeting.absent_id is not None and meeting.status_at > meeting.slot.starts_at - ON_THE_DAY
    return figures.FREED if was_absent else figures.CANCELLED


def _requests(round_: Round) -> Mapping[str, int]:
    requests = MeetingRequest.objects.filter(sender__round=round_)
    found = Counter(dict(requests.values_list("status").annotate(n=Count("pk")).order_by()))
    # Silence has ended them, though nobody has noted it yet.
    found[figures.EXPIRED] += requests.run_out().count()
    return found


def _requested(round_: Round) -> int:
    """How many participants the requests that count are between."""
    counted = [MeetingRequest.Status.ACCEPTED, MeetingRequest.Status.DECLINED, MeetingRequest.Status.EXPIRED]
    requests = MeetingRequest.objects.filter(sender__round=round_)
    pairs = requests.filter(status__in=counted) | requests.run_out()
    return len({pk for pair in pairs.values_list("sender_id", "receiver_id") for pk in pair})


def _mutual_musts(round_: Round) -> frozenset[tuple[int, int]]:
    musts = Wish.objects.filter(participant__round=round_, kind=Wish.Kind.MUST)
    pairs = set(musts.values_list("participant_id", "other_id"))
    return frozenset((a, b) for a, b in pairs if a < b and (b, a) in pairs)


def _told(round_: Round) -> tuple[figures.Told, ...]:
    rows = Outcome.objects.filter(seat__timetable=round_.timetable_id, seat__is_given_up=False).order_by("pk")
    told = rows.values_list("seat__participant_id", "months", "stage", "amount")
    classes = {amount: number for number, amount in enumerate(AmountClass.values)}
    return tuple(figures.Told(person, months, stage, classes.get(amount)) for person, months, stage, amount in told)


def _asked(round_: Round) -> Mapping[int, int]:
    """How many seats were asked what came of them, by months."""
    span = round_.slots.aggregate(last=Max("ends_at"))
    if span["last"] is None:
        return {}
    last, now = Slot(ends_at=span["last"]), timezone.now()
    over = Seat.objects.standing().filter(timetable=round_.timetable_id, slot__ends_at__lte=now)
    asked = {0: over.count()}
    for months in Outcome.LATER:
        asked[months] = to_ask(round_, months).count() if last.due_at(months) <= now else 0
    return asked


def period(round_: Round) -> tuple[object, object]:
    """The first and the last moment of the round's slots; None twice without any."""
    span = round_.slots.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    return span["first"], span["last"]

"""Times at which two participants can meet: neither is away or in another meeting, and a table is free."""

from django.db.models import Count, Q
from django.utils import timezone

from matchmaking.models import Meeting, MeetingRequest, Participant, Seat, Slot, Table


def free_for_both(one: Participant, other: Participant, *, beside: MeetingRequest | None = None) -> list[Slot]:
    """The slots to come that both have free, in order. What `beside` proposes counts as free."""
    round_, pair = one.round, (one, other)
    away = Participant.away.through.objects.filter(participant__in=pair).values("slot")
    held = MeetingRequest.objects.held_by(pair)
    if beside is not None:
        held = held.exclude(pk=beside.pk)
    slots = round_.slots.filter(starts_at__gt=timezone.now()).exclude(pk__in=away).exclude(pk__in=held.values("slot"))
    tables = Table.objects.filter(round=round_).count()
    if round_.timetable_id:
        seats = Seat.objects.standing().filter(timetable=round_.timetable_id, participant__in=pair)
        standing = ~Q(meetings__status=Meeting.Status.CANCELLED) & Q(meetings__timetable=round_.timetable_id)
        slots = slots.exclude(pk__in=seats.values("slot")).annotate(taken=Count("meetings", filter=standing))
        slots = slots.filter(taken__lt=tables)
    return list(slots.order_by("starts_at")) if tables else []


def taken_slots(participant: Participant) -> set[int]:
    """The slots in which the participant has a meeting or is away."""
    away = set(participant.away.values_list("pk", flat=True))
    seats = Seat.objects.standing().filter(timetable=participant.round.timetable_id, participant=participant)
    return away | set(seats.values_list("slot", flat=True))

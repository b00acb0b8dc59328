"""From the round's rows to what the solver takes: a constant number of questions, however many take part."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations, pairwise

from django.db.models import Q

from matchmaking.models import (
    Affinity,
    ForbiddenPair,
    Meeting,
    Participant,
    Round,
    Slot,
    Table,
    Timetable,
    Wish,
)
from matchmaking.timetable import types

# One call of the solver stays well below the time after which a silent run is taken over.
SECONDS = 40.0
# Of two drafts as good, the one nearer to what has been looked at; what participants hold weighs far more.
FOR_CALM = 0.02


def problem(timetable: Timetable) -> types.Round:
    """What this timetable is to be made from, or is to be checked against, as things are now."""
    round_ = timetable.round
    people = list(Participant.objects.confirmed().filter(round=round_).order_by("pk"))
    slots = list(round_.slots.order_by("starts_at"))
    known, agreed = {each.pk for each in people}, _agreed(round_)
    tables = round_.tables.count()
    return types.Round(
        slots=tuple(slot.pk for slot in slots),
        capacity=(tables,) * len(slots),
        participants=_participants(round_, people, slots),
        wishes=_wishes(known, agreed),
        affinity=_affinity(known),
        pins=_pins(timetable, known),
        seed=timetable.seed,
        time_limit_s=SECONDS,
        forbidden=_kept_apart(people),
        published=_published(timetable, known),
        weights=types.Weights() if _is_out(round_) else types.Weights(move=FOR_CALM),
        breaks=tuple(one.pk for one, following in pairwise(slots) if one.session_id != following.session_id),
        max_in_a_row=round_.most_in_a_row,
    )


def _participants(round_: Round, people: list[Participant], slots: list[Slot]) -> tuple[types.Participant, ...]:
    away = defaultdict(set)
    rows = Participant.away.through.objects.filter(participant__in=people)
    for participant, slot in rows.values_list("participant_id", "slot_id"):
        away[participant].add(slot)
    found = []
    for each in people:
        quota = round_.quota if each.quota is None else each.quota
        there = [slot for slot in slots if slot.pk not in away[each.pk] and not _is_late(each, slot)]
        found.append(
            types.Participant(
                id=each.pk,
                available=tuple(slot.pk for slot in there),
                quota=quota,
                minimum=min(round_.minimum, quota),
                side=_side(round_, each),
            )
        )
    return tuple(found)


def _is_late(participant: Participant, slot: Slot) -> bool:
    """Does not come, or not by then."""
    if participant.no_show_at:
        return True
    return participant.arrives_at is not None and slot.starts_at < participant.arrives_at


def _side(round_: Round, participant: Participant) -> types.Key | None:
    """Those of one side do not meet: a cluster is one where only companies of another cluster are met."""
    if round_.meets == Round.Meets.OTHER_CLUSTER:
        return participant.cluster_id
    if round_.meets == Round.Meets.OTHER_SIDE:
        return participant.side or None
    return None


def _agreed(round_: Round) -> set[frozenset[int]]:
    """The pairs that have agreed on a meeting in the timetable that both see."""
    rows = Meeting.objects.standing().filter(timetable=round_.timetable_id, origin=Meeting.Origin.REQUEST)
    return {frozenset(pair) for pair in rows.values_list("a_id", "b_id")}


def _wishes(known: set[int], agreed: set[frozenset[int]]) -> tuple[types.Wish, ...]:
    """What the ballots say; who has agreed to meet has thought again about a never."""
    rows = Wish.objects.filter(participant__in=known, other__in=known).order_by("pk")
    wishes = (types.Wish(*row) for row in rows.values_list("participant_id", "other_id", "kind"))
    outlived = Wish.Kind.NEVER
    return tuple(each for each in wishes if each.wish != outlived or {each.wisher, each.wanted} not in agreed)


def _affinity(known: set[int]) -> tuple[types.Affinity, ...]:
    rows = Affinity.objects.filter(a__in=known, b__in=known).order_by("pk")
    return tuple(types.Affinity(*row) for row in rows.values_list("a_id", "b_id", "score"))


def _kept_apart(people: list[Participant]) -> tuple[types.Ban, ...]:
    """Pairs that the cluster team forbids, and people of one company."""
    rows = ForbiddenPair.objects.filter(a__in=people, b__in=people).values_list("a_id", "b_id")
    pairs, colleagues = set(rows), defaultdict(list)
    for each in people:
        colleagues[each.company].append(each.pk)
        if each.organisation_id:
            colleagues[each.organisation_id].append(each.pk)
    for group in colleagues.values():
        pairs.update(combinations(sorted(group), 2))
    return tuple(types.Ban(*pair) for pair in sorted(pairs))


def _pins(timetable: Timetable, known: set[int]) -> tuple[types.Pin, ...]:
    """What stays: the pinned meetings of the draft that this one goes on from, and what two have agreed on.

    A meeting that was agreed on since then gives way where the draft has pinned another one in its slot.
    """
    seen_by_all = timetable.round.timetable_id
    base = timetable.based_on_id or seen_by_all
    stays = Q(timetable=base, is_pinned=True) | Q(timetable=seen_by_all, origin=Meeting.Origin.REQUEST)
    rows = Meeting.objects.standing().filter(stays, a__in=known, b__in=known).order_by("pk")
    found, taken = [], set()
    for meeting in sorted(rows, key=lambda meeting: meeting.timetable_id != base):
        sits = {("sits", each, meeting.slot_id) for each in (meeting.a_id, meeting.b_id)}
        uses = sits | {("meet", meeting.a_id, meeting.b_id)}
        if not uses & taken:
            taken |= uses
            found.append(types.Pin(meeting.a_id, meeting.b_id, meeting.slot_id))
    return tuple(found)


def _is_out(round_: Round) -> bool:
    return round_.status == Round.Status.PUBLISHED


def _published(timetable: Timetable, known: set[int]) -> tuple[types.Meeting, ...]:
    """What participants hold in their hands, or before that the draft that was gone on from: leaving it has a price."""
    round_ = timetable.round
    before = round_.timetable_id if _is_out(round_) else timetable.based_on_id
    rows = Meeting.objects.standing().filter(timetable=before, a__in=known, b__in=known)
    return meetings(rows.select_related("table"), round_)


def meetings(rows: Iterable[Meeting], round_: Round) -> tuple[types.Meeting, ...]:
    """Meetings in the solver's words: tables by their place in the order of numbers."""
    place = {pk: place for place, pk in enumerate(tables_of(round_), start=1)}
    return tuple(types.Meeting(row.a_id, row.b_id, row.slot_id, place[row.table_id]) for row in rows)


def tables_of(round_: Round) -> dict[int, Table]:
    """The round's tables by id, in the order of their numbers."""
    return {table.pk: table for table in round_.tables.order_by("number")}

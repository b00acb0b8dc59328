"""A round's drafts beside each other: what each is worth, whom it leaves short, and how two of them differ."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from core import runs
from matchmaking import wishes
from matchmaking.models import Meeting, Participant, Round, Seat, Timetable, Wish
from matchmaking.reading.board import Board, spread


class Short(NamedTuple):
    """A draft in figures."""

    timetable: Timetable
    meetings: int
    spread: tuple[int, float, int]
    below: int
    open_musts: int
    share: str


def in_short(round_: Round, timetables: Iterable[Timetable]) -> list[Short]:
    """The figures of several drafts, with as many questions as for one."""
    found = list(timetables)
    for each in found:
        each.round = round_
    quotas = {
        pk: round_.quota if quota is None else quota
        for pk, quota in Participant.objects.confirmed().filter(round=round_).values_list("pk", "quota")
    }
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    seats = Seat.objects.standing().filter(timetable__in=found).values_list("timetable_id", "participant_id")
    for timetable, participant, n in seats.annotate(n=Count("pk")).order_by():
        counts[timetable][participant] = n
    pairs = defaultdict(set)
    for timetable, a, b in Meeting.objects.standing().filter(timetable__in=found).values_list("timetable", "a", "b"):
        pairs[timetable].add((a, b))
    musts = [pair for pair, kind in wishes.told(round_).wishes.items() if kind == Wish.Kind.MUST]
    wanted = [(min(pair), max(pair)) for pair in musts if quotas.keys() >= set(pair)]
    return [
        Short(
            timetable=each,
            meetings=len(pairs[each.pk]),
            spread=spread([counts[each.pk][pk] for pk in quotas]),
            below=sum(counts[each.pk][pk] < min(round_.minimum, quota) for pk, quota in quotas.items()),
            open_musts=sum(pair not in pairs[each.pk] for pair in wanted),
            share=share(each),
        )
        for each in found
    ]


def share(timetable: Timetable) -> str:
    """How near a solved draft comes to the best there can be, in words."""
    if timetable.value is None or not timetable.bound or timetable.bound <= 0:
        return ""
    part = 100 * timetable.value / timetable.bound
    if part >= 99.995:
        return _("the best possible")
    if part <= 0:
        return _("far from the best possible")
    # Rounded down: what is told is a promise.
    words = {"share": number_format(int(part * 10) / 10, decimal_pos=1)}
    return _("at least %(share)s %% of the best possible") % words


def steps() -> dict[str, str]:
    """What the solver is at, for the progress bar."""
    return {
        "gathering": _("Reading ballots and availability"),
        "choosing": _("Choosing who meets whom"),
        "assigning": _("Finding a time for each meeting"),
        "improving": _("Placing what did not fit at first"),
        "smoothing": _("Closing gaps in the agendas"),
        "explaining": _("Finding out why wishes are open"),
    }


def under_way(timetable: Timetable) -> str:
    """What the solver is at; or, where its worker is gone, how it goes on."""
    if not runs.is_left_alone(timetable):
        return steps().get(timetable.step, "")
    if timetable.status == Timetable.Status.RUNNING:
        return _("Its worker has stopped. Another one begins it anew within two minutes. You can leave this page.")
    return _("No worker has taken it up yet. If this lasts, tell whoever runs the portal. You can also stop it.")


class Difference(NamedTuple):
    """What one participant gains and loses when the second draft takes the place of the first."""

    participant: Participant
    gains: list[Participant]
    loses: list[Participant]
    moved: int


def compared(one: Board, other: Board) -> dict[str, Any]:
    """Who gains and loses what between two drafts, and which meetings stand elsewhere."""
    first, second = one.pairs, other.pairs
    gone, new = first.keys() - second.keys(), second.keys() - first.keys()
    moved = [pair for pair in first.keys() & second.keys() if first[pair].slot_id != second[pair].slot_id]
    people = []
    for each in one.people.values():
        gains = [_partner(one, pair, each.pk) for pair in new if each.pk in pair]
        loses = [_partner(one, pair, each.pk) for pair in gone if each.pk in pair]
        elsewhere = sum(each.pk in pair for pair in moved)
        if gains or loses or elsewhere:
            people.append(Difference(each, _by_name(gains), _by_name(loses), elsewhere))
    same = [pair for pair in first.keys() & second.keys() if first[pair].slot_id == second[pair].slot_id]
    places = [(first[pair], second[pair]) for pair in moved]
    return {
        "people": people,
        "same": len(same),
        "moved": sorted(places, key=lambda each: (each[0].slot.starts_at, each[0].table.number)),
        "gone": _in_order(first[pair] for pair in gone),
        "new": _in_order(second[pair] for pair in new),
    }


def _partner(board: Board, pair: tuple[int, int], pk: int) -> Participant:
    return board.people[pair[1] if pair[0] == pk else pair[0]]


def _by_name(people: list[Participant]) -> list[Participant]:
    return sorted(people, key=lambda each: (each.company.lower(), each.pk))


def _in_order(meetings: Iterable[Meeting]) -> list[Meeting]:
    return sorted(meetings, key=lambda meeting: (meeting.slot.starts_at, meeting.table.number))

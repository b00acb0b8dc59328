"""Every page of the sample's three rounds, and of one whose timetable is published: by whom each is read."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cluster_portal.sample import rounds
from cluster_portal.sample.round_steps import content
from matchmaking import links
from matchmaking.models import Meeting, MeetingRequest, Participant, Round, Timetable
from members.models import User
from tests.matchmaking.running import running

OF_A_ROUND = (
    "round", "edit", "programme", "participants", "invite_members", "invite_guest", "partners", "cancel", "requests",
    "timetables", "badges", "table_plan", "day", "day_meetings", "walk_in", "board", "results", "report", "open_again",
)  # fmt: skip


def load_rounds(manager: User) -> tuple[Round, Round, Round]:
    """The sample's own: over, open, planned."""
    rounds.load(today=timezone.localdate(), by=manager)
    over, is_open, planned = (Round.objects.get(name=told["name"]) for told in content()["round"])
    return over, is_open, planned


def _at(name: str, *args: object, query: dict[str, object] | None = None) -> str:
    return reverse(f"matchmaking:{name}", args=args, query=query)


def of_managers(*found: Round) -> list[str]:
    """All that a manager can open."""
    pages = [_at("list"), _at("create")]
    for round_ in found:
        pages += [_at(name, round_.slug) for name in OF_A_ROUND if name != "open_again" or round_.status == "over"]
        pages.append(_at("participant", round_.slug, round_.participants.earliest("pk").pk))
        pages.append(_at("public_board", links.board_token(round_)))
        for timetable in round_.timetables.order_by("-number")[:1]:
            pages += _of_a_timetable(timetable)
    return pages


def _of_a_timetable(timetable: Timetable) -> Iterator[str]:
    args = (timetable.round.slug, timetable.number)
    meeting = timetable.meetings.standing().first()
    yield from (_at("timetable", *args, query=query) for query in ({}, {"view": "tables"}, {"view": "open"}))
    yield _at("timetable", *args, query={"m": meeting.pk})
    yield _at("timetable", *args, query={"who": meeting.a_id})
    yield _at("publish", *args)
    yield _at("compare", args[0], query={"one": timetable.number, "other": timetable.number})


def of_participants(*found: Round) -> list[str]:
    """All that links open, without an account: of one who takes part, one who is invited and one whose link is dead."""
    pages: list[str] = []
    for round_ in found:
        people = round_.participants.select_related("round").order_by("pk")
        invited = people.filter(status="invited").first()
        if invited:
            pages += [_at(name, links.token_of(invited)) for name in ("sign_up", "decline")]
        seated = people.filter(status="confirmed", seats__timetable=round_.timetable_id).first()
        if me := seated or people.filter(status="confirmed").first():
            pages += _of_one(me)
    return [*pages, _at("own", "forged"), *_of_requests(found)]


def _of_one(me: Participant) -> Iterator[str]:
    token = links.token_of(me)
    for name in ("own", "sign_up", "availability", "ballot", "own_requests", "leave", "agenda", "feedback_overview"):
        yield _at(name, token)
    held = Meeting.objects.of(me).filter(status=Meeting.Status.HELD).first()
    if held:
        seat = held.seats.get(participant=me)
        yield from (
            _at("feedback", token, seat.pk),
            _at("outcome", token, seat.pk, 3),
            _at("outcome", token, seat.pk, 12),
        )


def _of_requests(found: tuple[Round, ...]) -> Iterator[str]:
    waiting = MeetingRequest.objects.filter(sender__round__in=found, status="waiting").select_related("receiver")
    if request := waiting.first():
        token = links.token_of(request.receiver)
        free = request.sender.round.participants.confirmed().exclude(cluster=request.receiver.cluster_id)
        others = free.exclude(pk=request.sender_id)
        yield _at("own_requests", token)
        yield _at("other_time", token, request.pk)
        yield _at("request", token, others.latest("pk").pk)


def published_today() -> Round:
    """A round in the middle of its day, with somebody here, somebody late and somebody who does not come."""
    now = timezone.now()
    g = running()
    for number, slot in enumerate(g.slots):
        begins = now + timedelta(minutes=25 * (number - 1))
        g.round.slots.filter(pk=slot.pk).update(starts_at=begins, ends_at=begins + timedelta(minutes=20))
    here, late, gone = g.here[:3]
    Participant.objects.filter(pk=here.pk).update(checked_in_at=now)
    Participant.objects.filter(pk=late.pk).update(arrives_at=now + timedelta(minutes=40))
    Participant.objects.filter(pk=gone.pk).update(no_show_at=now)
    return g.round

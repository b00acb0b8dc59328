"""Who does not take part, and a round that is planned or cancelled, see nothing of the others."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from matchmaking.actions import feedback
from matchmaking.models import Participant, Round, RoundPartner, Wish
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import MembershipFactory
from tests.matchmaking.ground import ground
from tests.matchmaking.own_pages import url

pytestmark = pytest.mark.django_db
NAME = "Hush Oy"


def round_of_two(*, status: str = Round.Status.OPEN, own: str = Participant.Status.CONFIRMED):
    round_ = RoundFactory(mode=Round.Mode.BOTH, status=status)
    with_programme(round_)
    return ParticipantFactory(round=round_, status=own), ParticipantFactory(round=round_, company=NAME, shown=True)


def shown(client, me: Participant, other: Participant) -> list[str]:
    """What each page says that could show a card of the other."""
    answers = [
        client.get(url(me, "ballot"), follow=True),
        client.get(url(me, "request", other.pk)),
        client.post(url(me, "wish", other.pk), {"kind": "must"}, headers=htmx(f"company-{other.pk}")),
    ]
    return [answer.content.decode() for answer in answers]


def test_others_are_shown_to_who_takes_part_in_an_open_round(client):
    assert all(NAME in page for page in shown(client, *round_of_two()))


@pytest.mark.parametrize("status", ["invited", "declined", "withdrawn"])
def test_who_does_not_take_part_sees_nobody(client, status):
    assert not any(NAME in page for page in shown(client, *round_of_two(own=status)))
    assert not Wish.objects.exists()


@pytest.mark.parametrize("status", ["planned", "cancelled"])
def test_round_that_is_not_open_or_off_shows_nobody(client, status):
    me, other = round_of_two(status=status)
    assert not any(NAME in page for page in shown(client, me, other))
    assert url(me, "ballot") not in client.get(url(me, "sign_up")).content.decode()
    assert not Wish.objects.exists()


@pytest.mark.parametrize(("status", "is_shown"), [("open", True), ("cancelled", False)])
def test_partner_sees_others_only_of_a_round_that_takes_place(home, client, status, is_shown):
    other = round_of_two(status=status)[1]
    editor = MembershipFactory(role="editor", organisation__partner=True)
    RoundPartner.objects.create(round=other.round, organisation=editor.organisation)
    client.force_login(editor.user)
    page = client.get(reverse("matchmaking:round", args=[other.round.slug])).content.decode()
    assert (NAME in page) is is_shown


def test_meetings_of_a_cancelled_round_take_no_feedback():
    g = ground()
    g.publish()
    meeting = g.meeting(0, 0, 0)
    g.round.slots.filter(pk=g.slots[0].pk).update(starts_at=timezone.now() - timedelta(hours=1))
    Round.objects.update(status=Round.Status.CANCELLED)
    with pytest.raises(Refused, match="nothing to tell"):
        feedback.tell(seat=meeting.seats.first(), held="yes")


def test_pages_of_a_round_that_is_over_offer_nothing_that_can_only_be_refused(sign_in, manager, client):
    g = ground()
    meeting = g.meeting(0, 0, 0)
    g.publish()
    team, own = sign_in(manager), g.here[0]
    grid = reverse("matchmaking:timetable", args=[g.round.slug, 1])
    participant = reverse("matchmaking:participant", args=[g.round.slug, own.pk])
    pages = [grid, f"{grid}?m={meeting.pk}", f"{grid}?who={own.pk}", f"{grid}?view=open", participant]

    def offered() -> set[str]:
        found = [html.document_fromstring(team.get(path).content) for path in pages]
        found += [
            html.document_fromstring(client.get(url(own, name), follow=True).content) for name in ("own", "leave")
        ]
        buttons = [each for page in found for each in page.xpath("//main//form[@method='post']//button")]
        links = [each for page in found for each in page.xpath("//main//a[not(ancestor::table)]")]
        return {" ".join(each.text_content().split()) for each in (*buttons, *links)}

    refused = {"Solve again around the pins", "Move", "Take the meeting out", "Withdraw", "Yes, withdraw", "Your time"}
    assert refused <= offered()
    Round.objects.update(status=Round.Status.OVER)
    assert not offered() & (refused | {"Publish"})
    assert "This one took place." in team.get(grid).content.decode()

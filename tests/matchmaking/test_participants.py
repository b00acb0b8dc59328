"""The list of participants, reminders, new links, and taking somebody out of a round."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.mail import stop
from core.models import AuditEvent, Mail
from matchmaking import announcing, links
from matchmaking.actions import participants as actions
from matchmaking.models import Meeting, MeetingRequest, Participant, Round
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import OrganisationFactory
from tests.matchmaking.ground import ground
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(home) -> Round:
    found = RoundFactory(name="Clean water 2027")
    with_programme(found)
    return found


def address(round_, name, *more):
    return reverse(f"matchmaking:{name}", args=[round_.slug, *more])


def of(participant, name="participant"):
    return address(participant.round, name, participant.pk)


def companies(response) -> list[str]:
    return html.document_fromstring(response.content).xpath("//tbody/tr/th//text()[normalize-space()]")


def said(response) -> str:
    return html.document_fromstring(response.content).xpath("string(//main)")


def days_ago(number):
    return timezone.now() - timedelta(days=number)


def test_list_is_filtered_by_state_cluster_ballot_and_words(sign_in, manager, round_):
    cluster = OrganisationFactory(partner=True, name="Emajõe Cluster")
    ParticipantFactory(round=round_, company="Åkvatten", chosen_at=timezone.now())
    ParticipantFactory(round=round_, company="Brunn", cluster=cluster, person="Jörgen Öst")
    ParticipantFactory(round=round_, company="Cisternen", invited=True)
    ParticipantFactory(company="Of another round")
    client = sign_in(manager)

    def found(query):
        return companies(client.get(address(round_, "participants") + query))

    assert found("") == ["Åkvatten", "Brunn", "Cisternen"]
    assert found("?status=invited") == ["Cisternen"]
    round_.partners.create(organisation=cluster)
    assert found(f"?cluster={cluster.pk}") == ["Brunn"]
    assert found("?ballot=in") == ["Åkvatten"]
    assert found("?ballot=missing") == ["Brunn"]
    assert found("?q=akvatten") == found("?q=%C3%85KV") == ["Åkvatten"]
    assert found("?q=jorgen+brunn") == ["Brunn"]
    assert found("?q=nobody&status=") == []
    part = client.get(address(round_, "participants") + "?q=brunn", headers=htmx("results")).content.decode()
    assert "<html" not in part
    assert 'data-count-text="1 participant"' in part


def test_list_says_where_the_mail_is(sign_in, manager, round_):
    told = {
        name: ParticipantFactory(round=round_, company=name, invited=True) for name in ("Sent", "Failed", "Stopped")
    }
    stop(address=told["Stopped"].email, kind="round-invitation")
    announcing.send_due()
    Mail.objects.filter(to=told["Failed"].email).update(status="failed")
    ParticipantFactory(round=round_, company="New", invited=True)

    page = said(sign_in(manager).get(address(round_, "participants")))

    for state in ("On the list", "The mail failed", "Wants no such mails"):
        assert state in page


def test_list_asks_the_same_number_of_questions(sign_in, manager, round_):
    client = sign_in(manager)

    assert_constant_queries(
        lambda: client.get(address(round_, "participants")),
        lambda: ParticipantFactory(round=round_),
        at_most=18,
        shows=lambda response: len(companies(response)),
    )


def test_export_holds_what_the_list_shows_and_no_formula(sign_in, manager, round_):
    ParticipantFactory(round=round_, company=" =HYPERLINK(1)", person="@evil", quota=0, chosen_at=timezone.now())
    ParticipantFactory(round=round_, company="Left out", invited=True)

    response = sign_in(manager).get(address(round_, "export_participants") + "?status=confirmed")

    lines = b"".join(response).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[1].startswith("'=HYPERLINK(1),'@evil,guest")
    assert lines[1].endswith(",0")
    assert AuditEvent.objects.get(action="matchmaking.participants_exported").details == {"count": 1}


# Reminders


@pytest.fixture
def silent(round_) -> Participant:
    """Invited three days ago, and no word since."""
    found = ParticipantFactory(round=round_, invited=True, status_at=days_ago(3), person="Mari")
    announcing.send_due()
    Mail.objects.update(created_at=days_ago(3))
    return found


def remind(client, round_, whom="answer"):
    return said(client.post(address(round_, "remind"), {"whom": whom}, follow=True))


def test_reminder_goes_once_a_day_to_those_who_have_not_answered(sign_in, manager, round_, silent, time_machine):
    ParticipantFactory(round=round_, invited=True)  # put on the list today
    ParticipantFactory(round=round_, status="declined", status_at=days_ago(3))
    client = sign_in(manager)
    assert "Remind 1 who has not answered" in said(client.get(address(round_, "participants")))

    assert "1 person is reminded." in remind(client, round_)
    assert "Everybody has heard from us today." in remind(client, round_)
    for _ in range(2):
        announcing.send_due()

    mail = Mail.objects.get(kind="round-reminder")
    assert mail.to == silent.email
    assert "has not heard from you yet" in mail.text
    assert links.token_of(silent) in mail.text
    assert reverse("matchmaking:decline", args=[links.token_of(silent)]) in mail.text

    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    assert actions.remind(round_=round_, whom="answer", by=manager) == 2
    announcing.send_due()
    assert Mail.objects.filter(kind="round-reminder", to=silent.email).count() == 2
    assert AuditEvent.objects.filter(action="matchmaking.reminded").count() == 2


def test_reminder_of_choices_goes_to_those_who_take_part_without_a_ballot(sign_in, manager, round_, silent):
    waiting = ParticipantFactory(round=round_, status_at=days_ago(2))
    ParticipantFactory(round=round_, status_at=days_ago(2), chosen_at=timezone.now())

    assert "1 person is reminded." in remind(sign_in(manager), round_, "choices")
    announcing.send_due()

    mail = Mail.objects.get(kind="round-reminder")
    assert mail.to == waiting.email
    assert "Your choices are still missing." in mail.text
    assert "decline" not in mail.text


def test_who_has_answered_since_or_wants_no_reminder_gets_none(manager, round_, silent):
    stopped = ParticipantFactory(round=round_, invited=True, status_at=days_ago(3))
    stop(address=stopped.email, kind="round-reminder")
    assert actions.remind(round_=round_, whom="answer", by=manager) == 1

    Participant.objects.filter(pk=silent.pk).update(status="declined")
    announcing.send_due()

    assert not Mail.objects.filter(kind="round-reminder").exists()


def test_who_was_invited_today_is_not_reminded_today(manager, round_):
    ParticipantFactory(round=round_, invited=True, status_at=days_ago(9))  # on the list long before it opened
    announcing.send_due()

    assert actions.remind(round_=round_, whom="answer", by=manager) == 0


@pytest.mark.parametrize("who", ["owner", "evaluator"])
def test_reminder_by_others_is_refused(who, request, round_, silent):
    with pytest.raises(PermissionDenied):
        actions.remind(round_=round_, whom="answer", by=request.getfixturevalue(who))


def test_reminder_of_a_round_that_is_not_open_is_refused(manager, round_):
    round_.status = "planned"
    with pytest.raises(Refused, match="while the round is open"):
        actions.remind(round_=round_, whom="answer", by=manager)


# One of them


def test_new_link_switches_the_older_ones_off(sign_in, manager, client, silent):
    old = links.token_of(silent)

    for _ in range(2):
        assert "gets a new link." in said(sign_in(manager).post(of(silent, "resend"), follow=True))

    silent.refresh_from_db()
    assert silent.link_version == 3
    assert client.get(reverse("matchmaking:own", args=[old])).status_code == 410
    newest = Mail.objects.order_by("-pk").first()
    assert links.token_of(silent) in newest.text
    assert Mail.objects.filter(to=silent.email).count() == 3
    announcing.send_due()
    assert Mail.objects.filter(to=silent.email).count() == 3


def test_new_link_of_somebody_who_takes_part_asks_nothing_again(manager, round_):
    found = ParticipantFactory(round=round_)
    actions.resend_link(participant=found, by=manager)

    mail = Mail.objects.get()
    assert mail.subject == "Your link to Clean water 2027"
    assert "Older links are switched off." in mail.text


def test_link_of_a_round_that_is_being_set_up_is_not_sent(manager, round_, silent):
    silent.round.status = "planned"
    with pytest.raises(Refused, match="Links go out while a round runs"):
        actions.resend_link(participant=silent, by=manager)


def test_quota_and_side_are_set_for_one(sign_in, manager, round_, silent):
    Round.objects.update(meets="other_side", side_a="Buyers", side_b="Suppliers")
    client = sign_in(manager)
    assert "which is 8" in said(client.get(of(silent)))

    assert "Write 40 or less." in said(client.post(of(silent), {"quota": "41"}))
    client.post(of(silent), {"quota": "3", "side": "b"})
    client.post(of(silent), {"quota": "3", "side": "b"})

    silent.refresh_from_db()
    assert (silent.quota, silent.side) == (3, "b")
    assert AuditEvent.objects.get(action="matchmaking.participant_changed").details == {"fields": ["quota", "side"]}


def test_withdrawing_frees_meetings_and_requests_and_tells_those_concerned(sign_in, manager):
    found = ground()
    meeting = found.meeting(0, 0, slot=0)
    found.publish()
    gone, partner, other = found.here[0], found.there[0], found.there[1]
    asked = MeetingRequest.objects.create(
        sender=other, receiver=gone, turn=gone, slot=found.slots[1], sentence="Hello", expires_at=days_ago(-1)
    )
    client, token = sign_in(manager), links.token_of(gone)
    assert "We need this." in said(client.post(of(gone, "withdraw"), {"why": ""}))

    for _ in range(2):
        client.post(of(gone, "withdraw"), {"why": "Double <i>booked</i>."})

    gone.refresh_from_db()
    asked.refresh_from_db()
    assert (gone.status, asked.status) == ("withdrawn", "declined")
    assert Meeting.objects.get(pk=meeting.pk).status == "cancelled"
    mails = {mail.to: mail for mail in Mail.objects.filter(kind__in=["agenda", "round-news"])}
    assert set(mails) == {gone.email, partner.email}
    assert "Double <i>booked</i>." in mails[partner.email].text
    assert "Double &lt;i&gt;booked&lt;/i&gt;." in mails[gone.email].html
    assert AuditEvent.objects.filter(action="matchmaking.withdrawn").count() == 1
    dead = client.get(reverse("matchmaking:own", args=[token]))
    assert dead.status_code == 410
    assert "You do not take part any more" in said(dead)


def test_invitation_is_taken_back_in_silence_and_its_link_opens_nothing(sign_in, manager, client, silent):
    before, token = Mail.objects.count(), links.token_of(silent)

    sign_in(manager).post(of(silent, "withdraw"), {"why": ""})

    assert Participant.objects.get(pk=silent.pk).status == "withdrawn"
    assert Mail.objects.count() == before
    assert client.get(reverse("matchmaking:own", args=[token])).status_code == 410
    client.post(reverse("matchmaking:ask_new_link", args=[token]))
    assert Mail.objects.count() == before


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [({"status": "declined"}, "has declined already"), ({"round__status": "over"}, "This round is over.")],
)
def test_withdrawing_what_is_over_is_refused(manager, facts, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.withdraw(participant=ParticipantFactory(**facts), why="", by=manager)


@pytest.mark.parametrize("who", ["owner", "evaluator"])
@pytest.mark.parametrize("name", ["participant", "resend", "withdraw"])
def test_participant_is_nothing_to_others(sign_in, who, name, request, silent):
    user = request.getfixturevalue(who)

    assert sign_in(user).post(of(silent, name), {"why": "x", "quota": "1"}).status_code in {403, 404}
    for act in (actions.resend_link, lambda **more: actions.withdraw(why="", **more), actions.change_participant):
        with pytest.raises(PermissionDenied):
            act(participant=silent, by=user)

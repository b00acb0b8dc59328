"""What people read in their mail about a round: on their own clocks, plain, with the link and the way out."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from core.mail import stop
from core.models import Mail
from matchmaking import announcing, links
from matchmaking.models import RoundPartner
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(home, time_machine):
    time_machine.move_to("2027-02-01T12:00:00+00:00", tick=False)
    found = RoundFactory(
        name="Clean water & more",
        aim="First pilots <at> waterworks.",
        venue="Kulturkvarteret, Kristianstad",
        register_until=datetime(2027, 3, 20, 17, tzinfo=UTC),
        choose_until=datetime(2027, 3, 27, 17, tzinfo=UTC),
    )
    with_programme(found, slots=3, starts_at=datetime(2027, 5, 3, 7, tzinfo=UTC))
    return found


def written(**facts) -> Mail:
    ParticipantFactory(**facts)
    announcing.send_due()
    return Mail.objects.get()


def test_invitation_says_what_when_where_why_and_until_when_on_the_readers_clocks(round_, home):
    mail = written(
        round=round_, cluster=home, company="Kivi & Ko", person="Mari", invited=True, time_zone="Europe/Tallinn"
    )

    assert mail.subject == "Your invitation: Clean water & more"
    assert mail.kind == "round-invitation"
    for line in (
        "Hello Mari,",
        "Havsbris Cluster invites Kivi & Ko to a matchmaking round:",
        "First pilots <at> waterworks.",
        "When: 3 May 2027, 10:00 to 11:10, Tallinn (UTC+03:00)",
        "Where: On site, Kulturkvarteret, Kristianstad",
        "Say yes or no until 20 March 2027, 19:00, Tallinn (UTC+02:00).",
    ):
        assert line in mail.text
    assert "First pilots &lt;at&gt; waterworks." in mail.html


def test_invitation_has_the_link_the_way_to_decline_and_the_stop_link(round_, client):
    mail = written(round=round_, invited=True)
    participant = round_.participants.get()

    own = reverse("matchmaking:own", args=[links.token_of(participant)])
    decline = reverse("matchmaking:decline", args=[links.token_of(participant)])
    for text in (mail.text, mail.html):
        assert own in text
        assert decline in text
        assert "/mail/stop/" in text
    assert client.get(own, follow=True).status_code == 200
    assert client.get(decline).status_code == 200


def test_plain_text_has_no_markup_and_no_holes(round_):
    mail = written(round=round_, person="", invited=True, company="Kivi")

    assert "Hello," in mail.text
    assert "\n\n\n\n" not in mail.text
    assert "&amp;" not in mail.text
    assert not [line for line in mail.text.splitlines() if line.strip() in {"When:", "Where:"}]


def test_invitation_on_the_other_side_of_the_world_names_both_days(round_):
    with_programme(round_, slots=1, tables=0, starts_at=datetime(2027, 5, 4, 7, tzinfo=UTC))

    mail = written(round=round_, invited=True, time_zone="Asia/Tokyo")

    assert "When: 3 May 2027, 16:00 to 4 May 2027, 16:20, Tokyo (UTC+09:00)" in mail.text


def test_partner_reads_how_many_places_it_has_and_until_when(round_, manager):
    cluster = OrganisationFactory(partner=True, name="Emajõe Cluster")
    MembershipFactory(organisation=cluster, role="editor", user=UserFactory(email="kart@emajoe.example"))
    partner = RoundPartner.objects.create(round=round_, organisation=cluster, places=1)

    for _ in range(2):
        announcing.to_partners(round_, partner)

    mail = Mail.objects.get()
    assert mail.to == "kart@emajoe.example"
    assert (
        "There is 1 place for you. Invite your company until 20 March 2027, 18:00, Stockholm (UTC+01:00)." in mail.text
    )
    assert "cards without names of the others" in mail.text
    assert reverse("matchmaking:round", args=[round_.slug]) in mail.text


def test_message_that_was_lost_is_made_up_for_by_the_clock(round_, settings):
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert "matchmaking.send_due_mails" in tasks


@pytest.mark.parametrize("kind", ["round-invitation", "round-reminder", "round-news"])
def test_mails_have_a_name_where_people_start_them_again(kind, sign_in, owner):
    stop(address=owner.email, kind=kind)

    page = sign_in(owner).get(reverse("members:settings")).content.decode()
    assert "matchmaking round" in page
    assert f">{kind}<" not in page

"""A guest signs up by its link: saved as one goes, complete before it takes part, agreeing to what may be shown."""

from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.actions import Refused
from core.models import AuditEvent
from matchmaking.actions import sign_up
from matchmaking.models import Participant, Round
from members.models import Consent
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, TimetableFactory, meeting_of, with_programme
from tests.matchmaking.own_pages import url

pytestmark = pytest.mark.django_db
WHOLE = {
    "person": "Kadri Kask", "phone": "+372 5555 0101", "company": "Rannaku OÜ", "country": "EE", "town": "Pärnu",
    "website": "rannaku.example", "size_class": "small", "offers": "Buoys\nMoorings", "seeks": "Sensors",
    "summary": "", "nace_codes": ["28.9"], "languages": ["en", "et"], "time_zone": "Europe/Tallinn",
}  # fmt: skip


@pytest.fixture
def round_() -> Round:
    round_ = RoundFactory()
    with_programme(round_, slots=4)
    return round_


@pytest.fixture
def guest(round_) -> Participant:
    return ParticipantFactory(round=round_, invited=True, person="", company="Rannaku")


def whole(guest: Participant, **facts: object) -> dict[str, object]:
    return WHOLE | {"slots": list(guest.round.slots.values_list("pk", flat=True))} | facts


def seen(response) -> dict[str, str]:
    """What the page carries along: which answers it was sent with."""
    found = html.document_fromstring(response.content).xpath("//div[@id='seen']/input")
    return {field.get("name"): field.get("value") for field in found}


def texts(response, path: str) -> list[str]:
    return [" ".join(text.split()) for text in html.document_fromstring(response.content).xpath(path)]


def test_page_is_filled_in_with_what_is_known_and_nothing_is_agreed(client, guest):
    response = client.get(url(guest, "sign_up"))

    page = html.document_fromstring(response.content)
    assert page.xpath("//input[@name='company']/@value") == ["Rannaku"]
    assert page.xpath("//select[@name='country']/option[@selected]/@value") == ["EE"]
    assert page.xpath("//select[@name='time_zone']//option[@selected]/@value") == ["Europe/Tallinn"]
    assert len(page.xpath("//input[@name='slots'][@checked]")) == 4
    assert page.xpath("//input[@name='shows_name' or @name='keeps_profile'][@checked]") == []


def test_guest_signs_up_in_one_go(client, guest):
    response = client.post(url(guest, "sign_up"), whole(guest, take_part="1"), follow=True)

    assert "You take part." in response.content.decode()
    guest.refresh_from_db()
    assert guest.status == "confirmed"
    assert (guest.person, guest.company, guest.website) == ("Kadri Kask", "Rannaku OÜ", "https://rannaku.example")
    assert (guest.offer_lines, guest.languages, guest.nace_codes) == (["Buoys", "Moorings"], ["en", "et"], ["28.9"])
    assert guest.away.count() == 0
    assert not guest.shows_name
    assert Round.objects.get().affinity_is_due
    event = AuditEvent.objects.get(action="matchmaking.confirmed")
    assert (event.actor_id, event.details["participant"], event.details["company"]) == (None, guest.pk, "Rannaku OÜ")


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"person": ""}, "Write your name"),
        ({"offers": " \n - "}, "at least one thing that you offer"),
        ({"seeks": ""}, "at least one thing that you look for"),
        ({"slots": []}, "at least one time"),
    ],
)
def test_taking_part_without_an_answer_says_which_and_keeps_the_others(client, guest, missing, sentence):
    page = client.get(url(guest, "sign_up"))
    response = client.post(url(guest, "sign_up"), whole(guest, take_part="1") | missing | seen(page))

    assert sentence in response.content.decode()
    guest.refresh_from_db()
    assert guest.status == "invited"
    assert guest.town == "Pärnu", "the rest is saved all the same"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "call me"}, "Write digits, such as"),
        ({"website": "not a site"}, "Write a web address"),
        ({"time_zone": "Europe/Atlantis"}, "Choose from the list."),
        ({"languages": ["xx-klingon"]}, "Choose from the list."),
        ({"slots": ["999999"]}, "Choose from the list."),
    ],
)
def test_bad_answer_is_kept_in_the_page_and_not_saved(client, guest, wrong, sentence):
    response = client.post(url(guest, "sign_up"), whole(guest) | wrong)

    text = response.content.decode()
    assert sentence in text
    for name in {"phone", "website"} & set(wrong):
        assert wrong[name] in text
    guest.refresh_from_db()
    assert guest.person == "Kadri Kask", "the rest is saved"
    assert guest.phone != "call me"
    assert (guest.website, guest.time_zone, guest.languages) != ("not a site", "Europe/Atlantis", ["xx-klingon"])


def test_typing_saves_only_what_the_page_has_changed(client, guest):
    page = client.get(url(guest, "sign_up"))
    Participant.objects.filter(pk=guest.pk).update(town="Haapsalu")  # from another open page

    data = whole(guest, town=guest.town) | seen(page)
    response = client.post(url(guest, "sign_up"), data, headers=htmx("saved"))

    assert "Saved " in response.content.decode()
    guest.refresh_from_db()
    assert (guest.town, guest.person) == ("Haapsalu", "Kadri Kask")


def test_zone_follows_the_country_until_somebody_chooses_one(client, guest):
    page = client.get(url(guest, "sign_up"))
    response = client.post(
        url(guest, "sign_up"), whole(guest, country="PT") | seen(page), headers=htmx("saved")
    )  # fmt: skip
    guest.refresh_from_db()
    assert guest.time_zone == "Europe/Lisbon"
    chosen = html.document_fromstring(response.content).xpath("//select[@name='time_zone']//option[@selected]/@value")
    assert chosen == ["Europe/Lisbon"], "the page shows it at once"

    sign_up.change_profile(participant=guest, time_zone="Atlantic/Azores")
    sign_up.change_profile(participant=guest, country="FI")
    guest.refresh_from_db()
    assert guest.time_zone == "Atlantic/Azores"


def test_times_are_told_on_the_own_clocks(client, guest):
    Participant.objects.filter(pk=guest.pk).update(time_zone="Asia/Tokyo")

    times = texts(client.get(url(guest, "availability")), "//label[input[@name='slots']]/span/text()")

    assert times[0] == "18:00", "nine in the morning, UTC"


def test_none_of_a_session_works_without_scripts(client, guest):
    session = guest.round.sessions.get()

    client.post(url(guest, "availability"), whole(guest, untick=session.pk))
    assert guest.away.count() == 4

    client.post(url(guest, "availability"), {"time_zone": guest.time_zone, "tick": session.pk})
    assert guest.away.count() == 0


def test_slot_with_a_meeting_stays_free(client, guest):
    sign_up.confirm(participant=_whole_guest(guest))
    other = ParticipantFactory(round=guest.round)
    timetable = TimetableFactory(round=guest.round)
    slots = list(guest.round.slots.order_by("starts_at"))
    meeting_of(timetable, guest, other, slots[0], guest.round.tables.first())
    Round.objects.update(timetable=timetable)

    response = client.post(
        url(guest, "availability"), {"time_zone": "Europe/Tallinn", "slots": [slots[1].pk]}
    )  # fmt: skip

    assert "You have a meeting at" in response.content.decode()
    assert guest.away.count() == 0


def _whole_guest(guest: Participant) -> Participant:
    facts = {"person": "Kadri", "offers": "Buoys", "seeks": "Sensors"}
    sign_up.change_profile(participant=guest, **facts)
    return guest


@pytest.mark.parametrize("name", ["shows_name", "keeps_profile"])
def test_consent_is_noted_each_time_and_taken_back_as_easily(client, guest, name):
    page = url(guest, "sign_up")
    for agreed, action in ((True, f"matchmaking.{name}"), (False, f"matchmaking.{name}_taken_back")):
        data = whole(guest) | seen(client.get(page)) | ({name: "on"} if agreed else {})
        client.post(page, data)
        client.post(page, data)
        guest.refresh_from_db()
        assert getattr(guest, name) is agreed
        assert timezone.now() - getattr(guest, f"{name}_at") < timedelta(seconds=30)
        assert AuditEvent.objects.filter(action=action).count() == 1, "twice is once"
    assert "Taken back on" in client.get(page).content.decode()


def test_member_does_not_rename_its_organisation(client, guest, organisation):
    Participant.objects.filter(pk=guest.pk).update(organisation=organisation, company="Ålgräs Robotics")

    client.post(url(guest, "sign_up"), whole(guest, company="Somebody Else"))
    guest.refresh_from_db()
    sign_up.change_profile(participant=guest, company="Somebody Else")

    guest.refresh_from_db()
    assert (guest.company, guest.town) == ("Ålgräs Robotics", "Pärnu")


def test_side_is_asked_for_where_it_decides_who_meets(client, guest):
    Round.objects.update(meets="other_side", side_a="Buyers", side_b="Sellers")

    response = client.post(url(guest, "sign_up"), whole(guest, take_part="1"))
    assert "Choose your side." in response.content.decode()

    client.post(url(guest, "sign_up"), whole(guest, take_part="1", side="b"))
    guest.refresh_from_db()
    assert (guest.side, guest.status) == ("b", "confirmed")


def test_confirming_after_sign_up_has_ended_is_refused(client, guest):
    _whole_guest(guest)
    Round.objects.update(register_until=timezone.now() - timedelta(hours=1))

    response = client.post(url(guest, "sign_up"), whole(guest, take_part="1"), follow=True)

    assert "The time to sign up is over." in response.content.decode()
    guest.refresh_from_db()
    assert guest.status == "invited"


def test_decline_with_a_sentence_and_back_again(client, guest):
    response = client.post(url(guest, "decline"), {"sentence": "We are in Tokyo that week."}, follow=True)
    client.post(url(guest, "decline"), {"sentence": "Again."})

    assert "You do not take part" in response.content.decode()
    event = AuditEvent.objects.get(action="matchmaking.declined")
    assert event.details["sentence"] == "We are in Tokyo that week."
    assert url(guest, "sign_up") in response.content.decode(), "the way back"
    sign_up.confirm(participant=_whole_guest(guest))
    guest.refresh_from_db()
    assert guest.is_in
    with pytest.raises(Refused, match="You can withdraw instead"):
        sign_up.decline(participant=guest, sentence="")


def test_what_is_typed_is_shown_as_text(client, guest):
    nasty = "<script>alert(1)</script>"
    client.post(url(guest, "sign_up"), whole(guest, company=nasty, offers=nasty, person=nasty))

    text = client.get(url(guest, "sign_up")).content.decode()

    assert nasty not in text
    assert "&lt;script&gt;alert(1)" in text


def test_search_of_codes_needs_no_account(client, guest):
    assert client.get(url(guest, "codes", "markets")).status_code == 404
    assert (
        "fishing"
        in client.get(url(guest, "codes", "nace"), {"nace_codes_q": "marine fishing"}).content.decode().lower()
    )


def test_round_that_is_over_keeps_its_answers(client, guest):
    Round.objects.update(status="over")

    with pytest.raises(Refused, match="This round is over"):
        sign_up.change_profile(participant=guest, town="Elsewhere")
    sign_up.show_name(participant=guest, agreed=True)

    guest.refresh_from_db()
    assert guest.shows_name, "a consent is always one's own to give and to take back"


def test_names_stand_in_one_line(client):
    """They are read in mails to others, where a line of their own could say anything."""
    me = ParticipantFactory()
    typed = {"company": "Pumps\r\n\r\nPay here: x.example", "person": "Ann\nB", "town": "Tartu\r\nX"}
    client.post(url(me, "sign_up"), typed)
    me.refresh_from_db()
    assert (me.company, me.person, me.town) == ("Pumps Pay here: x.example", "Ann B", "Tartu X")


def test_surveys_are_agreed_to_by_a_tick_of_ones_own(client, guest):
    page = client.get(url(guest, "sign_up"))
    assert html.document_fromstring(page.content).xpath("//input[@name='surveys'][@checked]") == []
    client.post(url(guest, "sign_up"), whole(guest) | seen(page))
    assert not Consent.objects.exists()
    client.post(url(guest, "sign_up"), whole(guest, surveys="on") | seen(page))
    consent = Consent.objects.get()
    assert (consent.address, consent.how, consent.withdrawn_at) == (guest.email, "round", None)
    page = client.get(url(guest, "sign_up"))
    assert len(html.document_fromstring(page.content).xpath("//input[@name='surveys'][@checked]")) == 1
    client.post(url(guest, "sign_up"), whole(guest) | seen(page))
    consent.refresh_from_db()
    assert consent.withdrawn_how == "round"

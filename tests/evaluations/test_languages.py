"""Who is asked in Swedish or German reads pages and mails in that language, down to dates and what does not fit."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from lxml import html

from core.models import Mail
from evaluations import emails, links
from evaluations.actions import waves
from evaluations.models import FollowUp, Invitee
from members.models import Profile
from tests.client import htmx
from tests.evaluations.surveys import CONTENT, WHOLE, hand_in, opened, url
from tests.factories.evaluations import FollowUpFactory, InviteeFactory, VersionFactory, WaveFactory
from tests.factories.members import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitee(manager) -> Invitee:
    """Of a Swedish company, asked a questionnaire that speaks English, Swedish and German."""
    return opened(manager).invitees.first()


def follow_up(*, country: str) -> FollowUp:
    asked = FollowUpFactory(organisation__country=country)
    MembershipFactory(organisation=asked.organisation, user__email=asked.email)
    return asked


def page_of(response) -> html.HtmlElement:
    return html.document_fromstring(response.content)


def text_of(response) -> str:
    return " ".join(page_of(response).text_content().split())


def day_in(language: str, moment) -> str:
    with translation.override(language):
        return date_format(timezone.localtime(moment).date(), "DATE_FORMAT")


@pytest.mark.parametrize(
    ("language", "button", "frame", "day"),
    [("sv", "Lämna in", "Hoppa till innehållet", "Öppen till {}"), ("de", "Abgeben", "Zum Inhalt springen", "bis {}")],
)
def test_page_speaks_the_language_in_which_the_company_is_asked(client, invitee, language, button, frame, day):
    Invitee.objects.update(language=language)

    response = client.get(url(invitee))

    page = page_of(response)
    assert page.get("lang") == response.headers["Content-Language"] == language
    assert page.xpath("//button[@name='hand_in']")[0].text.strip() == button
    assert frame in text_of(response)
    assert day.format(day_in(language, invitee.wave.closes_at)) in text_of(response)
    assert page_of(client.get(reverse("account_login"))).get("lang") == "en"


def test_language_is_changed_on_the_page(client, invitee):
    client.post(url(invitee), WHOLE | {"seen": "{}", "language": "de"})
    assert page_of(client.get(url(invitee))).get("lang") == "de"

    client.post(url(invitee), WHOLE | {"seen": "{}", "language": "en"})
    assert page_of(client.get(url(invitee))).get("lang") == "en"


def test_what_does_not_fit_is_said_in_that_language(client, invitee):
    half = {"q-size_class": "small", "seen": json.dumps({})}

    refused = client.post(url(invitee), half | {"hand_in": "1"})
    assert "Ge ett svar." in text_of(refused)
    assert "saker behöver ses över" in text_of(refused)

    state = client.post(url(invitee), half, headers=htmx("state"))
    assert "1 av 5 besvarade" in text_of(state)


def test_thanks_stop_and_the_end_speak_it_too(client, invitee, manager):
    hand_in(client, invitee)
    assert "Tack. Era svar har kommit in." in text_of(client.get(url(invitee, "thanks")))
    assert "Ta tillbaka våra svar" in text_of(client.get(url(invitee, "decline")))

    waves.close_wave(wave=invitee.wave, by=manager)
    assert "Svaren är nu skilda från namnen." in text_of(client.get(url(invitee, "thanks")))
    assert "Det som lämnades in i tid räknas" in text_of(client.get(url(invitee)))


def test_an_older_link_speaks_the_language_of_its_company(client, invitee, manager):
    old = url(invitee)
    waves.send_new_link(invitee=invitee, by=manager)

    assert "Ni har fått en nyare länk" in text_of(client.get(old))
    assert "Titta i er inkorg" in text_of(client.post(f"{old}newest/"))
    assert "This link opens nothing" in text_of(client.get("/evaluations/p/forged/"))


def test_a_language_that_the_pages_do_not_speak_stands_in_english_ones(client):
    finnish = json.dumps(CONTENT).replace('"sv"', '"fi"')
    invitee = InviteeFactory(wave=WaveFactory(version=VersionFactory(content=json.loads(finnish))), language="fi")

    page = page_of(client.get(url(invitee)))

    assert page.get("lang") == "en"
    assert page.xpath("//div[@class='questions']/@lang") == ["fi"]


@pytest.mark.parametrize(
    ("language", "subject", "hello"),
    [
        ("sv", "Havsbris Cluster frågar er: Samarbete", "Hej"),
        ("de", "Havsbris Cluster fragt Sie: Arbeiten", "Guten Tag"),
    ],
)
def test_mail_speaks_it_and_leads_to_pages_that_do(client, invitee, language, subject, hello):
    Invitee.objects.update(language=language, link_version=2)
    invitee.refresh_from_db()
    emails.send_survey(invitee=invitee)

    sent = Mail.objects.get(key__endswith=f":{invitee.pk}:2")

    assert sent.subject.startswith(subject)
    assert f"{hello} {invitee.person}," in sent.text
    assert day_in(language, invitee.wave.closes_at) in sent.text
    mail = html.document_fromstring(sent.html)
    assert mail.get("lang") == language
    for name in ("/mail/stop/", "/members/consent/"):
        address = next(each for each in mail.xpath("//a/@href") if name in each)
        assert page_of(client.get("/" + address.split("/", 3)[3])).get("lang") == language


@pytest.mark.parametrize(("country", "heading"), [("DE", "Was ist daraus geworden?"), ("SE", "Vad blev det av det?")])
def test_follow_up_speaks_as_the_member_does(client, country, heading):
    asked = follow_up(country=country)
    emails.send_follow_up(follow_ups=[asked])

    page = page_of(client.get("/" + links.follow_up_url(asked).split("/", 3)[3]))

    assert page.xpath("string(//h1)").strip() == heading
    assert heading.split("?")[0].split()[0] in Mail.objects.get().subject
    amount = {"DE": "10.000 bis 50.000 Euro", "SE": "10\N{NO-BREAK SPACE}000 till 50\N{NO-BREAK SPACE}000 euro"}[
        country
    ]
    assert amount in page.text_content()


def test_follow_up_is_english_for_who_works_in_english(client):
    asked = follow_up(country="SE")
    Profile.objects.filter(organisation=asked.organisation).update(languages=["en"])

    page = page_of(client.get("/" + links.follow_up_url(asked).split("/", 3)[3]))

    assert (page.get("lang"), page.xpath("string(//h1)").strip()) == ("en", "What came of it?")

"""What a link opens, and what it says when it opens nothing."""

import pytest
from django.core import signing
from lxml import html

from core.models import Mail
from evaluations import links, writing
from evaluations.actions import waves
from evaluations.models import Invitee
from tests.evaluations.surveys import hand_in, opened, url

pytestmark = pytest.mark.django_db
PAGES = ("answer", "thanks", "decline")


@pytest.fixture
def invitee(manager) -> Invitee:
    wave = opened(manager)
    wave.invitees.update(language="en")
    return wave.invitees.first()


def heading(response) -> str:
    return " ".join(html.document_fromstring(response.content).xpath("//h1")[0].text_content().split())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "forge",
    [
        lambda token: token[:-3],
        lambda token: "A" + token,
        lambda _: "nowhere",
        lambda _: signing.Signer(salt="matchmaking.participant").sign_object([1, 1]),
        lambda _: signing.Signer(salt=links.SALT).sign_object(["x"]),
        lambda _: signing.Signer(salt=links.SALT).sign_object([10**9, 1]),
    ],
)
def test_forged_link_opens_nothing(client, invitee, page, forge):
    token = links.token_of(invitee)
    response = client.get(url(invitee, page).replace(token, forge(token)))

    assert response.status_code == 404
    assert heading(response) == "This link opens nothing"
    assert invitee.company not in response.content.decode()


def test_replaced_link_sends_the_newest_to_the_address_on_record(client, invitee, manager):
    old = url(invitee)
    hand_in(client, invitee)
    waves.send_new_link(invitee=invitee, by=manager)
    writing.send_due()
    sent = Mail.objects.filter(to=invitee.email, kind="survey").count()
    assert sent == 2, "also to somebody who has answered: its absence would tell"

    response = client.get(old)
    assert (response.status_code, heading(response)) == (410, "A newer link was sent to you")
    assert client.post(old, {"q-size_class": "micro", "seen": "{}"}).status_code == 410
    for _ in range(2):
        asked = client.post(f"{old}newest/")
    assert heading(asked) == "Look into your mail"

    mail = Mail.objects.get(kind="survey-link")
    assert mail.to == invitee.email
    invitee.refresh_from_db()
    assert links.token_of(invitee) in mail.text
    assert client.get(url(invitee)).status_code == 302, "its answers are still there"


def test_asking_anew_with_any_link_says_the_same(client, invitee):
    for token in ("nowhere", links.token_of(invitee)):
        page = client.post(f"/evaluations/p/{token}/newest/")
        assert heading(page) == "Look into your mail"

    assert Mail.objects.filter(kind="survey-link").count() == 1


def test_link_of_a_company_that_was_taken_out_opens_nothing(client, invitee, manager):
    hand_in(client, invitee)
    old = url(invitee)
    waves.take_out(invitee=invitee, by=manager)
    invitee.refresh_from_db()

    for address in (old, url(invitee)):
        response = client.get(address)
        assert (response.status_code, heading(response)) == (410, "You are not asked any more")
        client.post(f"{address}newest/")
    assert not Mail.objects.filter(kind="survey-link").exists()


@pytest.mark.parametrize("page", PAGES)
def test_link_ends_with_its_wave_and_says_so(client, invitee, manager, page):
    waves.close_wave(wave=invitee.wave, by=manager)

    response = client.get(url(invitee, page))

    assert heading(response) == "This survey is closed"
    client.post(url(invitee, "decline"))
    invitee.refresh_from_db()
    assert not invitee.has_declined


def test_link_opens_one_company_only_and_no_account(client, invitee, manager):
    other = invitee.wave.invitees.last()
    hand_in(client, other)

    page = client.get(url(invitee))

    assert other.company not in page.content.decode()
    assert client.get("/evaluations/waves/").url.startswith("/accounts/login/")
    for address in (url(invitee, "thanks"), f"{url(invitee)}newest/"):
        assert client.put(address).status_code == 405

"""Who was asked, for managers: how far the mails are, and never who has answered."""

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent, Mail
from evaluations import writing
from evaluations.actions import waves
from evaluations.models import Invitee, Response
from tests.evaluations.surveys import back_in_time, hand_in, member, opened, planned
from tests.factories.evaluations import InviteeFactory, WaveFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def people(client, wave, **query):
    return client.get(reverse("evaluations:wave_people", args=[wave.slug], query=query or None))


def rows(response) -> dict[str, str]:
    """Company -> what stands in its row."""
    found = html.document_fromstring(response.content).xpath("//tbody/tr")
    return {each.xpath("./th")[0].text_content().strip(): " ".join(each.text_content().split()) for each in found}


def main(response) -> str:
    """Everything that stands in the page, without what frames it."""
    return " ".join(html.document_fromstring(response.content).xpath("//main")[0].text_content().split())


def test_before_opening_everybody_stands_there_with_the_contact_or_the_reason(sign_in, manager):
    asked, silent = member(name="Asked"), member(name="Silent", agrees=False)
    client, wave = sign_in(manager), planned()

    page = rows(people(client, wave))

    assert asked.memberships.get().user.email in page["Asked"]
    assert "Nobody has agreed to be asked in surveys" in page["Silent"]
    assert silent.memberships.get().user.email not in page["Silent"]
    assert list(rows(people(client, wave, only="asked"))) == ["Asked"]
    assert "Asked" not in rows(people(client, wave, only="not"))


def test_page_is_the_same_whether_somebody_has_answered_or_not(client, sign_in, manager):
    """Byte for byte, but for what changes with every request."""
    wave, reader = opened(manager), sign_in(manager)
    invitee = wave.invitees.first()

    def page() -> str:
        return main(people(reader, wave))

    before = page()
    hand_in(client, invitee)
    assert Invitee.objects.filter(has_answered=True).count() == 1
    assert page() == before

    back_in_time(wave, days=4)
    waves.remind(wave=wave, by=manager)
    writing.send_due()
    assert Mail.objects.filter(kind="survey-reminder").count() == 5
    assert page() == before, "who is reminded has not answered"


def test_mail_that_failed_is_seen_and_found(sign_in, manager):
    client, wave = sign_in(manager), opened(manager)
    invitee = wave.invitees.first()
    Mail.objects.filter(to=invitee.email).update(status=Mail.Status.FAILED)

    found = rows(people(client, wave, mail="failed"))

    assert list(found) == [invitee.company]
    assert "The mail failed" in found[invitee.company]
    assert list(rows(people(client, wave, q=invitee.email))) == [invitee.company]
    assert "Nobody found" in people(client, wave, q="nowhere").content.decode()


def test_names_are_shown_as_words_and_searched_as_words(sign_in, manager):
    client, wave = sign_in(manager), WaveFactory()
    InviteeFactory(wave=wave, company="<img src=x> & Söner", person="' OR 1=1 --")

    page = people(client, wave, q="<img src=x> soner")
    assert list(rows(page)) == ["<img src=x> & Söner"]
    assert b"<img src=x>" not in page.content
    assert not rows(people(client, wave, q="' OR 2=2 --"))


@pytest.mark.parametrize("answers", [True, False])
def test_taking_a_company_out_says_nothing_of_its_answer(client, sign_in, manager, answers):
    wave, reader = opened(manager), sign_in(manager)
    invitee = wave.invitees.first()
    back_in_time(wave, days=4)
    if answers:
        hand_in(client, invitee)
    overview = main(reader.get(wave.get_absolute_url()))
    path = reverse("evaluations:take_out", args=[wave.slug, invitee.pk])

    for _ in range(2):
        page = reader.post(path, follow=True)

    assert "is asked no more. Its link opens nothing." in page.content.decode()
    assert "Taken out" in rows(page)[invitee.company]
    invitee.refresh_from_db()
    assert (invitee.is_taken_out, invitee.has_answered) == (True, answers)
    assert Response.objects.count() == answers, "what was answered counts on"
    assert main(reader.get(wave.get_absolute_url())) == overview
    told = main(reader.post(reverse("evaluations:remind", args=[wave.slug]), follow=True))
    assert "The reminders are on their way." in told
    assert "5 reminders" not in told
    assert AuditEvent.objects.filter(action="evaluations.invitee_taken_out").count() == 1


def test_new_link_is_written_and_noted(sign_in, manager):
    wave = opened(manager)
    invitee = wave.invitees.first()

    page = sign_in(manager).post(reverse("evaluations:send_new_link", args=[wave.slug, invitee.pk]), follow=True)
    assert f"A new link goes to {invitee.email}" in page.content.decode()
    writing.send_due()

    assert Mail.objects.filter(to=invitee.email, kind="survey").count() == 2
    assert AuditEvent.objects.get(action="evaluations.link_replaced").object_id == invitee.pk


def test_closed_wave_sends_no_link_and_takes_nobody_out(sign_in, manager):
    wave = WaveFactory(closed=True)
    invitee, client = InviteeFactory(wave=wave), sign_in(manager)

    page = client.post(reverse("evaluations:send_new_link", args=[wave.slug, invitee.pk]), follow=True)
    client.post(reverse("evaluations:take_out", args=[wave.slug, invitee.pk]))

    assert "Links are sent while a wave is open" in page.content.decode()
    invitee.refresh_from_db()
    assert (invitee.link_version, invitee.is_taken_out) == (1, False)


def test_invitee_of_another_wave_is_not_found(sign_in, manager):
    wave, other = opened(manager), InviteeFactory()

    response = sign_in(manager).post(reverse("evaluations:take_out", args=[wave.slug, other.pk]))

    assert response.status_code == 404
    other.refresh_from_db()
    assert not other.is_taken_out


def test_list_asks_a_constant_number_of_questions(sign_in, manager):
    client, wave = sign_in(manager), WaveFactory()

    assert_constant_queries(
        lambda: people(client, wave),
        lambda: InviteeFactory(wave=wave),
        at_most=11,
        shows=lambda response: len(rows(response)),
    )

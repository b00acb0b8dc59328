"""The mails of a wave: to those who agreed, in their language, stopped and taken back with one tap."""

import pytest
from django.utils import timezone

from core import mail
from core.models import Mail
from evaluations import emails, links, writing
from evaluations.actions import waves
from evaluations.models import Invitee
from members.actions import consents
from members.models import Consent, Profile
from tests.evaluations.surveys import back_in_time, member, opened, planned

pytestmark = pytest.mark.django_db


def test_mail_says_who_asks_how_long_and_how_to_end_it(manager):
    invitee = opened(manager).invitees.first()
    Invitee.objects.update(language="en", link_version=2)
    invitee.refresh_from_db()
    emails.send_survey(invitee=invitee)

    sent = Mail.objects.get(key__endswith=f":{invitee.pk}:2")

    assert sent.subject == "Havsbris Cluster asks you: Working across borders: what holds you back, what helps"
    until = timezone.localtime(invitee.wave.closes_at)
    for words in (
        f"Hello {invitee.person},",
        "It takes about 2 minutes on a phone, without signing in.",
        "nobody can tell which answers are yours",
        f"You can answer until {until.day} {until:%B} {until.year}, {until:%H:%M}",
        links.url_of(invitee),
        links.url_of(invitee, "decline"),
        f"agreed on {timezone.localdate().day} ",
        "/members/consent/",
        "/mail/stop/",
    ):
        assert words in sent.text, words
        assert words in sent.html, words


def test_questionnaire_is_named_in_the_persons_language(home, manager):
    companies = [member(country="SE") for _ in range(5)]
    Profile.objects.filter(organisation=companies[0]).update(languages=["en", "sv"])
    Profile.objects.filter(organisation__in=companies[1:]).update(languages=["en"])
    wave = planned()
    waves.open_wave(wave=wave, by=manager)
    writing.send_due()

    assert Mail.objects.filter(subject__contains="Samarbete över gränserna").count() == 1
    assert Mail.objects.filter(subject__contains="Working across borders").count() == 4
    assert Mail.objects.filter(text__contains=f"{timezone.now():%Y}").count() == 5


def test_interrupted_writing_goes_on_where_it_stopped(home, manager, monkeypatch):
    for _ in range(5):
        member()
    wave = planned()
    waves.open_wave(wave=wave, by=manager)
    send, calls = emails.send_survey, []

    def breaks(*, invitee: Invitee) -> None:
        calls.append(invitee)
        if len(calls) == 3:
            raise ConnectionError
        send(invitee=invitee)

    monkeypatch.setattr(emails, "send_survey", breaks)
    with pytest.raises(ConnectionError):
        writing.send_due()
    assert Mail.objects.count() == 2
    writing.send_due()
    writing.send_due()

    assert Mail.objects.count() == 5
    assert len(set(Mail.objects.values_list("to", flat=True))) == 5


def test_who_takes_the_consent_back_hears_no_more(manager):
    wave = opened(manager)
    invitee = wave.invitees.first()
    consents.withdraw_consent(address=invitee.email, purpose="surveys", how="link", by=None)

    back_in_time(wave, days=4)
    waves.remind(wave=wave, by=manager)
    waves.extend_wave(wave=wave, closes_at=wave.closes_at + timezone.timedelta(days=7), by=manager)
    waves.send_new_link(invitee=invitee, by=manager)
    writing.send_due()

    assert Mail.objects.filter(to=invitee.email).count() == 1, "only the first one"
    assert Mail.objects.filter(kind="survey-reminder").count() == 5


def test_stop_link_of_reminders_ends_reminders_alone(client, manager):
    wave = opened(manager)
    stopper = wave.invitees.first()
    path = mail.stop_url(stopper.email, "survey-reminder").removeprefix(mail.absolute(""))
    client.post(path)

    back_in_time(wave, days=4)
    assert waves.remind(wave=wave, by=manager) == 5
    writing.send_due()

    assert not Mail.objects.filter(to=stopper.email, kind="survey-reminder").exists()
    assert Consent.objects.holding("surveys").filter(address=stopper.email).exists()


def test_reminder_is_not_written_to_who_answers_in_between(manager):
    wave = opened(manager)
    back_in_time(wave, days=4)
    waves.remind(wave=wave, by=manager)
    quick = wave.invitees.first()
    Invitee.objects.filter(pk=quick.pk).update(has_answered=True)

    writing.send_due()

    assert Mail.objects.filter(kind="survey-reminder").count() == 5
    assert not Mail.objects.filter(kind="survey-reminder", to=quick.email).exists()


def test_last_reminder_says_that_it_is_the_last(manager):
    wave = opened(manager)
    Invitee.objects.update(reminders=2, language="en")
    emails.send_survey_reminder(invitee=wave.invitees.select_related("wave__version").first())

    sent = Mail.objects.get(kind="survey-reminder")

    assert sent.subject.startswith("Last reminder: ")
    assert "This is the last reminder." in sent.text


def test_names_make_no_markup_and_no_lines_of_their_own(home, manager):
    for n in range(5):
        member(name=f"<a href=x>Click{n}</a>", person="<b>Bo</b>\nBcc: x@x.example")
    wave = planned()
    waves.open_wave(wave=wave, by=manager)
    writing.send_due()

    for sent in Mail.objects.all():
        assert "<a href=x>" not in sent.html
        assert "<b>Bo" not in sent.html
        assert "\n" not in sent.subject

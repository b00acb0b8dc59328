"""Questions by mail: after the last meeting of a day, and 3 and 12 months later; what came of it."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.core import mail as outbox
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import mail
from core.models import AuditEvent, Mail
from matchmaking import asking, links
from matchmaking.actions import feedback, rounds
from matchmaking.models import Meeting, Outcome, Participant, Seat
from tests.client import htmx
from tests.factories.matchmaking import ParticipantFactory, with_programme
from tests.matchmaking.ground import Ground, ground


@pytest.fixture
def met(db, home) -> Ground:
    """A published round with three meetings."""
    g = ground()
    g.publish()
    g.meeting(0, 0, slot=0)
    g.meeting(0, 1, slot=1)
    g.meeting(1, 1, slot=2)
    return g


def mails(kind: str) -> dict[str, Mail]:
    return {each.to: each for each in Mail.objects.filter(kind=kind)}


def after(g: Ground, **span: int):
    return g.slots[-1].ends_at + relativedelta(**span)


def seat(participant: Participant, position: int = 0) -> Seat:
    return participant.seats.order_by("slot__starts_at")[position]


# --- on the day ------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_again_when_the_end_of_the_round_is_taken_back(met, manager, time_machine):
    time_machine.move_to(after(met, minutes=1), tick=False)
    asking.ask_feedback()
    asked = Mail.objects.count()
    rounds.finish_round(round_=met.round, by=manager)
    rounds.open_again(round_=met.round, by=manager)
    asking.ask_feedback()
    rounds.finish_round(round_=met.round, by=manager)
    asking.ask_feedback()
    assert Mail.objects.count() == asked == 4


def test_feedback_is_asked_once_after_the_last_slot_of_the_day(met, time_machine):
    time_machine.move_to(met.slots[-1].ends_at - timedelta(minutes=1), tick=False)
    asking.ask_feedback()
    assert not mails("round-feedback"), "a slot is still to come"

    time_machine.move_to(after(met, minutes=1), tick=False)
    for _ in range(2):
        asking.ask_feedback()
    found = mails("round-feedback")
    assert set(found) == {each.email for each in (*met.here, *met.there)}
    first = found[met.here[0].email]
    for position in (0, 1):
        url = reverse("matchmaking:feedback", args=[links.token_of(met.here[0]), seat(met.here[0], position).pk])
        assert url in first.text
        assert url in first.html
    assert met.there[0].company in first.text
    assert Mail.objects.filter(kind="round-feedback").count() == 4


def test_link_of_the_mail_opens_the_meeting(client, met, time_machine):
    time_machine.move_to(after(met, minutes=1), tick=False)
    asking.ask_feedback()
    line = next(line for line in mails("round-feedback")[met.here[1].email].text.splitlines() if "/feedback/" in line)
    response = client.get("/" + line.partition("//")[2].partition("/")[2])
    assert met.there[1].company in response.content.decode()


def test_who_has_told_who_did_not_come_and_who_left_are_not_asked(met, time_machine):
    time_machine.move_to(after(met, minutes=1), tick=False)
    feedback.tell(seat=seat(met.here[1]), held="yes")
    Participant.objects.filter(pk=met.here[0].pk).update(no_show_at=met.slots[0].starts_at)
    Participant.objects.filter(pk=met.there[0].pk).update(status="withdrawn")
    asking.ask_feedback()
    assert set(mails("round-feedback")) == {met.there[1].email}


def test_feedback_is_asked_on_each_day_of_a_round_and_not_about_days_long_past(met, time_machine):
    with_programme(met.round, slots=1, tables=0, starts_at=met.slots[0].starts_at + timedelta(days=1))
    second = met.round.slots.order_by("starts_at").last()
    met.slots.append(second)
    met.meeting(1, 0, slot=4)
    time_machine.move_to(met.slots[3].ends_at + timedelta(hours=1), tick=False)
    asking.ask_feedback()
    assert len(mails("round-feedback")) == 4
    time_machine.move_to(second.ends_at + timedelta(hours=1), tick=False)
    asking.ask_feedback()
    assert Mail.objects.filter(kind="round-feedback").count() == 6, "the two who met on the second day"
    Mail.objects.all().delete()
    time_machine.move_to(second.ends_at + timedelta(days=9), tick=False)
    asking.ask_feedback()
    assert not mails("round-feedback")


def test_draft_asks_nobody(met, time_machine):
    met.round.status, met.round.timetable = "open", None
    met.round.save()
    time_machine.move_to(after(met, minutes=1), tick=False)
    asking.ask_feedback()
    assert not Mail.objects.exists()


def test_stop_link_of_the_mail_stops_its_kind(client, met, time_machine):
    time_machine.move_to(after(met, minutes=1), tick=False)
    client.post("/" + mail.stop_url(met.here[0].email, "round-feedback").partition("//")[2].partition("/")[2])
    asking.ask_feedback()
    assert mails("round-feedback")[met.here[0].email].status == Mail.Status.STOPPED
    assert not outbox.outbox


def test_asking_reads_a_constant_number_of_rows_at_a_time(met, time_machine):
    time_machine.move_to(after(met, minutes=1), tick=False)
    counts = []
    for position in range(2):
        met.here.append(ParticipantFactory(round=met.round))
        met.meeting(-1, position, slot=3, table=position)
        with CaptureQueriesContext(connection) as queries:
            asking.ask_feedback()
        reads = [q for q in queries.captured_queries if 'FROM "matchmaking_' in q["sql"]]
        counts.append(len(reads))
    assert counts[0] == counts[1] <= 4


# --- months later ----------------------------------------------------------------------------------------------------


@pytest.fixture
def held(met, time_machine) -> Ground:
    """All three meetings were held; one side of the second said that nothing follows."""
    Meeting.objects.update(status=Meeting.Status.HELD)
    Seat.objects.filter(pk=seat(met.here[0], 1).pk).update(held="yes", next_step="none")
    return met


def test_outcomes_are_asked_after_3_and_12_months_once(held, time_machine):
    time_machine.move_to(after(held, months=2, days=25), tick=False)
    asking.ask_outcomes()
    assert not Mail.objects.exists()
    for months in (3, 12):
        time_machine.move_to(after(held, months=months, hours=1), tick=False)
        for _ in range(2):
            asking.ask_outcomes()
    assert Mail.objects.filter(kind="round-outcome").count() == 8
    text = Mail.objects.get(key=f"round-outcome:{held.here[0].pk}:3").text
    assert f"/outcome/{seat(held.here[0]).pk}/3/" in text
    assert f"/outcome/{seat(held.here[0], 1).pk}/3/" not in text, "nothing follows"


def test_who_told_nothing_came_of_it_is_not_asked_again(held, time_machine):
    time_machine.move_to(after(held, months=3, hours=1), tick=False)
    feedback.tell_outcome(seat=seat(held.here[1]), months=3, stage="nothing")
    time_machine.move_to(after(held, months=12, hours=1), tick=False)
    asking.ask_outcomes()
    assert held.here[1].email not in mails("round-outcome")
    assert held.here[0].email in mails("round-outcome")


@pytest.mark.parametrize("state", ["planned", "no_show", "cancelled"])
def test_meeting_that_was_not_held_is_not_asked_about(held, time_machine, state):
    Meeting.objects.update(status=state)
    time_machine.move_to(after(held, months=3, hours=1), tick=False)
    asking.ask_outcomes()
    assert not Mail.objects.exists()


def post(client, participant: Participant, months: int = 3, **said: object):
    url = reverse("matchmaking:outcome", args=[links.token_of(participant), seat(participant).pk, months])
    return client.post(url, said)


def test_outcome_is_kept_with_its_worth_and_can_be_changed(client, held, time_machine):
    time_machine.move_to(after(held, months=3, hours=1), tick=False)
    for _ in range(2):
        said = {"stage": "sales", "amount": "under_50k", "attribution": "later", "words": "First order"}
        post(client, held.here[0], **said)
    told = Outcome.objects.get()
    assert (told.stage, told.amount, told.attribution, told.months) == ("sales", "under_50k", "later", 3)
    assert AuditEvent.objects.filter(action="matchmaking.outcome_told").count() == 1
    post(client, held.here[0], stage="contact", amount="under_50k", attribution="later")
    told.refresh_from_db()
    assert (told.amount, told.attribution) == ("", "later"), "a contact is worth no money yet"
    post(client, held.here[0], stage="nothing", amount="under_50k", attribution="later")
    told.refresh_from_db()
    assert (told.amount, told.attribution) == ("", "")


def test_outcome_before_its_time_is_not_taken(client, held, time_machine):
    time_machine.move_to(after(held, months=2), tick=False)
    url = reverse("matchmaking:outcome", args=[links.token_of(held.here[0]), seat(held.here[0]).pk, 3])
    assert "This question opens on" in client.get(url).content.decode()
    response = client.post(url, {"stage": "sales"}, follow=True)
    assert "It is too early for this question." in response.content.decode()
    assert not Outcome.objects.exists()


@pytest.mark.parametrize("months", [0, 4, 999999])
def test_other_months_are_no_address(client, held, months):
    url = reverse("matchmaking:outcome", args=[links.token_of(held.here[0]), seat(held.here[0]).pk, months])
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("said", [{"stage": "gold"}, {}, {"stage": "sales", "amount": "25000"},
                                  {"stage": "sales", "attribution": "us"}])  # fmt: skip
def test_outcome_that_is_not_understood_keeps_what_was_typed(client, held, time_machine, said):
    time_machine.move_to(after(held, months=3, hours=1), tick=False)
    response = post(client, held.here[0], words="Keep me", **said)
    assert "Keep me" in response.content.decode()
    assert 'role="alert"' in response.content.decode()
    assert not Outcome.objects.exists()


def test_outcome_by_htmx_swaps_nothing(client, held, time_machine):
    time_machine.move_to(after(held, months=12, hours=1), tick=False)
    url = reverse("matchmaking:outcome", args=[links.token_of(held.here[0]), seat(held.here[0]).pk, 12])
    assert client.post(url, {"stage": "project"}, headers=htmx("outcome")).status_code == 204
    page = client.get(reverse("matchmaking:feedback_overview", args=[links.token_of(held.here[0])])).content.decode()
    assert "After 12 months" in page

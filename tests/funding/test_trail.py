"""The record: every act in order with its reasons, as page, CSV and JSON; the database changes nothing of it."""

import csv
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.models import AuditEvent
from funding.actions import appeals, reserve
from funding.models import Decision, Revision
from tests.funding.decisions_ground import fund, judged, judged_call, keep, reject, tell
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call(time_zone="Europe/Tallinn")


def url(name, call, *more):
    return reverse(f"funding:{name}", args=[call.slug, *more])


def test_every_act_stands_in_the_record_in_order(call, manager, owner, organisation, sign_in):
    won, lost = judged(call, 5, 60_000), judged(call, 3, 30_000, lead=organisation)
    Revision.objects.create(application=lost, field="title", value="Nets", by="Olivia Owner")
    keep(won, 1, manager)
    fund(won, manager)
    reject(lost, manager)
    tell(call, manager)
    appeal = appeals.file(decision=Decision.objects.get(application=lost), words="Look again.", by=owner)
    appeals.dismiss(appeal=appeal, answer="It stands.", by=manager)
    reserve.give_up(award=Decision.objects.get(application=won).awards.get(), why="Sold.", by=manager)
    found = json.loads(sign_in(manager).get(url("trail_json", call)).content)["acts"]

    acts = [each["act"] for each in found if each["act"] not in {"Kept as handed in", "Saved a field"}]
    assert acts == [
        "Decided", "Decided", "Decided", "Letter sent", "Letter sent", "Decisions made known",
        "Appeal filed", "Appeal dismissed", "Letter sent", "Award given up",
    ]  # fmt: skip
    assert [each["at"] for each in found] == sorted(each["at"] for each in found)
    assert all("Tallinn" in each["at_in_zone"] for each in found)
    changed = [each for each in found if each["act"] == "Decided"][1]
    assert (changed["details"]["before"]["outcome"], changed["details"]["after"]["outcome"]) == ("reserve", "funded")
    assert {each["who"] for each in found} >= {str(manager), str(owner)}
    assert sum(each["act"] == "Kept as handed in" for each in found) == 2


def test_every_event_of_the_room_is_in_the_record_of_its_call(call, manager, owner, organisation, sign_in):
    """Nothing that an action wrote is left out."""
    reject(judged(call, 3, 30_000, lead=organisation), manager)
    tell(call, manager)
    appeals.file(decision=Decision.objects.get(), words="Look again.", by=owner)
    found = json.loads(sign_in(manager).get(url("trail_json", call)).content)["acts"]

    written = AuditEvent.objects.filter(action__startswith="funding.").count()
    assert sum(each["act"] != "Kept as handed in" for each in found) == written > 0


def test_record_of_an_application_holds_nothing_of_others(call, manager, sign_in):
    one, other = judged(call, 5, 60_000, title="Sensors"), judged(call, 3, 30_000, title="Nets")
    fund(one, manager)
    reject(other, manager, reasons="Too thin.")
    page = sign_in(manager).get(url("trail_of_application", call, one.number)).content.decode()

    assert "Clear benefit." in page
    assert "Too thin." not in page
    found = json.loads(sign_in(manager).get(url("trail_of_application_json", call, one.number)).content)
    assert {each["on"] for each in found["acts"]} <= {str(one), str(one.decision)}


def test_table_executes_nothing_in_a_spreadsheet(call, manager, sign_in):
    judged(call, 3, 30_000, title="x")
    application = judged(call, 5, 60_000)
    manager.name = "=cmd|' /C calc'!A0"
    manager.save()
    reject(application, manager)
    text = sign_in(manager).get(url("trail_csv", call)).content.decode()

    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["at", "at_in_zone", "who", "act", "on", "details"]
    assert [row[2] for row in rows if "cmd" in row[2]] == ["'=cmd\\|' /C calc'!A0"]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_words_are_shown_as_they_are(call, manager, sign_in):
    reject(judged(call, 3, 30_000), manager, reasons="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)" in sign_in(manager).get(url("trail", call)).content.decode()


@pytest.mark.parametrize("sql", [
    "UPDATE core_auditevent SET actor_label = 'Nobody'", "DELETE FROM core_auditevent",
])  # fmt: skip
def test_database_changes_nothing_that_was_recorded(call, manager, sql):
    reject(judged(call, 3, 30_000), manager)
    with pytest.raises(IntegrityError, match="The audit trail is never changed"), transaction.atomic():
        connection.cursor().execute(sql)
    assert AuditEvent.objects.get(action="funding.decided").actor_label == str(manager)


def test_record_asks_the_same_number_of_questions(call, manager, sign_in):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(url("trail", call)),
        lambda: reject(judged(call, 3, 3_000), manager),
        at_most=14,
        shows=lambda response: response.content.decode().count("<strong>Decided"),
    )

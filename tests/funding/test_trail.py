"""The record: every act in order with its reasons, as page, CSV and JSON; the database changes nothing of it."""

import csv
import json

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from core.actions import record
from core.models import AuditEvent
from funding.actions import appeals, reserve
from funding.actions.trail import of_part
from funding.models import Decision, Revision
from tests.factories.funding import QuestionFactory
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


def test_record_reads_as_sentences_without_a_raw_key(call, manager, owner, organisation, sign_in):
    """Questions stand by their texts, days as days, partners by their names: a court reads it without a programmer."""
    question = QuestionFactory(call=call, text="What <i>changes</i> for the companies?")
    application = judged(call, 4, 40_000, 20_000, lead=organisation)
    partner = application.partners.get(is_lead=False)
    Revision.objects.create(application=application, field=f"question:{question.pk}", value="Much.", by="Olivia")
    Revision.objects.create(application=application, field="question:987654", value="x", by="Olivia")
    Revision.objects.create(application=application, partner=partner, field="role", value="x", by="Kadri")
    of_part("funding.partner_changed", partner, by=owner, fields=["registration_number", "activity_types", "region"])
    of_part("funding.part_confirmed", partner, by=None, name="Kadri Kask")
    of_part("funding.part_said", partner, by=None, fields=["declared_aid", "enterprise"])
    of_part("funding.budget_changed", partner, by=None, total="13500.50")
    record("funding.call_corrected", by=manager, on=call, before="2027-05-03", after="2027-05-03T12:00:00+00:00")
    reject(application, manager)
    keep(application, 1, manager)
    tell(call, manager)
    client = sign_in(manager)
    page = " ".join(client.get(url("trail", call)).content.decode().split())
    rows = list(csv.DictReader(client.get(url("trail_csv", call)).getvalue().decode("utf-8-sig").splitlines()))

    for told in (
        "What &lt;i&gt;changes&lt;/i&gt; for the companies?", "a question that was removed",
        "what the partner does in the project", "registration number, activities, region",
        f"Kadri Kask of {partner.name}, by the partner&#x27;s link", "Partner confirmed its part",
        "declared de minimis aid, figures of the company", "<dt>from</dt><dd>3 May 2027</dd>",
        "<dt>to</dt><dd>3 May 2027, 15:00, Tallinn (UTC+03:00)</dd>",
        "decision: Not funded", "decision: On the reserve list",
        "place on the reserve list: 1", "<dt>total</dt><dd>EUR 13,500.50</dd>",
    ):  # fmt: skip
        assert told in page, told
    for raw in ("question:", "registration_number", "activity_types", "reserve_place", "declared_aid", "why_early"):
        assert raw not in page, raw
        assert all(raw not in row["in_words"] for row in rows), raw
    assert any("decision: On the reserve list" in row["in_words"] for row in rows)
    assert any("reserve_place" in row["details"] for row in rows), "as data it stays what was written"


def test_table_executes_nothing_in_a_spreadsheet(call, manager, sign_in):
    judged(call, 3, 30_000, title="x")
    application = judged(call, 5, 60_000)
    manager.name = "=cmd|' /C calc'!A0"
    manager.save()
    reject(application, manager)
    text = sign_in(manager).get(url("trail_csv", call)).getvalue().decode("utf-8-sig")

    rows = list(csv.reader(text.splitlines()))
    assert rows[0] == ["at", "at_in_zone", "who", "act", "on", "in_words", "details"]
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
        at_most=17,
        shows=lambda response: response.content.decode().count("<strong>Decided"),
    )

"""What everybody reads: the list with its filters, the page of a call, its documents, and the feed."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import AuditEvent
from funding.actions import publishing
from funding.models import CallDocument, FundingCall
from tests.factories.funding import ActivityTypeFactory, FunderFactory, FundingCallFactory, QuestionFactory
from tests.funding.call_ground import page, ready
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def published(**facts) -> FundingCall:
    call = ready(**facts)
    FundingCall.objects.filter(pk=call.pk).update(status="published", published_at=timezone.now())
    call.refresh_from_db()
    return call


def test_the_page_says_who_pays_for_what_by_which_rules(client):
    call = published(
        name="Blue <pilots>",
        text="First line.\n\n<script>alert(1)</script>",
        lead_kinds=["cluster"],
        least_organisations=3,
        least_countries=2,
        least_smes=1,
        shortest_months=6,
        longest_months=18,
        is_blind=True,
    )
    paying = FunderFactory(
        call=call, name="Merefond", member_state="EE", budget_eur=Decimal("1500000.50"), sizes=["micro", "small"],
        smallest_grant_eur=10_000, rates={"micro": "0.7"}, is_de_minimis=True, criteria="Only <i>harbours</i>.",
        most_previous_grants=1, previous_grants_years=3,
    )  # fmt: skip
    paying.activity_types.add(ActivityTypeFactory(call=call, name="Pilots"))
    QuestionFactory(call=call, text="Of each?", asked_of="partner", funder=paying, is_required=False)

    shown = client.get(call.get_absolute_url()).content.decode()

    for words in (
        "Blue &lt;pilots&gt;",
        "&lt;script&gt;",
        "Merefond (Estonia)",
        "Only: Pilots.",
        "Companies: micro, small",
        "EUR 10,000 to EUR 60,000 a partner. At most 50 % of the costs. Micro companies: 70 %. De minimis aid.",
        "EUR 1,500,000.50",
        "Only &lt;i&gt;harbours&lt;/i&gt;.",
        "At most 1 grant of this funder in the last 3 years.",
        "3 organisations or more.",
        "They come from 2 countries or more.",
        "The lead is one of these: cluster organisation.",
        "The project takes 6 to 18 months.",
        "2 reviewers, who do not see who applies.",
        "only partners of Merefond",
        "Stockholm (UTC",
        "10 days left",
        call.contact_email,
    ):
        assert words in shown, words
    assert page("check_call", call.slug) in shown


def test_the_deadline_on_a_phone_has_its_zone(client):
    call = published(deadline=datetime(2027, 6, 1, 12, 0, tzinfo=UTC), time_zone="Europe/Tallinn")

    head = client.get(call.get_absolute_url()).content.decode().partition('class="only-narrow"')[2].partition("</p>")[0]

    assert "Deadline: Tuesday 1 June 2027, 15:00, Tallinn (UTC+03:00)" in head


def test_a_draft_is_a_preview_for_managers_alone(sign_in, manager, owner, client):
    call = ready()

    assert "This is a preview" in sign_in(manager).get(call.get_absolute_url()).content.decode()
    for visitor in (client, sign_in(owner)):
        assert visitor.get(call.get_absolute_url()).status_code == 404
        assert call.name not in visitor.get(page("list")).content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Open", "Coming", "Past", "Cancelled"]),
        ("?when=open", ["Open"]),
        ("?when=coming", ["Coming"]),
        ("?when=past", ["Past", "Cancelled"]),
        ("?country=EE", ["Coming"]),
        ("?country=EE&when=open", []),
        ("?q=harbour", ["Open"]),
        ("?q=ferr", ["Past"]),
        ("?when=never&country=%00", ["Open", "Coming", "Past", "Cancelled"]),
    ],
)
def test_the_list_is_filtered(client, query, names):
    now = timezone.now()
    FunderFactory(call=FundingCallFactory(name="Open", aim="Harbours.", deadline=now + timedelta(days=3)))
    coming = FundingCallFactory(name="Coming", announced=True, deadline=now + timedelta(days=60))
    FunderFactory(call=coming, member_state="EE")
    ActivityTypeFactory(call=FundingCallFactory(name="Past", in_review=True), name="Ferries")
    FundingCallFactory(
        name="Cancelled", status="cancelled", opens_at=now - timedelta(days=80), deadline=now - timedelta(days=40)
    )
    FundingCallFactory(name="Draft", draft=True)

    shown = client.get(page("list") + query)

    assert [row["call"].name for row in shown.context["rows"]] == names
    if not names:
        assert "Take a filter away to see more." in shown.content.decode()


def test_the_list_asks_the_same_number_of_questions(client):
    assert_constant_queries(
        lambda: client.get(page("list")),
        FunderFactory,
        at_most=8,
        shows=lambda response: len(response.context["rows"]),
    )


def test_the_page_asks_the_same_number_of_questions(client):
    call = published()

    assert_constant_queries(
        lambda: client.get(call.get_absolute_url()),
        lambda: (
            QuestionFactory(call=call, asked_of="partner", funder=FunderFactory(call=call)),
            ActivityTypeFactory(call=call),
        ),
        at_most=12,
        shows=lambda response: len(response.context["partner_questions"]),
    )


# The feed


def feed(client, **headers):
    return client.get(page("feed"), headers=headers)


def test_the_feed_has_what_is_open_and_what_comes(client, settings):
    settings.SITE_URL = "https://portal.example"
    call = published(name="Blue pilots", least_countries=2, lead_kinds=["cluster"])
    FundingCallFactory(name="Draft", draft=True)
    FundingCallFactory(name="Past", in_review=True)
    FundingCallFactory(name="Off", status="cancelled")

    answer = feed(client)
    told = json.loads(answer.content)

    assert [each["name"] for each in told["calls"]] == ["Blue pilots"]
    first = told["calls"][0]
    assert datetime.fromisoformat(first["deadline"]) == call.deadline.replace(microsecond=0)
    assert datetime.fromisoformat(first["deadline"]).utcoffset() is not None
    assert (first["status"], first["time_zone"], first["budget_eur"]) == ("open", "Europe/Stockholm", "200000.00")
    assert first["eligibility"]["countries_at_least"] == 2
    assert first["eligibility"]["lead_kinds"] == ["cluster"]
    assert first["funders"][0]["name"] == "Havsfonden"
    assert first["funders"][0]["rate"] == "0.5000"
    assert first["links"]["page"] == f"https://portal.example{call.get_absolute_url()}"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "max-age=300" in answer["Cache-Control"]


def test_the_feed_is_sent_again_only_when_it_changed(client, manager):
    call = published()
    first = feed(client)

    same = feed(client, **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert feed(client, **{"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    identity = json.loads(first.content)["calls"][0]["id"]

    publishing.correct(call=call, by=manager, why="Clearer.", aim="Other words.")

    changed = feed(client, **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert json.loads(changed.content)["calls"][0]["aim"] == "Other words."
    assert json.loads(changed.content)["calls"][0]["id"] == identity


def test_the_feed_without_a_call_is_empty(client):
    assert json.loads(feed(client).content)["calls"] == []


def test_the_feed_asks_the_same_number_of_questions(client):
    assert_constant_queries(
        lambda: feed(client),
        FunderFactory,
        at_most=10,
        shows=lambda response: len(json.loads(response.content)["calls"]),
    )


# Documents

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF"


def upload(name="Call text.pdf", content=PDF):
    return {"name": "Text <of> the call", "file": SimpleUploadedFile(name, content)}


def test_a_document_is_added_and_read_by_everybody_once_published(sign_in, manager, client):
    call = ready()
    person = sign_in(manager)

    assert (
        "Text &lt;of&gt; the call" in person.post(page("documents", call.slug), upload(), follow=True).content.decode()
    )
    document = call.documents.get()
    address = page("document", call.slug, document.pk)
    assert client.get(address).status_code == 404
    publishing.publish(call=call, by=manager)

    answer = client.get(address)
    assert b"".join(answer) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment")
    assert address in client.get(call.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("plan.pdf", b"MZ\x90\x00\x03", "whatever its name says"),
        ("plan.pdf", b"", "empty"),
        ("page.html", b"<script>alert(1)</script>", "whatever its name says"),
        ("plan.docx", b"PK\x03\x04broken", "damaged"),
    ],
)
def test_a_file_that_is_something_else_is_refused(sign_in, manager, name, content, sentence):
    call = ready()

    answer = sign_in(manager).post(page("documents", call.slug), upload(name, content)).content.decode()

    assert sentence in answer
    assert 'value="Text &lt;of&gt; the call"' in answer
    assert not CallDocument.objects.exists()


def test_a_document_that_comes_later_is_told_and_none_goes_away(sign_in, manager, client):
    call = published()
    person = sign_in(manager)
    person.post(page("documents", call.slug), upload())
    document = call.documents.get()

    assert "Document added" in client.get(call.get_absolute_url()).content.decode()
    told = person.post(page("remove_document", call.slug, document.pk), follow=True).content.decode()
    assert "so nothing was changed" in told
    assert call.documents.get() == document


def test_a_document_of_a_draft_is_removed_with_its_file(sign_in, manager, owner):
    call = ready()
    document = CallDocument.objects.create(call=call, name="Old", file=ContentFile(PDF, "old.pdf"), size=len(PDF))
    storage, name = document.file.storage, document.file.name
    address = page("remove_document", call.slug, document.pk)

    assert sign_in(owner).post(address).status_code == 403
    person = sign_in(manager)
    person.post(address)
    assert person.post(address).status_code == 404
    assert not storage.exists(name)
    assert AuditEvent.objects.filter(action="funding.document_removed").count() == 1

"""One opportunity: why or why not, the note, the facts, its origin; and nobody's text becomes markup."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from lxml import html

from core.models import AuditEvent
from members.models import Profile
from opportunities import reading
from opportunities.models import Feedback, Opportunity, SourceRecord
from tests.client import htmx
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, SourceFactory
from tests.opportunities.ground import filter_now, member, opportunity

pytestmark = pytest.mark.django_db


def page_of(client, found: Opportunity) -> html.HtmlElement:
    return html.document_fromstring(client.get(found.get_absolute_url()).content)


def facts(page: html.HtmlElement) -> dict[str, str]:
    return {
        fact.xpath("string(dt)").strip(): " ".join(fact.xpath("string(dd)").split())
        for fact in page.xpath("//dl[@class='facts']/div")
    }


@pytest.fixture
def fitting(owner, organisation, outsider) -> list[Opportunity]:
    """Seven in the order of the owner's feed, two of which are all that was scouted beside them."""
    words = member("timber", 70).profile
    told = {"summary": words.summary, "offers": words.offers, "seeks": words.seeks}
    Profile.objects.filter(organisation=organisation).update(**told)
    for seed in range(7):
        opportunity("timber", seed, published=True)
        opportunity("water", seed, published=True)
    filter_now()
    return [Opportunity.objects.get(pk=pk) for pk in reading._chosen(organisation)]


def test_detail_says_why_it_was_chosen(sign_in, owner, fitting):
    page = page_of(sign_in(owner), fitting[0])
    assert page.xpath("//h2[@class='reasons-title']/text()") == ["Why you"]
    assert 1 <= len(page.xpath("//ul[@class='reasons']/li")) <= 3
    assert len(page.xpath("//button[@name='answer']")) == 2
    assert page.xpath("//button[@name='reason']")


def test_detail_says_which_rule_keeps_it_out(sign_in, owner, organisation, fitting):
    Profile.objects.filter(organisation=organisation).update(kinds=["tender"])
    filter_now()
    page = page_of(sign_in(owner), fitting[0])
    assert page.xpath("//h2[@class='reasons-title']/text()") == ["Why it was not chosen for you"]
    assert len(page.xpath("//ul[contains(@class,'failed')]/li")) == 1


def test_detail_of_what_was_not_listed_says_what_there_is_in_common(sign_in, owner, fitting):
    """Beyond the list nothing is kept: it is explained when somebody looks."""
    found = Opportunity.objects.exclude(pk__in=[each.pk for each in fitting]).first()
    page = page_of(sign_in(owner), found)
    assert not page.xpath("//ul[contains(@class,'failed')]")
    assert page.xpath("string(//h1)").strip() == found.title


def test_detail_before_any_filter_run_says_nothing_of_reasons(sign_in, owner):
    page = page_of(sign_in(owner), OpportunityFactory(published=True))
    assert not page.xpath("//*[@class='reasons-title']")
    assert page.xpath("//button[@name='answer']")


def test_first_opening_is_remembered_once_with_its_place_in_the_feed(sign_in, owner, colleague, organisation, fitting):
    sign_in(owner).get(fitting[2].get_absolute_url())
    sign_in(owner).get(fitting[2].get_absolute_url())
    sign_in(colleague).get(fitting[2].get_absolute_url())
    opened = Feedback.objects.get()
    assert (opened.kind, opened.organisation, opened.user, opened.rank_shown) == ("opened", organisation, owner, 3)
    assert not AuditEvent.objects.filter(action__contains="opened").exists()


def test_managers_leave_no_trace(sign_in, manager, fitting):
    sign_in(manager).get(fitting[0].get_absolute_url())
    assert not Feedback.objects.exists()


def test_sentence_is_asked_for_after_interest_and_kept(sign_in, owner, fitting):
    client = sign_in(owner)
    assert not page_of(client, fitting[0]).xpath("//textarea[@name='sentence']")
    FeedbackFactory(organisation=owner.own_membership.organisation, opportunity=fitting[0], sentence="We test.")
    page = page_of(client, fitting[0])
    assert page.xpath("string(//textarea[@name='sentence'])").strip() == "We test."
    assert "You are interested. Your cluster manager knows." in page.xpath("string(//main)")


def test_closed_and_withdrawn_say_why_there_is_nothing_to_answer(sign_in, owner, organisation, fitting):
    for found, change, told in (
        (fitting[0], {"closes_at": timezone.now() - timedelta(days=1)}, "The last day to answer has passed."),
        (fitting[1], {"status": "inbox"}, "This opportunity was withdrawn by the cluster team."),
    ):
        FeedbackFactory(organisation=organisation, opportunity=found)
        Opportunity.objects.filter(pk=found.pk).update(**change)
        page = page_of(sign_in(owner), found)
        assert told in page.xpath("string(//main)")
        assert not page.xpath("//main//form")


def test_viewer_reads_without_buttons(sign_in, viewer, fitting):
    page = page_of(sign_in(viewer), fitting[0])
    assert "Only owners and editors of the organisation answer for it." in page.xpath("string(//main)")
    assert not page.xpath("//main//form")


def test_answers_of_others_are_not_told(sign_in, owner, outsider, fitting):
    FeedbackFactory(
        organisation=outsider.own_membership.organisation, opportunity=fitting[0], sentence="Secret", user=outsider
    )
    text = page_of(sign_in(owner), fitting[0]).xpath("string(//body)")
    assert "Secret" not in text
    assert "Tallskog" not in text


def test_facts_in_words(sign_in, owner):
    found = OpportunityFactory(
        published=True, kind="partnering", partnering_type="TR", organisation="Rannu Vesi", countries=["EE"],
        target_countries=["SE", "FI"], budget_min=10_000, budget_max=50_000, currency="EUR", effort_hours=12,
        stage="single-stage", deadline=None, language="en", published_on=date(2026, 3, 5), opens_on=date(2026, 4, 1),
        deadlines=["2198-03-01T16:00:00+00:00", "2198-09-01T21:59:59+00:00"], url="https://source.example/1",
        source=SourceFactory(name="EEN weekly export"), details={"partner_sought": "A maker of pumps", "lots": ["a"]},
    )  # fmt: skip
    SourceRecord.objects.create(
        source=found.source, format="een-pod", external_id="TREE2026", opportunity=found, raw="", content_hash="",
        first_seen_at=datetime(2026, 3, 6, tzinfo=UTC), changed_at=datetime(2026, 3, 7, tzinfo=UTC),
    )  # fmt: skip
    page = page_of(sign_in(owner), found)
    told = facts(page)
    expected = {
        "Kind": "Technology request", "From": "Rannu Vesi", "Country": "Estonia", "Open to": "Finland, Sweden",
        "Deadlines": "1 March 2198, 17:00, Stockholm (UTC+01:00); 1 September 2198", "Opens": "1 April 2026",
        "Budget": "EUR 10,000 to 50,000", "What it takes": "About 12 hours", "Stage": "One stage",
        "Language": "English", "Published": "5 March 2026", "Reference": found.reference.upper(),
        "Source": "EEN weekly export", "Original": "Open at its source", "Partner sought": "A maker of pumps",
    }  # fmt: skip
    assert told == expected
    assert page.xpath("//dl[@class='facts']//a/@href") == ["https://source.example/1"]
    assert "EEN weekly export, as TREE2026, first read on 6 March 2026" in " ".join(
        page.xpath("string(//main)").split()
    )


def test_summary_that_repeats_the_text_is_shown_once(sign_in, owner):
    found = OpportunityFactory(published=True, summary="Same words", description="Same words")
    assert page_of(sign_in(owner), found).xpath("string(//main)").count("Same words") == 1


EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_no_text_of_a_source_or_a_person_becomes_markup(sign_in, owner, manager, organisation):
    found = OpportunityFactory(
        published=True, title=EVIL, summary=EVIL, description=f"{EVIL}\n\n- {EVIL}", organisation=EVIL, note=EVIL,
        note_by=manager, note_at=timezone.now(), stage=EVIL[:40], details={EVIL: EVIL, "more": EVIL},
        codes=[{"scheme": EVIL, "code": EVIL, "label": EVIL}], source=SourceFactory(name=EVIL),
    )  # fmt: skip
    SourceRecord.objects.create(
        source=found.source, format="csv", external_id=EVIL, opportunity=found, raw=EVIL, content_hash=""
    )
    FeedbackFactory(organisation=organisation, opportunity=found, sentence=EVIL, user=owner)
    FeedbackFactory(organisation=organisation, opportunity=found, handed_over=True, user=manager)
    Feedback.objects.update(sentence=EVIL)
    seen = 0
    for client, paths in (
        (sign_in(owner), [found.get_absolute_url(), "/opportunities/", "/opportunities/for-you/",
                          "/opportunities/answered/"]),
        (sign_in(manager), [found.get_absolute_url(), f"/opportunities/inbox/{found.reference}/?status=published",
                            "/opportunities/answers/", "/opportunities/sources/", found.source.get_absolute_url()]),
    ):  # fmt: skip
        for path in paths:
            page = html.document_fromstring(client.get(path).content)
            assert not page.xpath("//main//script | //main//img | //@onerror"), path
            seen += EVIL in page.xpath("string(//main)")
    assert seen == 8, "the feed alone does not hold what was answered before"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", " javascript:alert(1)", "JAVASCRIPT:x"])
def test_link_that_is_script_is_no_link(sign_in, owner, url):
    found = OpportunityFactory(published=True, url=url)
    page = page_of(sign_in(owner), found)
    assert not [href for href in page.xpath("//@href") if "script" in href.lower() and not href.startswith("/")]
    assert "Original" not in facts(page)


# --- what is close enough, and what is not --------------------------------------------------------------------------


def test_what_is_not_close_says_so_quietly_and_not_why_you(sign_in, owner, organisation):
    words = member("timber", 70).profile
    told = {"summary": f"{words.summary} We also repair a pump.", "offers": words.offers, "seeks": words.seeks}
    Profile.objects.filter(organisation=organisation).update(**told)
    for seed in range(7):
        opportunity("timber", seed, published=True)
        opportunity("water", seed, published=True)
    filter_now()
    listed = set(reading._chosen(organisation))
    found = Opportunity.objects.exclude(pk__in=listed).first()
    page = page_of(sign_in(owner), found)
    assert not page.xpath("//*[@class='reasons-title']")
    assert "not close enough to be worth your time" in page.xpath("string(//main)")
    assert page.xpath("//button[@name='answer']")


def test_undo_of_not_for_us_has_its_reasons_at_once(sign_in, owner, organisation, fitting):
    client, found = sign_in(owner), fitting[0]
    said = page_of(client, found).xpath("//ul[@class='reasons']/li/span/text()")
    client.post(f"{found.get_absolute_url()}answer/", {"answer": "not_for_us", "reason": "place"})
    filter_now()
    card = client.post(f"{found.get_absolute_url()}take-back/", headers=htmx(f"card-{found.pk}"))
    assert html.document_fromstring(card.content).xpath("//ul[@class='reasons']/li/span/text()") == said


def test_headings_of_a_call_are_headings(sign_in, owner, manager):
    text = "Expected Outcome\n\nLess waste.\n\n- One\n\nScope:\n\nThe scope: all of it."
    found = OpportunityFactory(published=True, summary="Less waste.", description=text)
    page = page_of(sign_in(owner), found)
    assert page.xpath("//div[@class='prose']/h2/text()") == ["Expected Outcome", "Scope"]
    assert page.xpath("string(//main)").count("Less waste.") == 1, "the summary is not said twice"
    inbox = sign_in(manager).get(f"/opportunities/inbox/{found.reference}/?status=published")
    assert html.document_fromstring(inbox.content).xpath("//div[@class='prose']/h3/text()") == [
        "Expected Outcome",
        "Scope",
    ]


def test_codes_and_addresses_of_a_source_are_told_in_words(sign_in, owner):
    details = {"notice_type": "cn-standard", "notice_subtype": "16", "documents": "https://tenders.example/1",
               "updated": "2026-11-13T00:00:00", "coordinator_required": "false"}  # fmt: skip
    page = page_of(sign_in(owner), OpportunityFactory(published=True, details=details))
    told = facts(page)
    assert told["Notice type"] == "Contract notice"
    assert "Notice subtype" not in told
    assert (told["Updated"], told["Coordinator required"]) == ("13 November 2026", "No")
    assert page.xpath("//dt[.='Documents']/following-sibling::dd/a/@href") == ["https://tenders.example/1"]


def test_deadline_says_how_long_there_is(sign_in, owner):
    at = timezone.now() + timedelta(days=5)
    found = OpportunityFactory(published=True, deadline=at, deadlines=[at.isoformat()])
    assert facts(page_of(sign_in(owner), found))["Deadline"].endswith("5 days left")

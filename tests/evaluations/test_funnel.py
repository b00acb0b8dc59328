"""The funnel: pairs of an opportunity and a member, step by step, by group, with what each step takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from evaluations import outcomes
from evaluations.reading import funnel
from opportunities.filtering import TEMPLATES
from tests.factories.evaluations import JourneyFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, SourceFactory

pytestmark = pytest.mark.django_db
PATH = "/evaluations/funnel/"


def now(days: int = 0):
    """Noon, so many days ago: no change of the clocks makes it another day."""
    return timezone.localtime().replace(hour=12) - timedelta(days=days)


@pytest.fixture
def pairs(home):
    """Four that were shown forty days ago; three opened, two interested, one led to a contact, none further."""
    begun = {"shown_at": now(40)}
    opened = begun | {"opened_at": now(38)}
    wanted = opened | {"interested_at": now(37)}
    return [
        JourneyFactory(**begun, size_class="micro", rank=2),
        JourneyFactory(**opened, reason="target_market", declined_at=now(38)),
        JourneyFactory(**wanted, reason="handed_over", rank=None, opportunity__kind="tender"),
        JourneyFactory(**wanted, met_on=now(7).date(), reason="", rank=None, opportunity__kind="event"),
    ]


def lines(client, query: str = "") -> dict[str, list[str]]:
    """Each group with its cells, as they read."""
    page = html.document_fromstring(client.get(PATH + query).content)
    rows = page.xpath("//section[@aria-labelledby='groups']//tbody/tr")
    return {
        row.xpath("string(th)"): [" ".join(each.text_content().split()) for each in row.xpath("td")] for row in rows
    }


def test_steps_are_counted_with_the_share_of_the_step_before(sign_in, manager, pairs):
    page = html.document_fromstring(sign_in(manager).get(PATH).content)
    bars = page.xpath("//section[@aria-labelledby='steps']//table[contains(@class, 'bars')]//td[@class='num']/text()")
    assert bars == ["4", "3 (75 %)", "2 (67 %)", "1 (50 %)", "0 (0 %)", "0 (–)"]
    assert "Most are lost between “in contact” and “project”" in page.xpath("string(//main)")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("size", {"Micro": ["1", "0 0 %"], "Small": ["3", "3 100 %"]}),
        ("kind", {"Tenders": ["1", "1 100 %"], "Funding": ["2", "1 50 %"], "Events and missions": ["1", "1 100 %"]}),
        ("rank", {"Place 1": ["1", "1 100 %"], "Place 2": ["1", "0 0 %"],
                  "By mail, or found by the member": ["2", "2 100 %"]}),
        ("reason", {"Handed over by a manager": ["1", "1 100 %"], "Words in common": ["1", "0 0 %"],
                    "Market, time or budget": ["1", "1 100 %"], "Found by the member": ["1", "1 100 %"]}),
    ],
)  # fmt: skip
def test_groups_have_lines_of_their_own(sign_in, manager, pairs, by, expected):
    found = {label: cells[:2] for label, cells in lines(sign_in(manager), f"?by={by}").items()}
    assert found == expected


def test_sources_are_named_and_what_is_not_understood_is_the_source(sign_in, manager):
    JourneyFactory(opportunity=OpportunityFactory(source=SourceFactory(name="Sea <Watch>"), published=True))
    client = sign_in(manager)
    for query in ("", "?by=source", "?by=nonsense", "?by=source&period=nonsense", "?by=%00"):
        assert list(lines(client, query)) == ["Sea <Watch>"], query


def test_every_reason_of_the_filter_belongs_to_a_group(sign_in, manager):
    reasons = {code for code in TEMPLATES if code not in NO_REASONS_FOR}
    assert reasons <= set(funnel.GROUP_OF)


NO_REASONS_FOR = {
    "country_not_eligible", "organisation_kind_not_eligible", "size_not_eligible", "deadline_passed",
    "deadline_too_soon", "kind_not_wanted", "language_not_read", "own_organisation", "already_answered",
}  # fmt: skip


def test_what_began_more_than_a_year_ago_is_in_everything_only(sign_in, manager):
    JourneyFactory(shown_at=now(370))
    client = sign_in(manager)
    assert "Nothing was shown in this time" in client.get(PATH).content.decode()
    assert lines(client, "?period=all")


def test_why_members_say_no_is_counted(sign_in, manager, pairs):
    for reason in ("topic", "topic", "timing", ""):
        FeedbackFactory(kind="not_for_us", reason=reason)
    page = html.document_fromstring(sign_in(manager).get(PATH).content)
    section = " ".join(page.xpath("//section[@aria-labelledby='dropped']")[0].text_content().split())
    assert "Not our topic" in section
    assert "2 (50 %)" in section
    assert "n = 4 answers." in section


def test_time_of_a_step_waits_for_those_on_their_way(sign_in, manager, pairs):
    """Opened by 3 of 4 after two days: half had opened after two."""
    opening, _interest, contact, *_rest = funnel.prepared("times", None)
    assert (opening["median"], opening["reached"], opening["n"]) == (2.0, 3, 4)
    assert (contact["median"], contact["reached"], contact["n"]) == (30.0, 1, 2)
    page = html.document_fromstring(sign_in(manager).get(PATH).content)
    cells = page.xpath("//section[@aria-labelledby='times']//tbody/tr[1]/td")
    days, _interval, made, of = (" ".join(cell.text_content().split()) for cell in cells)
    assert (days, made, of) == ("2", "3", "4")


def test_figures_are_made_anew_with_each_gathering(pairs):
    before = funnel.prepared("times", None)[0]["n"]
    JourneyFactory()
    assert funnel.prepared("times", None)[0]["n"] == before, "kept for a while"
    outcomes.gather()
    assert funnel.prepared("times", None)[0]["n"] == 0, "none of these pairs left a trace below"


def test_figures_above_say_what_was_scouted(sign_in, manager, pairs):
    OpportunityFactory.create_batch(2)
    OpportunityFactory(dismissed=True)
    page = html.document_fromstring(sign_in(manager).get(PATH).content)
    figures = {each.xpath("string(dt)"): each.xpath("string(.//span[@class='figure-value'])")
               for each in page.xpath("//dl[@class='figures']/div")}  # fmt: skip
    assert figures == {"Scouted": "7", "Published": "4", "Shown to a member": "4", "Members who saw something": "4"}


@pytest.mark.parametrize("by", ["source", "kind", "reason", "size", "rank"])
def test_funnel_asks_the_same_few_questions_however_much_there_is(sign_in, manager, pairs, by):
    client = sign_in(manager)

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            funnel.prepare(timezone.now() - timedelta(days=365))
            client.get(f"{PATH}?by={by}")
        return len(captured)

    client.get(PATH)
    few = questions()
    JourneyFactory.create_batch(20)
    assert questions() == few <= 22

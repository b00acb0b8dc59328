"""Work with partners abroad, and members who got nothing: both from the members' own records."""

from datetime import timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from evaluations.models import Benchmark, BenchmarkImport
from evaluations.reading import engaged, worklist
from matchmaking.models import Meeting
from members.models import Organisation
from tests.factories.evaluations import OutcomeFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, ShowingFactory
from tests.matchmaking.ground import ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(home) -> Organisation:
    """A small Swedish member with somebody in it and a full profile."""
    found = OrganisationFactory(full=True, country="SE", headcount=20, turnover_eur=1, balance_eur=1)
    MembershipFactory(organisation=found)
    return found


def levels(company: Organisation) -> tuple[bool, bool, bool]:
    row = engaged.with_levels(timezone.now() - relativedelta(months=12)).get(pk=company.pk)
    return row.has_step, row.has_engaged, row.has_together


def meet(company: Organisation, *, country: str, state: str = "held", days_ago: int = 10) -> Meeting:
    g = ground()
    g.publish()
    g.here[0].organisation, g.here[0].country = company, company.country
    g.here[0].save()
    g.there[0].country = country
    g.there[0].save()
    g.slots[0].starts_at = timezone.now() - timedelta(days=days_ago)
    g.slots[0].ends_at = g.slots[0].starts_at + timedelta(minutes=20)
    g.slots[0].save()
    return g.meeting(0, 0, slot=0, status=state)


# --- abroad -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("countries", "is_step"), [(["EE"], True), (["SE", "EE"], True), (["SE"], False), ([], False)])
def test_interest_in_something_from_abroad_is_a_step(company, countries, is_step):
    FeedbackFactory(organisation=company, opportunity__countries=countries)
    assert levels(company) == (is_step, False, False)


@pytest.mark.parametrize("kind", ["opened", "saved", "not_for_us", "handed_over"])
def test_other_answers_are_no_step(company, kind):
    FeedbackFactory(organisation=company, opportunity__countries=["EE"], kind=kind)
    assert levels(company) == (False, False, False)


def test_what_is_more_than_a_year_ago_does_not_count(company):
    FeedbackFactory(organisation=company, opportunity__countries=["EE"], at=timezone.now() - timedelta(days=370))
    meet(company, country="EE", days_ago=370)
    found = OpportunityFactory(countries=["EE"])
    OutcomeFactory(organisation=company, opportunity=found, told_on=timezone.localdate() - timedelta(days=370))
    assert levels(company) == (False, False, False)


@pytest.mark.parametrize(
    ("country", "state", "expected"),
    [("EE", "held", True), ("SE", "held", False), ("EE", "planned", False), ("EE", "cancelled", False)],
)
def test_meeting_that_was_held_with_a_company_from_abroad_is_engaged(company, country, state, expected):
    meet(company, country=country, state=state)
    assert levels(company) == (expected, expected, False)


@pytest.mark.parametrize(
    ("rung", "expected"),
    [("nothing", (False, False)), ("knowledge", (False, False)), ("contact", (True, False)), ("project", (True, True))],
)
def test_outcome_of_an_interest_from_abroad_counts_by_its_rung(company, rung, expected):
    OutcomeFactory(organisation=company, rung=rung, opportunity__countries=["EE"])
    assert levels(company)[1:] == expected


def test_outcome_at_home_does_not_count(company):
    OutcomeFactory(organisation=company, rung="sales", opportunity__countries=["SE"])
    assert levels(company) == (False, False, False)


@pytest.mark.parametrize(("country", "expected"), [("EE", True), ("SE", False)])
def test_outcome_of_a_round_counts_where_somebody_from_abroad_was_met(company, country, expected):
    round_ = meet(company, country=country).slot.round
    OutcomeFactory(of_meeting=True, organisation=company, round=round_, rung="agreement")
    assert levels(company) == (expected, expected, expected)


def test_records_of_others_do_not_count(company, outsider):
    other = outsider.own_membership.organisation
    FeedbackFactory(organisation=other, opportunity__countries=["EE"])
    OutcomeFactory(organisation=other, rung="sales", opportunity__countries=["EE"])
    assert levels(company) == (False, False, False)


def test_page_has_shares_by_size_of_member_companies_and_what_others_published(sign_in, manager, company):
    FeedbackFactory(organisation=company, opportunity__countries=["EE"])
    Organisation.objects.exclude(pk=company.pk).update(headcount=None)
    OrganisationFactory(country="SE", headcount=20, turnover_eur=1, balance_eur=1)
    OrganisationFactory(kind="research", headcount=20)
    OrganisationFactory(partner=True, headcount=20)
    told = {"question": "collaboration", "option": "research", "value": 0.13, "year": 2014, "source": "OECD <STI>"}
    brought = BenchmarkImport.objects.create(file_name="oecd.csv")
    Benchmark.objects.create(**told, label="Collaborate with universities", base="Innovating SMEs", brought_by=brought)
    page = html.document_fromstring(sign_in(manager).get(reverse("evaluations:engaged")).content)
    rows = {row.xpath("string(th)"): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
            for row in page.xpath("(//main//table)[1]/tbody/tr")}  # fmt: skip
    assert rows["Small"] == ["2", "50 % (1)", "0 % (0)", "0 % (0)"]
    beside, *shipped = (" ".join(each.text_content().split())
                        for each in page.xpath("//section[@aria-labelledby='beside']//tbody/tr"))  # fmt: skip
    assert beside == "Collaborate with universities 13 % Innovating SMEs OECD <STI>, 2014"
    assert any("31 %" in each and "large firms" in each for each in shipped)


# --- who got nothing --------------------------------------------------------------------------------------------------


def states() -> dict[str, int]:
    return {each.name: each.state for each in worklist.got_nothing()}


def test_each_member_is_told_with_what_stands_in_the_way_first(company):
    nobody = OrganisationFactory(full=True)
    empty = OrganisationFactory()
    MembershipFactory(organisation=empty)
    seen = OrganisationFactory(full=True)
    MembershipFactory(organisation=seen)
    ShowingFactory(organisation=seen)
    folded = OrganisationFactory(full=True)
    MembershipFactory(organisation=folded)
    ShowingFactory(organisation=folded, channel="folded")
    assert states() == {
        nobody.name: worklist.NOBODY,
        empty.name: worklist.NO_PROFILE,
        company.name: worklist.NOTHING_SHOWN,
        folded.name: worklist.NOTHING_SHOWN,
        seen.name: worklist.NOT_OPENED,
    }


@pytest.mark.parametrize("kind", ["opened", "saved", "interested", "not_for_us"])
def test_who_opened_or_answered_something_got_something(company, kind):
    said = FeedbackFactory(organisation=company, kind=kind)
    assert states() == {}
    said.at = timezone.now() - timedelta(days=370)
    said.save()
    assert list(states()) == [company.name]


def test_what_was_only_handed_over_is_not_got(company):
    FeedbackFactory(organisation=company, handed_over=True)
    assert list(states()) == [company.name]


@pytest.mark.parametrize(("state", "is_listed"), [("held", False), ("cancelled", True), ("planned", True)])
def test_who_met_somebody_got_something(company, state, is_listed):
    meet(company, country="EE", state=state)
    assert (company.name in states()) is is_listed


def test_who_told_of_an_outcome_got_something(company):
    OutcomeFactory(organisation=company)
    assert states() == {}


def test_partners_are_not_listed(home):
    OrganisationFactory(partner=True)
    assert states() == {}


def test_worklist_names_the_next_step_with_its_link(sign_in, manager, company):
    page = html.document_fromstring(sign_in(manager).get(reverse("evaluations:worklist")).content)
    row = next(each for each in page.xpath("//main//tbody/tr") if company.name in each.text_content())
    assert "Nothing was shown" in row.text_content()
    assert row.xpath(".//a/@href") == [
        company.get_absolute_url(),
        reverse("opportunities:member_feed", args=[company.slug]),
    ]
    assert "2 of 2 members" in page.xpath("string(//main)")


def test_both_pages_ask_the_same_few_questions_however_many_members(sign_in, manager):
    client = sign_in(manager)

    def questions() -> list[int]:
        counts = []
        for name in ("worklist", "engaged"):
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(f"evaluations:{name}"))
            counts.append(len(captured))
        return counts

    questions()
    few = questions()
    OrganisationFactory.create_batch(20)
    assert questions() == few
    assert max(few) <= 12

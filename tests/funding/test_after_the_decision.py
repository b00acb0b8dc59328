"""After the decision: its page tells all of it, and nothing is offered that would be refused."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from lxml import html

from core.actions import Refused
from funding.actions import granting, grants, reserve
from funding.actions.decisions import spent_of
from funding.models import Decision, Funder, FundingCall, Grant
from funding.reading.grants import by_funder
from members.models import Membership, User
from tests.factories.funding import AidFactory, FundingCallFactory
from tests.factories.members import MembershipFactory
from tests.funding.decisions_ground import fund, judged, judged_call, keep, tell
from tests.funding.grants_ground import award_for, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call()


@pytest.fixture
def grant(manager, organisation) -> Grant:
    return granting.grant(award=award_for(organisation, 20_000), by=manager)


def url(name, *arguments):
    return reverse(f"funding:{name}", args=arguments)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).find(".//main").text_content().split())


def test_form_of_a_decision_tells_whose_money_each_asks_for(call, manager, sign_in):
    application = judged(call, 5, 40_000, 20_000)
    page = text_of(sign_in(manager).get(url("ranked", call.slug, application.number)))

    assert "Asks for EUR 40,000 of Havsfonden." in page
    assert "Asks for EUR 20,000 of Mere Fond." in page


def test_page_of_a_decision_tells_amounts_and_letters_once_it_is_known(call, manager, sign_in):
    application = judged(call, 5, 40_000, 20_000)
    fund(application, manager)
    tell(call, manager)
    response = sign_in(manager).get(url("ranked", call.slug, application.number))
    letter = Decision.objects.get().letters.get()

    assert f"{application.partners.get(is_lead=True).name}: EUR 40,000 from Havsfonden" in text_of(response)
    assert "EUR 20,000 from Mere Fond" in text_of(response)
    assert f'href="{url("letter_pdf", letter.pk)}"' in response.content.decode()


def test_warning_that_nobody_knows_whose_aid_it_is_leads_to_where_it_is_said(call, manager, sign_in):
    Funder.objects.filter(call=call).update(is_de_minimis=True)
    application = judged(call, 5, 40_000, 20_000)
    application.partners.filter(is_lead=False).update(organisation=None, name="Filters & Co", declared_aid=[])
    application.partners.filter(is_lead=True).update(organisation=application.lead, declared_aid=[])
    fund(application, manager)
    client = sign_in(manager)
    page = html.fromstring(client.get(url("ranked", call.slug, application.number)).content)
    (link,) = page.xpath("//a[contains(., 'Say which organisation')]")

    assert link.text_content() == "Say which organisation Filters & Co is"
    assert "Filters & Co: Nobody has said yet which organisation it is." in page.find(".//main").text_content()
    told = text_of(client.get(link.get("href")))
    assert f"EUR 20,000 of Mere Fond for {application.reference}" in told
    assert "Which organisation it is" in told


def test_award_that_is_granted_is_not_offered_to_be_given_up(call, manager, organisation, sign_in):
    application = judged(call, 5, 40_000, 20_000, lead=organisation)
    decision = fund(application, manager)
    tell(call, manager)
    lead = decision.awards.get(partner__is_lead=True)
    application.partners.filter(is_lead=True).update(organisation=organisation)
    made = granting.grant(award=lead, by=manager)
    other = decision.awards.exclude(pk=lead.pk).get()
    page = sign_in(manager).get(url("reserve", call.slug)).content.decode()

    assert url("give_up", call.slug, lead.pk) not in page
    assert made.get_absolute_url() in page
    assert url("give_up", call.slug, other.pk) in page
    assert page.count("Note that it is given up") == 1


@pytest.mark.parametrize(("status", "told"), [
    ("decided", "We write to you when money comes free."), ("over", "no money comes free any more."),
])  # fmt: skip
def test_reserve_list_of_a_call_that_is_over_promises_nothing(
    call, manager, owner, organisation, sign_in, status, told
):
    application = judged(call, 5, 40_000, lead=organisation)
    keep(application, 1, manager)
    tell(call, manager)
    FundingCall.objects.filter(pk=call.pk).update(status=status)
    page = text_of(sign_in(owner).get(url("decision", application.reference)))

    assert f"Place 1 on the reserve list. {told}" in page.replace("The call is over, so ", "")
    assert page.count("money comes free") == 1


def test_overview_asks_for_a_goal_only_where_none_is_said(call, manager, sign_in):
    client = sign_in(manager)
    assert "Say which goal it serves" in text_of(client.get(url("overview", call.slug)))
    FundingCall.objects.filter(pk=call.pk).update(why_no_goal="A gift.")

    page = text_of(client.get(url("overview", call.slug)))
    assert "Change the goal" in page
    assert "Say which goal" not in page


def test_money_of_a_grant_that_ended_early_is_free_for_the_reserve_list(call, manager, organisation, sign_in):
    won = judged(call, 5, 90_000, lead=organisation)
    waits = judged(call, 4, 60_000, lead=None)
    won.partners.filter(is_lead=True).update(organisation=organisation)
    decision = fund(won, manager)
    keep(waits, 1, manager)
    tell(call, manager)
    made = granting.grant(award=decision.awards.get(), by=manager)
    waiting = Decision.objects.get(application=waits)
    with pytest.raises(Refused, match="No funder has enough money"):
        reserve.move_up(decision=waiting, reasons="Money came free.", by=manager)
    grants.end_early(grant=made, on=today(), why="They stopped.", kept_eur=Decimal(30_000), by=manager)

    assert "Havsfonden: EUR 70,000 left" in text_of(sign_in(manager).get(url("reserve", call.slug)))
    assert {each.name: (each.awarded, each.left) for each in by_funder(call)}["Havsfonden"] == (30_000, 70_000)
    assert reserve.move_up(decision=waiting, reasons="Money came free.", by=manager).outcome == "funded"
    assert spent_of(call.funders.get(name="Havsfonden")) == 90_000


def test_what_stands_against_granting_is_said_once(manager, organisation, sign_in):
    AidFactory(organisation=organisation, amount_eur=290_000)
    award, told = award_for(organisation, 20_000), "is more than the de minimis room."
    client = sign_in(manager)
    assert text_of(client.get(url("grant_award", award.pk))).count(told) == 1
    page = text_of(client.post(url("grant_award", award.pk), {"on": today()}))

    assert page.count(told) == 1
    assert "One thing needs another look" in page


def test_grants_are_looked_for_by_calls_that_were_published(manager, sign_in):
    FundingCallFactory(draft=True, name="Still being written")
    FundingCallFactory(decided=True, name="Long decided")
    page = text_of(sign_in(manager).get(url("grants")))

    assert "Long decided" in page
    assert "Still being written" not in page


def plan(name, grant, day, manager):
    acts = {
        "milestone": lambda: grants.add_milestone(grant=grant, name="Fair", due_on=day, by=manager),
        "report": lambda: grants.plan_report(grant=grant, kind="interim", due_on=day, by=manager),
        "payment": lambda: grants.plan_payment(
            grant=grant, name="First", amount_eur=Decimal(5), due_on=day, by=manager
        ),
    }
    return acts[name]()


@pytest.mark.parametrize("name", ["milestone", "report", "payment"])
def test_nothing_is_due_before_the_grant_is_there(grant, manager, name):
    with pytest.raises(Refused, match="before the day of granting, "):
        plan(name, grant, today() - timedelta(days=1), manager)
    assert not any(rows.exists() for rows in (grant.milestones, grant.reports, grant.payments))
    assert plan(name, grant, today(), manager).pk


def test_report_does_not_move_to_before_the_grant(grant, manager):
    report = plan("report", grant, today() + timedelta(days=9), manager)
    with pytest.raises(Refused, match="before the day of granting"):
        grants.move_report(report=report, due_on=today() - timedelta(days=1), by=manager)
    report.refresh_from_db()
    assert report.due_on == today() + timedelta(days=9)


def test_report_tells_what_it_needs_and_says_once_that_it_is_handed_in(grant, manager, organisation, sign_in):
    report = plan("report", grant, today() + timedelta(days=9), manager)
    writer = MembershipFactory(organisation=organisation, role=Membership.Role.OWNER).user
    client = sign_in(User.objects.get(pk=writer.pk))
    page = text_of(client.get(report.get_absolute_url()))
    assert page.count("(needed to hand it in)") == 2
    assert page.count("(optional)") == 1, "the file"
    client.post(report.get_absolute_url(), {"words": "Done.", "spent_eur": "5", "hand_in": "1"})

    client.get(report.get_absolute_url())  # with the message
    page = text_of(client.get(report.get_absolute_url()))
    assert page.count("Handed in") == 1
    grants.accept_report(report=report, by=manager)
    assert "It is accepted." in text_of(client.get(report.get_absolute_url()))

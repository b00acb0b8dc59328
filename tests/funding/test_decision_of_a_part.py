"""What a partner reads of the decision on its own part, by its link and with an account."""

import pytest
from django.urls import reverse

from funding import links
from funding.actions import appeals
from funding.models import Decision, Partner
from members.models import Membership
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.decisions_ground import fund, judged, judged_call, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(manager, organisation):
    call = judged_call()
    application = judged(call, 4, 40_000, 20_000, lead=organisation, title="Nets")
    Partner.objects.filter(application=application, is_lead=False).update(name="Emajõe Filters")
    fund(application, manager, reasons="Clear <b>benefit</b>.")
    return application


def part_of(application) -> Partner:
    return application.partners.get(is_lead=False)


def page_of(client, partner) -> str:
    return " ".join(
        client.get(reverse("funding:partner_part", args=[links.token_of(partner)])).content.decode().split()
    )


def test_nothing_is_told_before_the_decisions_are_made_known(client, application):
    page = page_of(client, part_of(application))
    assert "What was decided" not in page
    assert "Clear" not in page


def test_link_shows_outcome_reasons_scores_and_the_own_amount(client, application, manager, organisation):
    tell(application.call, manager)
    page = page_of(client, part_of(application))

    assert "What was decided" in page
    for told in ("Funded", "Clear &lt;b&gt;benefit&lt;/b&gt;.", "Emajõe Filters: EUR 20,000 from Mere Fond",
                 "Score: 80", "The owners of the lead can appeal once, until"):  # fmt: skip
        assert told in page, told
    assert "40,000" not in page, "what the lead gets stands in the letter that went to all"
    assert "letters/" not in page, "letters have gone by mail"
    assert reverse("funding:appeal", args=[application.reference]) not in page


def test_words_of_an_appeal_stay_with_those_who_have_an_account(client, application, manager, organisation):
    tell(application.call, manager)
    owner = MembershipFactory(organisation=organisation, role=Membership.Role.OWNER).user
    appeals.file(decision=Decision.objects.get(), words="We asked for more.", by=owner)
    page = page_of(client, part_of(application))

    assert "To be answered" in page
    assert "We asked for more." not in page


def test_person_with_an_account_is_led_there_and_on_to_the_whole_decision(sign_in, application, manager):
    tell(application.call, manager)
    company = OrganisationFactory()
    Partner.objects.filter(pk=part_of(application).pk).update(organisation=company)
    client = sign_in(MembershipFactory(organisation=company, role=Membership.Role.OWNER).user)
    answer = client.get(reverse("funding:application", args=[application.reference]), follow=True)
    page = answer.content.decode()

    assert "What was decided" in page
    assert reverse("funding:decision", args=[application.reference]) in page
    viewer = sign_in(MembershipFactory(organisation=company, role=Membership.Role.VIEWER).user)
    shown = viewer.get(reverse("funding:application", args=[application.reference]), follow=True).content.decode()
    assert reverse("funding:decision", args=[application.reference]) in shown


def test_partner_that_declined_reads_no_decision(client, application, manager):
    tell(application.call, manager)
    Partner.objects.filter(pk=part_of(application).pk).update(status="declined")
    page = page_of(client, part_of(application))

    assert "What was decided" not in page
    assert "Clear" not in page

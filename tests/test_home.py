"""The start of each role: what it shows, and which ways lead on from there."""

import pytest
from django.urls import reverse
from lxml import html

from members.models import User
from tests.factories.ecosystem import PartnershipFactory
from tests.factories.members import MembershipFactory, OrganisationFactory

pytestmark = pytest.mark.django_db


def ways(client) -> list[str]:
    """The entries of the main navigation."""
    page = html.document_fromstring(client.get("/", follow=True).content)
    return page.xpath("//nav[@class='rail']//a/span[@class='nav-label']/text()")


def test_evaluator_lands_on_figures_and_finds_nothing_else(sign_in, evaluator):
    client = sign_in(evaluator)
    assert client.get("/").headers["Location"] == reverse("evaluations:home")
    assert ways(client) == ["Results", "Tables", "Reports"]
    assert "Search opportunities" not in client.get("/", follow=True).content.decode()


def test_reviewer_lands_on_the_own_reviews(sign_in, home):
    client = sign_in(MembershipFactory(organisation=home, role="reviewer").user)
    assert client.get("/").headers["Location"] == reverse("funding:reviews")
    assert ways(client)[:2] == ["Start", "Funding calls"]


def test_evaluator_who_belongs_to_a_company_keeps_its_pages(sign_in, evaluator, organisation):
    MembershipFactory(user=evaluator, organisation=organisation)
    client = sign_in(User.objects.get(pk=evaluator.pk))
    assert client.get("/").headers["Location"] == reverse("opportunities:feed")
    assert "Evaluations" in ways(client)


def test_partner_is_told_what_is_true(sign_in, home):
    partner = OrganisationFactory(partner=True, name="Emajõe Water")
    client = sign_in(MembershipFactory(organisation=partner).user)
    assert ways(client) == ["Start", "Programme", "Funding calls", "Our profile", "How the filter works"]
    page = client.get("/").content.decode()
    assert "Emajõe Water is not a member of the cluster" in page
    assert "Search opportunities" not in page


def test_member_and_manager_search(sign_in, owner, manager):
    for user in (owner, manager):
        assert "Search opportunities" in sign_in(user).get("/", follow=True).content.decode()


def test_public_count_leaves_out_organisations_that_are_only_invited(client, owner, outsider):
    OrganisationFactory(name="Invited, not in yet")
    MembershipFactory(organisation=owner.own_membership.organisation)
    MembershipFactory.create_batch(8)
    page = html.document_fromstring(client.get("/").content)
    assert page.xpath("//dl/div[dt='Members']//span/text()") == ["10"]


def test_a_partner_that_the_cluster_works_with_lands_on_its_own_page(sign_in, home, manager):
    partnership = PartnershipFactory()
    client = sign_in(MembershipFactory(organisation=partnership.organisation).user)
    assert client.get("/", follow=True).redirect_chain[-1][0] == partnership.get_absolute_url()
    assert ways(client)[:2] == ["Partners", "Programme"]
    assert "Partners" in ways(sign_in(manager))

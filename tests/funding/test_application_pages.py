"""Every page of an application answers: on a fresh draft, on a complete one, and by a partner's link."""

import pytest
from django.urls import reverse

from funding import links
from funding.models import Application
from tests.factories.funding import CostCategoryFactory, FunderFactory, FundingCallFactory
from tests.funding.applying import ground

STEPS = ("application", "partners", "project", "budget", "declarations", "attachments", "check", "withdraw_application")
OWN = ("own_questions", "own_figures", "own_files")
BY_LINK = ("partner_part", "partner_budget", "partner_questions", "partner_figures", "partner_files", "partner_decline")


@pytest.mark.parametrize("name", [*STEPS, *OWN])
def test_page_of_a_complete_draft_names_its_application(sign_in, owner, organisation, name):
    g = ground(organisation)

    page = sign_in(owner).get(reverse(f"funding:{name}", args=[g.application.reference])).content.decode()

    assert "ATW-001" in page
    assert "Nothing. It can be handed in." in page or name in OWN


@pytest.mark.parametrize("name", BY_LINK)
def test_page_by_link_says_whose_it_is(client, organisation, name):
    g = ground(organisation)

    page = client.get(reverse(f"funding:{name}", args=[links.token_of(g.partner)])).content.decode()

    assert "This page is for Kadri Kask of Emajõe Filters." in page


def test_one_tap_starts_a_draft_and_leads_to_its_consortium(sign_in, owner, organisation):
    call = FundingCallFactory(code="TAP")
    FunderFactory(call=call)
    CostCategoryFactory(call=call)
    client = sign_in(owner)

    led = client.post(reverse("funding:apply", args=[call.slug]), follow=True)
    client.post(reverse("funding:apply", args=[call.slug]))

    application = Application.objects.get()
    assert (application.reference, application.lead) == ("TAP-001", organisation)
    assert "Ålgräs Robotics" in led.content.decode()
    for name in STEPS:
        assert "TAP-001" in client.get(reverse(f"funding:{name}", args=["TAP-001"])).content.decode()

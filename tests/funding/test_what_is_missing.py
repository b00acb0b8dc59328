"""What is missing leads to where it is mended: before handing in, from step to step, with a partner that said no."""

import pytest
from django.urls import reverse

from funding.actions import publishing
from funding.models import Application, Cost, Partner
from tests.factories.funding import PartnerFactory
from tests.funding.applying import Ground, ground
from tests.funding.call_ground import page, ready
from tests.funding.test_public_calls import PDF, upload


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def shown(client, name: str, *args: object) -> str:
    return client.get(reverse(f"funding:{name}", args=["ATW-001", *args])).content.decode()


def sums(client) -> str:
    return shown(client, "budget").partition('id="sums"')[2].partition("</section>")[0]


def test_what_stands_against_handing_in_leads_to_its_step_and_is_said_once(sign_in, owner, g):
    Application.objects.update(summary="")
    Partner.objects.filter(pk=g.partner.pk).update(status="invited")

    told = shown(sign_in(owner), "check")

    assert "2 things stand against handing in" in told
    for step, text in (("partners", "Emajõe Filters has not confirmed its part yet."), ("project", "The summary is")):
        link = f'<p class="missing-step"><a href="{reverse(f"funding:{step}", args=["ATW-001"])}">'
        assert told.count(link) == 1
        assert text in told.partition(link)[2]
        assert told.count(text) == 1


def test_rules_that_the_call_does_not_have_are_no_checks_that_passed(sign_in, owner, g):
    told = shown(sign_in(owner), "check")
    assert "checks passed" in told
    assert "asks nothing here" not in told


def test_the_consortium_leads_on_to_the_project(sign_in, owner, g):
    link = f'href="{reverse("funding:project", args=["ATW-001"])}">Go on to the project</a>'
    assert link in shown(sign_in(owner), "partners")


@pytest.mark.parametrize(
    ("status", "button"),
    [("draft", "Send the invitation"), ("invited", "Send a new link"), ("declined", "Invite it again")],
)
def test_the_button_says_what_it_does_to_a_partner_in_each_state(sign_in, owner, g, status, button):
    Partner.objects.filter(pk=g.partner.pk).update(status=status)
    assert f">{button}</button>" in shown(sign_in(owner), "consortium_partner", g.partner.pk)


def test_a_partner_where_no_funder_pays_is_told_to_ask_for_nothing(sign_in, owner, g):
    """The budget says how it takes part all the same, and is content once it does."""
    part = PartnerFactory(application=g.application, name="Daugavas", country="LV", own_money_eur=5, position=2)
    Cost.objects.create(partner=part, category=g.staff, amount_eur=5)
    sentence = "Daugavas: No funder of the call pays in Latvia. It can take part with its own money: a grant of 0."
    client = sign_in(owner)
    assert sentence in sums(client)

    Partner.objects.filter(pk=part.pk).update(grant_eur=0)
    assert sentence not in sums(client)


def test_the_same_document_sent_twice_is_one(sign_in, manager):
    call = ready()
    publishing.publish(call=call, by=manager)
    person = sign_in(manager)
    for content in (PDF, PDF, PDF + b"more", PDF[:-1] + b" "):
        person.post(page("documents", call.slug), upload("plan.pdf", content))

    assert call.documents.count() == 3
    assert call.corrections.filter(of="document").count() == 3

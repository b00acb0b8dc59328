"""What a partner reads before it confirms: what is still open and where, which rules it breaks, what has changed."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from core.actions import Refused
from core.models import AuditEvent
from funding import links
from funding.actions import budgets, partners
from funding.models import Partner
from tests.factories.funding import QuestionFactory
from tests.funding.applying import Ground, ground
from tests.funding.test_partners import SIGNED, by_link

INVITED = {"status": "invited", "declared_at": None, "answered_by": ""}


@pytest.fixture
def g(organisation) -> Ground:
    found = ground(organisation)
    Partner.objects.filter(pk=found.partner.pk).update(**INVITED)
    found.partner.refresh_from_db()
    return found


def part(client, g: Ground) -> str:
    return client.get(by_link("partner_part", g.partner)).content.decode()


def confirm(client, g: Ground) -> str:
    return client.post(by_link("partner_confirm", g.partner), SIGNED, follow=True).content.decode()


def test_an_open_question_leads_to_its_page_and_nothing_is_confirmed_without_it(client, g):
    question = QuestionFactory(call=g.call, asked_of="partner", text="What do you bring?")
    QuestionFactory(call=g.call, asked_of="partner", text="Anything else?", is_required=False)
    QuestionFactory(call=g.call, asked_of="partner", text="Only for Swedes?", funder=g.swedish)

    link = f'<a href="{by_link("partner_questions", g.partner)}">A question is open.</a>'
    assert link in part(client, g)
    assert "A question is open." in confirm(client, g)
    assert Partner.objects.get(pk=g.partner.pk).status == "invited"
    assert not AuditEvent.objects.filter(action="funding.part_confirmed").exists()

    g.partner.answers.create(application=g.application, question=question, value="Filters.")
    assert "You have confirmed your part." in confirm(client, g)


def test_a_file_that_is_missing_leads_to_the_files(client, g):
    question = QuestionFactory(call=g.call, asked_of="partner", text="Your accounts", kind="file")
    link = f'<a href="{by_link("partner_files", g.partner)}">A file is missing.</a>'
    assert link in part(client, g)
    with pytest.raises(Refused, match=r"A file is missing\."):
        partners.confirm(partner=g.partner, name="Kadri Kask")

    g.application.attachments.create(
        partner=g.partner, question=question, file=ContentFile(b"x", name="x"), name="x.pdf",
        content_type="application/pdf", size=1, sha256="0" * 64, added_by="Kadri Kask",
    )  # fmt: skip
    assert link not in part(client, g)


def test_a_budget_that_is_missing_leads_to_the_budget(client, g):
    Partner.objects.filter(pk=g.partner.pk).update(grant_eur=None)
    link = f'<a href="{by_link("partner_budget", g.partner)}">The budget is not complete: costs, grant and own money.'
    assert link in part(client, g)


def test_the_lead_is_led_to_its_own_pages(sign_in, owner, g):
    QuestionFactory(call=g.call, asked_of="partner", text="What do you bring?")
    Partner.objects.filter(pk=g.own.pk).update(grant_eur=None)

    page = sign_in(owner).get(reverse("funding:declarations", args=["ATW-001"])).content.decode()

    assert f'<a href="{reverse("funding:own_questions", args=["ATW-001"])}">A question is open.</a>' in page
    assert f'<a href="{reverse("funding:budget", args=["ATW-001"])}">The budget is not complete' in page


def test_it_reads_which_rules_its_part_does_not_keep_and_those_of_nobody_else(client, g):
    type(g.estonian).objects.filter(pk=g.estonian.pk).update(rate=Decimal("0.25"), sizes=["small"])
    type(g.swedish).objects.filter(pk=g.swedish.pk).update(rate=Decimal("0.1"))
    large = {"years": [{"headcount": "300", "turnover_eur": "60000000", "balance_eur": "60000000"}]}
    Partner.objects.filter(pk=g.partner.pk).update(enterprise=large)

    page = part(client, g)

    assert "Eesti Fund pays 25 % of the costs: EUR 5,000 of EUR 20,000. It asks for EUR 10,000." in page
    assert "It is of size large; Eesti Fund pays for: small." in page
    assert "Svea Fund" not in page


def test_where_every_rule_is_kept_nothing_is_said_of_rules(client, g):
    assert "What the rules of the call say of it:" not in part(client, g)


def test_what_the_lead_changed_after_the_confirmation_is_told_until_it_confirms_again(client, owner, g):
    assert "You have confirmed your part." in confirm(client, g)
    changed = budgets.Budget({g.staff.pk: Decimal(9)}, grant=Decimal(4), own=Decimal(5), other=Decimal(0))
    budgets.save(application=g.application, budgets={g.partner.pk: changed}, by=owner)

    assert f"{g.application.lead} changed the budget after you had confirmed, on " in part(client, g)
    assert "changed the budget" not in confirm(client, g)


def test_what_it_changed_itself_is_told_as_its_own(client, g):
    confirm(client, g)
    changed = budgets.Budget({g.staff.pk: Decimal(9)}, grant=Decimal(4), own=Decimal(5), other=Decimal(0))
    budgets.save_part(partner=g.partner, budget=changed)

    assert "You changed your part after you had confirmed it, on " in part(client, g)


def test_a_link_that_was_switched_off_starts_anew(client, owner, g):
    confirm(client, g)
    partners.stop_link(partner=g.partner, by=owner)
    partners.invite(partner=g.partner, by=owner)

    page = client.get(reverse("funding:partner_part", args=[links.token_of(Partner.objects.get(pk=g.partner.pk))]))
    assert "Confirm your part again" not in page.content.decode()

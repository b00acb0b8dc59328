"""The lead's own declaration of aid begins with what the ledger has; nobody else's does."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.models import Funder, Partner
from members.models import Undertaking
from tests.factories.funding import AidFactory
from tests.factories.members import OrganisationFactory
from tests.funding.applying import Ground, ground
from tests.funding.test_figures_form import rows
from tests.funding.test_partners import by_link

KNOWN = "What the ledger knows of you and of your linked companies stands here."


@pytest.fixture
def g(organisation) -> Ground:
    found = ground(organisation)
    Funder.objects.update(is_de_minimis=True)
    sister = OrganisationFactory(name="Tryckluftslabbet")
    type(organisation).objects.filter(pk__in=[organisation.pk, sister.pk]).update(
        undertaking=Undertaking.objects.create()
    )
    AidFactory(organisation=sister, amount_eur="12345.50")
    AidFactory(organisation=organisation, amount_eur=777, granted_on=timezone.localdate() - timedelta(days=4 * 365))
    return found


def own(client) -> str:
    return client.get(reverse("funding:own_figures", args=["ATW-001"])).content.decode()


def test_the_lead_begins_with_the_ledger_of_its_undertaking(sign_in, owner, g):
    page = own(sign_in(owner))

    assert KNOWN in page
    assert 'value="Tryckluftslabbet"' in page
    assert 'value="12 345.50"' in page
    assert 'value="777"' not in page  # it does not count any more


def test_saving_declares_it_and_from_then_on_the_declaration_stands(sign_in, owner, g):
    client = sign_in(owner)
    day = (timezone.localdate() - timedelta(days=100)).isoformat()
    row = {"undertaking": "Tryckluftslabbet", "member_state": "SE", "amount": "12 345.50", "granted_on": day}
    client.post(reverse("funding:own_figures", args=["ATW-001"]), rows("aid", row, saved=1))

    declared = Partner.objects.get(pk=g.own.pk).declared_aid
    assert declared == [row | {"amount": "12345.50"}]
    page = own(client)
    assert KNOWN not in page
    assert 'value="12 345.50"' in page


def test_a_declaration_of_nothing_is_not_filled_again(sign_in, owner, g):
    Partner.objects.filter(pk=g.own.pk).update(declared_aid=[])
    page = own(sign_in(owner))
    assert KNOWN not in page
    assert "Tryckluftslabbet" not in page


def test_a_link_does_not_open_the_ledger(client, g):
    Partner.objects.filter(pk=g.partner.pk).update(organisation=OrganisationFactory())
    AidFactory(organisation=Partner.objects.get(pk=g.partner.pk).organisation, amount_eur=54321)

    page = client.get(by_link("partner_figures", g.partner)).content.decode()

    assert KNOWN not in page
    assert "54 321" not in page

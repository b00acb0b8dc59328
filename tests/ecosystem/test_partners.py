"""Partners: what they offer, agreements and their end, contacts; who may see and write what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from ecosystem.actions import partners
from ecosystem.models import Agreement, PartnerContact, Partnership
from tests.ecosystem.exchange_ground import peer
from tests.ecosystem.ground import card_of, mails, speaker
from tests.factories.ecosystem import AgreementFactory, PartnerContactFactory, PartnershipFactory
from tests.factories.members import OrganisationFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def url(name, partnership, *more):
    return reverse(f"ecosystem:{name}", args=[partnership.organisation.slug, *more])


def test_a_manager_adds_a_partner_with_offers_an_agreement_and_a_contact(sign_in, manager):
    cluster = OrganisationFactory(partner=True, name="Emajõe Water Cluster")
    client = sign_in(manager)
    for _ in range(2):
        client.post(reverse("ecosystem:add_partner"), {"organisation": cluster.pk})
    partnership = Partnership.objects.get()
    said = {"status": "active", "offers": ["test_beds", "buyers"], "words": "A river <b>", "markets": ["EE"]}
    client.post(url("edit_partner", partnership), said | {"nace_codes": ["36.00"], "pool_mail": "at_once"})
    signed = {"title": "Clean rivers", "kind": "memorandum", "signed_on": "2026-02-01", "valid_until": "2029-02-01"}
    client.post(url("add_agreement", partnership), signed)
    client.post(url("add_contact", partnership), {"name": "Kärt", "email": "Kart@Emajoe.example", "languages": ["et"]})

    page = client.get(partnership.get_absolute_url()).content.decode()

    partnership.refresh_from_db()
    assert (partnership.offers, partnership.sectors, partnership.pool_mail) == (
        ["test_beds", "buyers"],
        ["36.00"],
        "at_once",
    )
    for told in (
        "Test beds, Contacts to buyers",
        "A river &lt;b&gt;",
        "Clean rivers",
        "1 February 2029",
        "kart@emajoe.example",
    ):
        assert told in page
    acts = AuditEvent.objects.filter(organisation_id=cluster.pk).exclude(action__startswith="members.").order_by("pk")
    assert [event.action.partition(".")[2] for event in acts] == [
        "partner_added", "partner_changed", "agreement_added", "contact_added",
    ]  # fmt: skip


@pytest.mark.parametrize("facts", [{"home": True}, {}])
def test_the_cluster_itself_and_its_members_are_no_partners(manager, facts):
    mine = manager.memberships.get().organisation if facts else OrganisationFactory()
    with pytest.raises(Refused, match="belongs to the cluster itself"):
        partners.add_partner(organisation=mine, by=manager)


def test_an_agreement_that_ends_before_it_was_signed_keeps_what_was_typed(sign_in, manager):
    partnership = PartnershipFactory()
    typed = {"title": "Backwards", "kind": "project", "signed_on": "2026-05-03", "valid_until": "2026-05-02"}

    page = sign_in(manager).post(url("add_agreement", partnership), typed).content.decode()

    assert "It ends before it was signed. Choose a later day." in page
    assert 'value="Backwards"' in page
    assert not Agreement.objects.exists()


def test_what_is_there_already_is_told(sign_in, manager):
    agreement = AgreementFactory(title="Clean rivers")
    contact = PartnerContactFactory(partnership=agreement.partnership, email="kart@emajoe.example")
    client = sign_in(manager)
    again = {"title": "clean rivers", "kind": "project", "signed_on": agreement.signed_on}
    person = {"name": "K", "email": "KART@emajoe.example"}

    twice = client.post(url("add_agreement", agreement.partnership), again).content.decode()
    known = client.post(url("add_contact", agreement.partnership), person).content.decode()

    assert "This agreement is there already" in twice
    assert "kart@emajoe.example is among the contacts already." in known
    assert (Agreement.objects.count(), PartnerContact.objects.get()) == (1, contact)


def test_agreements_and_contacts_are_changed_and_removed(sign_in, manager):
    agreement = AgreementFactory()
    contact = PartnerContactFactory(partnership=agreement.partnership)
    client = sign_in(manager)
    changed = {"title": "Renamed", "kind": "project", "signed_on": agreement.signed_on}
    client.post(url("edit_agreement", agreement.partnership, agreement.pk), changed)
    client.post(url("edit_contact", agreement.partnership, contact.pk), {"name": "Tiit", "email": contact.email})
    agreement.refresh_from_db()
    contact.refresh_from_db()
    assert (agreement.title, contact.name) == ("Renamed", "Tiit")

    client.post(url("remove_agreement", agreement.partnership, agreement.pk))
    client.post(url("remove_contact", agreement.partnership, contact.pk))

    assert not Agreement.objects.exists()
    assert not PartnerContact.objects.exists()
    other = PartnershipFactory()
    stray = AgreementFactory()
    assert client.post(url("remove_agreement", other, stray.pk)).status_code == 404


def test_the_team_hears_two_months_before_an_agreement_ends_once(manager):
    today = timezone.localdate()
    for days in (-1, 59, 61):
        AgreementFactory(title=f"Ends in {days}", valid_until=today + timedelta(days=days))
    AgreementFactory(title="Never ends")

    for _ in range(2):
        partners.remind_of_agreements()

    (mail,) = mails("agreement-ends")
    assert mail.to == manager.email
    assert "Ends in 59" in mail.text


def test_a_partner_sees_its_own_page_without_the_notes_on_contacts(sign_in):
    partnership = AgreementFactory(title="Clean rivers").partnership
    PartnerContactFactory(partnership=partnership, note="Slow to answer")
    other = PartnershipFactory()
    client = sign_in(speaker(partnership))

    page = client.get(reverse("ecosystem:home"), follow=True).content.decode()

    assert ("Clean rivers" in page, "Slow to answer" in page) == (True, False)
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get("/", follow=True).redirect_chain[-1][0] == partnership.get_absolute_url()


@pytest.mark.parametrize("who", ["partner", "member", "evaluator"])
def test_nobody_but_managers_writes(sign_in, evaluator, who):
    partnership = PartnershipFactory()
    users = {"partner": speaker(partnership), "member": card_of()[1], "evaluator": evaluator}
    client = sign_in(users[who])

    for name in ("edit_partner", "add_agreement", "add_contact", "new_shortlist"):
        assert client.post(url(name, partnership), {"status": "resting"}).status_code in (403, 404)
    assert client.get(reverse("ecosystem:partners")).status_code == 403
    with pytest.raises(PermissionDenied):
        partners.change_partner(partnership=partnership, by=users[who], status="resting")


def test_evaluators_and_members_find_no_partner(sign_in, evaluator):
    partnership = PartnershipFactory()
    assert sign_in(evaluator).get(partnership.get_absolute_url()).status_code == 403
    assert sign_in(card_of()[1]).get(partnership.get_absolute_url()).status_code == 404


def test_the_list_asks_as_often_for_many_as_for_one(sign_in, manager):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(reverse("ecosystem:partners")),
        PartnershipFactory,
        at_most=15,
        shows=lambda answer: len(answer.context["rows"]),
    )


def test_a_manager_adds_a_partner_that_nobody_knows_yet(sign_in, manager):
    typed = {"new_name": "Kyst Klynge", "new_kind": "cluster", "new_country": ""}
    client = sign_in(manager)

    page = client.post(reverse("ecosystem:add_partner"), typed).content.decode()
    assert "Choose the country of the new organisation." in page
    assert 'value="Kyst Klynge"' in page
    assert not Partnership.objects.exists()

    client.post(reverse("ecosystem:add_partner"), typed | {"new_country": "NO"})

    made = Partnership.objects.get().organisation
    assert (made.name, made.kind, made.country, made.is_member) == ("Kyst Klynge", "cluster", "NO", False)


def test_a_partners_page_leads_the_team_to_its_portal(sign_in, manager):
    partnership = PartnershipFactory()
    client = sign_in(manager)

    way = f"{reverse('exchange:add')}?partner={partnership.pk}"
    assert f'href="{way}"' in client.get(partnership.get_absolute_url()).content.decode()
    assert f'value="{partnership.pk}" selected' in client.get(way).content.decode()

    known = peer(partnership=partnership)
    assert f'href="{known.get_absolute_url()}"' in client.get(partnership.get_absolute_url()).content.decode()
    own = sign_in(speaker(partnership)).get(partnership.get_absolute_url()).content.decode()
    assert known.get_absolute_url() not in own

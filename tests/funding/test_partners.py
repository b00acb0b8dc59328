"""The consortium: who may be in it, the signed link, what is confirmed, and who sees whose figures."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding import links
from funding.actions import answers, budgets, partners
from funding.models import Application, Partner
from tests.factories.funding import ActivityTypeFactory, ApplicationFactory, FunderFactory, PartnerFactory
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import Ground, ground

NEW = {"name": "Tartu Pumps", "country": "EE", "kind": "company", "registration_number": "", "person": "", "email": ""}


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def add(client, g: Ground, **said: str) -> str:
    return client.post(reverse("funding:partners", args=["ATW-001"]), NEW | said, follow=True).content.decode()


def by_link(name: str, partner: Partner) -> str:
    partner.refresh_from_db()
    return reverse(f"funding:{name}", args=[links.token_of(partner)])


SIGNED = {"true": "on", "once": "on", "means": "on", "shared": "on", "name": "Kadri Kask"}


def test_partner_is_added_with_the_only_funder_of_its_country(sign_in, owner, g):
    page = add(sign_in(owner), g, name="  Tartu   Pumps ", email="Info@Tartu.example")

    partner = g.application.partners.get(name="Tartu Pumps")
    assert "Tartu Pumps is in the consortium. Say what it does." in page
    assert (partner.funder, partner.email, partner.status) == (g.estonian, "info@tartu.example", "draft")
    assert AuditEvent.objects.get(action="funding.partner_added").details["application"] == "ATW-001"


def test_who_pays_is_asked_only_where_several_can_and_region_decides(sign_in, owner, g):
    FunderFactory(call=g.call, name="Tartu Fund", member_state="EE", regions=["EE008"])
    client = sign_in(owner)
    add(client, g)
    add(client, g, name="Southern Pumps", region="EE008")
    add(client, g, name="Norse Pumps", country="NO")

    chosen = {each.name: each.funder for each in g.application.partners.all()}
    assert chosen["Tartu Pumps"] == g.estonian
    assert chosen["Southern Pumps"] is None
    assert chosen["Norse Pumps"] is None


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": "emajõe  filters"}, "Emajõe Filters is in the consortium already."),
        ({"name": "ÅLGRÄS Robotics", "country": "SE"}, "This is your own organisation. It leads"),
        ({"registration_number": "EE 123-456"}, "Emajõe Filters is in the consortium already."),
        ({"country": "XX"}, "id_country_error"),
        ({"email": "nobody"}, "id_email_error"),
    ],
)
def test_what_does_not_fit_is_told_at_the_field_and_keeps_what_was_typed(sign_in, owner, g, said, message):
    Partner.objects.filter(pk=g.partner.pk).update(registration_number="ee123456")

    page = add(sign_in(owner), g, person="Peeter <b>Puu</b>", **said)

    assert message in page
    assert "Peeter &lt;b&gt;Puu&lt;/b&gt;" in page
    field = next(iter(said))
    assert re.search(rf'id="id_{field}_error"', page)
    assert g.application.partners.count() == 2


def test_own_organisation_is_known_by_the_address_of_its_people(owner, colleague, g):
    with pytest.raises(Refused, match="your own organisation"):
        partners.add(application=g.application, by=owner, **NEW | {"name": "Ålgräs Robotics", "email": colleague.email})
    elsewhere = MembershipFactory(organisation=OrganisationFactory(name="Tartu Pumps", country="EE"))
    partner = partners.add(application=g.application, by=owner, **NEW | {"email": elsewhere.user.email})
    assert partner.organisation == elsewhere.organisation


def test_partner_of_another_consortium_is_refused_without_its_reference(sign_in, owner, g):
    type(g.call).objects.filter(pk=g.call.pk).update(one_consortium_only=True)
    other = ApplicationFactory(call=g.call, number=2, title="Rival", submitted=True)
    PartnerFactory(application=other, name="Tartu Pumps")

    page = add(sign_in(owner), g)

    assert "It is in another consortium of this call. The call allows each organisation one." in page
    assert "ATW-002" not in page
    assert "Rival" not in page


@pytest.mark.parametrize("who", ["viewer", "outsider", "manager"])
def test_only_owners_and_editors_of_the_lead_change_the_consortium(request, g, who):
    user = request.getfixturevalue(who)
    for act in (
        lambda: partners.add(application=g.application, by=user, **NEW),
        lambda: partners.invite(partner=g.partner, by=user),
        lambda: partners.remove(partner=g.partner, by=user),
        lambda: answers.save(application=g.application, field="title", value="x", based_on=0, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert g.application.partners.count() == 2


def test_invitation_carries_the_link_and_a_second_one_replaces_it(sign_in, client, owner, g):
    Partner.objects.filter(pk=g.partner.pk).update(status="draft", declared_at=None, answered_at=None)
    address = reverse("funding:invite_partner", args=["ATW-001", g.partner.pk])
    lead = sign_in(owner)
    lead.post(address)
    old = by_link("partner_part", g.partner)
    mail = Mail.objects.get(key__startswith="partner-invitation:")
    assert (mail.to, old in mail.text, "Clean it together." in mail.text) == ("kadri@emajoe.example", True, True)
    lead.post(address)

    dead = client.get(old)
    assert dead.status_code == 410
    assert "A newer link was sent to you" in dead.content.decode()
    client.post(reverse("funding:partner_new_link", args=[old.split("/")[-2]]))
    assert by_link("partner_part", g.partner) in Mail.objects.get(key__startswith="partner-link:").text
    assert "asks Emajõe Filters to take part" in client.get(by_link("partner_part", g.partner)).content.decode()


def test_where_the_project_has_no_title_the_page_leads_there_first(sign_in, owner, g):
    g.application.title = ""
    g.application.save()
    address = reverse("funding:consortium_partner", args=["ATW-001", g.partner.pk])
    invite = reverse("funding:invite_partner", args=["ATW-001", g.partner.pk])

    shown = sign_in(owner).get(address).content.decode()
    assert f'<a href="{reverse("funding:project", args=["ATW-001"])}">Give it a title</a>' in shown
    assert invite not in shown

    g.application.title = "Clean it together."
    g.application.save()
    assert invite in sign_in(owner).get(address).content.decode()


def test_links_that_open_nothing_say_why(client, owner, g):
    token = links.token_of(g.partner)
    forged = signing.Signer(salt="another").sign_object([g.partner.pk, 1])
    assert "We do not know this link" in client.get(reverse("funding:partner_part", args=[forged])).content.decode()
    assert client.get(reverse("funding:partner_part", args=[token[:-1]])).status_code == 404
    own = signing.Signer(salt=links.SALT).sign_object([g.own.pk, 1])
    assert client.get(reverse("funding:partner_figures", args=[own])).status_code == 410
    partners.stop_link(partner=g.partner, by=owner)
    stopped = client.get(reverse("funding:partner_part", args=[token]))
    assert (stopped.status_code, "switched off" in stopped.content.decode()) == (410, True)
    Partner.objects.filter(pk=g.partner.pk).update(status="invited")
    type(g.call).objects.update(
        deadline=timezone.now() - timedelta(days=400), opens_at=timezone.now() - timedelta(days=500)
    )
    assert "The call is over." in client.get(by_link("partner_part", g.partner)).content.decode()


def test_partner_confirms_once_with_its_name_and_the_lead_hears(client, owner, g):
    Partner.objects.filter(pk=g.partner.pk).update(status="invited", declared_at=None, answered_at=None, answered_by="")

    unsigned = client.post(by_link("partner_confirm", g.partner), {"name": "Kadri Kask"}).content.decode()
    page = client.post(by_link("partner_confirm", g.partner), SIGNED, follow=True).content.decode()
    client.post(by_link("partner_confirm", g.partner), SIGNED | {"name": "Somebody else"})

    assert "Tick this, or do not confirm." in unsigned
    assert "Confirmed by Kadri Kask" in page
    g.partner.refresh_from_db()
    assert (g.partner.answered_by, g.partner.declared_at is None) == ("Kadri Kask", False)
    assert AuditEvent.objects.get(action="funding.part_confirmed").details["name"] == "Kadri Kask"
    mail = Mail.objects.get(key__startswith="partner-answered:")
    assert (mail.to, mail.subject) == (owner.email, "Emajõe Filters has confirmed")


def test_part_without_a_budget_is_not_confirmed(client, g):
    Partner.objects.filter(pk=g.partner.pk).update(status="invited", answered_at=None, grant_eur=None)

    page = client.post(by_link("partner_confirm", g.partner), SIGNED).content.decode()

    assert "The budget is not complete" in page
    g.partner.refresh_from_db()
    assert g.partner.status == "invited"


def test_partner_declines_once_and_the_lead_reads_why(client, sign_in, owner, g):
    address = by_link("partner_decline", g.partner)
    client.post(address, {"name": "Kadri Kask", "why": "No <i>time</i>."})
    client.post(address, {"name": "Kadri Kask", "why": "Again."})

    page = sign_in(owner).get(reverse("funding:partners", args=["ATW-001"])).content.decode()
    assert "No &lt;i&gt;time&lt;/i&gt;." in page
    assert Mail.objects.get(key__startswith="partner-answered:").subject == "Emajõe Filters does not take part"


@pytest.mark.parametrize("what", ["budget", "role", "name", "region", "registration_number", "activity_types"])
def test_lead_that_changes_a_confirmed_part_asks_again_and_the_partner_is_told_once(owner, g, what):
    def change(n: int) -> None:
        if what == "role":
            answers.save(
                application=g.application, field="role", value=f"Other {n}", based_on=0, by=owner, partner=g.partner,
                page="one",
            )  # fmt: skip
        elif what == "activity_types":
            partners.change(partner=g.partner, by=owner, activity_types=[ActivityTypeFactory(call=g.call)])
        elif what != "budget":
            partners.change(partner=g.partner, by=owner, **{what: f"EE{n}"})
        else:
            changed = budgets.Budget({g.staff.pk: n}, grant=n, own=0, other=0)
            budgets.save(application=g.application, budgets={g.partner.pk: changed}, by=owner)

    change(1)
    change(2)

    g.partner.refresh_from_db()
    assert (g.partner.status, g.partner.declared_at, g.partner.answered_by) == ("invited", None, "")
    mail = Mail.objects.get(key__startswith="partner-changed:")
    assert (mail.to, links.token_of(g.partner) in mail.text) == ("kadri@emajoe.example", True)
    assert AuditEvent.objects.filter(action="funding.part_to_be_confirmed_again").count() == 1


def test_person_to_ask_is_corrected_without_asking_again_and_activities_stay(owner, g):
    g.partner.activity_types.add(ActivityTypeFactory(call=g.call))
    partners.change(partner=g.partner, by=owner, person="Kati Kask")

    g.partner.refresh_from_db()
    assert (g.partner.status, g.partner.activity_types.count()) == ("confirmed", 1)


def test_partner_reads_what_eligibility_rests_on_before_it_confirms(client, g):
    g.partner.activity_types.add(ActivityTypeFactory(call=g.call, name="Feasibility study"))
    Partner.objects.filter(pk=g.partner.pk).update(registration_number="12345678", region="EE004")
    page = client.get(by_link("partner_part", g.partner)).content.decode()

    for told in ("12345678", "Estonia", "Lääne-Eesti", "Feasibility study"):
        assert told in page, told


def test_partner_that_changes_its_own_part_confirms_again_and_gets_no_mail(client, g):
    column = f"p{g.partner.pk}"
    client.post(
        by_link("partner_budget", g.partner), {f"{column}-c{g.staff.pk}": "9 000,50", f"{column}-grant": "4000"}
    )

    g.partner.refresh_from_db()
    assert (g.partner.status, str(g.partner.costs.get().amount_eur)) == ("invited", "9000.50")
    assert not Mail.objects.filter(key__startswith="partner-changed:").exists()


def test_partner_reads_its_own_part_and_nothing_of_the_others(client, g):
    Partner.objects.filter(pk=g.own.pk).update(grant_eur=8765, role="SECRET ROLE")
    PartnerFactory(application=g.application, name="Third Company", grant_eur=4321, role="THIRD ROLE")
    for name in ("partner_part", "partner_budget", "partner_questions", "partner_figures", "partner_files"):
        page = client.get(by_link(name, g.partner)).content.decode()
        assert "SECRET ROLE" not in page
        assert "Third Company" not in page
        assert "8,765" not in page
        assert "8 765" not in page


def test_lead_reads_verdicts_and_none_of_a_partners_figures(sign_in, owner, g):
    type(g.estonian).objects.filter(pk=g.estonian.pk).update(sizes=["small"], is_de_minimis=True)
    said = {"undertaking": "Hidden Holding", "member_state": "EE", "amount": "43211", "granted_on": "2026-01-02"}
    Partner.objects.filter(pk=g.partner.pk).update(
        enterprise={"years": [{"headcount": "177", "turnover_eur": "1"}],
                    "holdings": [{"name": "Hidden Holding", "share": "0.6"}]},
        declared_aid=[said],
    )  # fmt: skip
    client = sign_in(owner)
    for name in ("partners", "budget", "check", "declarations", "application"):
        page = client.get(reverse(f"funding:{name}", args=["ATW-001"])).content.decode()
        assert "Hidden Holding" not in page
        assert "177" not in page
        assert "43,211" not in page
    assert "Emajõe Filters: Its size is not known yet." in page or name != "check"
    check = client.get(reverse("funding:check", args=["ATW-001"])).content.decode()
    assert "Its size is not known yet. It fills in its figures by its own link." in check
    assert "Its de minimis aid leaves room for the grant." in check


def test_handed_in_application_and_a_removed_partner_close_the_link(client, owner, g):
    token = links.token_of(g.partner)
    Application.objects.filter(pk=g.application.pk).update(status="submitted")
    with pytest.raises(Refused, match="handed in"):
        partners.confirm(partner=g.partner, name="X")
    Application.objects.filter(pk=g.application.pk).update(status="draft")
    partners.remove(partner=g.partner, by=owner)

    assert "switched off" in client.get(reverse("funding:partner_part", args=[token])).content.decode()
    assert Mail.objects.filter(key__startswith="partner-removed:").count() == 1
    with pytest.raises(Refused, match="cannot leave"):
        partners.remove(partner=g.own, by=owner)


def test_partner_who_is_handed_in_elsewhere_later_blocks_without_telling_where(sign_in, owner, g):
    type(g.call).objects.filter(pk=g.call.pk).update(one_consortium_only=True)
    other = ApplicationFactory(call=g.call, number=2, title="Rival", submitted=True)
    PartnerFactory(application=other, name="EMAJÕE Filters")

    page = sign_in(owner).get(reverse("funding:check", args=["ATW-001"])).content.decode()

    assert "Emajõe Filters: It is in another consortium of this call. The call allows each organisation one." in page
    assert "ATW-002" not in page
    assert "Rival" not in page

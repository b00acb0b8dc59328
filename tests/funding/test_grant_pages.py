"""The pages of grants, for the cluster team and for a beneficiary: what they show, keep and refuse."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html
from openpyxl import load_workbook

from core.models import AuditEvent
from funding.actions import granting, grants
from funding.models import Aid, Grant, GrantReport, Payment
from tests.factories.funding import AidFactory, FunderFactory, GrantFactory
from tests.factories.members import OrganisationFactory
from tests.funding.grants_ground import award_for, decided_call, today
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant(manager, organisation) -> Grant:
    return granting.grant(award=award_for(organisation, 20_000), by=manager)


@pytest.fixture
def report(grant, manager) -> GrantReport:
    return grants.plan_report(grant=grant, kind="final", due_on=today() + timedelta(days=20), by=manager)


def url(name: str, *args: object) -> str:
    return reverse(f"funding:{name}", args=args)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).xpath("string(//main)").split())


# --- granting ---------------------------------------------------------------------------------------------------------


def test_secretary_grants_what_fits_and_reads_why_the_rest_does_not(sign_in, manager, organisation):
    call = decided_call()
    award_for(organisation, 20_000, call=call)
    full = OrganisationFactory(name="Klarflod")
    AidFactory(organisation=full, amount_eur=290_000)
    award_for(full, 20_000, call=call)
    client = sign_in(manager)
    page = text_of(client.get(url("call_grants", call.slug)))
    assert "Klarflod: EUR 20,000 is more than the de minimis room. In Sweden EUR 10,000 are left" in page

    page = text_of(client.post(url("grant_all", call.slug), {"on": today()}, follow=True))
    assert "1 award was granted." in page
    assert "In Sweden EUR 10,000 are left" in page
    assert Grant.objects.get().organisation == organisation


def test_unknown_partner_is_named_or_added_on_the_page_of_its_award(sign_in, manager, organisation):
    award, client = award_for(None), sign_in(manager)
    page = text_of(client.get(url("grant_award", award.pk)))
    assert "Nobody has said yet which organisation it is." in page
    assert "Grant it" not in page
    client.post(url("add_organisation", award.pk))
    client.post(url("name_organisation", award.pk), {"organisation": organisation.pk})
    award.partner.refresh_from_db()
    assert award.partner.organisation == organisation
    response = client.post(url("grant_award", award.pk), {"on": today() + timedelta(days=3)})
    assert "is in the future" in text_of(response)
    client.post(url("grant_award", award.pk), {"on": today()})
    assert client.get(url("grant_award", award.pk))["Location"] == Grant.objects.get().get_absolute_url()


def test_declared_aid_of_an_application_goes_on_the_ledger_once(sign_in, manager, organisation):
    award, client = award_for(organisation), sign_in(manager)
    said = {"undertaking": "Old <b>Yard</b>", "member_state": "SE", "amount": "30000.00", "granted_on": "2026-01-05"}
    type(award.partner).objects.update(declared_aid=[said])
    assert "Old <b>Yard</b>" in text_of(client.get(url("grant_award", award.pk)))
    for _ in range(2):
        client.post(url("take_over_declared", award.pk))
    assert [(each.source, each.amount_eur) for each in Aid.objects.all()] == [("declared", 30_000)]


# --- one grant --------------------------------------------------------------------------------------------------------


def test_secretary_plans_agreement_report_payment_and_milestone_on_one_page(sign_in, manager, grant):
    client, address = sign_in(manager), grant.get_absolute_url()
    soon = today() + timedelta(days=30)
    for sent in (
        {"part": "agreement", "agreement_number": "A-1", "signed_on": today(), "starts_on": today(), "ends_on": soon},
        {"part": "report", "report-kind": "final", "report-due_on": soon},
        {"part": "payment", "payment-name": "All", "payment-amount_eur": "20 000,00", "payment-due_on": soon},
        {"part": "milestone", "milestone-name": "Fair", "milestone-due_on": soon},
    ):
        assert client.post(address, sent)["Location"] == address, sent
    page = text_of(client.get(address))
    for words in ("A-1", "Running", "Final report", "All", "EUR 20,000", "Fair"):
        assert words in page
    grant.refresh_from_db()
    assert grant.status == "running"


MUCH = {"payment-name": "<i>Much</i>", "payment-due_on": "2027-01-01"}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"part": "payment", **MUCH, "payment-amount_eur": "20001"}, "The award is EUR 20,000"),
        ({"part": "payment", **MUCH, "payment-amount_eur": "-5"}, "An amount is not below zero."),
        ({"part": "milestone", "milestone-name": "<i>Much</i>", "milestone-due_on": "soon"}, "date"),
    ],
)  # fmt: skip
def test_what_is_not_understood_stays_in_the_form_with_the_reason(sign_in, manager, grant, sent, words):
    response = sign_in(manager).post(grant.get_absolute_url(), sent)
    page = html.fromstring(response.content)
    assert words in page.xpath("string(//main)")
    assert "<i>Much</i>" in page.xpath("//main//input/@value")
    assert not Payment.objects.exists()


def test_payment_is_noted_and_an_early_one_asks_why(sign_in, manager, grant):
    payment = grants.plan_payment(grant=grant, name="All", amount_eur=20_000, due_on=today(), by=manager)
    client = sign_in(manager)
    sent = {"on": today(), "bank_reference": "B-9"}
    assert "no final report is accepted yet" in text_of(client.post(url("pay", payment.pk), sent))
    assert (
        client.post(url("pay", payment.pk), sent | {"why_early": "Agreed so."})["Location"] == grant.get_absolute_url()
    )
    assert "B-9" in text_of(client.get(grant.get_absolute_url()))


def test_grant_is_ended_early_on_its_page(sign_in, manager, grant):
    client = sign_in(manager)
    sent = {"on": today(), "why": "The partner left.", "kept_eur": "21000"}
    assert "between 0 and the award" in text_of(client.post(url("end_grant", grant.pk), sent))
    client.post(url("end_grant", grant.pk), sent | {"kept_eur": "0"})
    assert "It ended on" in text_of(client.get(grant.get_absolute_url()))


# --- reports ----------------------------------------------------------------------------------------------------------


def test_beneficiary_saves_and_hands_in_and_the_secretary_returns_and_accepts(sign_in, owner, manager, report):
    mine, theirs, address = sign_in(owner), sign_in(manager), report.get_absolute_url()
    assert "Final report" in text_of(mine.get(url("grants")))
    mine.post(address, {"words": "Half of it", "spent_eur": ""})
    assert "It is not written yet." in text_of(theirs.get(address)), "a draft is the beneficiary's own"
    page = text_of(mine.post(address, {"words": "All <b>of</b> it", "spent_eur": "", "hand_in": "1"}, follow=True))
    assert "Write what was done and what was spent" in page
    mine.post(address, {"words": "All <b>of</b> it", "spent_eur": "15.000,50", "hand_in": "1"})
    assert "All <b>of</b> it" in text_of(theirs.get(address))

    response = theirs.post(url("return_report", report.pk), {"questions": "Which?", "due_on": ""})
    assert html.fromstring(response.content).xpath("//*[@id='id_due_on'][@aria-invalid='true']")
    theirs.post(url("return_report", report.pk), {"questions": "Which?", "due_on": today() + timedelta(days=9)})
    assert "Which?" in text_of(mine.get(address))
    mine.post(address, {"words": "These.", "spent_eur": "15000.50", "hand_in": "1"})
    theirs.post(url("accept_report", report.pk))
    report.refresh_from_db()
    assert (report.status, str(report.spent_eur)) == ("accepted", "15000.50")
    response = mine.post(address, {"words": "Later", "spent_eur": "1", "hand_in": "1"}, follow=True)
    assert "handed in already" in text_of(response)
    assert "Later" in text_of(response), "what was typed in a stale tab is not lost"


def test_file_of_a_report_is_looked_through_and_comes_as_a_download(sign_in, owner, report):
    client, address = sign_in(owner), report.get_absolute_url()
    program = SimpleUploadedFile("costs.pdf", b"MZ\x90\x00 a program")
    page = text_of(client.post(address, {"words": "Keep me", "spent_eur": "1", "file": program}))
    assert "whatever its name says" in page
    assert "Keep me" in page
    fine = SimpleUploadedFile("../costs <1>.pdf", b"%PDF-1.7 costs")
    client.post(address, {"words": "Keep me", "spent_eur": "1", "file": fine})
    response = client.get(url("grant_report_file", report.pk))
    assert response["Content-Disposition"] == 'attachment; filename="costs 1.pdf"'
    assert b"".join(response) == b"%PDF-1.7 costs"


# --- lists and money --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["grants", "of a call", "own"])
def test_lists_take_a_constant_number_of_queries(sign_in, manager, owner, organisation, page):
    call = decided_call()

    def more() -> None:
        award = award_for(OrganisationFactory(name=f"To be granted {Grant.objects.count()}"), call=call)
        AidFactory(organisation=award.partner.organisation)
        late = GrantFactory(award=award_for(organisation, call=call), organisation=organisation)
        made = {"grant": late, "due_on": today() - timedelta(days=1)}
        GrantReport.objects.create(**made, kind="interim")
        GrantReport.objects.create(**made, kind="final", status="handed_in", handed_in_at=call.decided_at)
        Payment.objects.create(grant=late, name="First", amount_eur=5, due_on=today())

    client = sign_in(owner if page == "own" else manager)
    address = url("call_grants", call.slug) if page == "of a call" else url("grants")
    assert_constant_queries(
        lambda: client.get(address),
        more,
        at_most=22,
        shows=lambda response: len(html.fromstring(response.content).xpath("//table[.//th[.='Next report']]/tbody/tr")),
    )


def test_money_by_funder_adds_up_and_is_exported_without_formulas(sign_in, manager, owner, organisation):
    award = award_for(organisation, 20_000, name="=HYPERLINK(1)", budget_eur=100_000)
    grant = granting.grant(award=award, by=manager)
    payment = grants.plan_payment(grant=grant, name="First", amount_eur=8_000, due_on=today(), by=manager)
    grants.pay(payment=payment, on=today(), by=manager)
    report = grants.plan_report(grant=grant, kind="interim", due_on=today(), by=manager)
    GrantReport.objects.filter(pk=report.pk).update(status="accepted", spent_eur=50_000)
    FunderFactory(call=award.funder.call, name="Other")
    client = sign_in(manager)
    page = text_of(client.get(url("grant_money")))
    assert "100,000 20,000 20,000 8,000 20,000 12,000 80,000" in page

    lines = client.get(url("grant_money_csv")).getvalue().decode("utf-8-sig").splitlines()
    assert "'=HYPERLINK(1)" in lines[1]
    assert lines[1].endswith("100000.00,20000.00,20000.00,1,8000.00,20000.00,12000.00,80000.00")
    book = load_workbook(BytesIO(client.get(url("grant_money_xlsx")).content))
    row = [each.value for each in list(book.active.rows)[1]]
    assert row[1:4] == ["=HYPERLINK(1)", "SE", 100_000]
    assert list(book.active.rows)[1][1].data_type == "s"


def test_list_is_narrowed_by_words_call_and_what_is_late(sign_in, manager, grant, report):
    other = GrantFactory(organisation__name="Åbergs Båtar")
    client = sign_in(manager)
    assert "Åbergs" in text_of(client.get(url("grants"), {"q": "abergs bat"}))
    page = text_of(client.get(url("grants"), {"status": "late"}))
    assert "No grant here" in page
    GrantReport.objects.update(due_on=today() - timedelta(days=1))
    page = text_of(client.get(url("grants"), {"status": "late"}))
    assert "Åbergs" not in page
    assert "What is late" in page
    assert "Åbergs" in text_of(client.get(url("grants"), {"call": other.award.funder.call_id}))
    assert client.get(url("grants"), {"call": "x", "status": "'"}).status_code == 200


def test_writes_stand_in_the_trail_of_the_organisation(sign_in, manager, grant, organisation):
    sign_in(manager).post(url("end_grant", grant.pk), {"on": today(), "why": "Over.", "kept_eur": "0"})
    actions = set(AuditEvent.objects.filter(organisation_id=organisation.pk).values_list("action", flat=True))
    assert {"funding.granted", "funding.aid_entered", "funding.grant_ended", "funding.aid_reversed"} <= actions

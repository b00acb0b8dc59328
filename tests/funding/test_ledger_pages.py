"""The ledger: what is declared, brought and reversed, the statement of an undertaking, and the register's fields."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from lxml import html

from core.models import AuditEvent, Mail
from funding import aid as ledger
from funding.actions import aid
from funding.eligibility.de_minimis import first_counting_day
from funding.models import Aid, Declaration, DeclaredAid, RefusedAid, RegisterImport
from members.actions import undertakings
from members.models import LinkedCompany
from tests.factories.funding import AidFactory
from tests.factories.members import OrganisationFactory
from tests.funding.grants_ground import one_undertaking, today
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"funding:{name}", args=args)


def text_of(response) -> str:
    return " ".join(html.fromstring(response.content).xpath("string(//main)").split())


def declared(**changed):
    said = {"beneficiary": "Yard", "member_state": "SE", "authority": "Bank <b>", "amount_eur": "30 000"}
    return said | {"granted_on": today() - timedelta(days=400), "instrument": "Grant"} | changed


# --- statement --------------------------------------------------------------------------------------------------------


def test_statement_says_what_is_left_and_from_when_there_is_more(sign_in, manager):
    one, other = one_undertaking(manager, "Klarflod", "Klarflod Drift")
    first = AidFactory(organisation=other, amount_eur=250_000, granted_on=today() - timedelta(days=1000))
    AidFactory(organisation=one, amount_eur=40_000, member_state="FI")
    page = text_of(sign_in(manager).get(url("statement", one.slug)))

    assert "One undertaking: Klarflod, Klarflod Drift" in page
    assert "EUR 50,000 are left. EUR 250,000 were granted in the last three years." in page
    again = ledger.in_words(first.granted_on + relativedelta(years=3))
    assert f"{again} EUR 300,000, if nothing is granted until then" in page
    assert "EUR 260,000 are left" in page, "Finland counts for itself"


def test_member_reads_the_own_statement_and_its_pdf_and_no_other(sign_in, owner, outsider, organisation):
    AidFactory(organisation=organisation, authority="Bank <b>")
    mine, theirs = sign_in(owner), sign_in(outsider)
    assert mine.get(url("own_statement"))["Location"] == url("statement", organisation.slug)
    assert "Bank <b>" in text_of(mine.get(url("statement", organisation.slug)))
    response = mine.get(url("statement_pdf", organisation.slug))
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    for name in ("statement", "statement_pdf", "declaration"):
        assert theirs.get(url(name, organisation.slug)).status_code == 404


def test_joining_over_the_ceiling_is_shown(sign_in, manager):
    companies = [OrganisationFactory(), OrganisationFactory()]
    for each in companies:
        AidFactory(organisation=each, amount_eur=200_000)
    undertakings.join(organisations=companies, by=manager)
    assert "More than the ceiling was granted." in text_of(sign_in(manager).get(url("statement", companies[0].slug)))


# --- declarations -----------------------------------------------------------------------------------------------------


def test_aid_of_more_than_three_years_ago_is_not_declared(sign_in, owner, organisation):
    """Who signs the declaration signs that it lists the last three years."""
    first, address = first_counting_day(today()), url("declaration", organisation.slug)
    client = sign_in(owner)
    page = text_of(client.post(address, declared(granted_on=first - timedelta(days=1), authority="Old fund")))

    assert f"Leave out what was granted before {ledger.in_words(first)}." in page
    assert not DeclaredAid.objects.exists()
    client.post(address, declared(granted_on=first))
    assert DeclaredAid.objects.get().granted_on == first


def test_declaration_goes_from_the_owner_to_the_ledger(sign_in, owner, manager, organisation):
    mine, theirs = sign_in(owner), sign_in(manager)
    address = url("declaration", organisation.slug)
    for sent in (declared(), declared(authority="Fund", amount_eur="12.500,50")):
        mine.post(address, sent)
    found = Declaration.objects.get()
    mine.post(url("remove_declared", found.rows.get(authority="Fund").pk))
    assert theirs.get(url("read_declaration", found.pk)).status_code == 404, "a draft is the organisation's own"
    mine.post(url("hand_in_declaration", organisation.slug))
    assert mine.get(url("declaration_pdf", found.pk)).content.startswith(b"%PDF-")
    assert "Your declaration is handed in." in text_of(mine.post(address, declared(amount_eur="1")))

    theirs.post(url("return_declaration", found.pk), {"question": "And the <i>loan</i>?"})
    asked = Mail.objects.get(key__startswith=f"declaration_returned:{found.pk}:")
    assert (asked.to, asked.subject) == (owner.email, f"A question about the de minimis aid of {organisation.name}")
    assert "And the <i>loan</i>?" in asked.text
    assert "And the &lt;i&gt;loan&lt;/i&gt;?" in asked.html
    assert address in asked.text
    assert "And the <i>loan</i>?" in text_of(mine.get(address))
    mine.post(address, declared(amount_eur="7000", authority="Loan"))
    mine.post(url("hand_in_declaration", organisation.slug))
    AidFactory(organisation=organisation, amount_eur=7_000, granted_on=today() - timedelta(days=400))
    for _ in range(2):
        theirs.post(url("take_over_declaration", found.pk))
    assert sorted(Aid.objects.filter(declaration=found).values_list("amount_eur", flat=True)) == [30_000]
    assert AuditEvent.objects.filter(action="funding.declaration_taken_over").count() == 1
    told = Mail.objects.get(key__startswith=f"declaration_taken_over:{found.pk}:")
    assert told.to == owner.email
    assert f"We have read what {organisation.name} declared. 1 line of it is new" in told.text
    assert url("statement", organisation.slug) in told.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount_eur": "-5"}, "An amount is not below zero."),
        ({"amount_eur": "0"}, "Write an amount above 0."),
        ({"granted_on": today() + timedelta(days=1)}, "in the future"),
        ({"member_state": "US"}, "US"),
    ],
)
def test_what_cannot_be_declared_stays_in_the_form(sign_in, owner, organisation, changed, words):
    response = sign_in(owner).post(url("declaration", organisation.slug), declared(**changed))
    page = html.fromstring(response.content)
    errors = page.xpath("string(//main//*[contains(@class, 'errors')])") + page.xpath(
        "string(//main//*[@role='alert'])"
    )
    assert words in errors or "US" in changed.values()
    assert "Bank <b>" in page.xpath("//main//input/@value")
    assert not Declaration.objects.filter(rows__isnull=False).exists()


def test_viewer_reads_and_does_not_declare(sign_in, viewer, organisation):
    client = sign_in(viewer)
    assert "Only owners and editors" in text_of(client.get(url("declaration", organisation.slug)))
    assert client.post(url("declaration", organisation.slug), declared()).status_code == 403
    assert client.post(url("hand_in_declaration", organisation.slug)).status_code == 403
    assert not Declaration.objects.exists()


# --- entering and reversing -------------------------------------------------------------------------------------------


def test_entry_is_reversed_with_a_reason_and_both_stay(sign_in, manager, organisation):
    client = sign_in(manager)
    client.post(url("enter_aid"), declared(organisation=organisation.pk))
    entry = Aid.objects.get()
    assert (
        "the same aid stands on the ledger already"
        in text_of(client.post(url("enter_aid"), declared(organisation=organisation.pk), follow=True)).lower()
    )
    client.post(url("reverse_aid", entry.pk), {"reason": " "})
    assert Aid.objects.count() == 1
    client.post(url("reverse_aid", entry.pk), {"reason": "Another company."})
    assert sorted(Aid.objects.values_list("amount_eur", "reason")) == [(-30_000, "Another company."), (30_000, "")]
    assert "is reversed already" in text_of(client.post(url("reverse_aid", entry.pk), {"reason": "Again."}))
    assert ledger.room_of(organisation, "SE", today()).left == 300_000
    assert "Another company." in text_of(client.get(url("ledger")))


def test_export_has_the_fields_of_the_register_and_no_formula(sign_in, manager, organisation):
    AidFactory(organisation=organisation, beneficiary="=cmd()", beneficiary_number="556677-8899", nace="62.10")
    AidFactory(organisation=organisation, member_state="FI")
    data = sign_in(manager).get(url("ledger_csv"), {"state": "SE"}).getvalue().decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(data))
    assert row == {
        "beneficiary": "'=cmd()", "member_state": "SE", "aid_amount_eur": "20000.00",
        "granting_date": str(today() - timedelta(days=100)), "granting_authority": "Regional fund",
        "beneficiary_id": "556677-8899", "aid_instrument": "Grant", "nace": "62.10",
    }  # fmt: skip


def test_ledger_is_searched_and_takes_a_constant_number_of_queries(sign_in, manager):
    client = sign_in(manager)
    AidFactory(organisation__name="Åbergs Båtar", beneficiary="Åbergs Båtar", authority="Other")
    assert "Åbergs" in text_of(client.get(url("ledger"), {"q": "abergs"}))
    assert_constant_queries(
        lambda: client.get(url("ledger"), {"q": "regional"}),
        AidFactory,
        at_most=12,
        shows=lambda response: len(html.fromstring(response.content).xpath("//table/tbody/tr")),
    )


# --- the central register ---------------------------------------------------------------------------------------------

HEAD = "beneficiary;member_state;aid_amount_eur;granting_date;granting_authority;beneficiary_id;nace\n"


def brought(client, *lines: str, head: str = HEAD) -> RegisterImport:
    file = SimpleUploadedFile("register.csv", (head + "\n".join(lines)).encode())
    client.post(url("register_imports"), {"file": file})
    return RegisterImport.objects.latest("pk")


def test_lines_of_a_register_are_taken_over_or_kept_with_the_reason(sign_in, manager, organisation):
    LinkedCompany.objects.create(
        organisation=organisation, name="Yard", country="SE", registration_number="1-2", link="votes",
        settled_at=AuditEvent._meta.get_field("at").default(),
    )  # fmt: skip
    client = sign_in(manager)
    done = brought(
        client,
        f"{organisation.name.upper()};SE;1000,50;2026-01-05;Bank;;62.10",
        "Somebody else's name;se;2000;2026-01-06;Bank;1-2;",
        "Unknown <i>;SE;3000;2026-01-07;Bank;;",
        f"{organisation.name};SE;-5;2026-01-07;Bank;;",
        f"{organisation.name};SE;5;2126-01-07;Bank;;",
        f"{organisation.name};SE;1000,50;2026-01-05;Bank;;",
        f"{organisation.name};QQ;5;yesterday;Bank;;",
    )
    assert sorted(Aid.objects.values_list("amount_eur", "organisation")) == [
        (1000.50, organisation.pk), (2000, organisation.pk)]  # fmt: skip
    reasons = list(RefusedAid.objects.order_by("line").values_list("line", "reason"))
    assert [line for line, _ in reasons] == [4, 5, 6, 7, 8]
    parts = ("No organisation", "no amount above 0", "future", "already", "no country")
    for part, (_line, reason) in zip(parts, reasons, strict=True):
        assert part in reason
    assert "Unknown <i>" in text_of(client.get(url("register_import", done.pk)))

    OrganisationFactory(name="Unknown <i>")
    client.post(url("read_register_again", done.pk))
    assert Aid.objects.filter(beneficiary="Unknown <i>", amount_eur=3000, brought_by=done).exists()
    assert sorted(RefusedAid.objects.values_list("line", flat=True)) == [5, 6, 7, 8]


def test_line_that_was_reversed_stays_known_and_is_skipped_with_the_reason(sign_in, manager, organisation):
    client, line = sign_in(manager), f"{organisation.name};SE;1000;2026-01-05;Bank;;"
    brought(client, line)
    first = Aid.objects.get()
    client.post(url("reverse_aid", first.pk), {"reason": "Of another <b>company</b>."})
    again = brought(client, line, f"{organisation.name};SE;2000;2026-01-05;Bank;;")

    assert sorted(Aid.objects.values_list("amount_eur", flat=True)) == [-1000, 1000, 2000]
    (skipped,) = again.refusals.all()
    assert (skipped.line, skipped.raw.startswith(organisation.name)) == (2, True)
    page = text_of(client.get(url("register_import", again.pk)))
    assert "1 line was taken over. 1 line was skipped." in page
    assert f"Read before, and reversed on {today():%-d %B %Y}: “Of another <b>company</b>.”." in page
    client.post(url("read_register_again", again.pk))
    assert Aid.objects.count() == 3, "reading it again brings it no more"


def test_line_that_was_reversed_and_entered_by_hand_is_on_the_ledger(sign_in, manager, organisation):
    client, line = sign_in(manager), f"{organisation.name};SE;1000;2026-01-05;Bank;;"
    brought(client, line)
    client.post(url("reverse_aid", Aid.objects.get().pk), {"reason": "Too early."})
    aid.enter(
        organisation=organisation, source="declared", member_state="SE", authority="Bank", amount_eur=Decimal(1000),
        granted_on=date(2026, 1, 5), by=manager,
    )  # fmt: skip
    again = brought(client, line)

    assert Aid.objects.standing().count() == 1
    assert again.refusals.get().reason == "The same aid stands on the ledger already."


@pytest.mark.parametrize(
    ("head", "words"),
    [("beneficiary;member_state\n", "The first line must name the columns"), ("\x00\x01", ""), (HEAD, "no line below")],
)
def test_file_that_is_no_register_is_said_to_be_none(sign_in, manager, head, words):
    done = brought(sign_in(manager), head=head)
    assert words in done.refusals.get().reason
    assert not Aid.objects.exists()

"""Tables typed by people: CSV and XLSX."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from opportunities.feeds import Budget, Kind, NotThisFormat
from opportunities.feeds.csv_table import propose_mapping
from tests.opportunities.feeds.samples import one, read_all, records, refusals, refused


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_any_delimiter(mark):
    table = mark.join(["Title", "Deadline", "Summary"]) + "\n" + mark.join(["Pumps", "2027-02-16", '"one, two; three"'])

    record = one("csv", table)

    assert (record.title, record.deadlines) == ("Pumps", (date(2027, 2, 16),))
    assert record.summary == "one, two; three"


def test_note_of_the_delimiter_is_not_the_header():
    assert one("csv", "sep=;\nTitle;Deadline\nPumps, big;2027-02-16").title == "Pumps, big"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Företag på Öland", "cp1252"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Vandens tinklų įrenginių pirkimas, mažesnė kaina", "cp1257"),
        ("Δημόσιος διαγωνισμός", "cp1253"),
        ("Доставка на помпи", "cp1251"),
        ("Příliš žluťoučký kůň", "iso8859-2"),
        ("Företag på Öland", "utf-16"),
        ("Företag på Öland", "utf-8-sig"),
    ],
)
def test_any_usual_encoding(text, encoding):
    table = f"Title;Deadline\n{text};2027-02-16\n"

    assert one("csv", table.encode(encoding)).title == text


LOCAL_HABITS = """22.11.2026|22/11/2026|22-11-2026|22.11.26|2026-11-22|20261122|2026/11/22|22.11.2026 17:00
22 November 2026|22. marraskuuta 2026|22 nov. 2026|22 listopada 2026|November 22, 2026|22 de noviembre de 2026"""


@pytest.mark.parametrize("written", LOCAL_HABITS.replace("\n", "|").split("|"))
def test_dates_in_the_local_habit(written):
    assert one("csv", f"Title;Frist\nPumps;{written}").deadlines == (date(2026, 11, 22),)


def test_american_dates_are_known_by_the_rest_of_the_table():
    table = "Title;Deadline\nA;11/22/2026\nB;05/04/2027\n"

    assert [record.deadlines[0] for record in records("csv", table)] == [date(2026, 11, 22), date(2027, 5, 4)]
    assert one("csv", "Title;Deadline\nB;05/04/2027\n").deadlines == (date(2027, 4, 5),)


def test_rows_count_as_in_the_spreadsheet():
    table = "Title;Deadline\nA;2027-01-01\n\nB;2027-02-31\n;2027-01-01\nC;2027-01-01;too;many\nA;2027-01-01\n"

    told = {refusal.position: refusal.reason for refusal in refusals("csv", table)}

    assert "'2027-02-31' is no possible date" in told[4]
    assert "no title" in told[5]
    assert "more cells than the header" in told[6]
    assert "Same id as record 2" in told[7]
    assert [record.title for record in records("csv", table)] == ["A"]


def test_quote_that_is_never_closed_is_told():
    found = read_all("csv", 'Title;Deadline\nA;2027-01-01\n"B;2027-01-01\nC;2027-01-01\n')

    assert found[0].title == "A"
    assert "never closed" in found[1].reason
    assert found[1].position == 3


def test_money_as_people_write_it():
    table = (
        "Title;Budget;Country\nA;1 200 000 kr;Sverige\nB;€ 12.000.000,50;\nC;1,200,000.00 USD;\nD;2.5 million EUR;\n"
        "E;SEK 300k;\nF;1.200.000;\nG;-5;\nH;500 kr;\nI;a lot;"
    )

    found = {record.title: record for record in records("csv", table)}

    assert found["A"].budget == Budget(total=1_200_000, currency="SEK")
    assert found["B"].budget == Budget(total=12_000_000.5)
    assert found["C"].budget == Budget(total=1_200_000, currency="USD")
    assert found["D"].budget == Budget(total=2_500_000)
    assert found["E"].budget == Budget(total=300_000, currency="SEK")
    assert found["F"].budget == Budget(total=1_200_000)
    assert found["G"].budget is found["H"].budget is found["I"].budget is None
    assert found["H"].details["notes"] == ["The budget '500 kr' does not say its currency."]
    assert found["I"].details["notes"] == ["The budget 'a lot' is no sum of money."]


def test_columns_in_several_languages_are_proposed():
    header = ["Rubrik", "Beskrivning", "Sista ansökningsdag", "Land", "Länk", "Kontaktperson", "Övrigt"]

    assert propose_mapping(header) == {
        "Rubrik": "title",
        "Beskrivning": "description",
        "Sista ansökningsdag": "deadline",
        "Land": "countries",
        "Länk": "url",
    }


def test_exact_column_name_wins_over_one_that_contains_it():
    assert propose_mapping(["Project title", "Title"]) == {"Title": "title"}
    assert propose_mapping(["Project title", "Country"]) == {"Country": "countries", "Project title": "title"}


def test_contact_column_is_never_proposed():
    assert propose_mapping(["Contact name", "E-mail link", "Titel"]) == {"Titel": "title"}
    assert propose_mapping(["Contact name"]) == {}


def test_mapping_of_the_manager_counts():
    table = "What;Until;Title\nPumps;2027-02-16;Chief\n"

    assert one("csv", table, mapping={"What": "title", "Until": "deadline"}).title == "Pumps"


@pytest.mark.parametrize(
    ("table", "options", "reason"),
    [
        ("A;B\n1;2\n", {}, "No column holds the title. The columns are: A, B"),
        ("Title;B\n1;2\n", {"mapping": {"Title": "topic"}}, "unknown fields: topic"),
        ("only one column\nand a row\n", {}, "fewer than two columns"),
        (b"Title;B\n\x00\x01\x02\x03;2\n", {}, "binary data"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", {}, "old Excel file"),
        (b"PK\x03\x04 and then nothing", {}, "no readable XLSX workbook"),
    ],
)
def test_what_is_no_table_says_so(table, options, reason):
    with pytest.raises(NotThisFormat, match=reason):
        read_all("csv", table, **options)


def test_kind_country_codes_and_contact_columns():
    header = "Title;Type;Country;CPV;Eligible countries;E-mail;Keywords;Status"
    row = "Pumps;Tender;Finland, Atlantis;42122000-0, 62.10;SE, NO;ann@x.example;a, b;Open"

    record = one("csv", f"{header}\n{row}\n")

    assert record.kind is Kind.TENDER
    assert record.countries == ("FI",)
    assert record.target_countries == ("SE", "NO")
    assert [(code.scheme, code.code) for code in record.codes] == [("cpv", "42122000"), ("nace", "62.10")]
    assert record.details["notes"] == ["The country 'Atlantis' is not known."]
    assert record.keywords == ("a", "b")
    assert record.status == "open"
    assert "ann@" not in record.raw


def test_kind_of_the_source_is_the_default():
    table = "Title;Type\nPumps;\nPumps 2;Event\n"

    assert [record.kind for record in records("csv", table, kind=Kind.TENDER)] == [Kind.TENDER, Kind.EVENT]


def test_same_row_has_the_same_id_after_its_deadline_is_corrected():
    before = one("csv", "Title;Deadline\nPumps;2027-01-01\n")

    assert one("csv", "Title;Deadline\nPumps;2027-01-02\n").external_id == before.external_id


def test_formula_stays_text():
    assert one("csv", "Title;Link\n=HYPERLINK(1);x\n").title == "=HYPERLINK(1)"


def test_workbook_is_read_like_a_table():
    data = workbook(
        ("Title", "Deadline", "Budget", "Start"),
        ("Pumps", date(2027, 2, 16), 12000.0, datetime.fromisoformat("2027-03-01T09:30")),
        (None, None),
        ("Pipes", "16.2.2027", None),
    )

    first, second = read_all("csv", data)

    assert first.deadlines == second.deadlines == (date(2027, 2, 16),)
    assert first.budget == Budget(total=12000)
    assert first.starts_at == date(2027, 3, 1)


def test_workbook_row_numbers_are_those_of_the_sheet():
    assert refused("csv", workbook(("Title", "Deadline"), (), ("Pumps", "2027-02-31"))).position == 3


def claiming(size: bytes) -> bytes:
    """A workbook whose sheet states a size of its own."""
    data = workbook(("Title", "Deadline"), ("Pumps", "2027-02-16"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename.endswith("sheet1.xml"):
                assert b'ref="A1:B2"' in content
                content = content.replace(b'ref="A1:B2"', b'ref="' + size + b'"')
            new.writestr(part.filename, content)
    return out.getvalue()


@pytest.mark.parametrize("size", [b"A1:A1", b"A1:XFD1048576"])
def test_workbook_with_a_wrong_size_is_read(size):
    assert one("csv", claiming(size)).deadlines == (date(2027, 2, 16),)


def test_sheet_with_too_many_rows_says_where_it_was_cut(monkeypatch):
    monkeypatch.setattr("opportunities.feeds.tables.MOST_SHEET_ROWS", 2)

    first, second = read_all("csv", workbook(("Title", "Deadline"), ("A", "2027-02-16"), ("B", ""), ("C", "")))

    assert first.title == "A"
    assert (second.position, second.reason) == (3, "The sheet has more than 2 rows. Split it.")


def test_workbook_with_entities_is_refused():
    data = workbook(("Title", "Deadline"), ("Pumps", "2027-02-16"))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            head = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' if part.filename.endswith("sheet1.xml") else b""
            new.writestr(part.filename, head + old.read(part))

    with pytest.raises(NotThisFormat, match="document type or entities"):
        read_all("csv", out.getvalue())


def test_workbook_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr("opportunities.feeds.tables._MOST_UNPACKED", 1000)

    with pytest.raises(NotThisFormat, match="unpacks to more than"):
        read_all("csv", workbook(("Title", "Deadline"), ("Pumps", "2027-02-16")))


def test_row_that_does_not_say_its_kind_is_told_by_its_words_or_doubted():
    seeks, silent = records("csv", "Title;Country\nPolish brewery seeks pumps;Poland\nPumps;Poland\n")
    assert (seeks.kind, seeks.details.get("notes")) == (Kind.PARTNERING, None)
    assert (silent.kind, len(silent.details["notes"])) == (Kind.FUNDING, 1)


def test_an_id_that_the_portal_made_is_not_told():
    (refusal,) = refusals("csv", "Title;Country\nPumps;Poland\nPumps;Poland\n")
    assert "Same id as record 2, " in refusal.reason

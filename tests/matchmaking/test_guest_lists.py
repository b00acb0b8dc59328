"""Lists of guests as people paste and save them: what is read, and what comes back with a reason."""

from io import BytesIO

import pytest
from openpyxl import Workbook

from matchmaking import guests
from matchmaking.guests import Guest
from opportunities.feeds import NotThisFormat

KIVI = Guest("Kivi OÜ", "Mari Mets", "mari@kivi.example")


@pytest.mark.parametrize(
    "line",
    [
        "Kivi OÜ; Mari Mets; mari@kivi.example",
        "  Kivi OÜ ;Mari Mets;MARI@kivi.example ",
        "Kivi OÜ\tMari Mets\tmari@kivi.example",
        "Kivi OÜ, Mari Mets, mari@kivi.example",
        "Kivi OÜ; Mari Mets; <mari@kivi.example>",
        "mari@kivi.example; Kivi OÜ; Mari Mets",
        "Company; Person; E-mail\nKivi OÜ; Mari Mets; mari@kivi.example",
        "E-post; Ettevõte; Kontakt\nmari@kivi.example; Kivi OÜ; Mari Mets",
        "\n\nKivi OÜ; Mari Mets; mari@kivi.example\n;;\n",
    ],
)
def test_lines_are_read_however_they_are_typed(line):
    assert guests.from_text(line) == ([KIVI], [])


def test_person_may_be_missing():
    assert guests.from_text("Kivi OÜ; mari@kivi.example") == ([Guest("Kivi OÜ", "", "mari@kivi.example")], [])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Kivi OÜ; Mari Mets", "The e-mail address is missing."),
        ("mari@kivi.example", "The company is missing."),
        ("Kivi OÜ; Mari; mari@@kivi", "“mari@@kivi” is no e-mail address."),
        ("Kivi; Mari; mari@kivi.example\nBcc: all@everywhere.example", "The company is missing."),
        (f"{'K' * 201}; Mari; mari@kivi.example", "One of the names is too long."),
    ],
)
def test_line_that_does_not_fit_comes_back_as_it_was_with_the_reason(line, reason):
    _found, refused = guests.from_text(line)

    assert len(refused) == 1
    assert reason in refused[0].reason
    assert refused[0].line.lower() == line.splitlines()[-1].lower()


def test_second_line_of_an_address_is_refused():
    found, refused = guests.from_text("Kivi OÜ; Mari Mets; mari@kivi.example\nOther; M; Mari@Kivi.example")

    assert found == [KIVI]
    assert refused == [("Other; M; mari@kivi.example", "This address stands twice in the list.")]


def test_refused_lines_are_read_the_same_when_they_are_sent_again():
    _found, refused = guests.from_text("Kivi, Kala ja Ko; Mari; mari@@kivi")

    assert guests.from_text(refused[0].line)[1] == refused


def test_more_than_many_come_back(monkeypatch):
    monkeypatch.setattr(guests, "MOST_GUESTS", 2)
    found, refused = guests.from_text("\n".join(f"Firm {n}; ; p{n}@firm.example" for n in range(3)))

    assert len(found) == 2
    assert "That is more than 2 at once." in refused[0].reason


def workbook(*rows) -> bytes:
    book, file = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        "Company;Contact person;E-mail;Notes\nKivi OÜ;Mari Mets;mari@kivi.example;VIP\n".encode("utf-8-sig"),
        "Notes,Email,Company name,Person\nVIP,mari@kivi.example,Kivi OÜ,Mari Mets\n".encode("latin-1"),
        "Kivi OÜ\tMari Mets\tmari@kivi.example\n".encode("utf-16"),
        workbook(["E-mail", "Company", "Person"], ["mari@kivi.example", "Kivi OÜ", "Mari Mets"]),
    ],
)
def test_files_are_read_by_the_heads_of_their_columns(data):
    assert guests.from_file(data) == ([KIVI], [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 no workbook", "no readable XLSX workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel file"),
        (b'Company;Person;E-mail\n"Kivi;Mari;mari@kivi.example\n', "Row 2: A quote in this row is never closed"),
    ],
)
def test_file_that_is_no_table_is_refused_with_what_to_do(data, reason):
    with pytest.raises(NotThisFormat) as refusal:
        guests.from_file(data)

    assert reason in refusal.value.reason


def test_names_are_folded_into_one_line_without_hidden_signs():
    found, _refused = guests.from_file(
        'Company;Person;E-mail\n"Kivi\nPay here: x.example";"Mari\x07\u202e Mets";mari@kivi.example\n'.encode()
    )
    assert [(each.company, each.person) for each in found] == [("Kivi Pay here: x.example", "Mari Mets")]

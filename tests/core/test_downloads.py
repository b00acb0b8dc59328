"""Files to take along: nothing in them runs, and their names are safe."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from core.downloads import as_csv, as_file, as_xlsx, file_name

FORMULAS = ['=cmd|"/c calc"!A0', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", " =1+1"]


def test_a_table_is_sent_line_by_line_with_the_mark_that_spreadsheets_look_for():
    sent = as_csv(([number, "å; ö, ä"] for number in range(3)), "table.csv")

    assert sent.streaming
    assert sent.getvalue().decode() == '\N{BOM}0,"å; ö, ä"\r\n1,"å; ö, ä"\r\n2,"å; ö, ä"\r\n'
    assert sent["Content-Type"] == "text/csv; charset=utf-8"
    assert sent["Content-Disposition"] == 'attachment; filename="table.csv"'


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_looks_like_a_formula_stays_text_in_csv(typed):
    line = as_csv([[typed]], "table.csv").getvalue().decode()

    assert line.lstrip('\N{BOM}"').startswith("'")


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_looks_like_a_formula_stays_text_in_a_workbook(typed):
    file = as_xlsx({"First": [["Name"], [typed]], "Second": [[3.5]]}, "table.xlsx")

    book = load_workbook(BytesIO(file.content))
    assert book.sheetnames == ["First", "Second"]
    assert (book["First"]["A2"].value, book["First"]["A2"].data_type) == (typed, "s")
    assert book["Second"]["A1"].value == 3.5


def test_a_number_stays_a_number_even_below_nothing():
    assert as_csv([[-12.5]], "table.csv").getvalue().decode() == "\N{BOM}-12.5\r\n"


def test_the_name_of_a_file_cannot_end_its_header():
    assert as_file(b"", 'a"; filename="b.exe', "application/pdf")["Content-Disposition"] == (
        'attachment; filename="a\\"; filename=\\"b.exe"'
    )
    assert file_name("Ålgräs & Söner", 2026, "../x") == "algras-soner-2026-x"

"""Figures as files: what pages show, nothing else, and no formula runs."""

import csv
import io

import pytest
from openpyxl import load_workbook

from evaluations.models import Publication
from tests.evaluations import grounds
from tests.factories.evaluations import VersionFactory

pytestmark = pytest.mark.django_db


def lines(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_csv_holds_each_cell_that_is_shown_and_says_which_are_not(sign_in, evaluator):
    wave = grounds.prepared()
    found = lines(sign_in(evaluator).get(f"/evaluations/results/{wave.slug}/figures.csv"))
    whole = next(row for row in found if row["Answer"] == "Option time" and not row["By"])

    assert (whole["Companies"], whole["Of"], whole["Share in %"], whole["From"], whole["To"]) == (
        *("72", "100", "72"),
        *("65", "78"),
    )
    for name in ("barriers", "helped:knowledge", "helped:funding", "results"):
        for table in Publication.objects.filter(wave=wave, audience="house", subject=name):
            by = "size of company" if table.dimensions else ""
            row_label = "Option " + name.partition(":")[2] if ":" in name else ""
            question = {"barriers": "What holds", "helped": "What helped", "results": "How far"}[name.partition(":")[0]]
            for answer, *group, n, _why in table.table["cells"]:
                if answer in (None, "no_answer") or group == [None]:
                    continue
                (row,) = [
                    row
                    for row in found
                    if row["Question"].startswith(question)
                    and row["Row"] == row_label
                    and row["Answer"] == f"Option {answer}"
                    and row["By"] == by
                    and row["Group"] == (group[0].capitalize() if group else "")
                ]
                if n is None:
                    assert (row["Companies"], row["Share in %"], row["Note"]) == ("", "", "too few to show")
                else:
                    assert row["Companies"] == str(n)


def test_file_of_one_question_holds_that_question_alone(sign_in, manager):
    wave = grounds.prepared()
    found = lines(sign_in(manager).get(f"/evaluations/results/{wave.slug}/helped/figures.csv"))

    assert {row["Question"] for row in found} == {"What helped?"}
    assert {row["By"] for row in found} == {"", "size of company"}


def test_workbook_holds_the_same_and_what_one_needs_to_know(sign_in, manager):
    wave = grounds.prepared()
    client = sign_in(manager)
    book = load_workbook(io.BytesIO(client.get(f"/evaluations/results/{wave.slug}/figures.xlsx").content))
    rows = [[cell.value for cell in row] for row in book["Figures"].iter_rows()]
    text = client.get(f"/evaluations/results/{wave.slug}/figures.csv").getvalue().decode("utf-8-sig")

    assert [["" if cell is None else str(cell) for cell in row] for row in rows] == list(csv.reader(io.StringIO(text)))
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert (about["Companies asked"], about["Companies that answered"], about["Response rate"]) == (200, 100, "50 %")
    assert about["Where it comes from"] == "Invented for tests."


def test_no_cell_is_run_as_a_formula(sign_in, manager):
    wave = grounds.prepared()
    content = grounds.content(text=grounds.words("=HYPERLINK(1)"))
    wave.version = VersionFactory(content=content)
    wave.save()
    client = sign_in(manager)
    book = load_workbook(io.BytesIO(client.get(f"/evaluations/results/{wave.slug}/figures.xlsx").content))
    cells = [cell for row in book["Figures"].iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    text = client.get(f"/evaluations/results/{wave.slug}/figures.csv").getvalue().decode("utf-8-sig")

    assert cells
    assert {cell.data_type for cell in cells} == {"s"}
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text

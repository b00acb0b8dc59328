"""Files of benchmarks: what is taken, what is refused with its reason, and what the portal brings along."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations import references
from evaluations.references import Reference, read, shipped

HEAD = "question,option,group,value,n,year,source_url,base,label,source"
LINE = "barriers,time,micro,41.5,320,2026,https://figures.example/time,Firms asked,Lack of time,Baltic panel"


def file(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *lines)).encode()


def with_cell(column: str, value: str) -> str:
    cells = LINE.split(",")
    cells[HEAD.split(",").index(column)] = f'"{value.replace(chr(34), chr(34) * 2)}"'
    return ",".join(cells)


def reasons(data: bytes, known: frozenset[str] | None = None) -> list[tuple[int, str]]:
    return [(refusal.line, str(refusal.fault)) for refusal in read(data, known).refusals]


def test_line_is_read_with_all_that_it_says():
    found = read(file(LINE))

    assert found.refusals == ()
    assert found.references == (
        (
            2,
            Reference(
                question="barriers",
                option="time",
                group="micro",
                label="Lack of time",
                value=0.415,
                n=320,
                base="Firms asked",
                year=2026,
                source="Baltic panel",
                source_url="https://figures.example/time",
            ),
        ),
    )


def test_what_is_blank_stays_missing():
    line = "barriers,time,12,2026,https://figures.example/a"
    (_, found), *_rest = read(file(line, head="question,option,value,year,source_url")).references

    assert (found.group, found.n, found.base, found.label) == ("", None, "", "")
    assert found.source == "figures.example"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("value", "71 %", 0.71),
        ("value", "71,5", 0.715),
        ("value", "0.4 %", 0.004),
        ("value", "0", 0.0),
        ("value", "100", 1.0),
        ("n", "14 513", 14513),
        ("n", "14,513", 14513),
        ("n", "", None),
        ("question", "Barriers", "barriers"),
    ],
)
def test_usual_ways_to_write_a_cell_are_understood(column, value, expected):
    found = read(file(with_cell(column, value)))

    assert found.refusals == ()
    assert getattr(found.references[0][1], column) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("question", "", "question is blank. Fill it in."),
        ("option", "lack of time", "“lack of time” in option is no key. Use small letters, digits and _."),
        ("option", "=1+1", "“=1+1” in option is no key. Use small letters, digits and _."),
        ("group", "<b>", "“<b>” in group is no key. Use small letters, digits and _."),
        ("value", "many", "“many” in value is not a number."),
        ("value", "-3", "“-3” in value is not a number."),
        ("value", "1e1", "“1e1” in value is not a number."),
        ("value", "nan", "“nan” in value is not a number."),
        ("value", "100.1", "100.1 is not between 0 and 100 per cent."),
        ("value", "0.71", "0.71 may be a fraction. Write it in per cent, with the sign: 71 % or 0.71 %."),
        ("value", "1", "1 may be a fraction. Write it in per cent, with the sign: 71 % or 0.71 %."),
        ("n", "> 17,000", "“> 17,000” in n is not a whole number above 0. Leave it blank when it is not known."),
        ("n", "0", "“0” in n is not a whole number above 0. Leave it blank when it is not known."),
        ("n", "99999999999", "“99999999999” in n is not a whole number above 0. Leave it blank when it is not known."),
        ("year", "2024-25", "“2024-25” is not a year from 1950 to 2099."),
        ("year", "1066", "“1066” is not a year from 1950 to 2099."),
        ("base", "x" * 201, "base has 201 characters. 200 are the most."),
    ],
)
def test_cell_that_cannot_be_used_refuses_its_line_alone(column, value, reason):
    data = file(with_cell(column, value), LINE.replace("time", "money"))
    found = read(data)

    assert reasons(data) == [(2, reason)]
    assert [(line, each.option) for line, each in found.references] == [(3, "money")]
    assert "Baltic panel" in found.refusals[0].raw, "and it is kept as it came"


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "figures.example/a",
        "https://",
        "https://a@figures.example",
        "https://figures.example/a b",
        'https://figures.example/"><script>',
        "http://[",
        "https://figures.example\\@other.example",
    ],
)
def test_address_that_is_no_page_is_refused(address):
    assert reasons(file(with_cell("source_url", address))) == [
        (2, f"“{address}” is not a web address. It begins with https:// or http://.")
    ]


def test_one_fault_is_told_for_a_line_with_several():
    line = LINE.replace("41.5", "many").replace("2026", "soon").replace("320", "some")

    assert reasons(file(line)) == [(2, "“many” in value is not a number.")]


def test_same_figure_of_the_same_source_is_taken_once():
    other_year, other_source = LINE.replace("2026", "2025"), LINE.replace("Baltic", "Nordic")
    data = file(LINE, other_year, LINE.replace("41.5", "42"), other_source)

    assert reasons(data) == [(4, "The same figure of the same source stands in line 2.")]
    assert [line for line, _reference in read(data).references] == [2, 3, 5]


def test_question_that_nobody_asks_is_refused_where_questions_are_known():
    known = frozenset({"results"})

    assert reasons(file(LINE), known) == [(2, "No question here has the key or the facet “barriers”.")]
    assert reasons(file(LINE.replace("barriers", "results")), known) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The first line must name the columns question, option, value, year, source_url. "),
        (b"question,option\nbarriers,time", "value, year, source_url is not there."),
        (file(LINE, head=HEAD + ",value"), "The column value stands twice. Keep one of them."),
        (file(), "The file holds no line below its head."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old Excel file (.xls)."),
        (b"PK\x03\x04 no workbook", "no readable XLSX workbook"),
        (b'[{"question": "barriers"}]', "it is JSON"),
    ],
)
def test_file_that_is_no_table_of_benchmarks_is_refused_as_a_whole(data, reason):
    found = read(data)

    assert found.references == ()
    assert len(found.refusals) == 1
    assert reason in str(found.refusals[0].fault)


def test_other_separators_encodings_and_an_open_quote_are_dealt_with():
    semicolons = file(LINE, head=HEAD).decode().replace(",", ";").replace("Lack of time", "Für Zeit")

    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        assert read(semicolons.encode(encoding)).references[0][1].label == "Für Zeit"
    assert "quote" in reasons(file(LINE, '"barriers,money'))[0][1]


def test_file_of_too_many_lines_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(references, "MOST_LINES", 2)
    lines = [LINE.replace("time", f"option_{number}") for number in range(4)]
    found = read(file(*lines))

    assert len(found.references) == 2
    assert [(each.line, str(each.fault)) for each in found.refusals] == [
        (4, "The file has more than 2 lines. Split it.")
    ]


@settings(deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"{HEAD}\n{text}".encode()))
def test_whatever_is_sent_is_told_of(data):
    found = read(data)

    assert found.references or found.refusals


# --- what the portal brings along ------------------------------------------------------------------------------------


def test_shipped_figures_have_a_year_and_a_source_and_none_is_refused():
    assert read(references.SHIPPED.read_bytes()).refusals == ()
    assert len(shipped()) == 35
    assert all(each.label and each.year >= 2009 and each.source for each in shipped())


@pytest.mark.parametrize(
    ("question", "option", "year", "value", "n", "base"),
    [
        ("results", "knowledge_contact_opportunity", 2017, 0.71, None, "SMEs that took part in the projects of 2016"),
        ("results", "agreement_sales", 2017, 0.15, None, ""),
        ("satisfaction", "yes", 2017, 0.86, 2113, "Clients in 28 Member States"),
        ("outside", "export", 2015, 0.20, 14513, "SMEs, in the past three years"),
        ("response", "complete", 2017, 0.24, 888, "About 3,700 firms"),
    ],
)
def test_shipped_figures_are_as_their_sources_print_them(question, option, year, value, n, base):
    """Where a source leaves out the base or n, it is missing here too."""
    found = [each for each in shipped() if (each.question, each.option, each.year) == (question, option, year)]

    assert (found[0].value, found[0].n) == (value, n)
    assert found[0].base.startswith(base)
    assert bool(found[0].base) == bool(base)

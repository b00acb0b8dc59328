"""A report on paper: every word as it was written, nothing executed, the same bytes each time, tagged and in order."""

import json
import subprocess
import sys
from io import BytesIO

import pypdf
import pytest

from core.embedded import PROJECT
from core.typesetting import NotTypeset
from evaluations.reports import content as c
from evaluations.reports.typesetting import typeset, typeset_apart
from tests.evaluations.report_content import content, row

HOSTILE = [
    '#panic("out of here")',
    '#read("report.typ")',
    '#eval("1 + 1")',
    '#include "report.typ"',
    '#import "@preview/cetz:0.2.2"',
    '#link("https://evil.example")[click]',
    "*bold* _slanted_ `raw` $x^2$ <label> @reference",
    "= Heading",
    "- item\n+ item\n/ term: told",
    '"]) #set page(fill: red)',
    "\\ \\u{41} // comment /* comment */",
    "sys.inputs.content",
]


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages).split())


def with_words(words: str) -> c.Content:
    """The words in every place where words of people can stand."""
    section = c.Section(
        id="all",
        title=words,
        parts=[
            c.text(words),
            c.bullets([words]),
            c.bars(title=words, columns=[words] * 4, rows=[row(words, 0.5, words)], notes=[c.note(words)]),
            c.table(caption=words, columns=[words], numeric=[False], rows=[[words]], notes=[c.note(words)]),
            c.quotes([{"text": words, "by": words}]),
            c.facts([c.fact(words, words)]),
            c.figures([{"label": words, "value": words, "n": words, "hidden": False}]),
        ],
    )
    return content(title=words, subtitle=words, cluster=words, footer=words, kicker=words, sections=[section])


def test_report_says_on_paper_what_its_content_says():
    found = text_of(typeset(content()))

    for words in ("Working across borders in 2026", "Lack of time", "76 of 124", "61 %", "By size class", "Tallinn"):
        assert words in found
    assert found.count("too few to show") == 8


def test_links_of_sources_can_be_followed():
    reader = pypdf.PdfReader(BytesIO(typeset(content())))
    targets = {
        note.get_object()["/A"]["/URI"]
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/URI" in note.get_object().get("/A", {})
    }

    assert targets == {"https://benchmarks.example/flash-2025"}


def test_same_content_gives_the_same_bytes_in_any_process():
    again = json.loads(json.dumps(content()))

    assert typeset(content()) == typeset(again) == typeset_apart(again)


def test_pdf_says_its_title_language_and_structure():
    root = pypdf.PdfReader(BytesIO(typeset(content()))).trailer["/Root"]
    metadata = pypdf.PdfReader(BytesIO(typeset(content()))).metadata

    assert (metadata.title, metadata.author) == ("Working across borders in 2026", "Havsbris Cluster")
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()
    assert {"Table", "THead", "TH", "H1", "H2", "H3", "BlockQuote", "L"} <= kinds(root["/StructTreeRoot"])


def kinds(node: object) -> set[str]:
    """The kinds of everything in a structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return set().union(*(kinds(each) for each in node))
    if not isinstance(node, dict):
        return set()
    own = {str(node["/S"])[1:]} if "/S" in node else set()
    return own | kinds(node.get("/K", []))


@pytest.mark.parametrize("words", HOSTILE)
def test_words_are_printed_and_never_run(words):
    found = text_of(typeset(with_words(words)))

    assert found.replace(" ", "").count("".join(words.split())) >= 16


def test_words_without_end_and_strange_signs_are_set():
    words = "Łódź Ωmega Жук " + "wörd" * 3000 + " \x00\x07\u202e\ufeff\U0001f600"

    assert typeset(with_words(words)).startswith(b"%PDF-1.7")


def test_page_for_the_board_is_one_page_however_much_there_is_to_say():
    for many in (1, 3, 5):
        sections = content("board")["sections"][:1] * many
        pages = pypdf.PdfReader(BytesIO(typeset(content("board", sections=sections)))).pages

        assert len(pages) == 1
        assert text_of(typeset(content("board", sections=sections))).count("Lack of strategy") == many


def test_typesetting_that_takes_too_long_is_ended():
    with pytest.raises(NotTypeset, match=r"within 0\.01 seconds"):
        typeset_apart(content(), limit=0.01)


def test_content_that_is_no_report_is_told_so():
    with pytest.raises(NotTypeset, match="sections"):
        typeset_apart({name: part for name, part in content().items() if name != "sections"})


def test_command_line_sets_what_comes_in():
    command = [sys.executable, "-m", "evaluations.reports"]
    done = subprocess.run(command, input=json.dumps(content()).encode(), capture_output=True, cwd=PROJECT, check=True)

    assert done.stdout == typeset(content())

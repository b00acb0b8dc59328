"""The field's code lists: complete, without loose ends, and found by the many ways that sources write a code."""

from collections import Counter
from collections.abc import Mapping

import pytest

from core import codelists
from core.codelists import Entry


def levels(scheme: Mapping[str, Entry]) -> Counter[int]:
    """How many codes have so many others above them."""
    return Counter(len(codelists.ancestors(scheme, code)) for code in scheme)


def test_nace_has_every_section_division_group_and_class():
    assert levels(codelists.nace()) == {0: 22, 1: 87, 2: 287, 3: 651}
    assert len(codelists.nace()) == 1047


@pytest.mark.parametrize(
    ("scheme", "size", "tops"),
    [
        (codelists.nace, 1047, 22),
        (codelists.cpv, 9458, 46),
        (codelists.nuts, None, None),
        (codelists.euroscivoc, None, None),
    ],
)
def test_every_code_has_a_label_and_a_way_to_the_top(scheme, size, tops):
    entries = scheme()
    roots = [code for code, entry in entries.items() if entry.parent not in entries]

    assert [code for code, entry in entries.items() if code != entry.code or not entry.label.strip()] == []
    assert [code for code in entries if code in codelists.ancestors(entries, code)] == []
    assert len(entries) == (size or len(entries)) > 900
    assert len(roots) == (tops or len(roots)) < len(entries) / 3


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("26.51", ["26.5", "26", "C"]),
        ("62.10", ["62.1", "62", "K"]),
        ("01.11", ["01.1", "01", "A"]),
        ("A", []),
        ("99.99", []),
        ("", []),
    ],
)
def test_ancestors_of_nace(code, above):
    assert codelists.ancestors(codelists.nace(), code) == above


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("45232421", ["45232420", "45232400", "45232000", "45230000", "45200000", "45000000"]),
        ("72212100", ["72212000", "72210000", "72200000", "72000000"]),
        ("72000000", []),
        ("98000000", []),
    ],
)
def test_ancestors_of_cpv_run_by_trailing_zeros(code, above):
    assert codelists.ancestors(codelists.cpv(), code) == above


def test_parents_of_cpv_are_prefixes_and_only_divisions_have_none():
    entries = codelists.cpv()
    wrong = [c for c, e in entries.items() if e.parent and not c.startswith(e.parent.rstrip("0"))]

    assert wrong == []
    tops = {code for code, entry in entries.items() if not entry.parent}
    assert {code for code in tops if not code.endswith("000000")} == {"99999999"}


def test_check_digits_of_cpv():
    assert set(codelists.cpv_check_digits()) == set(codelists.cpv())
    assert codelists.cpv_check_digits()["72000000"] == "5"


def test_nuts_leads_from_the_region_to_the_country():
    entries = codelists.nuts()

    assert codelists.ancestors(entries, "SE212") == ["SE21", "SE2"]
    assert entries["SE2"].parent == "SE"
    assert {entry.parent for code, entry in entries.items() if code.startswith("EL") and len(code) == 3} == {"GR"}


def test_euroscivoc_leads_by_its_path():
    assert codelists.ancestors(codelists.euroscivoc(), "/23/47/297/935") == ["/23/47/297", "/23/47", "/23"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SE", "SE"), ("se", "SE"), (" SE ", "SE"), ("SWE", "SE"), ("Sweden", "SE"), ("Sverige", "SE"),
        ("EL", "GR"), ("GR", "GR"), ("Greece", "GR"), ("UK", "GB"), ("United Kingdom", "GB"), ("Great Britain", "GB"),
        ("1A0", "XK"), ("Czech Republic", "CZ"), ("Czechia", "CZ"), ("Türkiye", "TR"), ("turkey", "TR"),
        ("Österreich", "AT"), ("Oesterreich", ""), ("Deutschland", "DE"), ("DEU", "DE"),
        ("Atlantis", ""), ("", ""), ("   ", ""), ("ZZ", ""), ("EU", ""), ("UN", ""), ("QQQ", ""), ("12", ""), ("?", ""),
    ],
)  # fmt: skip
def test_country_code(text, code):
    assert codelists.country_code(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [("en", "en"), ("EN", "en"), ("eng", "en"), ("ENG", "en"), ("DEU", "de"), ("ger", "de"), ("fre", "fr"),
     ("swe", "sv"), ("est", "et"), ("sv", "sv"), ("", ""), ("english", ""), ("qq", ""), ("zzz", "")],
)  # fmt: skip
def test_language_code(text, code):
    assert codelists.language_code(text) == code


def test_countries_are_countries_in_the_language_that_is_asked_for():
    names = codelists.countries("sv")

    assert (names["DE"], names["XK"], codelists.countries()["DE"]) == ("Tyskland", "Kosovo", "Germany")
    assert {"EU", "EZ", "UN", "ZZ"}.isdisjoint(names)
    assert 240 < len(names) < 265


def test_languages_have_two_letters():
    names = codelists.languages()

    assert (names["sv"], codelists.languages("sv")["de"]) == ("Swedish", "tyska")
    assert {len(code) for code in names} == {2}


def test_programmes_of_the_funding_portal():
    assert len(codelists.sedia_programmes()) == 22
    assert all(label for label in codelists.sedia_programmes().values())

"""Real files beside the checkout: each record read or refused with a true reason, none crashes, twice the same."""

import re
from collections import Counter
from pathlib import Path

import pytest

from opportunities.feeds import Record, Refusal, detect, read

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the optional folder ../shared/data is not there"),
]


def read_folder(form: str, pattern: str) -> list[Record | Refusal]:
    return [item for file in sorted(DATA.glob(pattern)) for item in read(form, file.read_bytes(), file=file.name)]


def without_addresses(records: list[Record]) -> bool:
    return not any(re.search(r"\w@[\w-]+\.\w", repr(record)) for record in records)


def told(form: str, pattern: str) -> tuple[list[Record], list[Refusal]]:
    found = read_folder(form, pattern)
    assert found == read_folder(form, pattern)
    return [item for item in found if isinstance(item, Record)], [item for item in found if isinstance(item, Refusal)]


def test_topics():
    records, refusals = told("topics", "funding-topics/topics.jsonl")

    assert (len(records), refusals) == (325, [])
    assert Counter(record.stage for record in records) == {
        "single-stage": 300,
        "two-stage": 13,
        "": 9,
        "multiple cut-off": 3,
    }
    assert all("Scope:" not in record.description for record in records)
    assert all(not word.startswith("HORIZON-") for record in records for word in record.keywords)
    assert without_addresses(records)


def test_sedia_page():
    records, refusals = told("sedia", "funding-topics/sedia_search_page.json")

    assert len(records) == 1
    assert records[0].budget is None
    assert len(records[0].deadlines) == 2
    assert ["stale copy" in refusal.reason for refusal in refusals] == [True]


def test_standard_forms():
    records, refusals = told("ted-standard", "ted/standard-forms/*.xml")

    assert (len(records), refusals) == (23, [])
    assert Counter(record.status for record in records) == {"open": 15, "award": 6, "planning": 2}
    assert without_addresses(records)
    assert all(record.title and record.organisation and record.codes and record.countries for record in records)


def test_published_eforms():
    records, refusals = told("eforms", "ted/eforms/*.xml")

    assert (len(records), refusals) == (10, [])
    assert Counter(record.status for record in records) == {"open": 7, "award": 3}
    assert without_addresses(records)
    assert all(record.deadlines for record in records if record.status == "open")


def test_examples_of_the_sdk():
    records, refusals = told("eforms", "ted/eforms-sdk/*.xml")

    assert len(records) == 48
    assert without_addresses(records)
    assert sorted((refusal.file, refusal.reason[:40]) for refusal in refusals) == [
        ("INVALID_can_24_empty.xml", "The record has no identifier and no titl"),
        ("INVALID_cn_24_stage-1.xml", "The record has no identifier and no titl"),
        ("INVALID_cn_24_stage-2.xml", "The record has no identifier and no titl"),
        ("INVALID_pin-buyer_24_stage-1.xml", "The record has no identifier and no titl"),
        ("INVALID_pin-only_24_empty.xml", "The record has no identifier and no titl"),
        ("INVALID_pin-only_24_stage-1.xml", "The record has no identifier and no titl"),
        ("X02_registration.xml", "This notice registers a company (subtype"),
    ]


def test_een():
    records, refusals = told("een-pod-v6", "een/*.xml")

    assert [record.external_id for record in records] == ["BOCN20160720001"]
    assert [(refusal.file, refusal.reason[:34]) for refusal in refusals] == [
        ("merlin-event.xml", "The start date 'StartDate' is no p"),
    ]


def test_every_file_is_detected():
    expected = {"funding-topics/*.jsonl": "topics", "funding-topics/*.json": "sedia", "ted/eforms*/*.xml": "eforms"}
    expected |= {"ted/standard-forms/*.xml": "ted-standard", "een/*.xml": "een-pod-v6"}

    files = [(file, form) for pattern, form in expected.items() for file in sorted(DATA.glob(pattern))]

    assert len(files) == 92
    assert [detect(file.read_bytes()) for file, _ in files] == [form for _, form in files]

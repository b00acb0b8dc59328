"""The sample's tenders and funding topics come back from the feeds as they stand in the content files."""

import sys
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from lxml import etree

from cluster_portal.sample import FILES, SampleFile, records, written
from cluster_portal.sample import __main__ as command
from cluster_portal.sample.writers import paragraphs, working_day
from core.codelists import cpv, nuts
from opportunities.feeds import read
from opportunities.feeds.types import Budget, Record, Refusal

TODAY = date(2026, 3, 11)
TENDERS = [sample for sample in FILES if sample.content == "tenders.toml"]
TOPICS = [sample for sample in FILES if sample.content == "topics.toml"]


def read_back(sample: SampleFile, today: date = TODAY) -> list[Record | Refusal]:
    return [found for name, data in written(sample, today=today) for found in read(sample.format, data, file=name)]


def pairs(sample: SampleFile) -> list[tuple[dict, Record]]:
    expected = [record for record in records(sample) if not record.get("stub")]
    found = [record for record in read_back(sample) if isinstance(record, Record)]
    assert len(found) == len(expected) > 0
    return list(zip(expected, found, strict=True))


def days(moments: tuple) -> list[date]:
    return [moment.date() if isinstance(moment, datetime) else moment for moment in moments]


def by_name(sample: SampleFile) -> str:
    return sample.name


@pytest.mark.parametrize("sample", [*TENDERS, *TOPICS], ids=by_name)
def test_only_the_deliberate_stub_is_refused(sample):
    refused = [found for found in read_back(sample) if isinstance(found, Refusal)]
    stubs = [position for position, record in enumerate(records(sample), start=1) if record.get("stub")]
    assert [(refusal.position, "stale" in refusal.reason) for refusal in refused] == [(stub, True) for stub in stubs]
    assert bool(stubs) == (sample.name == "sedia.json")


@pytest.mark.parametrize("sample", TENDERS, ids=by_name)
def test_tenders_come_back_as_written(sample):
    for expected, found in pairs(sample):
        country = expected["nuts"][:2]
        lots = expected.get("lots", [])
        assert found.kind == "tender"
        assert found.external_id.startswith(f"{expected['id']}-")
        assert found.title.endswith(expected["title"])
        assert found.organisation == expected["buyer"]
        assert found.countries == (country,)
        assert found.budget == Budget(total=expected["value"], currency=expected["currency"])
        assert found.published_on == working_day(TODAY, -expected["published_ago"])
        assert found.status == {"competition": "open"}.get(expected["notice"], expected["notice"])
        due = [working_day(TODAY, expected["deadline_in"])] if "deadline_in" in expected else []
        assert days(found.deadlines) == due
        codes = {code for part in [expected, *lots] for code in part.get("cpv", [])}
        assert {code.code for code in found.codes if code.scheme == "cpv"} == codes
        regions = {expected["nuts"]} if expected["nuts"] in nuts() else set()
        assert {code.code for code in found.codes if code.scheme == "nuts"} == regions
        told = found.description.splitlines()
        assert [line for line in paragraphs(expected["text"]) if line not in told] == []
        # The search answers with an English title beside the notice's own, and the feed takes that language.
        assert found.language == expected["language"] or sample.name == "ted-search.json"


@pytest.mark.parametrize("name", ["eforms/", "ted-standard/"])
def test_awards_name_their_winner(name):
    (sample,) = [sample for sample in TENDERS if sample.name == name]
    awards = [(expected, found) for expected, found in pairs(sample) if expected["notice"] == "award"]
    assert awards
    for expected, found in awards:
        assert [winner["name"] for winner in found.details["winners"]] == [expected["winner"]["name"]]


def test_standard_forms_say_the_same_deadline_twice():
    (sample,) = [sample for sample in TENDERS if sample.name == "ted-standard/"]
    for _, data in written(sample, today=TODAY):
        root = etree.fromstring(data)
        coded = [
            f"{day[:4]}-{day[4:6]}-{day[6:8]}"
            for day in root.xpath("//*[local-name()='DT_DATE_FOR_SUBMISSION']/text()")
        ]
        assert root.xpath("//*[local-name()='DATE_RECEIPT_TENDERS']/text()") == coded


@pytest.mark.parametrize("sample", TENDERS, ids=by_name)
def test_lots_come_back_in_the_description(sample):
    for expected, found in pairs(sample):
        for lot in expected.get("lots", []):
            assert lot["title"] in found.description
            assert lot["text"].strip() in found.description


@pytest.mark.parametrize("sample", TOPICS, ids=by_name)
def test_topics_come_back_as_written(sample):
    for expected, found in pairs(sample):
        due = [working_day(TODAY, offset) for offset in expected["deadlines_in"]]
        assert found.kind == "funding"
        assert found.external_id.startswith(expected["identifier"].replace("{year}", str(due[0].year)))
        assert found.title == expected["title"]
        assert found.stage == expected.get("model", "single-stage")
        assert found.language == "en"
        assert found.countries == ()
        assert list(found.keywords) == expected["keywords"]
        assert ("programme", expected["programme"]) in {(code.scheme, code.label) for code in found.codes}
        coming = [day for day in due if day >= TODAY]
        assert days(found.deadlines) == (due if sample.format == "sedia" else coming[:1] or due[-1:])
        total = expected["total"] if sample.format == "sedia" else None
        assert found.budget == Budget(
            minimum=expected["minimum"], maximum=expected["maximum"], total=total, expected_grants=expected["grants"]
        )
        told = found.description.splitlines()
        sections = [expected[key] for key in ("outcome", "objective", "scope", "impact") if key in expected]
        assert [line for text in sections for line in paragraphs(text) if line not in told] == []


def test_topic_status_follows_the_day():
    (sample,) = [sample for sample in TOPICS if sample.format == "sedia"]
    seen = Counter(found.status for _, found in pairs(sample))
    assert seen["open"] > seen["forthcoming"] > seen["closed"] > 0


def test_a_later_day_moves_deadlines_and_keeps_the_numbers():
    for sample in TENDERS:
        before, after = read_back(sample), read_back(sample, TODAY + timedelta(days=28))
        assert [record.external_id for record in before] == [record.external_id for record in after]
        assert [[day + timedelta(days=28) for day in days(record.deadlines)] for record in before] == [
            days(record.deadlines) for record in after
        ]


@pytest.mark.parametrize("sample", [*TENDERS, *TOPICS], ids=by_name)
def test_the_same_day_gives_the_same_bytes(sample):
    assert list(written(sample, today=TODAY)) == list(written(sample, today=TODAY))


def test_content_is_as_large_and_varied_as_the_demo_needs():
    tenders = {sample.name: records(sample) for sample in TENDERS}
    topics = {sample.name: records(sample) for sample in TOPICS}
    everything = [record for found in tenders.values() for record in found]
    assert {name: len(found) for name, found in tenders.items()} == {
        "eforms/": 60,
        "ted-standard/": 15,
        "ted-search.json": 15,
    }
    assert {name: len(found) for name, found in topics.items()} == {"sedia.json": 36, "topics.jsonl": 25}
    assert {"de", "en", "fi", "fr", "pl", "sv"} <= {record["language"] for record in everything}
    assert {"SE", "FI", "DK", "NO", "EE", "LV", "LT", "PL", "DE", "NL"} <= {record["nuts"][:2] for record in everything}
    assert {record["notice"] for record in everything} == {"competition", "planning", "award"}
    assert sum(record.get("deadline_in", 1) < 0 for record in everything) == 2


def test_numbers_titles_and_texts_are_unique():
    tenders = [record for sample in TENDERS for record in records(sample)]
    topics = [record for sample in TOPICS for record in records(sample)]
    for key, found in (("id", tenders), ("identifier", topics), ("title", tenders + topics), ("text", tenders)):
        values = [record[key] for record in found]
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_cpv_codes_are_of_the_list():
    parts = [part for sample in TENDERS for record in records(sample) for part in [record, *record.get("lots", [])]]
    assert [code for part in parts for code in part.get("cpv", []) if code not in cpv()] == []


@pytest.mark.parametrize(
    ("today", "offset", "expected"),
    [
        (date(2026, 3, 11), 0, date(2026, 3, 11)),
        (date(2026, 3, 11), 3, date(2026, 3, 16)),
        (date(2026, 3, 11), 4, date(2026, 3, 16)),
        (date(2026, 3, 11), -3, date(2026, 3, 6)),
        (date(2026, 3, 14), 0, date(2026, 3, 13)),
    ],
)
def test_working_day_leaves_weekends(today, offset, expected):
    assert working_day(today, offset) == expected


def test_command_writes_every_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "FILES", (*TENDERS, *TOPICS))
    monkeypatch.setattr(sys, "argv", ["sample", str(tmp_path), "--today", TODAY.isoformat()])
    command.main()
    files = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*"))
    assert len(files) == 60 + 15 + 1 + 2
    assert {"eforms/001.xml", "ted-standard/015.xml", "ted-search.json", "sedia.json", "topics.jsonl"} <= set(files)
    assert len(capsys.readouterr().out.splitlines()) == len(files)

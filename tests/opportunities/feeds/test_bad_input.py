"""Files that are empty, damaged, hostile or far too large: each fault is told, nothing else is lost."""

import json
import time
import tracemalloc

import pytest

from opportunities.feeds import (
    FORMATS,
    MAX_BYTES,
    NotThisFormat,
    Record,
    Refusal,
    detect,
    json_stream,
    read,
    registry,
    xml,
)
from tests.opportunities.feeds.samples import (
    eforms,
    notice,
    notices,
    page,
    profile,
    profile_v6,
    read_all,
    records,
    refusals,
    refused,
    result,
    standard_form,
    topic,
    topics,
)

_LEVELS = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10))
BOMB = f'<!DOCTYPE pod [<!ENTITY a0 "ha">{_LEVELS}]><pod><profile><title>&a9;</title></profile></pod>'
OUTSIDE = '<!DOCTYPE pod [<!ENTITY a SYSTEM "file:///etc/hostname">]><pod><profile>&a;</profile></pod>'
FAR = '<!DOCTYPE pod SYSTEM "http://127.0.0.1:9/x.dtd"><pod><profile/></pod>'
LONG = topics(topic(topicId="X-2027-%d", description="water " * 500))
XML_FORMATS = ["eforms", "ted-standard", "een-pod-v6", "rss"]
JSON_FORMATS = ["sedia", "topics", "ted-search", "een-pod"]


@pytest.mark.parametrize("form", [*FORMATS, "auto"])
@pytest.mark.parametrize("data", [b"", b"  \r\n\t", b"\n" * 1000])
def test_empty_file_says_so(form, data):
    with pytest.raises(NotThisFormat, match="The file is empty"):
        list(read(form, data))


@pytest.mark.parametrize("form", [*FORMATS, "auto"])
def test_file_beyond_the_limit_is_refused_unread(form, monkeypatch):
    monkeypatch.setattr(registry, "MAX_BYTES", 10)

    with pytest.raises(NotThisFormat, match="larger than 100 MB: split it"):
        list(read(form, b"{" * 11))


def test_limit_is_a_hundred_megabytes():
    assert MAX_BYTES == 100 * 1024 * 1024


def test_unknown_format_is_a_programming_error():
    with pytest.raises(ValueError, match="Unknown format 'xls'"):
        read("xls", b"x")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"%PDF-1.7\n%\xe2\xe3", b"Dear Sir or Madam", b"\xff" * 50]
)
def test_file_of_another_kind_is_not_this_format(form, data):
    with pytest.raises(NotThisFormat):
        list(read(form, data))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ('{"title": "A", "deadline": "2027-01-01"}\n{"title": "B"}', "JSON"),
        ('[\n {"id": 1, "title": "A"}]', "JSON"),
        ('<?xml version="1.0"?><notice id="1" title="A,B">', "XML"),
        ("BEGIN:VCALENDAR\nDTSTART;TZID=X;title:1\n", "iCalendar"),
    ],
)
@pytest.mark.parametrize("before", ["", "\ufeff", "ï»¿", " \n"])
def test_file_of_another_format_is_no_table(data, told, before):
    with pytest.raises(NotThisFormat, match=f"it is {told}"):
        read_all("csv", before + data)


def test_table_with_brackets_in_its_header_is_read():
    assert records("csv", "[id];[title]\n1;Pumps\n")[0].title == "Pumps"


@pytest.mark.parametrize("data", [topics(topic()), '[{"id": "a", "title": "A call", "text": "x"}]'])
def test_json_of_another_kind_is_no_news(data):
    with pytest.raises(NotThisFormat, match=r"it has none of title\.rendered"):
        read_all("rss", data)


@pytest.mark.parametrize("form", XML_FORMATS)
@pytest.mark.parametrize(
    "attack", [BOMB, OUTSIDE, FAR, "\ufeff  <!-- x -->" + BOMB], ids=["bomb", "file", "dtd", "late"]
)
def test_entities_are_refused_at_once(form, attack):
    before = time.perf_counter()

    with pytest.raises(NotThisFormat):
        list(read(form, attack.encode()))

    assert time.perf_counter() - before < 0.5


def test_reason_names_the_declaration():
    with pytest.raises(NotThisFormat, match="<!DOCTYPE or <!ENTITY"):
        read_all("een-pod-v6", BOMB)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_entities_in_another_encoding_are_refused(encoding):
    with pytest.raises(NotThisFormat, match="<!DOCTYPE or <!ENTITY"):
        read_all("een-pod-v6", BOMB.encode(encoding))


@pytest.mark.parametrize("form", ["eforms", "ted-standard", "een-pod-v6", "rss"])
def test_web_page_is_called_one(form):
    with pytest.raises(NotThisFormat, match="web page"):
        read_all(form, "<!DOCTYPE html>\n<html><head><title>Error</title></head></html>")


@pytest.mark.parametrize("form", JSON_FORMATS)
@pytest.mark.parametrize("data", ["[" * 200_000, '{"a":' * 200_000, '[{"a":' * 100_000])
def test_nesting_bomb_is_refused(form, data):
    with pytest.raises(NotThisFormat, match="nested too deeply"):
        list(read(form, data.encode()))


def test_record_nested_too_deeply_costs_only_itself():
    deep = topic(extra=None)
    line = topics(deep).replace("null", "[" * 300 + "]" * 300)

    first, second = read_all("topics", f"{line}\n{topics(topic())}")

    assert "nested too deeply" in first.reason
    assert isinstance(second, Record)


def test_xml_nested_too_deeply_is_refused():
    (refusal,) = refusals("een-pod-v6", f"<pod>{'<profile>' * 5000}")

    assert "stops being well-formed XML" in refusal.reason


def test_broken_line_costs_only_itself():
    lines = [topics(topic(topicId=f"X-2027-{number}")) for number in range(3)]
    lines.insert(1, lines[0][:90])
    lines.insert(2, '{"topicId": nonsense}')

    found = read_all("topics", "\n".join(lines))

    assert [type(item) for item in found] == [Record, Refusal, Refusal, Record, Record]
    assert "no valid JSON at character" in found[1].reason


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("topics", topics(topic(), topic(topicId="X-2027-2"))),
        ("topics", f"[{topics(topic())}, {topics(topic(topicId='X-2027-2'))}]"),
        ("sedia", page(result(), result(callccm2Id=["2"]))),
        ("ted-search", notices(notice(), notice(**{"publication-number": "2-2027"}))),
        ("een-pod", json.dumps([profile(), profile(reference="TRSE20270301003")])),
    ],
)
def test_records_before_the_break_are_read(form, data):
    cut = data[: data.rindex('"') - 200]

    found = read_all(form, cut)

    assert [type(item) for item in found] == [Record, Refusal]
    assert found[1].position == 2
    assert "The file breaks off after character" in found[1].reason


def test_numbers_of_any_size_are_survived():
    line = topics(topic(budgetMax=1, budgetMin=2)).replace(": 1,", f": {'9' * 5000},").replace(": 2,", ": -1e999,")

    (record,) = records("topics", line)

    assert record.budget is None


@pytest.mark.parametrize("nasty", ["\x00", "\ud800", "\u202e", "\ufeff", "\x1b[31m", "\u200b"])
def test_characters_that_nobody_wrote_are_dropped(nasty):
    line = json.dumps(topic(title=f"Pum{nasty}ps", description=f"Sco{nasty}pe"))

    (record,) = records("topics", line)

    assert record.title in {"Pumps", "Pum[31mps"}
    for told in (record.title, record.description, record.raw):
        told.encode()
        assert "\x00" not in told


def test_nul_bytes_between_are_dropped():
    assert len(records("topics", topics(topic()).encode() + b"\x00\x00\n")) == 1
    assert len(records("een-pod-v6", "<pod>\x00" + profile_v6(title="A\x0bB") + "</pod>")) == 1


def test_long_title_is_kept_and_an_absurd_one_refused():
    (record,) = records("topics", topics(topic(title="Pumps " * 300)))

    assert len(record.title) == 1799
    assert "The title has 60000 characters" in refused("topics", topics(topic(title="x" * 60_000))).reason


def test_long_identifier_becomes_a_digest():
    (record,) = records("topics", topics(topic(topicId="X" * 400)))

    assert record.external_id.startswith("sha256:")


@pytest.mark.parametrize("value", [None, 7, [], {}, [[]], True, "", " "])
def test_title_of_another_type_is_refused_or_read(value):
    (item,) = read_all("topics", topics(topic(title=value)))

    assert isinstance(item, Record) == (value == 7)


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("sedia", page(result())),
        ("topics", topics(topic())),
        ("ted-search", notices(notice())),
        ("eforms", eforms()),
        ("ted-standard", standard_form()),
        ("een-pod-v6", f"<pod>{profile_v6()}</pod>"),
        ("een-pod", json.dumps([profile()])),
        ("rss", "<rss><channel><item><title>A call</title></item></channel></rss>"),
        ("rss", '[{"id": 1, "title": {"rendered": "A call"}}]'),
        ("ical", "BEGIN:VCALENDAR\nEND:VCALENDAR"),
        ("csv", "Title;Deadline\nA call;2027-01-01\n"),
    ],
)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n "])
def test_format_is_detected(form, data, before):
    assert detect((before + data).encode()) == form


def test_workbook_is_detected():
    assert detect(b"PK\x03\x04") == "csv"


def test_detected_file_is_read():
    assert read_all("auto", page(result()))[0].title == "Smart water networks in small towns"


@pytest.mark.parametrize("data", ["Dear all", '{"a": 1}', "<shop/>", "12345", "\x00\x01\x02;\x03"])
def test_nothing_is_detected_in_other_files(data):
    with pytest.raises(NotThisFormat, match="none of the known formats"):
        detect(data.encode())


def test_reading_twice_gives_the_same():
    data = page(result(), result(), {"metadata": {}})

    assert read_all("sedia", data) == read_all("sedia", data)


@pytest.mark.parametrize(
    ("form", "head", "unit", "tail"),
    [
        ("topics", "", LONG + "\n", ""),
        ("topics", "", LONG, ""),
        ("topics", "[", LONG + ",", topics(topic()) + "]"),
        (
            "sedia",
            '{"results": [',
            json.dumps(result(callccm2Id=["%d"], destinationDetails=["water " * 500])) + ",",
            json.dumps(result()) + "]}",
        ),
        ("csv", "id;title;summary\n", f"%d;Pumps;{'water ' * 500}\n", ""),
    ],
)
def test_large_file_is_never_held_a_second_time(form, head, unit, tail, monkeypatch):
    monkeypatch.setattr(json_stream, "CHUNK", 10_000)
    data = (head + "".join(unit % number for number in range(300)) + tail).encode()
    found = read(form, data)
    assert isinstance(next(found), Record)
    tracemalloc.start()
    try:
        count = 1 + sum(isinstance(item, Record) for item in found)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert count == 300 + bool(tail)
    assert peak < len(data) / 2


def test_elements_are_forgotten_once_read():
    elements = xml.elements(f"<pod>{profile_v6() * 50}</pod>".encode(), ["profile"])

    assert max(len(list(element.itersiblings(preceding=True))) for element in elements) == 1


@pytest.mark.parametrize("form", ["eforms", "csv", "auto", "ical"])
def test_a_document_for_people_is_named(form):
    with pytest.raises(NotThisFormat, match="a PDF document"):
        read(form, b"%PDF-1.7 and so on")


def test_a_large_file_of_something_else_is_not_told_to_be_split():
    with pytest.raises(NotThisFormat, match="not XML"):
        list(read("eforms", b"junk " * 8_000_000))


def test_the_parser_s_own_words_are_not_shown():
    (refusal,) = read_all("een-pod-v6", b"<pod><profile><a></b></profile></pod>")
    assert refusal.reason.endswith("column 22. Download it again.")

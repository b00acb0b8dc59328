"""Whatever comes in, only records, refusals and NotThisFormat come out, and records keep their promises."""

import json
from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opportunities.feeds import FORMATS, Kind, NotThisFormat, Record, Refusal, read, text
from opportunities.feeds.dates import ImpossibleDate, sort_key, typed
from tests.opportunities.feeds.samples import (
    eforms,
    event_v6,
    notice,
    notices,
    page,
    profile,
    profile_v6,
    result,
    standard_form,
    topic,
    topics,
)

SEEDS = {
    "sedia": page(result(), result(type=["8"])),
    "topics": topics(topic(), topic(topicId="X-2027-1")),
    "ted-search": notices(notice(), notice(**{"publication-number": "7-2027"})),
    "eforms": eforms(),
    "ted-standard": standard_form(),
    "een-pod-v6": f"<pod>{profile_v6()}{event_v6()}</pod>",
    "een-pod": json.dumps([profile()]),
    "rss": "<rss version='2.0'><channel><title>A</title><item><title>Frist: 1. Mai 2027 x</title><link>https://a.example"
    "</link><description>&lt;p&gt;Text&lt;/p&gt;</description><pubDate>Tue, 01 Sep 2026 10:00:00 GMT</pubDate></item>"
    "</channel></rss>",
    "ical": "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20270504\nSUMMARY:Water\n"
    "RRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20270511\nDURATION:P1D\nCATEGORIES:a,b\nEND:VEVENT\nEND:VCALENDAR\n",
    "csv": "Title;Deadline;Budget;Country;CPV\nPumps;2027-01-01;1 000 kr;Sverige;42122000\nA;1/2/27;x;y;z\n",
}
PIECES = list('{}[]<>:;=é"\n\r\x00')
PIECES += ["null", "1e999", "-5", "<b>", "&amp;", "2027-02-31", "9" * 30, "true", "FREQ=DAILY;", "<![CDATA[", "9999"]
PIECES += ["INTERVAL=0;", "\u202e", "\ufeff", "\udcff", "ï»¿"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("2027-02-31"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw: st.DrawFn, seed: str) -> bytes:
    """A file that was good before some of it was cut, doubled, moved or overwritten."""
    data = seed
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        data = data[:start] + draw(st.sampled_from(["", data[start:end] * 2, *PIECES])) + data[end:]
    return data.encode("utf-8", "surrogateescape")


def check(form: str, data: bytes) -> None:
    try:
        found = list(read(form, data, file="any"))
    except NotThisFormat as fault:
        assert fault.reason.endswith(".")  # noqa: PT017 - the fault itself is what is checked
        return
    seen = set()
    for item in found:
        if isinstance(item, Refusal):
            assert item.file == "any"
            assert item.position >= 1
            assert len(item.reason) > 15
            continue
        check_record(item)
        assert item.external_id not in seen
        seen.add(item.external_id)


def check_record(record: Record) -> None:
    assert isinstance(record.kind, Kind)
    assert record.title
    assert "\n" not in record.title
    assert 0 < len(record.external_id) <= 250
    assert list(record.deadlines) == sorted(record.deadlines, key=sort_key)
    assert all(moment.tzinfo for moment in record.deadlines if isinstance(moment, datetime))
    assert record.url == "" or record.url.startswith(("http://", "https://"))
    assert all(len(country) == 2 for country in record.countries + record.target_countries)
    assert record.language == "" or len(record.language) == 2
    json.dumps(record.details, allow_nan=False).encode()
    for told in (record.external_id, record.title, record.summary, record.description, record.organisation, record.raw):
        told.encode()
        assert "\x00" not in told
    if record.budget:
        amounts = (record.budget.minimum, record.budget.maximum, record.budget.total)
        assert all(amount is None or amount >= 0 for amount in amounts)


@pytest.mark.parametrize("form", [*FORMATS, "auto"])
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda told: told.encode("utf-8", "replace")))
@many
def test_any_bytes(form, data):
    check(form, data)


@pytest.mark.parametrize("form", SEEDS)
@given(data=st.data())
@many
def test_any_damage(form, data):
    check(form, data.draw(damaged(SEEDS[form])))


@pytest.mark.parametrize("form", ["sedia", "topics", "ted-search", "een-pod"])
@given(data=st.data())
@many
def test_any_values_in_the_right_places(form, data):
    base = {"sedia": result()["metadata"], "topics": topic(), "ted-search": notice(), "een-pod": profile()}[form]
    changed = base | {name: data.draw(JSON) for name in data.draw(st.lists(st.sampled_from(sorted(base)), max_size=6))}

    check(form, json.dumps([{"metadata": changed}] if form == "sedia" else [changed]).encode())


@given(
    st.text(max_size=300) | st.lists(st.sampled_from([*PIECES, "<script>", "</p>", "&lt;", "- ", "word "])).map("".join)
)
@many
def test_plain_text_stays_plain(told):
    once = text.plain(told)

    assert text.plain(once) == once
    assert not any(f"<{tag}" in once.lower() for tag in ("script", "b>", "img", "/p", "!--"))


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@many
def test_dates_survive_every_habit(day):
    for written in (f"{day:%d.%m.%Y}", f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"{day:%d %B %Y}", f"{day:%B %d, %Y}"):
        assert typed(written) == day
    assert typed(f"{day:%m/%d/%Y}", month_before_day=True) == day


@given(st.text(max_size=40))
@many
def test_any_text_is_a_date_or_impossible(told):
    with suppress(ImpossibleDate):
        assert isinstance(typed(told), date)

"""The sample cluster's feeds: invented content, written out as files in the formats of the real sources.

Every file goes through the same import as everything else. Dates in the content are day offsets from today, so the
sample never ages.

`FILES` says which file is written in which format, from which content, by which writer. A name that ends in "/" is a
folder with one file a record, as for formats that hold one notice a file. A record chooses its file with `via`.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

CONTENT = Path(__file__).parent / "content"
WRITERS = "cluster_portal.sample.writers"


class SampleFile(NamedTuple):
    """One sample feed: its file name, the feed format, the content file and the module of its writer."""

    name: str
    format: str
    content: str
    writer: str


FILES = (
    SampleFile("sedia.json", "sedia", "topics.toml", "sedia"),
    SampleFile("topics.jsonl", "topics", "topics.toml", "topics"),
    SampleFile("eforms/", "eforms", "tenders.toml", "eforms"),
    SampleFile("ted-standard/", "ted-standard", "tenders.toml", "ted_standard"),
    SampleFile("ted-search.json", "ted-search", "tenders.toml", "ted_search"),
    SampleFile("een-pod-v6.xml", "een-pod-v6", "partnering.toml", "een_pod_v6"),
    SampleFile("een-pod.json", "een-pod", "partnering.toml", "een_pod"),
    SampleFile("partners.csv", "csv", "partnering.toml", "csv_table"),
    SampleFile("events.ics", "ical", "events.toml", "ical"),
    SampleFile("news.xml", "rss", "news.toml", "rss"),
    SampleFile("tender-watch.csv", "csv", "past.toml", "list_table"),
    SampleFile("een-letters.csv", "csv", "past.toml", "list_table"),
    SampleFile("funding-letters.csv", "csv", "past.toml", "list_table"),
    SampleFile("fairs.csv", "csv", "past.toml", "list_table"),
)


def records(sample: SampleFile) -> list[dict[str, Any]]:
    """The records of one sample feed, as they stand in its content file: one array of tables, chosen by `via`."""
    content = tomllib.loads((CONTENT / sample.content).read_text(encoding="utf-8"))
    return [record for tables in content.values() for record in tables if record["via"] == sample.name]


def written(sample: SampleFile, *, today: date) -> Iterator[tuple[str, bytes]]:
    """Each file of one sample feed as (name, bytes). A folder numbers its files from 001."""
    write = import_module(f"{WRITERS}.{sample.writer}").write
    if not sample.name.endswith("/"):
        yield sample.name, write(records(sample), today=today)
        return
    for number, record in enumerate(records(sample), start=1):
        yield f"{sample.name}{number:03d}.xml", write([record], today=today)

"""Which module reads which format; it is imported when its format is asked for, so that the command starts fast."""

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from typing import Any

from opportunities.feeds.types import MADE, Found, NotThisFormat, Record, Refusal

FORMATS = {
    "sedia": "sedia",
    "topics": "topics",
    "ted-search": "ted_search",
    "eforms": "eforms",
    "ted-standard": "ted_standard",
    "een-pod-v6": "een_pod_v6",
    "een-pod": "een_pod",
    "rss": "rss",
    "ical": "ical",
    "csv": "csv_table",
    "exchange": "exchange",
}
AUTO = "auto"
# Documents that people send instead of data, by how their files begin.
_FOREIGN = {
    b"%PDF": "a PDF document",
    b"{\\rtf": "a text document (RTF)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
MAX_BYTES = 100 * 1024 * 1024


def read(format: str, data: bytes, *, file: str = "", **options: Any) -> Iterator[Record | Refusal]:  # noqa: A002 - the word of the field
    """The records and refusals of a file in their order there; `format` is one of FORMATS or "auto".

    `file` is the name told in refusals; `options` are those of the format ("csv": mapping, kind; "rss": kind). An id
    that comes a second time is refused. Raises NotThisFormat when the file as a whole is no such format, ValueError for
    an unknown format. Deterministic; reads no clock, no network and no other file.
    """
    if format not in FORMATS and format != AUTO:
        raise ValueError(f"Unknown format {format!r}: one of {', '.join([*FORMATS, AUTO])}.")
    if len(data) > MAX_BYTES:
        raise NotThisFormat("The file is larger than 100 MB: split it.")
    if not data.strip():
        raise NotThisFormat("The file is empty. Get it from its source again.")
    if foreign := next((named for start, named in _FOREIGN.items() if data.startswith(start)), ""):
        raise NotThisFormat(
            f"This file is {foreign}. The portal reads tables, XML, JSON and calendars: ask for one of these."
        )
    name = detect(data) if format == AUTO else format
    found: Iterator[Found] = import_module(f"opportunities.feeds.{FORMATS[name]}").read(data, **options)
    return _without_repeats(found, file)


def detect(data: bytes) -> str:
    """The format that the content looks like. Raises NotThisFormat when it looks like none."""
    found: str = import_module("opportunities.feeds.detecting").detect(data)
    return found


def _without_repeats(found: Iterator[Found], file: str) -> Iterator[Record | Refusal]:
    seen: dict[str, tuple[int, int]] = {}
    for position, item in found:
        if isinstance(item, Refusal):
            yield replace(item, file=file)
            continue
        content = hash(item.raw)
        if item.external_id not in seen:
            seen[item.external_id] = (position, content)
            yield item
            continue
        earlier, same = seen[item.external_id]
        told = "and the same content" if same == content else "but other content: the first one counts"
        own = "" if item.external_id.startswith(MADE) else f" ({item.external_id})"
        yield Refusal(file, position, f"Same id as record {earlier}{own}, {told}.", item.raw)

"""Which format a file is in, by its content alone."""

import re

from opportunities.feeds import xml
from opportunities.feeds.encodings import decoded
from opportunities.feeds.types import NotThisFormat

_HEAD = 1 << 16
_ZIP = b"PK\x03\x04"
_XML_ROOTS = {
    "TED_EXPORT": "ted-standard",
    "pod": "een-pod-v6",
    "profile": "een-pod-v6",
    "event": "een-pod-v6",
    "rss": "rss",
    "feed": "rss",
    "RDF": "rss",
}
_EFORMS = "urn:oasis:names:specification:ubl"
# The first of these names that stands in the head of a JSON file tells its format.
_JSON_NAMES = (
    ("topics", re.compile(r'"topicId"\s*:')),
    ("sedia", re.compile(r'"metadata"\s*:\s*\{')),
    ("ted-search", re.compile(r'"publication-number"\s*:|"notices"\s*:\s*\[')),
    ("een-pod", re.compile(r'"(?:profileType|shortSummary|profileStatus)"\s*:', re.IGNORECASE)),
    ("rss", re.compile(r'"rendered"\s*:')),
)
_NONE = "This file is in none of the known formats. Say which format it is, or get it from its source again."


def detect(data: bytes) -> str:
    """The name of the format. Raises NotThisFormat when the content looks like none."""
    if data.startswith(_ZIP):
        return "csv"
    head = decoded(data[:_HEAD]).replace("ï»¿", "", 1).lstrip("\ufeff \t\r\n\x00")
    if head.startswith(("{", "[")):
        return _json(head)
    if head.startswith("<"):
        return _xml(data)
    if head.upper().startswith("BEGIN:VCALENDAR"):
        return "ical"
    if _is_table(head):
        return "csv"
    raise NotThisFormat(_NONE)


def _json(head: str) -> str:
    found = next((name for name, pattern in _JSON_NAMES if pattern.search(head)), "")
    if not found:
        raise NotThisFormat(_NONE)
    return found


def _xml(data: bytes) -> str:
    name, attributes = xml.root_name(data)
    if name.endswith("Notice") and _EFORMS in attributes:
        return "eforms"
    if name not in _XML_ROOTS:
        raise NotThisFormat(_NONE)
    return _XML_ROOTS[name]


def _is_table(head: str) -> bool:
    first_line = head.partition("\n")[0]
    return "\x00" not in head and any(first_line.count(mark) for mark in ";,\t|")

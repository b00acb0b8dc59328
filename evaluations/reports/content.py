"""What a report says, as plain data: the one source of the page on the screen and of the PDF.

Every word of a report stands in its content, so that the same content gives the same report years later. Shares go from
0 to 1; what is hidden has a value in words and no number at all, not even under the bars.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import NotRequired, TypedDict


class Note(TypedDict):
    """A line under a chart or table: how many answered, what was left out, where a benchmark is from."""

    text: str
    url: str


class Fact(TypedDict):
    """A line of a list of facts or sources."""

    label: str
    value: str
    url: str


class Figure(TypedDict):
    """A large number with what it rests on."""

    label: str
    value: str
    n: str
    hidden: bool


class Row(TypedDict):
    """One bar: `share`, its interval `low` to `high`, and the `benchmark` drawn across it."""

    label: str
    share: float | None
    low: float | None
    high: float | None
    benchmark: float | None
    value: str
    n: str
    hidden: bool


class Quote(TypedDict):
    """What somebody said and allowed us to print, and as whom."""

    text: str
    by: str


class Part(TypedDict):
    """One piece of a section. Which keys it has beside `kind` is told by the function that makes it, below."""

    kind: str
    text: NotRequired[str]
    title: NotRequired[str]
    caption: NotRequired[str]
    columns: NotRequired[list[str]]
    numeric: NotRequired[list[bool]]
    rows: NotRequired[list[Row] | list[list[str]]]
    items: NotRequired[list[str] | list[Figure] | list[Quote] | list[Fact]]
    notes: NotRequired[list[Note]]


class Section(TypedDict):
    """A part of the report with a title of its own; `id` is its anchor in the page."""

    id: str
    title: str
    parts: list[Part]


class CutOff(TypedDict):
    """What was told up to this day counts."""

    year: int
    month: int
    day: int


class Content(TypedDict):
    """A whole report. `kind`: yearly or board; `language`: of its words, as in `lang`; `words`: those of the layout."""

    kind: str
    language: str
    title: str
    subtitle: str
    cluster: str
    kicker: str
    footer: str
    cut_off: CutOff
    words: dict[str, str]
    opening: list[Part]
    sections: list[Section]


def text(words: str) -> Part:
    """A paragraph."""
    return {"kind": "text", "text": words}


def bullets(items: Iterable[str]) -> Part:
    """A list of sentences."""
    return {"kind": "list", "items": list(items)}


def figures(items: Iterable[Figure]) -> Part:
    """A row of large numbers."""
    return {"kind": "figures", "items": list(items)}


def bars(*, title: str, columns: Sequence[str], rows: Iterable[Row], notes: Iterable[Note] = ()) -> Part:
    """A chart whose title is its finding. `columns` names answer, bar, value and n."""
    return {"kind": "bars", "title": title, "columns": list(columns), "rows": list(rows), "notes": list(notes)}


def table(
    *,
    caption: str,
    columns: Sequence[str],
    numeric: Sequence[bool],
    rows: Iterable[Sequence[str]],
    notes: Iterable[Note] = (),
) -> Part:
    """Rows of words and figures; the first cell of each names it."""
    return {
        "kind": "table",
        "caption": caption,
        "columns": list(columns),
        "numeric": list(numeric),
        "rows": [list(row) for row in rows],
        "notes": list(notes),
    }


def quotes(items: Iterable[Quote]) -> Part:
    """What was said in own words."""
    return {"kind": "quotes", "items": list(items)}


def facts(items: Iterable[Fact]) -> Part:
    """Labels with their values, some of them links."""
    return {"kind": "facts", "items": list(items)}


def fact(label: str, value: str, url: str = "") -> Fact:
    """A line of `facts`."""
    return {"label": label, "value": value, "url": url}


def note(words: str, url: str = "") -> Note:
    """A line under a chart."""
    return {"text": words, "url": url}


def digest(content: Content) -> str:
    """The same for the same content, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

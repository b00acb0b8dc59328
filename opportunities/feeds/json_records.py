"""What the JSON formats share: objects one by one, checked to be of the format, damage told."""

import json
from collections.abc import Callable, Collection, Iterator
from itertools import chain
from typing import Any

from opportunities.feeds import json_stream
from opportunities.feeds.text import without_contact_fields
from opportunities.feeds.types import Found, NotThisFormat, Record, Refusal, Unreadable

Json = dict[str, Any]


def read(
    data: bytes,
    convert: Callable[[Json, str], Record],
    *,
    lists: Collection[str],
    marks: Collection[str],
    what: str,
) -> Iterator[Found]:
    """The records of a JSON file through `convert(object, raw)`; objects carry at least one of the keys `marks`.

    A mark "title.rendered" asks for an object under "title" that has the key "rendered".
    Raises NotThisFormat at once when the first value is no such object, or nothing in the file is JSON.
    """
    found = json_stream.values(data, lists=lists)
    head: list[Any] = []
    for value in found:
        head.append(value)
        if not isinstance(value, json_stream.Broken):
            break
    if head and isinstance(head[-1], json_stream.Broken):
        if not any(broken.cut_off for broken in head):
            raise NotThisFormat(f"This file is no valid JSON: {head[0].reason}")
    elif head and not _is_one(head[-1], marks):
        raise NotThisFormat(f"This file is JSON, but no {what}: it has none of {', '.join(sorted(marks))}.")
    return _records(chain(head, found), convert, marks, what)


def _is_one(value: object, marks: Collection[str]) -> bool:
    return any(_has(value, mark) for mark in marks)


def _has(value: object, mark: str) -> bool:
    key, _, inside = mark.partition(".")
    return isinstance(value, dict) and key in value and (not inside or _has(value[key], inside))


def _records(
    found: Iterator[Any], convert: Callable[[Json, str], Record], marks: Collection[str], what: str
) -> Iterator[Found]:
    for position, value in enumerate(found, 1):
        if isinstance(value, json_stream.Broken):
            yield position, Refusal("", position, value.reason)
            continue
        raw = ""
        try:
            told = without_contact_fields(value)
            raw = json.dumps(told, ensure_ascii=False)
            if not _is_one(told, marks):
                raise Unreadable(f"This is no {what}: it has none of {', '.join(sorted(marks))}.")
            yield position, convert(told, raw)
        except RecursionError:
            yield position, Refusal("", position, "It is nested too deeply to be a record of a feed.")
        except Unreadable as fault:
            yield position, Refusal("", position, fault.reason, raw)


def listed(value: object) -> list[Any]:
    """A value as a list: a list itself, nothing as an empty one, anything else as its only element."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "", {}) else [value]


def first(value: object) -> str:
    """The first single value of a list, or the value itself, as text."""
    for item in listed(value):
        if isinstance(item, str | int | float) and not isinstance(item, bool):
            return str(item).strip()
    return ""

"""JSON of any outer shape, read record by record: lines, records in a row, a list, a page with a list inside."""

import codecs
import json
import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from opportunities.feeds.encodings import CHUNK, encoding_of
from opportunities.feeds.types import NotThisFormat

MAX_RECORD = 20_000_000
_SPACE = re.compile(r"[\s\ufeff\x00\x1e]*")
_BETWEEN = re.compile(r"[\s\ufeff\x00\x1e,]*")
_BETWEEN_AFTER_BREAK = re.compile(r"[\s\ufeff\x00\x1e,\]}]*")
_MOJIBAKE_MARK = "ï»¿"
_LONGEST_TOKEN = 32


@dataclass(frozen=True, slots=True)
class Broken:
    """A place where the file stops being JSON; `cut_off` when it was JSON as far as it goes."""

    reason: str
    cut_off: bool = False


def _whole_number(text: str) -> int | float | None:
    return int(text) if len(text) < _LONGEST_TOKEN else None


def _number(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


_DECODER = json.JSONDecoder(parse_int=_whole_number, parse_float=_number, parse_constant=lambda _: None)


class _Break(ValueError):
    def __init__(self, reason: str, *, cut_off: bool = False) -> None:
        super().__init__(reason)
        self.broken = Broken(reason, cut_off)


def _cut_off(place: int) -> _Break:
    return _Break(f"The file breaks off after character {place}. Download it again.", cut_off=True)


class _Text:
    """The characters of a file, decoded as they are needed, so that a large file is never held a second time."""

    def __init__(self, data: bytes) -> None:
        encoding, self._offset = encoding_of(data)
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._data = memoryview(data)
        self.text = ""
        self.at = 0
        self._before = 0
        self.more()
        if self.text.startswith(_MOJIBAKE_MARK):
            self.at = len(_MOJIBAKE_MARK)

    @property
    def place(self) -> int:
        """How many characters lie before the present one."""
        return self._before + self.at

    def more(self) -> bool:
        """Decode at least as much again as is unread; False at the end of the file."""
        end = self._offset + max(CHUNK, len(self.text) - self.at)
        piece = self._decoder.decode(self._data[self._offset : end], final=end >= len(self._data))
        went_on = self._offset < len(self._data)
        self._offset = min(end, len(self._data))
        self._before += self.at
        self.text, self.at = self.text[self.at :] + piece, 0
        return went_on

    def peek(self, skip: re.Pattern[str] = _SPACE) -> str:
        """The next character that `skip` does not match, "" at the end."""
        while True:
            found = skip.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def value(self) -> Any:
        """The JSON value that begins here. Raises _Break."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except json.JSONDecodeError as error:
                self._go_on(error)
                continue
            except RecursionError as error:
                raise _Break("It is nested too deeply to be a record of a feed.") from error
            if end == len(self.text) and self._offset < len(self._data):
                self.more()  # A number may go on in the next piece.
                continue
            self.at = end
            return value

    def _go_on(self, error: json.JSONDecodeError) -> None:
        cut_off = error.msg.startswith("Unterminated string") or error.pos > len(self.text) - _LONGEST_TOKEN
        if len(self.text) - self.at > MAX_RECORD:
            raise _Break(f"It is longer than {MAX_RECORD // 1_000_000} million characters.") from error
        place = self._before + error.pos
        if not cut_off:
            raise _Break(f"It is no valid JSON at character {place + 1} ({error.msg}).") from error
        if not self.more():
            raise _cut_off(place + 1) from error

    def skip_to_next_record(self) -> bool:
        """Go to the next line that begins with an object; False when there is none."""
        while True:
            found = self.text.find("\n{", self.at)
            if found >= 0:
                self.at = found + 1
                return True
            self.at = max(self.at, len(self.text) - 1)
            if not self.more():
                return False


def values(data: bytes, *, lists: Collection[str] = ()) -> Iterator[Any]:
    """The records of a JSON file: dicts as a rule, Broken where the file is damaged.

    An object at the top with one of the keys `lists` is a page: that list holds its records. After damage, reading goes
    on at the next line that begins with "{". Numbers that are no finite numbers become None.
    Raises NotThisFormat when the file does not begin as JSON.
    """
    text = _Text(data)
    if text.peek() not in {"{", "["}:
        raise NotThisFormat("This file is no JSON: it does not begin with { or [.")
    return _values(text, lists)


def _values(text: _Text, lists: Collection[str]) -> Iterator[Any]:
    between = _BETWEEN
    while first := text.peek(between):
        try:
            if first == "[":
                yield from _elements(text)
            elif first == "{":
                yield from _object(text, lists)
            else:
                yield text.value()
        except _Break as fault:
            yield fault.broken
            if not text.skip_to_next_record():
                return
            between = _BETWEEN_AFTER_BREAK


def _expect(text: _Text, expected: str) -> str:
    found = text.peek()
    if not found:
        raise _cut_off(text.place)
    if found not in expected:
        raise _Break(f"It is no valid JSON at character {text.place + 1} (one of {' '.join(expected)} is missing).")
    text.at += 1
    return found


def _elements(text: _Text) -> Iterator[Any]:
    _expect(text, "[")
    if text.peek() == "]":
        text.at += 1
        return
    while True:
        if not text.peek():
            _expect(text, "]")
        yield text.value()
        if _expect(text, ",]") == "]":
            return


def _object(text: _Text, lists: Collection[str]) -> Iterator[Any]:
    _expect(text, "{")
    record: dict[str, Any] = {}
    page = False
    while text.peek() != "}":
        key = _key(text)
        if key in lists and text.peek() == "[":
            page = True
            yield from _elements(text)
        else:
            record[key] = text.value()
        if _expect(text, ",}") == "}":
            break
    else:
        text.at += 1
    if not page:
        yield record


def _key(text: _Text) -> str:
    if not text.peek():
        _expect(text, "}")
    key = text.value()
    if not isinstance(key, str):
        raise _Break(f"It is no valid JSON at character {text.place + 1} (a name is missing).")
    _expect(text, ":")
    text.peek()
    return key

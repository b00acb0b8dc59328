"""Which encoding a file is in, when nobody says it or the file says it wrongly."""

import codecs
import re

import charset_normalizer

CHUNK = 1 << 20
_SAMPLE = 1 << 16
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What spreadsheets and older systems in Europe write; anything rarer is guessed wrongly more often than rightly.
_LIKELY = [
    "cp1252",
    "cp1250",
    "cp1257",
    "cp1253",
    "cp1251",
    "iso8859_2",
    "iso8859_15",
    "iso8859_7",
    "mac_roman",
    "cp850",
]
_NOT_ASCII_LINE = re.compile(rb"[^\n]{0,400}[\x80-\xff][^\n]{0,400}")


def encoding_of(data: bytes) -> tuple[str, int]:
    """The encoding of a text file and how many bytes its byte order mark takes."""
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return name, len(mark)
    if data[1:2] == b"\0" and data[:1] != b"\0":
        return "utf-16-le", 0
    if data[:1] == b"\0" and data[1:2] != b"\0" and len(data) > 1:
        return "utf-16-be", 0
    return ("utf-8" if _mostly_utf8(data) else _guessed(data)), 0


def is_utf8(data: bytes) -> bool:
    """Whether all of it decodes as UTF-8, found piece by piece; a character cut off at the end is forgiven."""
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    view = memoryview(data)
    try:
        for start in range(0, len(data), CHUNK):
            decoder.decode(view[start : start + CHUNK])
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(data: bytes) -> bool:
    """UTF-8, but for single broken characters among many sound ones."""
    if is_utf8(data):
        return True
    sample = _not_ascii(data).decode("utf-8", "replace")
    broken = sample.count("\ufffd")
    return broken * 4 < sum(letter > "\x7f" for letter in sample) - broken


def _not_ascii(data: bytes) -> bytes:
    size, found = 0, []
    for hit in _NOT_ASCII_LINE.finditer(data):
        found.append(hit[0])
        size += len(hit[0])
        if size > _SAMPLE:
            break
    return b"\n".join(found)


def _guessed(data: bytes) -> str:
    best = charset_normalizer.from_bytes(_not_ascii(data), cp_isolation=_LIKELY).best()
    return best.encoding if best else "cp1252"


def decoded(data: bytes) -> str:
    """The whole of a small file as text; what cannot be decoded becomes U+FFFD."""
    name, mark = encoding_of(data)
    return data[mark:].decode(name, "replace")

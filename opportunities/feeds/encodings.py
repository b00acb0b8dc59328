"""Which encoding a file is in, when nobody says it or the file says it wrongly."""

import codecs
import re
from collections import Counter
from itertools import islice

CHUNK = 1 << 20
_PLACES = 2_000
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What spreadsheets and older systems in Europe write, the commonest first: it wins when two fit equally well.
_LIKELY = (
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
)
# The letters beyond ASCII of one language each. Byte values mean a letter in most encodings; only in the right one do
# they make up the alphabet of a language (the Swedish "på" is "pĺ" in cp1250, and Slovak has no "ö").
_ALPHABETS = (
    *("åäöéü", "åäöšž", "æøåéöäü", "äöüßé", "àâæçéèêëîïôœùûüÿ", "àèéìíîòóùú", "áéíñóúü¿¡ºª", "àáâãçéêíóôõúüºª"),
    *(
        "éëïóöüèáíêâç",
        "áðéíóúýþæö",
        "äöõüšž",
        "áéíóöőúüű",
        "ąćęłńóśźż",
        "áčďéěíňóřšťúůýž",
        "áäčďéíĺľňóôŕšťúýž",
        "čćđšž",
    ),
    *(
        "ăâîşţșțáé",
        "ąčęėįšųūž",
        "āčēģīķļņšūž",
        "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ",
        "абвгдежзийклмнопрстуфхцчшщъьюяіїєґ",
    ),
)
_SIGNS = "€£§°«»„“”‘’‚–—…•™©®\u00a0"
# A capital behind a small letter: "rÚservÚ".
_WRONG_CASE = re.compile(r"(?<=[a-z])(?=[^\W\d_a-zA-Z])\w")
_NOT_ASCII = re.compile(rb"[\x80-\xff]{1,40}")
_AROUND = 20


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
    """The first places with bytes beyond ASCII, with a few letters around each."""
    places = (data[max(0, hit.start() - _AROUND) : hit.end() + _AROUND] for hit in _NOT_ASCII.finditer(data))
    return b"\n".join(islice(places, _PLACES))


def _guessed(data: bytes) -> str:
    sample = _not_ascii(data)
    return max(_LIKELY, key=lambda name: _fit(sample.decode(name, "replace")))


def _fit(text: str) -> int:
    """How well the characters beyond ASCII make up the alphabet of one language."""
    beyond = Counter(letter for letter in text.lower() if letter > "\x7f")
    best = max(sum(beyond[letter] for letter in alphabet) for alphabet in _ALPHABETS)
    known = best + sum(beyond[sign] for sign in _SIGNS)
    return known - 2 * (beyond.total() - known) - sum(found[0].isupper() for found in _WRONG_CASE.finditer(text))


def decoded(data: bytes) -> str:
    """The whole of a small file as text; what cannot be decoded becomes U+FFFD."""
    name, mark = encoding_of(data)
    return data[mark:].decode(name, "replace")

"""Text as people wrote it: from HTML to plain paragraphs, encodings repaired, contact data taken out."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import ftfy
from lxml import etree

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What no database takes and no encoding writes.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n ][^\S\n]*|  +")
_BREAKS = re.compile(r"\n{3,}")
_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*>|<!--")
_OPENING_BRACKET = re.compile(r"<(?=[a-zA-Z/!?])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
_BULLET = re.compile(r"^(?:[-*•·▪◦‣–—]|[\uf0b7\uf0a7])[ \t]+")
# A UTF-8 lead byte that was read as cp1252, followed by what a continuation byte looks like in cp1252.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_EMAIL = re.compile(
    r"(?<![\w.+'-])(?:mailto:)?[\w.+'-]{1,64}+(?:@|\s?(?:\(at\)|\[at\])\s?)(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}"
)
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[\s()./-]{0,3}\d){7,14}(?!\w)")
_NAMED_PHONE = re.compile(
    r"\b(?:tel|phone|telephone|telefon|téléphone|teléfono|telefono|puhelin|mobile|mob|fax|telefax)\b[.:]{0,2}"
    r"\s{0,3}(?:no\.?\s?)?[+(]?\d(?:[\s()./-]{0,3}\d){5,14}(?!\w)",
    re.IGNORECASE,
)
# Each name in _NAMED_PHONE holds one of these: a look for them is cheaper than the pattern.
_PHONE_WORDS = ("tel", "phone", "tél", "fax", "mob", "puhelin")
_CONTACT_KEY = re.compile(
    r"e[-_ ]?mail|mail$|phone|telefax|(?:^|[-_ ])fax|mobile|contact|full[-_ ]?name|first[-_ ]?name|last[-_ ]?name"
    r"|family[-_ ]?name|^authors?$|ansprechpartner|kontakt|yhteyshenkilö",
    re.IGNORECASE,
)

_DROPPED = {"script", "style", "template", "head", "iframe", "object", "noscript", "svg", "math", "textarea", "select"}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "blockquote",
    "pre",
    "table",
    "ul",
    "ol",
    "dl",
    "figure",
    "header",
    "footer",
}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "hr", "form", "main", "nav", "aside", "address"}
_LINES = {"br", "tr", "dt", "dd", "li"}
_MAX_HTML_ROUNDS = 4
_MAX_NESTING = 60


def clean(text: str) -> str:
    """The text without control characters, lone surrogates and invisible marks, and with mojibake repaired."""
    if text.isprintable() and text.isascii():
        return text
    text = _CONTROLS.sub("", text) if not _MOJIBAKE.search(text) else _CONTROLS.sub("", ftfy.fix_encoding(text))
    return _INVISIBLE.sub("", text)


def line(value: object) -> str:
    """A value as one line of plain text: no tags, no line breaks, single spaces."""
    if value == "":
        return ""
    return " ".join(plain(value).split())


def plain(value: object) -> str:
    """HTML or text as plain text: paragraphs separated by a blank line, lists as "- " lines, nothing that is markup.

    Text that was escaped more than once is unescaped until it stays the same; scripts and styles are dropped.
    """
    text = clean(scalar(value))
    if "<" not in text and "&" not in text:
        return _tidy(text)
    for _ in range(_MAX_HTML_ROUNDS):
        if _TAG.search(text):
            text = _from_html(text)
        elif _ENTITY.search(text):
            text = clean(unescape(text))
        else:
            break
    text = _OPENING_BRACKET.sub("< ", _TAG.sub(" ", text))
    return _tidy(text)


def scalar(value: object) -> str:
    """A single value as text; "" for what is no single value (a list, an object, nothing)."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    return str(value)


def _from_html(text: str) -> str:
    parser = etree.HTMLParser(recover=True, no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    parser.feed(b"<html><body><div>" + text.encode("utf-8", "replace") + b"</div></body></html>")
    root = parser.close()
    cut_off = any("depth" in fault.message for fault in parser.feed_error_log)
    return _TAG.sub(" ", text) if cut_off else _walk(root)


def _walk(root: Any) -> str:
    parts: list[str] = []
    dropped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        name = element.tag if isinstance(element.tag, str) else "head"
        if event == "start":
            dropped += name in _DROPPED
            if not dropped:
                parts += (_break_before(name), element.text or "")
            continue
        dropped -= name in _DROPPED
        if not dropped:
            parts += (_break_after(name), element.tail or "")
    return clean("".join(parts))


def _break_before(name: str) -> str:
    if name == "li":
        return "\n- "
    if name in _BLOCKS:
        return "\n\n"
    return "\n" if name in _LINES else ""


def _break_after(name: str) -> str:
    if name in _BLOCKS:
        return "\n\n"
    return " " if name in {"td", "th"} else ""


def _tidy(text: str) -> str:
    if text.isprintable():
        return _BULLET.sub("- ", " ".join(text.split()))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    lines = [_BULLET.sub("- ", part.strip()) for part in _SPACES.sub(" ", text).split("\n")]
    return _BREAKS.sub("\n\n", "\n".join(_joined_bullets(lines))).strip()


def _joined_bullets(lines: list[str]) -> Iterable[str]:
    """A bullet whose words stand on a later line (a paragraph inside a list item) gets them back."""
    waiting = False
    for part in lines:
        if part in {"-", "•", "*"}:
            waiting = True
        elif waiting and not part:
            continue
        else:
            yield f"- {part}" if waiting else part
            waiting = False


_GLUED_SENTENCE = re.compile(r"([.:;!?])(?<=[a-zà-ÿ)’”]{3}.)(?=[A-Z“‘À-Ý])")
_GLUED_NUMBER = re.compile(r"\d{1,2}\. (?=[A-Z])")
_SECTIONS = (
    "Expected Outcomes?|Expected Impacts?|Scope|Objectives?|Specific Challenges?|Technology Readiness Level|Background"
)
_SECTION = re.compile(rf"({_SECTIONS})\s?:\s*(?=\S)")
_HEADING = re.compile(rf"\s*(?:{_SECTIONS})\s*:?\s*")
# These are also words of other headings ("Specific objectives:"), so they count only where a sentence has ended.
_ALSO_WORDS = ("Objective", "Background", "Technology")


def unglued(text: str) -> str:
    """Paragraphs of a text whose HTML was cut out without leaving a space ("...evaluated.Scope:Size of...")."""
    text = _SECTION.sub(_section, text.removeprefix('">').strip())
    return _GLUED_NUMBER.sub(_number, _GLUED_SENTENCE.sub(r"\1\n\n", text)).strip()


def _number(found: re.Match[str]) -> str:
    before = found.string[found.start() - 1 : found.start()]
    return found[0] if not before or before.isspace() or before.isdigit() else f"\n\n{found[0]}"


def _section(found: re.Match[str]) -> str:
    """A heading on lines of its own; a word of a sentence or of a longer heading stays as it is."""
    before = found.string[max(0, found.start() - 9) : found.start()].rstrip(" ")[-1:]
    open_bracket = before in {"(", "“", "‘"}
    inside = before.isalpha() and found.string[found.start() - 1] == " " and found[1].startswith(_ALSO_WORDS)
    return found[0] if open_bracket or inside else f"\n\n{found[1]}\n\n"


def is_heading(paragraph: str) -> bool:
    """Whether a paragraph is a heading that the texts of calls have: "Scope", "Expected Outcome"."""
    return bool(_HEADING.fullmatch(paragraph))


def shortened(text: str, limit: int = 400) -> str:
    """The first paragraph of some length, cut at a sentence or a word so that it has at most `limit` characters."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    first = next((part for part in paragraphs if len(part) > 40), "") or next(iter(paragraphs), "")
    if len(first) <= limit:
        return first
    cut = first[: limit - 1]
    sentence = max(cut.rfind(". "), cut.rfind("; "))
    return cut[: sentence + 1] if sentence > limit // 3 else cut.rpartition(" ")[0] + "…"


def without_contacts(text: str) -> str:
    """The text without e-mail addresses and telephone numbers. Names inside running text stay: nothing marks them."""
    if "@" in text or "(at)" in text or "[at]" in text:
        text = _EMAIL.sub("", text)
    if "+" in text:
        text = _PHONE.sub("", text)
    folded = text.casefold()
    return _NAMED_PHONE.sub("", text) if any(word in folded for word in _PHONE_WORDS) else text


def is_contact(key: str) -> bool:
    """Whether a field or column of this name holds contact data of a person."""
    return bool(_CONTACT_KEY.search(key))


def without_contact_fields(value: Any, nesting: int = 0) -> Any:
    """A JSON value without fields that hold contact data and without addresses and numbers inside its texts.

    Raises RecursionError when it is nested deeper than any feed is.
    """
    if nesting > _MAX_NESTING:
        raise RecursionError
    if isinstance(value, dict):
        return {
            clean(key): without_contact_fields(item, nesting + 1) for key, item in value.items() if not is_contact(key)
        }
    if isinstance(value, list):
        return [without_contact_fields(item, nesting + 1) for item in value]
    return _UNSTORABLE.sub("", without_contacts(value)) if isinstance(value, str) else value


_MANY_SLASHES = re.compile(r"^(https?):/{2,}", re.IGNORECASE)
_IN_AN_ADDRESS = re.compile(r"^[^\s<>\"']{1,4000}$")


def web_address(value: object) -> str:
    """A web address that can be followed, "https:////host" repaired; "" for any other scheme or text."""
    text = _MANY_SLASHES.sub(lambda found: f"{found[1].lower()}://", clean(scalar(value)).strip()).replace(" ", "%20")
    if text.lower().startswith("www."):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port_is_sound = parts.port is None or parts.port > 0
    except ValueError:
        return ""
    sound = parts.scheme in {"http", "https"} and parts.hostname and not parts.username and port_is_sound
    return text if sound and _IN_AN_ADDRESS.match(text) else ""

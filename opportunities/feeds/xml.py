"""XML from strangers: no entities, no DTD, no network, bounded depth and size; records one by one."""

import codecs
import re
from collections.abc import Collection, Iterator
from io import BytesIO

from lxml import etree

from opportunities.feeds.encodings import encoding_of, is_utf8
from opportunities.feeds.text import is_contact, without_contacts
from opportunities.feeds.types import NotThisFormat

MAX_DOCUMENT = 32 * 1024 * 1024
_HEAD = 4096
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))
_DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_NO_DOCTYPE = (
    "The file declares a document type or entities (<!DOCTYPE or <!ENTITY). Feeds need none and such files can be "
    "harmful: remove the declaration or get the file from its source again."
)


_NO_XML = "This file is not XML, as this format is. Choose another format, or get the file from its source again."
NO_WEB_PAGE = "The file is a web page, not the feed itself. Download the feed and send that."


class BrokenXml(ValueError):
    """The XML stops being well-formed; the message says where."""


def as_utf8(data: bytes) -> bytes:
    """The file in UTF-8: as it is, or from the encoding that it declares, or from the likeliest one."""
    encoding, mark = encoding_of(data)
    body = data[mark:]
    declared = _DECLARED.match(body[:_HEAD].lstrip())
    if encoding == "utf-8" and is_utf8(body):
        return body
    if declared and not encoding.startswith("utf-"):
        encoding = _known(declared[1].decode("ascii")) or encoding
    return body.decode(encoding, "replace").encode("utf-8", "replace")


def _known(name: str) -> str:
    """The encoding's name when it is one that reads single bytes; "" otherwise."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return found if found.startswith(("iso8859", "cp", "mac", "koi8")) else ""


def is_web_page(data: bytes) -> bool:
    """Whether somebody has saved a web page instead of a feed."""
    start = prolog(data)
    return data[start : start + 20].lower().startswith((b"<!doctype html", b"<html"))


def safe(data: bytes) -> bytes:
    """UTF-8 XML without control characters. Raises NotThisFormat for what is no harmless XML."""
    body = as_utf8(data)
    if any(body.find(bytes([control])) >= 0 for control in _CONTROLS):
        body = body.translate(None, _CONTROLS)
    start = prolog(body)
    if is_web_page(body):
        raise NotThisFormat(NO_WEB_PAGE)
    if _DOCTYPE.match(body, start):
        raise NotThisFormat(_NO_DOCTYPE)
    if not _ROOT.match(body, start):
        raise NotThisFormat(_NO_XML)
    return body


def document(data: bytes) -> etree._Element:
    """The root element of a small document. Raises NotThisFormat and BrokenXml."""
    if len(data) > MAX_DOCUMENT:
        if not root_name(data)[0]:
            raise NotThisFormat(_NO_XML)
        raise NotThisFormat(
            f"This format has one notice in a file, of up to {MAX_DOCUMENT >> 20} MB. Add the notices one by one."
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(safe(data), parser)
    except etree.XMLSyntaxError as error:
        raise BrokenXml(_fault(error)) from error


def elements(data: bytes, names: Collection[str]) -> Iterator[etree._Element]:
    """Each element of one of these local names as soon as it is complete; forgotten when the next one is asked for.

    Raises BrokenXml where the file stops being well-formed.
    """
    found = etree.iterparse(
        BytesIO(data),
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    try:
        for _, element in found:
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise BrokenXml(_fault(error)) from error


def _fault(error: etree.XMLSyntaxError) -> str:
    line, column = error.position
    return f"The file stops being well-formed XML at line {line}, column {column}. Download it again."


_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)([^>]{0,4000})")
_SPACE = re.compile(rb"\s*")


def prolog(data: bytes) -> int:
    """Where the comments and processing instructions before the root element end."""
    at = 0
    while True:
        space = _SPACE.match(data, at)
        at = space.end() if space else at
        closing = next((end for start, end in ((b"<?", b"?>"), (b"<!--", b"-->")) if data.startswith(start, at)), b"")
        found = data.find(closing, at) if closing else -1
        if found < 0:
            return at
        at = found + len(closing)


def root_name(data: bytes) -> tuple[str, str]:
    """The local name and the attributes of the root element, read without parsing; empty when there is none."""
    encoding, mark = encoding_of(data[:_HEAD])
    body = (
        data[mark:] if encoding.startswith("utf-8") else data[mark : mark + _HEAD].decode(encoding, "replace").encode()
    )
    found = _ROOT.match(body, prolog(body))
    return (found[1].decode("utf-8", "replace"), found[2].decode("utf-8", "replace")) if found else ("", "")


def local(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def content(element: etree._Element | None, path: str = "") -> str:
    """The text of the first element at `path` ("" for this element), all inside it included; "" when missing."""
    found = element if element is None or not path else element.find(path)
    return "" if found is None else "".join(str(part) for part in found.itertext(with_tail=False)).strip()


def contents(element: etree._Element, path: str) -> list[str]:
    """The texts of all elements at `path`, without empty ones."""
    return [text for found in element.iterfind(path) if (text := content(found))]


def without_contacts_xml(element: etree._Element, names: Collection[str] = ()) -> str:
    """The element as XML text without contact elements and those called `names`, without addresses inside texts.

    Changes the tree.
    """
    for found in [part for part in element.iter(etree.Element) if local(part) in names or is_contact(local(part))]:
        parent = found.getparent()
        if parent is not None:
            parent.remove(found)
    return without_contacts(etree.tostring(element, encoding="unicode", with_tail=False))

"""What kind of file somebody sent, by its content and not by its name. What may do harm is refused with a reason."""

import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from charset_normalizer import from_bytes
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
LARGEST, LARGEST_IN_ALL, MOST_FILES = 10 * MEGABYTE, 40 * MEGABYTE, 30
# What unpacks to more than this, or to so many times its size, is no document that a person wrote.
LARGEST_UNPACKED, HIGHEST_RATIO, MOST_ENTRIES = 300 * MEGABYTE, 200, 3000
SMALL = 5 * MEGABYTE  # up to here the ratio says nothing: a page of spaces packs well
OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
ZIP = b"PK\x03\x04"
# Beginnings of archives that have no place inside a document. A spreadsheet within a document is one, too.
ARCHIVES = (ZIP, b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
PLAIN_SIGNATURES = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
MACROS = re.compile(r"(^|/)(vbaproject\.bin|basic/|scripts/|activex/)", re.IGNORECASE)
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
ACCEPTED = ".pdf,.docx,.xlsx,.odt,.ods,.png,.jpg,.jpeg,.csv,.txt"


class Unfit(ValueError):
    """The file is not taken; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is, and the ending that its name should have."""

    content_type: str
    ending: str


def kind_of(file: BinaryIO, *, name: str, size: int) -> Kind:
    """Looks a file through. Raises Unfit for what is too large, of another kind, or not safe to hand on."""
    if size > LARGEST:
        raise Unfit(_("This file has more than %(n)s MB. Make it smaller, or split it.") % {"n": LARGEST // MEGABYTE})
    if not size:
        raise Unfit(_("This file is empty. Save it again, or choose another one."))
    file.seek(0)
    beginning = file.read(8192)
    for signature, content_type, ending in PLAIN_SIGNATURES:
        if beginning.startswith(signature):
            return Kind(content_type, ending)
    if beginning.startswith(ZIP):
        return _document(file, size)
    return _text(file, name)


def _text(file: BinaryIO, name: str) -> Kind:
    file.seek(0)
    content = file.read()
    is_csv = PurePath(name).suffix.casefold() == ".csv"
    if PurePath(name).suffix.casefold() in {".csv", ".txt"} and not CONTROLS.search(content) and _is_read(content):
        return Kind("text/csv" if is_csv else "text/plain", "csv" if is_csv else "txt")
    raise Unfit(
        _(
            "This is no PDF, DOCX, XLSX, ODT, ODS, PNG, JPEG, CSV or TXT file, whatever its name says. "
            "Save it as one of these."
        )
    )


def _is_read(content: bytes) -> bool:
    """Whether it is text in some encoding; the beginning of a page or a script of a shell is none."""
    if content.lstrip()[:2] == b"#!" or re.match(rb"\s*<(!doctype|html|script|svg|\?xml)", content, re.IGNORECASE):
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return from_bytes(content[:65536]).best() is not None
    return True


def _document(file: BinaryIO, size: int) -> Kind:
    """A zip that is a text or a table of an office program, and nothing else."""
    try:
        with zipfile.ZipFile(file) as archive:
            _look_over(archive, size)
            kind = _kind_of_document(archive)
            _unpack(archive)
    except Unfit:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        # What zipfile raises for a file that was cut off or was never one; its documentation names the first alone.
        raise Unfit(_("This file is damaged. Save it again and send it once more.")) from None
    return kind


def _too_much() -> str:
    return _("This file unpacks to far more than it seems to be. Save the document anew, or send it as PDF.")


def _look_over(archive: zipfile.ZipFile, size: int) -> None:
    """What the table of contents says."""
    entries = archive.infolist()
    names = [each.filename for each in entries]
    if len(entries) > MOST_ENTRIES or len(set(names)) < len(names):
        raise Unfit(_too_much())
    unpacked = sum(each.file_size for each in entries)
    if unpacked > LARGEST_UNPACKED or (unpacked > SMALL and unpacked > HIGHEST_RATIO * size):
        raise Unfit(_too_much())
    if any(each.flag_bits & 0x1 for each in entries):
        raise Unfit(_("This file is locked with a password. Send it without one."))
    if any(name.startswith(("/", "\\")) or ".." in PurePath(name.replace("\\", "/")).parts for name in names):
        raise Unfit(_("This file is damaged. Save it again and send it once more."))
    if any(MACROS.search(name) for name in names):
        raise Unfit(_("This file has macros in it. Save it without them: as DOCX, XLSX, ODT or ODS."))


def _kind_of_document(archive: zipfile.ZipFile) -> Kind:
    names = set(archive.namelist())
    if "mimetype" in names:
        said = archive.read("mimetype")[:200].decode("ascii", "replace").strip()
        kinds = {f"{OPEN}text": "odt", f"{OPEN}spreadsheet": "ods"}
        if said in kinds and "content.xml" in names:
            return Kind(said, kinds[said])
    elif "[Content_Types].xml" in names:
        if b"macroEnabled" in archive.read("[Content_Types].xml")[:MEGABYTE]:
            raise Unfit(_("This file has macros in it. Save it without them: as DOCX, XLSX, ODT or ODS."))
        if "word/document.xml" in names:
            return Kind(f"{OFFICE}wordprocessingml.document", "docx")
        if "xl/workbook.xml" in names:
            return Kind(f"{OFFICE}spreadsheetml.sheet", "xlsx")
    raise Unfit(_("This is a packed file, but no DOCX, XLSX, ODT or ODS. Send the documents in it one by one."))


def _unpack(archive: zipfile.ZipFile) -> None:
    """Reads all of it piece by piece: what the table of contents says of sizes may be a lie."""
    left = LARGEST_UNPACKED
    for entry in archive.infolist():
        with archive.open(entry) as content:
            piece = content.read(MEGABYTE)
            if piece.startswith(ARCHIVES):
                raise Unfit(_("This file has another packed file in it. Send the two one by one."))
            while piece:
                left -= len(piece)
                if left < 0:
                    raise Unfit(_too_much())
                piece = content.read(MEGABYTE)


def clean_name(name: str, kind: Kind) -> str:
    """A name that any system takes: no folders, no control or direction signs, with the ending of what it is."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = unicodedata.normalize("NFC", base)
    base = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C" and sign not in '<>:"|?*%;')
    stem, _dot, ending = base.rpartition(".")
    same = {ending.casefold(), {"jpeg": "jpg"}.get(ending.casefold())}
    stem = stem if kind.ending in same and stem else base
    return f"{' '.join(stem.split()).strip('. ')[:150] or _('file')}.{kind.ending}"

"""What kind of file it is: by its content, and nothing that may do harm."""

import io
import struct
import zipfile

import pytest
from openpyxl import Workbook

from funding import files

MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"
DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
ODT = {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<office/>"}


def packed(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def table() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def look(content: bytes, name: str = "plan.pdf") -> files.Kind:
    return files.kind_of(io.BytesIO(content), name=name, size=len(content))


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (b"%PDF-1.7\n...", "plan.pdf", "pdf"),
        (b"%PDF-1.7\n...", "plan.exe", "pdf"),
        (b"\x89PNG\r\n\x1a\n....", "x.png", "png"),
        (b"\xff\xd8\xff\xe0....", "x.jpeg", "jpg"),
        (packed(DOCX), "plan.docx", "docx"),
        (table(), "budget.xlsx", "xlsx"),
        (packed(ODT), "plan.odt", "odt"),
        (packed(ODT | {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "b.ods", "ods"),
        ("naïve;ü\n".encode(), "list.csv", "csv"),
        ("Ålgräs\n".encode("latin-1"), "list.txt", "txt"),
    ],
)
def test_file_is_taken_for_what_it_holds(content, name, ending):
    assert look(content, name).ending == ending


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "plan.pdf", "empty"),
        (b"MZ\x90\x00" + b"\0" * 60, "plan.pdf", "whatever its name says"),
        (b"\x7fELF" + b"\0" * 60, "plan.txt", "whatever its name says"),
        (b"#!/bin/sh\nrm -r x\n", "plan.txt", "whatever its name says"),
        (b"<html><script>1</script>", "plan.txt", "whatever its name says"),
        (b"  <svg onload=1>", "plan.csv", "whatever its name says"),
        (b"plain words", "plan.bat", "whatever its name says"),
        (packed({"a.txt": b"x"}), "plan.docx", "no DOCX"),
        (packed(DOCX | {"word/vbaProject.bin": b"x"}), "plan.docx", "macros"),
        (packed(DOCX | {"[Content_Types].xml": MACRO_TYPE}), "p.docx", "macros"),
        (packed(ODT | {"Basic/Standard/Module1.xml": b"x"}), "plan.odt", "macros"),
        (packed(DOCX | {"word/embeddings/x.bin": packed({"y": b"z"})}), "plan.docx", "another packed file"),
        (packed(DOCX | {"word/x.gz": b"\x1f\x8b\x08.."}), "plan.docx", "another packed file"),
        (packed(DOCX | {"../../etc/x": b"y"}), "plan.docx", "damaged"),
        (packed(DOCX)[:-30], "plan.docx", "damaged"),
        (b"PK\x03\x04 nonsense", "plan.docx", "damaged"),
    ],
)  # fmt: skip
def test_file_that_is_of_another_kind_or_may_do_harm_is_refused_with_a_reason(content, name, says):
    with pytest.raises(files.Unfit, match=says):
        look(content, name)


def test_bomb_is_refused_by_what_it_says_of_itself():
    bomb = packed(DOCX | {"word/big.xml": b" " * (60 * files.MEGABYTE)})

    assert len(bomb) < 200_000
    with pytest.raises(files.Unfit, match="send it as PDF"):
        look(bomb)


def test_bomb_that_lies_about_its_size_is_refused_as_it_unpacks(monkeypatch):
    """Its table of contents says that it unpacks to ten bytes."""
    content = bytearray(packed(DOCX | {"word/big.xml": b" " * (3 * files.MEGABYTE)}))
    at = content.rfind(b"PK\x01\x02")
    struct.pack_into("<I", content, at + 24, 10)
    monkeypatch.setattr(files, "LARGEST_UNPACKED", files.MEGABYTE)

    with pytest.raises(files.Unfit, match=r"unpacks to far more|damaged"):
        look(bytes(content))


def test_locked_and_crowded_archives_are_refused():
    locked = bytearray(packed(DOCX))
    for at in range(len(locked) - 4):
        if locked[at : at + 4] == b"PK\x01\x02":
            locked[at + 8] |= 1
    with pytest.raises(files.Unfit, match="password"):
        look(bytes(locked))
    with pytest.raises(files.Unfit, match="unpacks"):
        look(packed(DOCX | {f"word/{n}": b"" for n in range(files.MOST_ENTRIES + 1)}))


def test_file_over_the_limit_is_refused():
    with pytest.raises(files.Unfit, match="more than 10 MB"):
        files.kind_of(io.BytesIO(b"%PDF-"), name="x.pdf", size=files.LARGEST + 1)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("plan.pdf", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\files\\Our plan.PDF", "Our plan.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ('a"b;c\r\nX-Header: 1.pdf', "abcX-Header 1.pdf"),
        ("....pdf", "file.pdf"),
        ("Ärendet åäö.pdf", "Ärendet åäö.pdf"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_name_is_cleaned_and_ends_as_what_the_file_is(name, clean):
    assert files.clean_name(name, files.Kind("application/pdf", "pdf")) == clean

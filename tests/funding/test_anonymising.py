"""Copies of PDFs without what tells of their authors: made with every kind of trace, and read back byte by byte."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from funding.anonymising import NotCleaned, clean_pdf, without_exif

TRACE = b"Klarflod"
EXIF = b"\xff\xe1\x00\x14Exif\0\0Klarflod GPS"
PROFILE = b"\xff\xe2\x00\x14ICC_PROFILE\0abcdef"
REST = b"\xff\xda\x00\x02\xff\xe1 pixels \xff\xd9"
PHOTO = b"\xff\xd8" + EXIF + PROFILE + b"\xff\xfe\x00\x0aKlarflod" + REST


def stream(content: bytes, **keys: str) -> DecodedStreamObject:
    found = DecodedStreamObject()
    found.set_data(content)
    for key, value in keys.items():
        found[NameObject(f"/{key}")] = NameObject(f"/{value}")
    return found


def photo() -> StreamObject:
    found = StreamObject()
    found._data = PHOTO
    facts = {"Type": "XObject", "Subtype": "Image", "Filter": "DCTDecode", "ColorSpace": "DeviceRGB"}
    found.update({NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in facts.items()})
    found.update({NameObject(f"/{key}"): NumberObject(n) for key, n in (("Width", 1), ("Height", 1))})
    found[NameObject("/BitsPerComponent")] = NumberObject(8)
    found[NameObject("/Metadata")] = stream(b"<x>Klarflod</x>", Type="Metadata", Subtype="XML")
    return found


def field(writer: PdfWriter) -> DictionaryObject:
    """A filled-in field: its name tells who, its appearance is what was typed."""
    looks = stream(b"BT /F1 12 Tf (Pumps) Tj ET", Type="XObject", Subtype="Form")
    looks[NameObject("/BBox")] = ArrayObject([NumberObject(n) for n in (0, 0, 90, 20)])
    made = DictionaryObject({
        NameObject("/Subtype"): NameObject("/Widget"),
        NameObject("/T"): TextStringObject("Klarflod"),
        NameObject("/V"): TextStringObject("Pumps"),
        NameObject("/Rect"): ArrayObject([NumberObject(n) for n in (10, 10, 100, 30)]),
        NameObject("/AP"): DictionaryObject({NameObject("/N"): writer._add_object(looks)}),
    })  # fmt: skip
    return writer._add_object(made)


@pytest.fixture
def telling() -> bytes:
    """A page of text, with the applicant's name in every place that no reader of the page sees."""
    writer = PdfWriter()
    page = writer.add_blank_page(width=300, height=300)
    page[NameObject("/Contents")] = writer._add_object(stream(b"BT /F1 12 Tf 20 200 Td (We try out pumps.) Tj ET"))
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
                             NameObject("/BaseFont"): NameObject("/Helvetica")})  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject({
        NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)}),
        NameObject("/XObject"): DictionaryObject({NameObject("/Im1"): writer._add_object(photo())}),
        NameObject("/Properties"): DictionaryObject({NameObject("/MC0"): writer._add_object(
            DictionaryObject({NameObject("/Name"): TextStringObject("Klarflod layer")}))}),
    })  # fmt: skip
    for key in ("/Metadata", "/Thumb", "/PieceInfo"):
        page[NameObject(key)] = writer._add_object(stream(b"Klarflod"))
    page[NameObject("/Annots")] = ArrayObject([field(writer)])
    note = FreeText(text="Klarflod says", rect=(50, 50, 90, 90))
    note[NameObject("/T")] = TextStringObject("Klarflod")
    writer.add_annotation(0, note)
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://klarflod.example/Klarflod"))
    writer.add_metadata({"/Author": "Klarflod", "/Company": "Klarflod"})
    writer.xmp_metadata = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>Klarflod</a></x:xmpmeta>"
    writer.add_attachment("Klarflod.txt", b"Klarflod")
    writer.add_outline_item(title="Klarflod", page_number=0)
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('Klarflod')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_no_trace_is_left_and_the_page_reads_the_same(telling):
    assert telling.count(TRACE) >= 10
    copy = clean_pdf(telling)
    found = PdfReader(BytesIO(copy))

    assert TRACE not in copy
    assert TRACE.lower() not in copy.lower()
    assert "pypdf" not in copy.decode("latin-1")
    assert found.metadata is None
    assert set(found.trailer["/Root"]) <= {"/Type", "/Pages"}
    assert found.pages[0].extract_text() == "We try out pumps."
    assert len(found.pages) == 1


def test_a_filled_in_form_still_shows_what_was_typed(telling):
    annotations = PdfReader(BytesIO(clean_pdf(telling))).pages[0]["/Annots"]

    assert [each.get_object()["/Subtype"] for each in annotations] == ["/Widget"]
    assert b"(Pumps)" in annotations[0].get_object()["/AP"]["/N"].get_data()


def test_photographs_keep_their_colours_and_lose_what_the_camera_wrote(telling):
    copy = clean_pdf(telling)

    assert PROFILE in copy
    assert REST in copy
    assert b"Exif" not in copy


@pytest.mark.parametrize("picture", [b"", b"\xff", b"no picture", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff", REST])
def test_a_picture_that_is_cut_off_is_no_fault(picture):
    assert without_exif(picture) in (picture, picture[:2])


def locked() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(9, 9)
    writer.encrypt("secret", algorithm="RC4-128")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def with_pages(n: int) -> bytes:
    writer = PdfWriter()
    for _ in range(n):
        writer.add_blank_page(9, 9)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF",
        b"%PDF-1.7\ntrailer <</Root 1 0 R>>\n1 0 obj <</Pages 1 0 R /Kids [1 0 R] /Type /Pages>> endobj",
        locked(),
        with_pages(401),
        with_pages(0),
    ],
)
def test_what_cannot_be_cleaned_is_told(data):
    with pytest.raises(NotCleaned):
        clean_pdf(data)


def test_a_file_that_was_cut_off_anywhere_is_cleaned_or_refused(telling):
    for end in range(0, len(telling), 97):
        try:
            assert TRACE not in clean_pdf(telling[:end])
        except NotCleaned:
            continue


def test_the_copy_of_a_copy_is_the_same(telling):
    copy = clean_pdf(telling)
    assert clean_pdf(copy) == clean_pdf(clean_pdf(copy))

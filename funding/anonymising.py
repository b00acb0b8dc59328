"""A copy of a PDF without what its properties tell of its authors, for reviewers of a blind call.

A pure room: bytes in, bytes out. The copy is written anew from the pages alone. What hangs on the document beside them
is not taken over: properties, XMP, attachments, outlines, scripts, layers, form data, signatures, and the structure
tree with its alternative texts. From the pages and all that they use go thumbnails, XMP, private data of programs,
files, actions and comments; of a filled-in form the appearance stays; photographs lose their EXIF and their comments.

What is written or drawn on a page stays as it is: a name in the text, or in a picture, is for people to see. So do
boxes of metadata inside JPEG 2000 pictures.
"""

from collections.abc import Iterator
from io import BytesIO

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

# Of whatever a page uses: what tells of authors, programs and days, and what leads out of the page.
TELLING = (
    "/Metadata", "/PieceInfo", "/Thumb", "/LastModified", "/AF", "/AA", "/A", "/PA", "/StructParents", "/StructParent",
    "/SeparationInfo", "/OPI", "/Ref", "/ID", "/B", "/PresSteps", "/VP", "/DPart", "/Properties", "/OC",
)  # fmt: skip
# What of a form's field is needed to see it.
SEEN_OF_A_FIELD = ("/Type", "/Subtype", "/Rect", "/AP", "/AS", "/F")
MOST_PAGES = 400
START_OF_SCAN, COMMENT, ADOBE = 0xDA, 0xFE, 0xEE
APPLICATIONS = range(0xE1, 0xF0)  # APP1 (EXIF, XMP) to APP15


class NotCleaned(ValueError):
    """The file cannot be read as a PDF, is locked with a password, or has too many pages."""


def clean_pdf(data: bytes) -> bytes:
    """The same pages, and nothing else. Raises NotCleaned."""
    try:
        return _written(PdfReader(BytesIO(data)))
    except NotCleaned:
        raise
    # What pypdf raises for a file that was cut off or was never one, its documentation does not tell.
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as fault:
        raise NotCleaned(str(fault)) from fault


def _written(reader: PdfReader) -> bytes:
    if reader.is_encrypted:
        raise NotCleaned("It is locked with a password.")
    if not 0 < len(reader.pages) <= MOST_PAGES:
        raise NotCleaned(f"It has {len(reader.pages)} pages.")
    writer = PdfWriter()
    for page in reader.pages:
        page[NameObject("/Annots")] = ArrayObject(_fields(page))
        writer.add_page(page, excluded_keys=TELLING)
    # pypdf has no other way to all pictures of a page, those within forms and patterns among them.
    for each in writer._objects:  # noqa: SLF001 - see above
        if isinstance(each, StreamObject) and each.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
            each._data = without_exif(each._data)  # noqa: SLF001 - as it is stored, not unpacked
    writer.metadata = None
    copy = BytesIO()
    writer.write(copy)
    return copy.getvalue()


def _fields(page: PageObject) -> Iterator[DictionaryObject]:
    """The fields of a form as they look; comments, links and attached files are left out."""
    for reference in page.get("/Annots") or ():
        annotation = reference.get_object()
        if isinstance(annotation, DictionaryObject) and annotation.get("/Subtype") == "/Widget":
            seen = {NameObject(key): annotation.raw_get(key) for key in SEEN_OF_A_FIELD if key in annotation}
            yield DictionaryObject(seen)


def without_exif(picture: bytes) -> bytes:
    """A JPEG without EXIF, XMP, and comments. Colour profiles stay. What is no JPEG comes back as it is."""
    kept, at = [picture[:2]], 2
    while picture[at : at + 1] == b"\xff" and at + 4 <= len(picture):
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4], "big")
        if marker == START_OF_SCAN:
            break
        tells = marker == COMMENT or (marker in APPLICATIONS and not _shows(marker, picture[at + 4 :]))
        if not tells:
            kept.append(picture[at : at + 2 + length])
        at += 2 + length
    return b"".join([*kept, picture[at:]])


def _shows(marker: int, content: bytes) -> bool:
    """Whether the colours depend on it: a profile, or Adobe's word on how they are stored."""
    return marker == ADOBE or content.startswith(b"ICC_PROFILE")

"""Documents as PDF: typeset by Typst with the fonts of its wheel, tagged, and the same bytes each time."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import typst

NO_GLYPH = "could not be displayed with font"
# As JSON writes them: control characters, and signs that are not seen but turn the direction of others.
CONTROLS = re.compile(r"\\u00(?:[01][0-9a-f]|7f)|[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class NotTypeset(Exception):
    """The document could not be set; the message says why."""


def pdf(template: Path, content: Mapping[str, Any], *, moment: datetime) -> bytes:
    """The PDF, in this process. Raises NotTypeset. `moment`, with its zone, is when the document says it was made.

    The content goes in as JSON and is read as data: no word of it is taken for markup or code. The template sees no
    file but those of its own folder. What comes out keeps to PDF/UA-1, but for words with signs that the fonts have not
    got: a document with such words is tagged all the same, and shows a box for each.
    """
    written = CONTROLS.sub("", json.dumps(content, ensure_ascii=False))
    seconds = int(moment.timestamp())
    try:
        return _compiled(template, written, seconds, "ua-1")
    except typst.TypstError as fault:
        if NO_GLYPH not in str(fault):
            raise NotTypeset(str(fault)) from fault
    return _compiled(template, written, seconds, None)


def _compiled(template: Path, written: str, moment: int, standard: Literal["ua-1"] | None) -> bytes:
    found = typst.compile(
        template,
        root=template.parent,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": written},
        pdf_standards=standard,
        timestamp=moment,
    )
    if not isinstance(found, bytes):
        raise NotTypeset("The typesetter gave no document.")
    return found

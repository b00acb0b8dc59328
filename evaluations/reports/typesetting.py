"""A report's content as PDF: typeset by Typst with the fonts of its wheel, tagged, and the same bytes each time."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import typst

from evaluations.reports.content import Content

HERE = Path(__file__).parent
TEMPLATE = HERE / "report.typ"
NO_GLYPH = "could not be displayed with font"
# As JSON writes them: control characters, and signs that are not seen but turn the direction of others.
CONTROLS = re.compile(r"\\u00(?:[01][0-9a-f]|7f)|[\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
LIMIT = 60  # seconds; a report of forty charts takes less than two


class NotTypeset(Exception):
    """The report could not be set; the message says why."""


def typeset(content: Content) -> bytes:
    """The PDF, in this process. Raises NotTypeset.

    The content goes in as JSON and is read as data: no word of it is taken for markup or code. The template sees no
    file but those of its own folder. What comes out keeps to PDF/UA-1, but for words with signs that the fonts have not
    got: a report with such words is tagged all the same, and shows a box for each.
    """
    written = CONTROLS.sub("", json.dumps(content, ensure_ascii=False))
    moment = int(datetime(**content["cut_off"], tzinfo=UTC).timestamp())
    try:
        return _compiled(written, moment, "ua-1")
    except typst.TypstError as fault:
        if NO_GLYPH not in str(fault):
            raise NotTypeset(str(fault)) from fault
    return _compiled(written, moment, None)


def _compiled(written: str, moment: int, standard: Literal["ua-1"] | None) -> bytes:
    found = typst.compile(
        TEMPLATE,
        root=HERE,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": written},
        pdf_standards=standard,
        timestamp=moment,
    )
    if not isinstance(found, bytes):
        raise NotTypeset("The typesetter gave no document.")
    return found


def typeset_apart(content: Content, *, limit: float = LIMIT) -> bytes:
    """The PDF, from a process of its own that is ended after `limit` seconds. Raises NotTypeset."""
    command = [sys.executable, "-m", "evaluations.reports"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(content).encode(),
            capture_output=True,
            timeout=limit,
            check=False,
            cwd=HERE.parents[1],
        )
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"The report was not set within {limit:g} seconds.") from None
    if done.returncode:
        raise NotTypeset(done.stderr.decode(errors="replace").strip()[-500:] or "The typesetter ended without a word.")
    return done.stdout

"""A report's content as PDF, in this process or in one of its own with a time limit."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from core.typesetting import NotTypeset, pdf
from evaluations.reports.content import Content

TEMPLATE = Path(__file__).parent / "report.typ"
LIMIT = 60  # seconds; a report of forty charts takes less than two


def typeset(content: Content) -> bytes:
    """The PDF, in this process. Raises NotTypeset."""
    return pdf(TEMPLATE, content, moment=datetime(**content["cut_off"], tzinfo=UTC))


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
            cwd=TEMPLATE.parents[2],
        )
    except subprocess.TimeoutExpired:
        raise NotTypeset(f"The report was not set within {limit:g} seconds.") from None
    if done.returncode:
        raise NotTypeset(done.stderr.decode(errors="replace").strip()[-500:] or "The typesetter ended without a word.")
    return done.stdout

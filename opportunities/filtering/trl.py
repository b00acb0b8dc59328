"""Technology readiness levels as texts name them: "TRL 5", "TRL 4-6", "TRLs between 3 and 5", "TRL4 to TRL 7"."""

import re

_TRL = re.compile(
    r"\bTRLs?\s*(?:levels?\s*)?(?:of\s+|between\s+|from\s+)?([1-9])(?!\d)"
    r"(?:\s*(?:-|–|/|to|and)\s*(?:TRL\s*)?([1-9])(?!\d))?",
    re.IGNORECASE,
)


def trl_range(text: str) -> tuple[int, int] | None:
    """The lowest and the highest level that a text names; None when it names none."""
    levels = [int(level) for found in _TRL.finditer(text) for level in found.groups() if level]
    return (min(levels), max(levels)) if levels else None

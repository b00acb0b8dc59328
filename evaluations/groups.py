"""The groups that a company counts in."""

from collections.abc import Sequence

from core import codelists


def section_of(nace_codes: Sequence[str]) -> str:
    """The NACE section of the main activity, which is the first one told; blank where none is known."""
    known = codelists.nace()
    entry = known.get(nace_codes[0]) if nace_codes else None
    while entry is not None and entry.parent:
        entry = known.get(entry.parent)
    return entry.code if entry else ""

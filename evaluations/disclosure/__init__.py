"""Disclosure control: what of a table may be shown, so that nobody can work out a small count. Pure.

See docs/disclosure.md for the method, what it guarantees and against whom.
"""

from evaluations.disclosure.audit import audit
from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.memory import Memory
from evaluations.disclosure.protecting import protect
from evaluations.disclosure.reading import read, read_protected, written
from evaluations.disclosure.rules import dominated, dominated_keys, quotable, shares
from evaluations.disclosure.types import (
    COMPLEMENTARY,
    LOWEST_THRESHOLD,
    PRIMARY,
    USUAL_THRESHOLD,
    Answers,
    Category,
    Cell,
    Interval,
    Key,
    Loss,
    Protected,
    Table,
)

__all__ = [
    "COMPLEMENTARY",
    "LOWEST_THRESHOLD",
    "PRIMARY",
    "USUAL_THRESHOLD",
    "Answers",
    "BadTable",
    "Category",
    "Cell",
    "Interval",
    "Key",
    "Loss",
    "Memory",
    "Protected",
    "Table",
    "audit",
    "dominated",
    "dominated_keys",
    "protect",
    "quotable",
    "read",
    "read_protected",
    "shares",
    "written",
]

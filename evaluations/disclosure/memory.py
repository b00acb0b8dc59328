"""Answers that are asked for again: whoever tries several orders of tables protects the same ones more than once."""

from collections.abc import Hashable, Sequence

from evaluations.disclosure.protecting import protect
from evaluations.disclosure.types import Protected, Table


class Memory:
    """`protect`, which answers the same question once. It holds raw counts: it should not outlive the work."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, Protected] = {}

    def protect(self, table: Table, published: Sequence[Protected] = ()) -> Protected:
        """As `protecting.protect`. Raises BadTable."""
        question = (_content(table), *map(_content, published))
        if question not in self._answers:
            self._answers[question] = protect(table, published)
        return self._answers[question]


def _content(table: Table | Protected) -> Hashable:
    """All that the answer hangs on. A table's figures stand in the order of its cells."""
    said = (table.known, table.withheld) if isinstance(table, Protected) else ()
    return (
        table.dimensions,
        tuple(table.cells.items()),
        table.threshold,
        frozenset(table.multiple.items()),
        frozenset(table.where.items()),
        table.unsafe,
        *said,
    )

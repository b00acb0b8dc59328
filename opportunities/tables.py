"""The header of an uploaded table, and what its columns seem to mean: asked once, remembered by the source."""

from dataclasses import dataclass
from itertools import islice

from opportunities.feeds import NotThisFormat
from opportunities.feeds.csv_table import propose_mapping
from opportunities.feeds.tables import rows
from opportunities.models import ImportRun


@dataclass(frozen=True, slots=True)
class Table:
    """Column names, an example of each from the first rows, and the field that each seems to hold."""

    columns: list[str]
    examples: list[str]
    fields: dict[str, str]
    fault: str = ""

    @property
    def initial(self) -> dict[str, str]:
        """The proposal as the form's fields name the columns."""
        return {f"column_{number}": self.fields.get(column, "") for number, column in enumerate(self.columns)}


def header(run: ImportRun) -> Table:
    """The table of an import's file; its fault in words when it is none."""
    with run.file.open("rb") as file:
        data = file.read()
    try:
        first = [cells for _, cells in islice(rows(data), 4)]
    except NotThisFormat as fault:
        return Table([], [], {}, fault.reason)
    if not first:
        return Table([], [], {}, "The table has no rows.")
    columns, below = first[0], first[1:]
    examples = [next((cells[at] for cells in below if at < len(cells) and cells[at]), "") for at in range(len(columns))]
    return Table(columns, examples, run.source.mapping or propose_mapping(columns))

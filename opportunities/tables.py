"""The header of an uploaded table, and what its columns seem to mean: asked once, remembered by the source."""

from dataclasses import dataclass
from itertools import islice

from django.utils.translation import gettext as _

from opportunities.feeds import NotThisFormat
from opportunities.feeds.csv_table import propose_mapping
from opportunities.feeds.tables import BrokenRow, rows
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
    try:
        with run.file.open("rb") as file:
            first = [row for _, row in islice(rows(file.read()), 4)]
    except NotThisFormat as fault:
        return Table([], [], {}, fault.reason)
    except FileNotFoundError:
        return Table([], [], {}, _("The file is no longer kept here. Add it again."))
    if broken := next((row.reason for row in first if isinstance(row, BrokenRow)), None):
        return Table([], [], {}, broken)
    if not first:
        return Table([], [], {}, _("The table has no rows."))
    columns, below = first[0], first[1:]
    examples = [next((cells[at] for cells in below if at < len(cells) and cells[at]), "") for at in range(len(columns))]
    return Table(columns, examples, run.source.mapping or propose_mapping(columns))

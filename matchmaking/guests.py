"""Lists of guests as people have them: pasted lines, or a table from a file. Nothing of what was sent is lost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from opportunities.feeds import NotThisFormat
from opportunities.feeds.tables import BrokenRow, rows
from opportunities.names import in_one_line

MOST_GUESTS = 300
LONGEST = {"company": 200, "person": 120, "email": 254}
# Words that the head of a column holds, in the languages around the Baltic Sea.
HEADS = {
    "email": ("mail", "e-post", "epost", "sähköposti"),
    "person": ("person", "contact", "kontakt", "yhteyshenkilö", "participant"),
    "company": ("company", "organi", "firm", "företag", "ettevõte", "yritys", "unternehmen"),
}


@dataclass(frozen=True)
class Guest:
    """One person of one company."""

    company: str
    person: str
    email: str

    @property
    def line(self) -> str:
        """As it stands in the box."""
        return "; ".join(part.replace(";", ",") for part in (self.company, self.person, self.email) if part)


class Refusal(NamedTuple):
    """A line that nobody was invited by, and why."""

    line: str
    reason: str


def from_text(text: str) -> tuple[list[Guest], list[Refusal]]:
    """Guests of lines such as `Company; Person; e-mail`; tabs or commas between them do as well."""
    cells = ([cell.strip() for cell in line.split(_mark(line))] for line in text.splitlines() if line.strip(" ;,\t"))
    return _sorted(cells)


def _mark(line: str) -> str:
    return next((mark for mark in ";\t" if mark in line), ",")


def from_file(data: bytes) -> tuple[list[Guest], list[Refusal]]:
    """Guests of the rows of a CSV or XLSX file. Raises NotThisFormat with the reason when it is no table."""
    found: list[list[str]] = []
    for number, row in rows(data):
        if isinstance(row, BrokenRow):
            raise NotThisFormat(_("Row %(number)s: %(reason)s") % {"number": number, "reason": row.reason})
        found.append(row)
    return _sorted(found)


def _sorted(lines: Iterable[Sequence[str]]) -> tuple[list[Guest], list[Refusal]]:
    guests: dict[str, Guest] = {}
    refused: list[Refusal] = []
    for guest in _guests(lines):
        reason = _fault(guest)
        if not reason and guest.email in guests:
            reason = twice()
        if not reason and len(guests) == MOST_GUESTS:
            reason = _("That is more than %(most)s at once. Send the rest after them.") % {"most": MOST_GUESTS}
        if reason:
            refused.append(Refusal(guest.line, reason))
        else:
            guests[guest.email] = guest
    return list(guests.values()), refused


def twice() -> str:
    """Why the second line of an address is refused."""
    return _("This address stands twice in the list.")


def _guests(lines: Iterable[Sequence[str]]) -> Iterator[Guest]:
    columns: dict[str, int] = {}
    for number, typed in enumerate(lines):
        cells = [in_one_line(cell) for cell in typed]
        if number == 0 and (columns := _columns(cells)):
            continue
        yield _by_columns(cells, columns) if columns else _by_order(cells)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Which column holds what, when the first row is a head that says so."""
    if any("@" in cell for cell in cells):
        return {}
    found: dict[str, int] = {}
    for name, words in HEADS.items():
        for at, cell in enumerate(cells):
            if at not in found.values() and any(word in cell.casefold() for word in words):
                found[name] = at
                break
    return found if {"email", "company"} <= set(found) else {}


def _by_columns(cells: Sequence[str], columns: dict[str, int]) -> Guest:
    values = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
    return Guest(values["company"], values.get("person", ""), values["email"].lower())


def _by_order(cells: Sequence[str]) -> Guest:
    """The address is known by its sign; of the others the company comes first."""
    address = next((cell for cell in cells if "@" in cell), "")
    names = [cell for cell in cells if cell != address]
    return Guest(names[0] if names else "", names[1] if len(names) > 1 else "", address.strip("<>").lower())


def _fault(guest: Guest) -> str:
    if not guest.company:
        return _("The company is missing.")
    if not guest.email:
        return _("The e-mail address is missing.")
    if any(len(getattr(guest, name)) > most for name, most in LONGEST.items()):
        return _("One of the names is too long.")
    try:
        validate_email(guest.email)
    except ValidationError:
        return _("“%(email)s” is no e-mail address.") % {"email": guest.email}
    return ""

"""Opportunities in a table that a person typed: CSV or XLSX, any column names.

`propose_mapping` guesses which column holds what; a manager confirms it once and it is passed in from then on.
Positions are row numbers as the spreadsheet shows them.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice

from core import codelists
from opportunities.feeds import building, codes, dates, guessing, tables, text
from opportunities.feeds.types import Budget, Found, Kind, NotThisFormat, Record, Unreadable

# What a column can hold -> its names in the wild, folded: no accents, no case, no punctuation.
COLUMNS: dict[str, tuple[str, ...]] = {
    field: tuple(name.strip() for name in names.split(","))
    for field, names in {
        "external_id": "id, external id, reference, ref, identifier, kennung, referens, referenz, numero, number",
        "kind": "kind, type, category, art, typ, kategorie, kategori, categorie, tipo",
        "title": "title, name, titel, titre, titolo, titulo, otsikko, rubrik, bezeichnung, pealkiri, benamning",
        "summary": "summary, abstract, kurzbeschreibung, zusammenfassung, sammanfattning, resume, sommario, resumen",
        "description": "description, text, beschreibung, beskrivning, descrizione, descripcion, kuvaus, kirjeldus",
        "organisation": "organisation, organization, buyer, host, funder, company, organisator, veranstalter",
        "countries": "country, countries, land, lander, pays, paese, pais, maa, kraj",
        "target_countries": "target countries, eligible countries, who can apply, teilnahmeberechtigt",
        "codes": "cpv, nace, codes, cpv code, cpv codes, nace code",
        "keywords": "keywords, tags, topics, schlagworte, stichworte, nyckelord, mots cles, parole chiave",
        "deadline": "deadline, closing date, frist, einreichfrist, sista dag, sista ansokningsdag, date limite, "
        "scadenza, fecha limite, plazo, maaraaika, tahtaeg, apply by",
        "opens_on": "opens, opening date, open from, oppnar, beginn, ouverture",
        "starts_at": "start, start date, starts, date, datum, startdatum, debut, inizio, inicio, when",
        "ends_at": "end, end date, ends, ende, enddatum, slut, slutdatum, fin, fine",
        "published_on": "published, publication date, veroffentlicht, publicerad, publie",
        "budget": "budget, amount, value, betrag, belopp, montant, importo, importe, summa",
        "currency": "currency, wahrung, valuta, devise, moneda",
        "url": "url, link, website, web, lank, lien, webseite, more information",
        "language": "language, sprache, sprak, langue, lingua, idioma",
        "status": "status",
    }.items()
}
_Row = tables.Row | tables.BrokenRow
_STATUSES = {"forthcoming", "open", "closed", "planning", "award", "cancelled"}
_MARK = re.compile(r"[^a-z0-9]+")
_SAMPLE = 1_000
_SEPARATORS = re.compile(r"[;,|\n]")
_MONEY = re.compile(
    r"""(?P<before>\b[A-Z]{3}|[€£$])?\s*(?P<sum>\d[\d .,'\u00a0\u202f]*)\s*
    (?P<unit>(?:k|m|mn|mio|million|miljoner)\b)?\.?\s*(?P<after>[A-Z]{3}\b|kr\b|[€£$])?""",
    re.IGNORECASE | re.VERBOSE,
)
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}
_CROWNS = {"SE": "SEK", "DK": "DKK", "NO": "NOK", "IS": "ISK"}
_UNITS = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "miljoner": 1e6}


def propose_mapping(header: Sequence[str]) -> dict[str, str]:
    """Column name -> what it seems to hold (a name of COLUMNS); columns that say nothing known are left out.

    An exact name wins over a name that only contains one; each field is given once.
    """
    proposed: dict[str, str] = {}
    for fits in (_is_name, _holds_name):
        for column in header:
            field = next(
                (field for field in COLUMNS if field not in proposed.values() and fits(_folded(column), field)), ""
            )
            if field and column not in proposed and not text.is_contact(column):
                proposed[column] = field
    return proposed


def _folded(name: str) -> str:
    return _MARK.sub(" ", dates.folded_words(name)).strip()


def _is_name(column: str, field: str) -> bool:
    return column in COLUMNS[field] or column == field.replace("_", " ")


def _holds_name(column: str, field: str) -> bool:
    return any(f" {name} " in f" {column} " for name in COLUMNS[field])


def read(data: bytes, *, mapping: Mapping[str, str] | None = None, kind: Kind | None = None) -> Iterator[Found]:
    """The rows of a table below its header. Raises NotThisFormat, also when no column is mapped to the title.

    `mapping` is column name -> field (default: the proposed one), `kind` what rows offer that do not say it.
    """
    found = tables.rows(data)
    _, header = next(found, (0, tables.BrokenRow("")))
    if isinstance(header, tables.BrokenRow) or len(header) < 2:
        raise NotThisFormat("This file is no table: its first row has fewer than two columns.")
    chosen = dict(mapping) if mapping is not None else propose_mapping(header)
    wrong = set(chosen.values()) - set(COLUMNS)
    if wrong:
        raise NotThisFormat(f"The column mapping names unknown fields: {', '.join(sorted(wrong))}.")
    if "title" not in [chosen.get(column) for column in header]:
        raise NotThisFormat(f"No column holds the title. The columns are: {', '.join(header)[:300]}. Choose one.")
    first_rows = list(islice(found, _SAMPLE))
    reading = _Reading(header, chosen, kind, first_rows)
    return building.records(chain(first_rows, found), reading.record, reading.raw)


class _Reading:
    """How the rows of one table are read."""

    def __init__(
        self, header: list[str], mapping: dict[str, str], kind: Kind | None, sample: list[tuple[int, _Row]]
    ) -> None:
        self._header, self._mapping, self._kind = header, mapping, kind
        self._month_first = dates.month_first(cell for _, row in sample if isinstance(row, list) for cell in row)

    def raw(self, row: _Row) -> str:
        """The row as a JSON object without contact columns."""
        if isinstance(row, tables.BrokenRow):
            return ""
        told = {column: cell for column, cell in zip(self._header, row, strict=False) if cell}
        return json.dumps(text.without_contact_fields(told), ensure_ascii=False)

    def _day(self, written: str) -> date:
        return dates.typed(written, month_before_day=self._month_first)

    def record(self, row: _Row) -> Record:
        """The row as a record. Raises Unreadable."""
        if isinstance(row, tables.BrokenRow):
            raise Unreadable(row.reason)
        if len(row) > len(self._header) and any(row[len(self._header) :]):
            raise Unreadable("The row has more cells than the header. Put texts with delimiters in quotes.")
        cell: dict[str, str] = dict.fromkeys(COLUMNS, "")
        for column, value in zip(self._header, row, strict=False):
            field = self._mapping.get(column)
            if field and value:
                cell[field] = f"{cell[field]}; {value}" if cell[field] else value
        return self._draft(cell).finished(self.raw(row))

    def _draft(self, cell: dict[str, str]) -> building.Draft:
        kind = self._kind_of(cell)
        draft = building.Draft(
            kind=kind or Kind.FUNDING,
            external_id=cell["external_id"] or _made_id(cell),
            title=cell["title"],
            summary=cell["summary"],
            description=cell["description"],
            organisation=cell["organisation"],
            keywords=_several(cell["keywords"]),
            url=cell["url"],
            language=cell["language"],
            status=_status(cell),
        )
        if kind is None and not (cell["budget"] or cell["deadline"]):
            draft.notes.append("The row does not say its kind: it is taken for funding. A column named kind tells it.")
        draft.countries = self._countries(draft, cell["countries"])
        draft.target_countries = self._countries(draft, cell["target_countries"])
        draft.budget = _budget(draft, cell)
        _codes(draft, cell["codes"])
        for written in _several(cell["deadline"], r"[;|\n]"):
            draft.deadline(written, self._day)
        draft.opens_on = self._on(draft, "opening date", cell["opens_on"])
        draft.starts_at = self._on(draft, "start", cell["starts_at"])
        draft.ends_at = self._on(draft, "end", cell["ends_at"])
        draft.published_on = self._on(draft, "publication date", cell["published_on"])
        return draft

    def _on(self, draft: building.Draft, what: str, written: str) -> date | None:
        return draft.on(what, written, self._day)

    def _kind_of(self, cell: dict[str, str]) -> Kind | None:
        named = guessing.kind_named(cell["kind"])
        return named or self._kind or guessing.kind(cell["title"], cell["summary"], cell["description"][:600])

    def _countries(self, draft: building.Draft, written: str) -> list[str]:
        found = []
        for name in _several(written):
            code = codelists.country_code(name)
            found += [code] if code else []
            if not code:
                draft.notes.append(f"The country '{name[:60]}' is not known.")
        return found


def _several(cell: str, separators: str = _SEPARATORS.pattern) -> list[str]:
    return [part.strip() for part in re.split(separators, cell) if part.strip()]


def _made_id(cell: dict[str, str]) -> str:
    return building.made_id(cell["title"], cell["organisation"], cell["url"]) if cell["title"] else ""


def _status(cell: dict[str, str]) -> str:
    written = cell["status"].casefold()
    return written if written in _STATUSES else guessing.status(cell["status"]) or guessing.status(cell["title"])


def _codes(draft: building.Draft, written: str) -> None:
    for code in _several(written):
        bare = code.split()[0]
        draft.codes.add(
            "cpv" if len(bare.split("-")[0]) == len("72000000") else "nace", bare if codes.nace(bare) else code
        )


def _budget(draft: building.Draft, cell: dict[str, str]) -> Budget | None:
    if not cell["budget"]:
        return None
    found = _MONEY.search(cell["budget"])
    value = _sum(found["sum"]) if found and not cell["budget"].lstrip().startswith("-") else None
    if not found or value is None:
        draft.notes.append(f"The budget '{cell['budget'][:60]}' is no sum of money.")
        return None
    unit = _UNITS.get((found["unit"] or "").casefold(), 1)
    sign = (found["before"] or found["after"] or cell["currency"] or "EUR").strip()
    currency = _crowns(draft) if sign.casefold() == "kr" else _SIGNS.get(sign, sign.upper()[:3])
    if not currency:
        draft.notes.append(f"The budget '{cell['budget'][:60]}' does not say its currency.")
        return None
    return Budget(total=building.amount(value * unit), currency=currency)


def _crowns(draft: building.Draft) -> str:
    """Which crowns "kr" means, told by the country of the row."""
    return next((_CROWNS[country] for country in draft.countries if country in _CROWNS), "")


def _sum(written: str) -> float | None:
    """12.000.000,50 and 12,000,000.50 and 12 000 000: the last mark is the decimal one unless it groups thousands."""
    digits = re.sub(r"[\s'\u00a0\u202f]", "", written)
    whole, mark, part = digits.rpartition(max(".,", key=digits.rfind))
    grouping = len(part) == len("000") and not {".", ","} <= set(digits)
    if not mark or grouping:
        return building.amount(re.sub(r"[.,]", "", digits))
    return building.amount(re.sub(r"[.,]", "", whole) + "." + part)

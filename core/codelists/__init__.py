"""The field's code lists as plain data: NACE Rev. 2.1, CPV 2008, NUTS 2024, EuroSciVoc, countries, languages.

Pure: no Django, no database, no network. Every list is read once and kept; codes are text
("62.1" is a NACE group, "62.10" a class).

Sources (facts, free to reuse): NACE Rev. 2.1 (Delegated Regulation (EU) 2023/137), CPV 2008 (Regulation (EC) 213/2008),
NUTS 2024 (Delegated Regulation (EU) 2023/674), EuroSciVoc (EU Publications Office); countries and languages from the
Unicode CLDR through Babel.
"""

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.core import get_global

DATA = Path(__file__).parent / "data"

# The European institutions write EL for Greece, UK for the United Kingdom, 1A0 for Kosovo; we write GR, GB and XK.
EU_SPELLINGS = {"EL": "GR", "UK": "GB", "1A0": "XK", "XKX": "XK"}
# Names that official sources still use and the CLDR does not, folded.
OTHER_NAMES = {
    "czech republic": "CZ",
    "slovak republic": "SK",
    "the netherlands": "NL",
    "great britain": "GB",
    "turkey": "TR",
    "turkiye": "TR",
    "macedonia": "MK",
    "moldova, republic of": "MD",
    "republic of moldova": "MD",
    "bosnia and herzegovina": "BA",
    "korea, republic of": "KR",
    "republic of korea": "KR",
    "russian federation": "RU",
    "viet nam": "VN",
    "united states of america": "US",
    "ivory coast": "CI",
    "hong kong": "HK",
}
EUROPES_LANGUAGES = (
    *("bg", "cs", "da", "de", "el", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mt", "nb", "nl"),
    *("pl", "pt", "ro", "sk", "sl", "sq", "sr", "sv", "tr", "uk"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One code of a list: its text, its English label and the code above it ("" at the top)."""

    code: str
    label: str
    parent: str = ""


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def nace() -> Mapping[str, Entry]:
    """All 1,047 codes of NACE Rev. 2.1 by code: 22 sections (A), 87 divisions (01), 287 groups, 651 classes."""
    return {row["code"]: Entry(row["code"], row["label"], row["parent"]) for row in _rows("nace.csv")}


@cache
def cpv() -> Mapping[str, Entry]:
    """All CPV 2008 codes by their eight digits, without the check digit; the tree runs by trailing zeros."""
    labels = {row["code"]: row["label"] for row in _rows("cpv.csv")}
    return {code: Entry(code, label, _cpv_parent(code, labels)) for code, label in labels.items()}


def _cpv_parent(code: str, known: Mapping[str, str]) -> str:
    digits = code.rstrip("0")
    for length in range(len(digits) - 1, 1, -1):
        above = digits[:length].ljust(8, "0")
        if above != code and above in known:
            return above
    return ""


@cache
def cpv_check_digits() -> Mapping[str, str]:
    """The check digit of each CPV code, for example "72000000" -> "5"."""
    return {row["code"]: row["check_digit"] for row in _rows("cpv.csv")}


@cache
def nuts() -> Mapping[str, Entry]:
    """NUTS 2024 regions of levels 1 to 3 by code; the parent of a level 1 region is its country as ISO 3166."""
    known = {row["code"]: row for row in _rows("nuts.csv")}
    return {
        code: Entry(code, row["label"], code[:-1] if code[:-1] in known else country_code(row["country"]))
        for code, row in known.items()
    }


@cache
def euroscivoc() -> Mapping[str, Entry]:
    """EuroSciVoc fields in use by code, for example "/23/47/291"; the parent is the path without its last step."""
    known = {row["code"]: row["label"] for row in _rows("euroscivoc.csv")}
    return {
        code: Entry(code, label, above if (above := code.rpartition("/")[0]) in known else "")
        for code, label in known.items()
    }


@cache
def sedia_programmes() -> Mapping[str, str]:
    """Framework programmes of the EU Funding & Tenders Portal: id -> label."""
    return {row["code"]: row["label"] for row in _rows("sedia_programmes.csv")}


@cache
def countries(language: str = "en") -> Mapping[str, str]:
    """ISO 3166 alpha-2 code -> the country's name in `language` (an ISO 639 code)."""
    return {
        code: name
        for code, name in Locale.parse(language).territories.items()
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    }


@cache
def languages(language: str = "en") -> Mapping[str, str]:
    """ISO 639-1 code -> the language's name in `language`."""
    return {code: name for code, name in Locale.parse(language).languages.items() if len(code) == 2}


def _folded(text: str) -> str:
    stripped = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in stripped if not unicodedata.combining(letter)).casefold().strip()


@cache
def _countries_by_name() -> Mapping[str, str]:
    return {_folded(name): code for code, name in countries().items()} | OTHER_NAMES


@cache
def _countries_in_europes_languages() -> Mapping[str, str]:
    """Folded name -> code; where two languages give a name to different countries, the first language counts."""
    found: dict[str, str] = {}
    for language in EUROPES_LANGUAGES:
        for code, name in countries(language).items():
            found.setdefault(_folded(name), code)
    return found


@lru_cache(maxsize=4096)
def country_code(text: str) -> str:
    """The ISO 3166 alpha-2 code of a country given as alpha-2, alpha-3, the EU's EL or UK, or its name.

    English names come first, then those in the languages of Europe. Returns "" when the text names no country.
    """
    code = text.strip().upper()
    code = EU_SPELLINGS.get(code, code)
    if code in countries():
        return code
    for alias in get_global("territory_aliases").get(code, []):
        if alias in countries():
            return str(alias)
    name = _folded(text)
    if len(name) < len("Iran"):
        return ""
    return _countries_by_name().get(name) or _countries_in_europes_languages().get(name, "")


def language_code(text: str) -> str:
    """The ISO 639-1 code of a language given as ISO 639-1 or 639-2/3 ("EN", "eng", "DEU"); "" when it is none."""
    code = text.strip().lower()
    if code in languages():
        return code
    alias: str = get_global("language_aliases").get(code, "")
    return alias if alias in languages() else ""


def ancestors(scheme: Mapping[str, Entry], code: str) -> list[str]:
    """The codes above `code`, nearest first; empty for a top code and for one that the list does not hold."""
    found: list[str] = []
    while (entry := scheme.get(code)) and entry.parent and entry.parent in scheme:
        code = entry.parent
        found.append(code)
    return found

"""Searching the code lists by word or code, for the pickers of the profile. Pure: no database, no request."""

import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import codelists

SHOWN = 30
# The official languages of the EU, and those of its nearest neighbours: what is offered before anybody searches.
NEAR_LANGUAGES = (
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it",
    "lt", "lv", "mt", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sv", "tr", "uk",
)  # fmt: skip
# The same for target markets: the EU, the European Economic Area, Switzerland, the United Kingdom, Ukraine.
NEAR_COUNTRIES = [
    "AT",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "UA",
]


class Option(NamedTuple):
    """What a picker shows of one code."""

    value: str
    code: str
    label: str
    level: str | Promise = ""  # of an activity: a division, its groups and their classes often have one name


class Found(NamedTuple):
    """The first options that a search found, and how many there were (0 when all are shown)."""

    options: list[Option]
    total: int


def folded(text: str) -> str:
    """Lower case without accents: how names are compared and put in order for people."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def in_order(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Codes with their names as choices, in alphabetical order of the names: Åland stands with A."""
    return sorted(names.items(), key=lambda item: folded(item[1]))


@cache
def country_choices() -> list[tuple[str, str]]:
    """All countries as choices."""
    return in_order(codelists.countries())


def region_choices(country: str) -> list[tuple[str, str]]:
    """The NUTS 3 regions of a country as choices; none outside the EU's own list."""
    regions = codelists.nuts().items()
    # The codes that end in ZZ stand for what lies in no region.
    inside = {code: entry.label for code, entry in regions if len(code) == 5 and not code.endswith("ZZ")}
    inside = {code: label for code, label in inside.items() if region_country(code) == country}
    return in_order(inside)


def region_country(code: str) -> str:
    """The country that a NUTS code lies in."""
    return codelists.country_code(code[:2])


@cache
def names(scheme: str) -> Mapping[str, str]:
    """Code -> name of one of the three lists that a profile picks from: nace, markets, languages."""
    if scheme == "nace":
        return {code: entry.label for code, entry in codelists.nace().items()}
    return codelists.countries() if scheme == "markets" else codelists.languages()


def options(scheme: str, codes: Iterable[str]) -> list[Option]:
    """The options of the given codes, in their order; a code that the list does not hold is left out."""
    known = names(scheme)
    return [_option(scheme, code, known[code]) for code in codes if code in known]


# By the length of the code: 36, 36.0, 36.00.
NACE_LEVELS = {1: _("section"), 2: _("division"), 4: _("group"), 5: _("class")}


def _option(scheme: str, code: str, label: str) -> Option:
    if scheme == "nace":
        return Option(code, code, label, NACE_LEVELS[len(code)])
    return Option(code, code.upper(), label) if scheme == "languages" else Option(code, code, label)


def search(scheme: str, words: str, *, without: Iterable[str] = (), shown: int = SHOWN) -> Found:
    """The codes that every word fits, best first: by code, by its own label, by a label above it.

    Without words, NACE shows nothing; countries and languages show the near ones.
    """
    hidden = set(without)
    if not words.strip():
        return Found([option for option in _near(scheme) if option.value not in hidden], 0)
    asked = folded(words).split()
    ranked = [
        (rank, at, code) for at, (code, texts) in enumerate(_texts(scheme)) if (rank := _rank(asked, code, texts))
    ]
    codes = [code for _, _, code in sorted(ranked) if code not in hidden]
    return Found(options(scheme, codes[:shown]), len(codes) if len(codes) > shown else 0)


def _near(scheme: str) -> list[Option]:
    near = {"markets": NEAR_COUNTRIES, "languages": NEAR_LANGUAGES}.get(scheme, ())
    known = names(scheme)
    return [_option(scheme, code, name) for code, name in in_order({code: known[code] for code in near})]


@cache
def _texts(scheme: str) -> list[tuple[str, tuple[str, str]]]:
    """Each code with its own label and the labels above it, folded."""
    if scheme != "nace":
        return [(code, (folded(name), "")) for code, name in in_order(names(scheme))]
    nace = codelists.nace()
    above = {code: " ".join(nace[parent].label for parent in codelists.ancestors(nace, code)) for code in nace}
    return [(code, (folded(entry.label), folded(above[code]))) for code, entry in nace.items()]


def _rank(asked: list[str], code: str, texts: tuple[str, str]) -> int:
    """How well the words fit: 1 is best, 0 is not at all."""
    own, above = texts
    if len(asked) == 1 and folded(code).startswith(asked[0]):
        return 1
    if not all(word in own or word in above for word in asked):
        return 0
    if not all(word in own for word in asked):
        return 5
    if not all(f" {word}" in f" {own}" for word in asked):
        return 4
    return 2 if own.startswith(asked[0]) else 3

"""What the three TED formats share: publication numbers, addresses, what a notice means for somebody who could bid."""

import re
from collections.abc import Iterable

from core import codelists
from opportunities.feeds.types import Budget

PLANNING, OPEN, AWARD = "planning", "open", "award"
# Form types of eForms. A result is read all the same: it says who won, and its status keeps it from being offered.
FORM_TYPES = {
    "planning": PLANNING,
    "consultation": PLANNING,
    "competition": OPEN,
    "dir-awa-pre": AWARD,
    "result": AWARD,
    "cont-modif": AWARD,
    "completion": AWARD,
}
# Notice types of eForms by their first letters, for sources that do not name the form type.
_NOTICE_TYPES = (
    ("pin-cfc", OPEN),
    ("pin", PLANNING),
    ("pmc", PLANNING),
    ("cn", OPEN),
    ("subco", OPEN),
    ("qu-sy", OPEN),
    ("veat", AWARD),
    ("can", AWARD),
    ("compl", AWARD),
)
TOLD = {
    PLANNING: "An early signal: the buyer plans or asks the market, nobody can bid yet.",
    AWARD: "This notice announces a result or a direct award; there is nothing left to bid for.",
}
PROCEDURES = {
    "open": "Open procedure",
    "restricted": "Restricted procedure",
    "neg-w-call": "Negotiated procedure with a call for competition",
    "neg-wo-call": "Negotiated procedure without a call for competition",
    "comp-dial": "Competitive dialogue",
    "innovation": "Innovation partnership",
    "comp-tend": "Competitive tendering",
    "oth-single": "Other single-stage procedure",
    "oth-mult": "Other multiple-stage procedure",
}
_NUMBER = re.compile(r"^0*(\d{1,8})-(\d{4})$")


def status(form_type: str, notice_type: str = "") -> str:
    """planning, open or award from an eForms form type, or from the notice type where that is missing."""
    told = FORM_TYPES.get(form_type.strip().lower(), "")
    return told or next((state for start, state in _NOTICE_TYPES if notice_type.strip().lower().startswith(start)), "")


def publication(written: str) -> str:
    """A publication number without leading zeros ("00041387-2024" -> "41387-2024"); "" when it is none."""
    found = _NUMBER.match(written.strip())
    return f"{found[1]}-{found[2]}" if found else ""


def address(number: str) -> str:
    """The public page of a published notice."""
    return f"https://ted.europa.eu/en/notice/-/detail/{number}" if number else ""


def preferred(variants: Iterable[tuple[str, str]], own: str = "") -> tuple[str, str]:
    """(text, language): English, else the notice's own language, else the first; languages as ISO 639-1."""
    told = [(words.strip(), codelists.language_code(language)) for language, words in variants if words.strip()]
    own = codelists.language_code(own)
    for wanted in ("en", own):
        for words, language in told:
            if wanted and language == wanted:
                return words, language
    words, language = told[0] if told else ("", "")
    return words, language or own


def money(amounts: Iterable[tuple[float | None, str]]) -> Budget | None:
    """The sum of the amounts (value, currency) as a total, when they share one currency; else None."""
    told = [(value, currency.strip().upper()) for value, currency in amounts if value]
    currencies = {currency for _, currency in told}
    if len(currencies) != 1:
        return None
    return Budget(total=sum(value for value, _ in told), currency=(currencies.pop() or "EUR")[:3])

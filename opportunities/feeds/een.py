"""What the two formats of the EEN's partnering opportunities database (POD) share."""

import re
from collections.abc import Iterable

from core import codelists
from opportunities.feeds import dates

TYPES = {"BO": "Business offer", "BR": "Business request", "TO": "Technology offer", "TR": "Technology request"}
TYPES |= {"RDR": "Research and development request"}
_REFERENCE = re.compile(r"^(BO|BR|TO|TR|RDR)([A-Z]{2})(\d{8})(\d{0,6})$")

# What a profile writes about the partner it looks for -> (organisation kinds, size classes). The POD's "SME <= 10" has
# ten heads in the smallest class; Recommendation 2003/361 says fewer than ten.
_PARTNERS = (
    (re.compile(r"sme.*(<=?\s*10|1\s*-\s*10|micro)"), ("sme",), ("micro",)),
    (re.compile(r"sme.*11\s*-\s*(49|50)"), ("sme",), ("small",)),
    (re.compile(r"sme.*(50|51)\s*-\s*(249|250)"), ("sme",), ("medium",)),
    (re.compile(r"^sme"), ("sme",), ("micro", "small", "medium")),
    (re.compile(r"big|large|>\s*250"), ("large",), ("large",)),
    (re.compile(r"r&d|r\s*and\s*d|research|university|academ"), ("research",), ()),
    (re.compile(r"other"), ("public", "cluster", "intermediary"), ()),
)


def partner(written: Iterable[str]) -> tuple[list[str], list[str]]:
    """(organisation kinds, size classes) of the partner types that a profile lists."""
    kinds: dict[str, None] = {}
    sizes: dict[str, None] = {}
    for words in written:
        folded = words.casefold().replace("≤", "<=").replace("–", "-").replace("_", " ")
        for pattern, kind, size in _PARTNERS:
            if pattern.search(folded):
                kinds |= dict.fromkeys(kind)
                sizes |= dict.fromkeys(size)
                break
    return list(kinds), list(sizes)


def doubts(reference: str, partnering_type: str, country: str, days: Iterable[str]) -> list[str]:
    """Where type, country or date inside a reference (BOCN20160720001) contradict the profile; the profile counts."""
    found = _REFERENCE.match(reference)
    if not found:
        return (
            [f"The reference {reference[:40]} does not have the usual form: type, country, date, number."]
            if reference
            else []
        )
    told = []
    if partnering_type and found[1] != partnering_type:
        told.append(f"The reference says {found[1]}, the profile says {partnering_type}.")
    if country and codelists.country_code(found[2]) != country:
        told.append(f"The reference says {found[2]}, the profile's country is {country}.")
    return told + _doubted_day(found[3], [written for written in days if written])


def _doubted_day(written: str, days: list[str]) -> list[str]:
    try:
        on = dates.day(written)
    except dates.ImpossibleDate:
        return [f"The date {written} in the reference does not exist."]
    if days and on.isoformat() not in {day[:10] for day in days}:
        return [f"The reference says {on.isoformat()}, the profile was submitted on {days[0][:10]}."]
    return []


def type_of(written: str, reference: str) -> str:
    """BO, BR, TO, TR or RDR from the profile's own word, else from its reference; "" when neither says it."""
    folded = written.strip().casefold()
    for short, name in TYPES.items():
        if folded in {short.casefold(), name.casefold()} or (folded and name.casefold().startswith(folded)):
            return short
    found = _REFERENCE.match(reference.strip())
    return found[1] if found else ""

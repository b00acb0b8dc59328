"""Does a text tell who wrote it? No database, no request, no clock.

Words are compared without accents and in lower case, as whole words and as beginnings: what is called after a company
often begins with its name. A short first word of the name counts as a whole word alone.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from members.codes import folded

LEGAL_FORMS = frozenset({"aktiebolag", "gmbh", "limited", "sarl"})
# Shorter parts of names are part of other words too often.
SHORTEST = 4
ADDRESSES = re.compile(r"[\w.+-]+@[\w-]+\.\w+|https?://\S+|www\.\S+|\+?\d[\d\s()/-]{7,}\d")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Names:
    """What must not stand in a text: names of the company and of its people, its town, its website.

    `common` are words, as `folded` gives them, that may stand all the same: others say them of themselves, too.
    """

    company: str = ""
    town: str = ""
    website: str = ""
    people: tuple[str, ...] = ()
    common: frozenset[str] = frozenset()


def parts_of_name(company: str) -> list[str]:
    """The words of a company's name that could tell who it is, folded: without legal forms and short words."""
    words = WORD.findall(folded(company))
    return [word for word in dict.fromkeys(words) if len(word) >= SHORTEST and word not in LEGAL_FORMS]


def short_name(company: str) -> str:
    """The first word of a name if it is short, folded: many companies go by it alone; "" where it is longer."""
    first = next(iter(WORD.findall(folded(company))), "")
    return first if 1 < len(first) < SHORTEST else ""


def telling(text: str, names: Names) -> list[str]:
    """What in the text tells who it is, as it stands there, in its order; empty when nothing does."""
    found = [match.group() for match in ADDRESSES.finditer(text)]
    told = tuple(word for word in _beginnings(names) if word not in names.common)
    short = {short_name(names.company)} - names.common
    found += [word for word in WORD.findall(text) if folded(word).startswith(told) or folded(word) in short]
    spoken = f" {' '.join(WORD.findall(folded(text)))} "
    phrases = (names.company, names.town, *names.people)
    found += [phrase for phrase in phrases if phrase and f" {' '.join(WORD.findall(folded(phrase)))} " in spoken]
    return list(dict.fromkeys(found))


def _beginnings(names: Names) -> Iterable[str]:
    yield from parts_of_name(names.company)
    host = re.sub(r"^\w+://", "", names.website).split("/")[0].removeprefix("www.")
    yield from (label for label in folded(host).split(".")[:-1] if len(label) >= SHORTEST)
    for person in names.people:
        surname = WORD.findall(folded(person))[-1:]
        yield from (word for word in surname if len(word) >= SHORTEST)

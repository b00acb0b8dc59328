"""Wordings for reasons: the words of a text in which what is shared stands, as the author wrote them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from opportunities.filtering.text import stem, tokens

_CLAUSE = re.compile(r"[.;:,!?()\n]|\s[-–]\s")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_LONGEST = 8  # words
# German writes its nouns with a capital wherever they stand.
_CAPITAL_NOUNS = frozenset({"de"})

Amounts = Mapping[str, int]


def best_window(texts: Iterable[str], language: str, amounts: Amounts) -> str:
    """The shortest wording, at most eight words of one clause, that holds the most of these stems; "" if none does."""
    found = (window for text in texts for window in _windows(text, language, amounts))
    amount, _, phrase = max(found, default=(0, 0, ""))
    return spoken(phrase, language) if amount else ""


def _windows(text: str, language: str, amounts: Amounts) -> Iterator[tuple[int, int, str]]:
    """(amount, minus length, wording) from each shared word of a clause to the last one within reach."""
    for clause in _CLAUSE.split(text):
        words = [(found.start(), found.end(), _stems(found.group(), language)) for found in _WORD.finditer(clause)]
        shared = [place for place, (_, _, stems) in enumerate(words) if stems & amounts.keys()]
        for first in shared:
            last = max(place for place in shared if place < first + _LONGEST)
            held = frozenset[str]().union(*(stems for _, _, stems in words[first : last + 1])) & amounts.keys()
            phrase = clause[words[first][0] : words[last][1]]
            yield sum(amounts[each] for each in held), -len(phrase), phrase


def shared_runs(texts: Iterable[str], language: str, amounts: Amounts, most: int) -> list[str]:
    """Up to `most` runs of neighbouring shared words, weightiest first; no stem is told twice."""
    runs = [run for text in texts for clause in _CLAUSE.split(text) for run in _runs(clause, language, amounts)]
    told: list[str] = []
    left = dict(amounts)
    while runs and len(told) < most:
        worth = [(sum(left.get(each, 0) for each in stems), -len(phrase), phrase, stems) for phrase, stems in runs]
        amount, _, phrase, stems = max(worth, key=lambda each: each[:3])
        if (amount * most < sum(amounts.values()) and told) or not amount:
            break
        told.append(spoken(phrase, language))
        left = {each: value for each, value in left.items() if each not in stems}
    return told


def _runs(clause: str, language: str, amounts: Amounts) -> Iterator[tuple[str, frozenset[str]]]:
    words = [(found, _stems(found.group(), language)) for found in _WORD.finditer(clause)]
    for shared, group in groupby(words, key=lambda word: bool(word[1] & amounts.keys())):
        if shared:
            run = list(group)[:_LONGEST]
            phrase = clause[run[0][0].start() : run[-1][0].end()]
            yield phrase, frozenset[str]().union(*(stems for _, stems in run)) & amounts.keys()


@lru_cache(maxsize=2**16)
def _stems(word: str, language: str) -> frozenset[str]:
    return frozenset(stem(token, language) for token in tokens(word))


def spoken(phrase: str, language: str) -> str:
    """A wording as part of a sentence: no stop at its end, no capital at its head that only a title asks for."""
    text = " ".join(phrase.split()).strip(".;, ")
    first, _, rest = text.partition(" ")
    named = rest[:1].isupper()  # "Jubilee Park" is a name, "Ceramic membranes" begins a title
    if language not in _CAPITAL_NOUNS and first.istitle() and first.isalpha() and len(first) > 1 and not named:
        text = text[0].lower() + text[1:]
    return text

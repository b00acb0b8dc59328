"""Wordings for reasons: the words of a text in which what is shared stands, as the author wrote them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from opportunities.filtering.text import function_words, stem, tokens

_CLAUSE = re.compile(r"[.;:,!?()\n]|\s[-–]\s")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_LONGEST = 8  # words
_LONGEST_OBJECT = 12
# A partnering request's title says who it is and then what it is about: "Finnish works seeks membrane modules".
_OBJECT = re.compile(
    r"\b(?:seek(?:s|ing)?|look(?:s|ing)? for|wants?|needs?|requests?|offer(?:s|ing)?)\s+(?P<object>.+)", re.IGNORECASE
)
_HARDLY = 4  # a run below this part of what is shared is not worth a mention
# German writes its nouns with a capital wherever they stand.
_CAPITAL_NOUNS = frozenset({"de"})

Amounts = Mapping[str, int]
_Word = tuple[int, int, str]  # start, end, in lower case


def object_of(title: str, language: str, amounts: Amounts) -> str:
    """What a title says is sought or offered, if it is short and holds half of these amounts; else ""."""
    found = _OBJECT.search(title)
    words = found["object"].split() if found else []
    held = frozenset[str]().union(*(_stems(word, language) for word in words)) & amounts.keys()
    fits = len(words) <= _LONGEST_OBJECT and sum(amounts[each] for each in held) * 2 >= sum(amounts.values())
    return spoken(" ".join(words), language) if words and fits else ""


def best_window(texts: Iterable[str], language: str, amounts: Amounts) -> str:
    """The shortest wording, at most eight words of one clause, that holds the most of these stems; "" if none does."""
    found = (window for text in texts for window in _windows(text, language, amounts))
    amount, _, phrase = max(found, default=(0, 0, ""))
    return spoken(phrase, language) if amount else ""


def _windows(text: str, language: str, amounts: Amounts) -> Iterator[tuple[int, int, str]]:
    """(amount, minus length, wording) from each shared word of a clause to the last one within reach."""
    for clause in _CLAUSE.split(text):
        words = [(found.start(), found.end(), found.group().lower()) for found in _WORD.finditer(clause)]
        stems = [_stems(word, language) & amounts.keys() for _, _, word in words]
        shared = [place for place, held in enumerate(stems) if held]
        for first in shared:
            last = max(place for place in shared if place < first + _LONGEST)
            if first == last:
                first, last = _with_neighbours(clause, words, first, language)
            held = frozenset[str]().union(*stems[first : last + 1])
            phrase = clause[words[first][0] : words[last][1]]
            yield sum(amounts[each] for each in held), -len(phrase), phrase


def _with_neighbours(clause: str, words: list[_Word], place: int, language: str) -> tuple[int, int]:
    """A lone word with the words beside it that carry a topic: "vegetables" says less than "root vegetable peelers"."""

    def joins(left: int, right: int) -> bool:
        spaced = not clause[words[left][1] : words[right][0]].strip()
        return spaced and not {words[left][2], words[right][2]} & function_words(language)

    first = place - (place > 0 and joins(place - 1, place))
    last = place + (place + 1 < len(words) and joins(place, place + 1))
    return first, last


def shared_runs(
    texts: Iterable[str],
    language: str,
    amounts: Amounts,
    most: int,
    says_something: Callable[[frozenset[str]], bool] = bool,
) -> list[str]:
    """Up to `most` runs of neighbouring shared words that say something, weightiest first; no stem is told twice."""
    runs = [run for text in texts for clause in _CLAUSE.split(text) for run in _runs(clause, language, amounts)]
    runs = [(phrase, stems) for phrase, stems in runs if says_something(stems)]
    told: list[str] = []
    left = dict(amounts)
    while runs and len(told) < most:
        worth = [(sum(left.get(each, 0) for each in stems), -len(phrase), phrase, stems) for phrase, stems in runs]
        amount, _, phrase, stems = max(worth, key=lambda each: each[:3])
        if not amount or (told and amount * _HARDLY < sum(amounts.values())):
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
    plain = first[:1].isupper() and first[1:].islower() and first.replace("-", "").isalpha()
    if plain and not named and language not in _CAPITAL_NOUNS:
        text = text[0].lower() + text[1:]
    return text

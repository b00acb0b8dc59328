"""From text to terms: tokens, language, stems."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import Stemmer

from core.codelists import countries
from opportunities.filtering.stopwords import STOPWORDS

ENGLISH = "en"

# ISO 639-1 -> Snowball algorithm.
_SNOWBALL = {
    "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian", "it": "italian",
    "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "nb": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

_TOKEN = re.compile(r"[^\W_]+")
_SPEAKERS: dict[str, list[str]] = {}
for _language, _words in STOPWORDS.items():
    for _word in _words:
        _SPEAKERS.setdefault(_word, []).append(_language)
_SAMPLE_TOKENS = 400
_ENOUGH_FUNCTION_WORDS = 2
# One member is explained beside many opportunities: its texts are read once.
_TEXTS_KEPT = 2**12


def tokens(text: str) -> list[str]:
    """The words of a text in lower case; a word has at least two characters and one letter."""
    return [
        word
        for word in _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())
        if len(word) > 1 and not word.isdecimal()
    ]


@lru_cache(maxsize=_TEXTS_KEPT)
def detect_language(text: str) -> str:
    """The ISO 639-1 code of a text by its function words; English when there are too few to tell."""
    hits = Counter(
        language for word in _TOKEN.findall(text.lower())[:_SAMPLE_TOKENS] for language in _SPEAKERS.get(word, ())
    )
    best = max(STOPWORDS, key=lambda language: hits[language])
    return best if hits[best] >= _ENOUGH_FUNCTION_WORDS else ENGLISH


@lru_cache(maxsize=32)
def _stemmer(language: str) -> "Stemmer.Stemmer | None":
    algorithm = _SNOWBALL.get(language, "")
    return Stemmer.Stemmer(algorithm) if algorithm in Stemmer.algorithms() else None


@lru_cache(maxsize=2**17)
def stem(word: str, language: str) -> str:
    """The stem without accents, so that related languages meet: "Energie" (de) and "energy" (en) are both "energi"."""
    stemmer = _stemmer(language)
    root = stemmer.stemWord(word) if stemmer else word
    return "".join(letter for letter in unicodedata.normalize("NFKD", root) if not unicodedata.combining(letter))


def function_words(language: str) -> frozenset[str]:
    """Words of a language that carry no topic; none for a language without a list."""
    return STOPWORDS.get(language, frozenset())


@lru_cache(maxsize=32)
def _country_names(language: str) -> frozenset[str]:
    names = countries(language).values() if language in STOPWORDS else ()
    return frozenset(words[0] for name in names if len(words := tokens(name)) == 1)


@lru_cache(maxsize=_TEXTS_KEPT)
def terms(text: str, language: str) -> tuple[str, ...]:
    """The stems of a text without function words and without countries, which rules and markets look after."""
    dropped = function_words(language) | _country_names(language)
    return tuple(stem(word, language) for word in tokens(text) if word not in dropped)


@lru_cache(maxsize=2**17)
def root_of(word: str, language: str) -> str:
    """The stem of one word as `terms` gives it; "" of one that carries no topic."""
    dropped = function_words(language) | _country_names(language)
    return next((stem(token, language) for token in tokens(word) if token not in dropped), "")


def weighted_terms(fields: Iterable[tuple[str, str, float]]) -> dict[str, float]:
    """Stem -> weighted count over (text, language, weight) fields, in order of first appearance."""
    counts: dict[str, float] = {}
    for text, language, weight in fields:
        for root in terms(text, language):
            counts[root] = counts.get(root, 0.0) + weight
    return counts

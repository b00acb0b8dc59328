"""Wordings for reasons: whole phrases that somebody wrote, never words picked out of the middle of a sentence."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise

from core.codelists import countries, languages
from opportunities.filtering.text import ENGLISH, root_of
from opportunities.filtering.types import Opportunity
from opportunities.filtering.vectors import NEUTRAL, THEY_WANT, side_of
from opportunities.filtering.vocabulary import is_filler

_CLAUSE = re.compile(r"[.;:,!?()\n]|\s[-–—]\s")
_SENTENCE = re.compile(r"[.;!?]\s|\n")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_TOKEN = re.compile(r"[^\W_]+")
_LONGEST = 14  # words of a phrase that stands in a sentence
_LONGEST_RUN = 4
# A partnering request's title says who it is and then what it is about: "Finnish works seeks membrane modules".
_SEEK = r"seek(?:s|ing)?|look(?:s|ing)? for|wants?|needs?|requests?|search(?:es|ing)? for|in search of"
_OFFER = r"offer(?:s|ing)?|provid(?:es?|ing)|suppl(?:y|ies)|has free|have free"
_VERB = re.compile(rf"\b(?:(?P<seek>{_SEEK})|(?P<offer>{_OFFER}))\s+", re.IGNORECASE)
_PLAIN_VERB = re.compile(r"\b(?:(?P<seek>seeks|looks? for)|(?P<offer>offers))\s+")
_PASSIVE = re.compile(r"(?P<object>.+?)\s+(?:(?P<seek>wanted|sought|needed)|offered)\b", re.IGNORECASE)
# "Offers dryers, seeks agents": what follows is another matter.
_ANOTHER = re.compile(rf"(?:,|;|\band|\bbut)\s+(?:{_SEEK}|{_OFFER})\b", re.IGNORECASE)
# A deed ("wants to replace its boiler"), or a verb that is a noun here ("offers must arrive by May").
_NOT_A_THING = ("to ", "by ", "must ", "are ", "is ", "from ", "in ", "should ", "will ", "can ", "for ", "of ", "and ")
# Where a phrase that is too long may end.
_BREAK = re.compile(r"[,;:]\s|\s[-–—]\s|\s(?=(?:for|with|that|which|who|in|from|at|by|to|on|under)\s)")
# Buyers' titles begin with the name of their code: "Engineering services – Floating wind test site: load sensors".
_PART = re.compile(r"\s[-–—]\s|[:;]\s")
# German writes its nouns with a capital wherever they stand.
_CAPITAL_NOUNS = frozenset({"de"})
_REGIONS = (
    "African Alpine American Antarctic Arab Arctic Asian Atlantic Balkan Baltic Bavarian British Celtic Dutch European "
    "Iberian Mediterranean Nordic Pacific Scandinavian Scottish Swiss"
)
_ACRONYM = re.compile(r"[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z][A-Za-z0-9]*")
# Capitals that name no topic.
_NO_TOPIC = frozenset(
    {"EU", "EUR", "SME", "SMEs", "TRL", "CE", "EN", "ISO", "EEA", "UK", "USA", "US", "DKK", "SEK", "NOK"}
)

Run = tuple[str, ...]  # stems of neighbouring words


def objects_of(opportunity: Opportunity, language: str) -> list[str]:
    """What its title and its sentences say is sought or offered, as its side asks, where they say it as a thing."""
    side = side_of(opportunity)
    found = _objects(opportunity.title, _VERB, side)
    if side != NEUTRAL:
        for text in (opportunity.summary, opportunity.text):
            found += [each for sentence in sentences_of(text) for each in _objects(sentence, _PLAIN_VERB, side)]
    return [spoken(each, language) for each in found if each]


def _objects(text: str, verbs: re.Pattern[str], side: str) -> list[str]:
    passive = _PASSIVE.match(text)
    if passive and (side == NEUTRAL or bool(passive["seek"]) == (side == THEY_WANT)):
        return [shortened(passive["object"])]
    verb = verbs.search(text)
    if verb is None or (side != NEUTRAL and bool(verb["seek"]) != (side == THEY_WANT)):
        return []
    told = _ANOTHER.split(text[verb.end() :], maxsplit=1)[0]
    return [] if told.lower().startswith(_NOT_A_THING) else [shortened(told)]


def thing_of(opportunity: Opportunity) -> str:
    """The title without what it says of who speaks: "Carrier from Szczecin offers low-loaders" is about low-loaders."""
    verb = _VERB.search(opportunity.title)
    return opportunity.title[verb.end() :] if verb else opportunity.title


def parts_of_title(title: str) -> list[str]:
    """The parts of a buyer's title, each a phrase of its own."""
    return [part.strip() for part in _PART.split(title) if part.strip()]


def shortened(text: str) -> str:
    """The phrase from its beginning, at most fourteen words, ended where a phrase may end."""
    words = text.split()
    if len(words) <= _LONGEST:
        return text
    head = " ".join(words[:_LONGEST])
    ends = [found.start() for found in _BREAK.finditer(head) if len(head[: found.start()].split()) > 2]
    return head[: ends[-1]] if ends else ""


def sentences_of(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


@lru_cache(maxsize=2**12)
def neighbours(texts: tuple[str, ...], language: str) -> frozenset[Run]:
    """All pairs of words that stand side by side in these texts."""
    return frozenset(
        pair
        for text in texts
        for words in _clauses(text, language)
        for pair in pairwise(root for _, root in words if root)
        if all(pair)
    )


def _clauses(text: str, language: str) -> Iterator[list[tuple[re.Match[str], str]]]:
    """Words with their stems, clause by clause; a function word parts what stands beside it."""
    for clause in _CLAUSE.split(text):
        run: list[tuple[re.Match[str], str]] = []
        for found in _TOKEN.finditer(clause):
            root = root_of(found.group(), language)
            if root:
                run.append((found, root))
            elif run:
                yield run
                run = []
        if run:
            yield run


def shared_runs(texts: Iterable[str], language: str, theirs: frozenset[Run]) -> Iterator[tuple[str, Run]]:
    """Phrases of these texts whose words stand side by side in the other's texts, too: "shore power"."""
    for text in texts:
        for words in _clauses(text, language):
            yield from _runs(words, theirs, language)


def _runs(words: list[tuple[re.Match[str], str]], theirs: frozenset[Run], language: str) -> Iterator[tuple[str, Run]]:
    first = 0
    for place in range(len(words)):
        goes_on = place + 1 < len(words) and (words[place][1], words[place + 1][1]) in theirs
        if goes_on and place + 1 - first < _LONGEST_RUN:
            continue
        run = words[first : place + 1] if place > first else []
        first = place + 1
        while run and is_filler(run[0][1]):
            run = run[1:]
        while run and is_filler(run[-1][1]):
            run = run[:-1]
        text = run[0][0].string[run[0][0].start() : run[-1][0].end()] if run else ""
        # "Low-noise" and "glued laminated" want a noun; "ceramic membranes" has one.
        if " " in text and not (language == ENGLISH and text.endswith("ed")):
            yield spoken(text, language), tuple(root for _, root in run)


def acronyms(texts: Iterable[str]) -> set[str]:
    """Words in capitals, as "PFAS", from texts that are not all in capitals."""
    return {
        word
        for text in texts
        if not text.isupper()
        for word in _WORD.findall(text)
        if _ACRONYM.fullmatch(word) and word not in _NO_TOPIC
    }


@cache
def _proper() -> frozenset[str]:
    """English words that keep their capital: countries, languages and peoples, regions."""
    named = [*countries().values(), *languages().values(), _REGIONS]
    return frozenset(word for name in named for word in name.split() if word[:1].isupper())


def spoken(phrase: str, language: str) -> str:
    """A wording as part of a sentence: no stop at its end, no capital at its head that only a beginning asks for."""
    text = " ".join(phrase.split()).strip(".;:, ")
    first, _, rest = text.partition(" ")
    word = first.strip(",;:")
    named = rest[:1].isupper() or word in _proper() or word.partition("-")[0] in _proper()
    plain = word[:1].isupper() and (word[1:].islower() or len(word) == 1) and word.replace("-", "").isalpha()
    if plain and language not in _CAPITAL_NOUNS and (not named or word in {"A", "An", "The"}):
        text = text[0].lower() + text[1:]
    return text

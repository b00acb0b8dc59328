"""What both sides speak of: declared keywords, phrases that both wrote, and single words that name a topic."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opportunities.filtering import codes
from opportunities.filtering.phrases import acronyms, neighbours, sentences_of, shared_runs, spoken, thing_of
from opportunities.filtering.profile import member_language, opportunity_language
from opportunities.filtering.text import ENGLISH, root_of, terms
from opportunities.filtering.types import Member, Opportunity
from opportunities.filtering.vocabulary import is_filler, is_generic, is_trade, is_vague

_WHOLE_WORD = re.compile(r"(?<![\w-])[^\W_]+(?![\w-])")
_SHORT = 4  # words: a longer keyword, or one of two things, is a heading of a classification and not a wording


@dataclass(frozen=True, slots=True)
class Topic:
    """A wording with its stems, and whether somebody declared it as a keyword or code."""

    words: str
    stems: frozenset[str]
    declared: bool
    alone: bool = False  # a word out of a text, not known to be a whole wording


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What two sides wrote, prepared for comparing."""

    member: Member
    opportunity: Opportunity
    mine: str
    theirs: str
    labels: tuple[str, ...]
    sentences: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, member: Member, opportunity: Opportunity) -> "Said":
        language = opportunity_language(opportunity)
        held = [codes.label(code) for code in opportunity.codes]
        written = [
            (each, language)
            for text in (opportunity.title, opportunity.summary, opportunity.text)
            for each in sentences_of(text)
        ]
        read = [*written, *((each, language) for each in opportunity.keywords), *((each, ENGLISH) for each in held)]
        return cls(
            member,
            opportunity,
            member_language(member),
            language,
            tuple(filter(None, held)),
            tuple(frozenset(terms(text, spoken_in)) for text, spoken_in in read),
        )

    @property
    def my_texts(self) -> tuple[str, ...]:
        return (self.member.text, *self.member.keywords, *self.member.offers, *self.member.seeks)

    @property
    def their_texts(self) -> tuple[str, ...]:
        each = self.opportunity
        return (*each.keywords, each.title, each.summary, each.text)

    def as_written(self, roots: Iterable[str]) -> dict[str, str]:
        """Single words as they stand in the texts, in the plural if somebody wrote it; parts of words are left out."""
        wanted, spelled = set(roots), dict[str, str]()
        texts = [(text, self.theirs) for text in self.their_texts] + [(text, ENGLISH) for text in self.labels]
        for text, language in [*texts, *((text, self.mine) for text in self.my_texts)] if wanted else []:
            for word in _WHOLE_WORD.findall(text):
                root = root_of(word, language)
                if root in wanted and (root not in spelled or word.endswith("s") > spelled[root].endswith("s")):
                    spelled[root] = spoken(word, language)
        return {root: spelled[root] for root in roots if root in spelled}

    def liked(self, amounts: Mapping[str, int]) -> list[Topic]:
        """Topics among words that only answers brought: keywords, and lone words of the title."""
        held = frozenset(amounts)
        return [*_declared(self.opportunity.keywords, self.theirs, held, None), *_lone(self, held)]


def topics(said: Said, shared: frozenset[str]) -> list[Topic]:
    """All topics that both have in their texts and whose words carry a part of the score."""
    mine = [frozenset(terms(text, said.mine)) for whole in said.my_texts for text in sentences_of(whole)]
    mine += [frozenset(terms(codes.label(code), ENGLISH)) for code in said.member.codes]
    found = _declared(said.member.keywords, said.mine, shared, said.sentences)
    found += _declared(said.opportunity.keywords, said.theirs, shared, mine)
    found += _declared(said.labels, ENGLISH, shared, mine)
    pairs = neighbours(said.my_texts, said.mine)
    told = {each.stems for each in found}
    for words, run in shared_runs(said.their_texts, said.theirs, pairs):
        stems = frozenset(run)
        if stems <= shared and stems not in told and not all(map(is_vague, stems)):
            told.add(stems)
            found.append(Topic(words, stems, declared=False))
    return [*found, *_acronyms(said, shared), *_lone(said, shared)]


def _declared(
    keywords: Iterable[str], language: str, shared: frozenset[str], sentences: Iterable[frozenset[str]] | None
) -> list[Topic]:
    """Keywords of one side all of whose words stand in one sentence of the other."""
    found = []
    for keyword in keywords:
        stems = frozenset(terms(keyword, language))
        words = keyword.casefold().split()
        if not stems or len(words) > _SHORT or "and" in words or not stems <= shared:
            continue
        if all(map(is_generic, stems)) and (len(stems) == 1 or all(map(is_filler, stems))):
            continue
        if sentences is None or any(stems <= sentence for sentence in sentences):
            found.append(Topic(spoken(keyword, language), stems, declared=True))
    return found


def _acronyms(said: Said, shared: frozenset[str]) -> list[Topic]:
    both = acronyms(said.my_texts) & acronyms(said.their_texts)
    found = [(word, frozenset(terms(word, said.theirs))) for word in sorted(both)]
    return [Topic(word, stems, declared=True) for word, stems in found if stems and stems <= shared]


def _lone(said: Said, shared: frozenset[str]) -> list[Topic]:
    """Single words that name a topic: in the title or a keyword of theirs, and known as a trade or declared."""
    each = said.opportunity
    about = {root for text in (thing_of(each), *each.keywords) for root in terms(text, said.theirs)}
    declared = {root for text in (*each.keywords,) for root in terms(text, said.theirs)}
    declared |= {root for text in said.member.keywords for root in terms(text, said.mine)}
    telling = [root for root in shared & about if not is_generic(root) and (root in declared or is_trade(root))]
    words = said.as_written(sorted(telling))
    return [Topic(word, frozenset([root]), declared=root in declared, alone=True) for root, word in words.items()]

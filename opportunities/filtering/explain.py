"""Why a pair fits: the exact parts of its score, told as at most three sentences.

The score is a sum of whole numbers, one for each shared word or code and one for the latent part, so the parts are not
an approximation: they add up to the score bit for bit.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from core.codelists import countries
from opportunities.filtering import codes
from opportunities.filtering.model import ScoreModel
from opportunities.filtering.practical import practical_reasons
from opportunities.filtering.profile import member_fields, member_language, opportunity_fields, opportunity_language
from opportunities.filtering.query import LATENT_SHIFT
from opportunities.filtering.text import surface_forms, terms
from opportunities.filtering.types import Code, Member, Opportunity, Reason
from opportunities.filtering.vectors import (
    CODE_BIT,
    THEY_OFFER,
    THEY_WANT,
    OpportunityVector,
    SideQuery,
    code_feature,
    side_of,
    word_feature,
)

MOST_REASONS = 3
_MOST_WORDS = 3
_LONGEST_PHRASE = 12  # words
_FAR_BELOW = 3
# Above this share of the score the latent part is named as the reason.
_MOSTLY_LATENT = 0.6
# A word, line or code is worth a sentence when it carries this share of the score.
_WORTH_A_SENTENCE = 0.05

# A partnering request's title says who it is and then what it is about: "Finnish works seeks membrane modules".
_OBJECT = re.compile(
    r"\b(?:seek(?:s|ing)?|look(?:s|ing)? for|wants?|needs?|requests?|offer(?:s|ing)?)\s+(?P<object>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parts:
    """The score before soft factors: by word feature, by code feature, and latent; in units of 1/SCALE."""

    words: Mapping[int, int]
    codes: Mapping[int, int]
    latent: int

    @property
    def total(self) -> int:
        """What the kernel gives for the pair."""
        return max(0, sum(self.words.values()) + sum(self.codes.values()) + self.latent)


def parts(query: SideQuery, vector: OpportunityVector) -> Parts:
    """The exact decomposition of a pair's raw score."""
    shared, mine, theirs = np.intersect1d(query.features, vector.features, assume_unique=True, return_indices=True)
    amounts = (query.weights[mine] * vector.impacts[theirs].astype(np.int64)).tolist()
    coded = ((shared & CODE_BIT) != 0).tolist()
    product = max(0, int(query.latent.astype(np.int64) @ vector.latent.astype(np.int64)))
    rows = list(zip(shared.tolist(), amounts, coded, strict=True))
    return Parts(
        {feature: amount for feature, amount, is_code in rows if not is_code},
        {feature: amount for feature, amount, is_code in rows if is_code},
        product * query.latent_weight >> LATENT_SHIFT,
    )


def explain(
    model: ScoreModel,
    member: Member,
    opportunity: Opportunity,
    *,
    today: date | None,
    query: SideQuery | None = None,
    vector: OpportunityVector | None = None,
    feedback_vectors: Mapping[int, OpportunityVector] | None = None,
) -> tuple[Reason, ...]:
    """At most three reasons, the weightiest first; `query` and `vector` are built when not given."""
    query = query or model.member_query(member, feedback_vectors=feedback_vectors).sides[side_of(opportunity)]
    vector = vector or model.opportunity_vector(opportunity)
    content = _Told(model, member, opportunity, parts(query, vector)).reasons()
    practical = practical_reasons(member, opportunity, today)
    room = max(2, MOST_REASONS - len(practical))
    return tuple([*content[:room], *practical][:MOST_REASONS])


@cache
def _names() -> frozenset[str]:
    """Stems of countries' names: where an opportunity is from is said by a sentence of its own."""
    return frozenset(stem for name in countries().values() for stem in terms(name, "en"))


class _Told:
    """One pair on its way to sentences."""

    def __init__(self, model: ScoreModel, member: Member, opportunity: Opportunity, pair: Parts) -> None:
        self._member, self._opportunity, self._pair = member, opportunity, pair
        self._side = side_of(opportunity)
        self._language = member_language(member), opportunity_language(opportunity)
        fields = list(opportunity_fields(opportunity, model.weights))
        mine = list(member_fields(member, self._side, model.weights))
        self._surface = surface_forms([(text, language) for text, language, _ in [*fields, *mine]])
        amounts = {stem: pair.words.get(word_feature(stem), 0) for stem in self._surface}
        self._words = {stem: amount for stem, amount in amounts.items() if amount > 0 and stem not in _names()}
        self._own_words = {stem for text, language, _ in mine for stem in terms(text, language)}
        self._weights = model.weights
        self._enough = max(1, int(pair.total * _WORTH_A_SENTENCE))

    def reasons(self) -> list[Reason]:
        """The member's own line first, as it says most; then what carries most; likeness when nothing else does."""
        line = self._line_reason()
        used = line[1] if line else frozenset[str]()
        others = sorted([*self._word_reasons(used), *self._code_reasons()], key=lambda each: -each[0])
        concrete = [*([line[0]] if line else []), *(reason for _, reason in others)]
        return concrete or self._latent_reason()

    def _word_reasons(self, used: frozenset[str]) -> Iterator[tuple[int, Reason]]:
        own = {stem: amount for stem, amount in self._words.items() if stem not in used and stem in self._own_words}
        liked = {stem: amount for stem, amount in self._words.items() if stem not in self._own_words}
        for code, words in (("shared_words", own), ("liked_before", liked)):
            if sum(words.values()) >= self._enough:
                yield sum(words.values()), Reason(code, {"words": self._listed(words)})

    def _listed(self, words: Mapping[str, int]) -> str:
        """The weightiest words as one phrase; a word far below the first says little."""
        best = sorted(words, key=lambda stem: (-words[stem], stem))[:_MOST_WORDS]
        named = [self._surface[stem] for stem in best if words[stem] * _FAR_BELOW >= words[best[0]]]
        return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)

    def _line_reason(self) -> tuple[Reason, frozenset[str]] | None:
        """The member's own line that carries most, beside the phrase of the opportunity that answers it."""
        offers = [("offer", line) for line in self._member.offers] if self._side != THEY_OFFER else []
        seeks = [("need", line) for line in self._member.seeks] if self._side != THEY_WANT else []
        lines = [(*self._carried(line, self._language[0]), kind, line) for kind, line in [*offers, *seeks]]
        amount, stems, kind, line = max(lines, key=lambda each: each[0], default=(0, frozenset(), "", ""))
        if amount < self._enough:
            return None
        theirs = self._their_phrase(stems)
        code = {THEY_WANT: "offer_meets_want", THEY_OFFER: "need_meets_offer"}.get(self._side)
        if not theirs or code is None:
            code = f"{kind}_meets_topic"
            theirs = theirs or self._listed({stem: self._words[stem] for stem in stems})
        return Reason(code, {"theirs": theirs, "yours": _phrase(line)}), stems

    def _carried(self, phrase: str, language: str) -> tuple[int, frozenset[str]]:
        shared = frozenset(terms(phrase, language)) & self._words.keys()
        return sum(self._words[stem] for stem in shared), shared

    def _their_phrase(self, stems: frozenset[str]) -> str:
        """What they look for or offer, by their own title or keywords, if it holds one of these stems."""
        wanted = _OBJECT.search(self._opportunity.title)
        title = wanted["object"] if wanted else _phrase(self._opportunity.title)
        for phrase in (title, *map(_phrase, self._opportunity.keywords)):
            if len(phrase.split()) <= _LONGEST_PHRASE and stems.intersection(terms(phrase, self._language[1])):
                return phrase.rstrip(".")
        return ""

    def _code_reasons(self) -> Iterator[tuple[int, Reason]]:
        """The most telling shared code of each scheme."""
        best: dict[str, tuple[int, str]] = {}
        for name in codes.features(self._opportunity.codes, self._weights):
            amount = self._pair.codes.get(code_feature(name), 0)
            scheme = name.partition(":")[0]
            if amount > best.get(scheme, (0, ""))[0]:
                best[scheme] = amount, name
        for scheme, (amount, name) in best.items():
            whole = sum(
                self._pair.codes.get(code_feature(each), 0)
                for each in codes.features(self._opportunity.codes, self._weights)
                if each.startswith(f"{scheme}:")
            )
            if amount and whole >= self._enough:
                yield whole, self._code_reason(name)

    def _code_reason(self, name: str) -> Reason:
        scheme, _, code = name.partition(":")
        if codes.is_identifier(name):
            return Reason("shared_identifier", {"code": code.upper()})
        spelled = codes.spelled(name, self._opportunity.codes)
        if label := codes.label(Code(scheme, spelled)):
            return Reason("shared_code", {"scheme": scheme, "code": spelled, "label": _phrase(label)})
        return Reason("shared_plain_code", {"scheme": scheme, "code": spelled})

    def _latent_reason(self) -> list[Reason]:
        mostly = self._pair.latent > _MOSTLY_LATENT * self._pair.total
        return [Reason("similar_topic_few_words" if self._words else "similar_topic")] if mostly else []


def _phrase(text: str) -> str:
    """A line as part of a sentence: no full stop at its end, no capital unless the word needs it."""
    text = " ".join(text.split()).rstrip(".;, ")
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {rest}".strip() if first[1:].islower() else text

"""Why a pair fits: the exact parts of its score, told as at most three sentences.

The score is a sum of whole numbers, one for each shared word or code and one for the latent part, so the parts are not
an approximation: they add up to the score bit for bit.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np

from opportunities.filtering import codes
from opportunities.filtering.model import ScoreModel
from opportunities.filtering.phrases import objects_of, parts_of_title, shortened, spoken
from opportunities.filtering.practical import practical_reasons
from opportunities.filtering.profile import member_fields, member_language, opportunity_fields, opportunity_language
from opportunities.filtering.query import LATENT_SHIFT, member_query
from opportunities.filtering.text import ENGLISH, terms, weighted_terms
from opportunities.filtering.topics import Said, Topic, topics
from opportunities.filtering.types import Code, Member, Opportunity, Reason
from opportunities.filtering.vectors import (
    IMPACT_UNIT,
    NEUTRAL,
    THEY_OFFER,
    THEY_WANT,
    OpportunityVector,
    SideQuery,
    code_feature,
    is_code,
    located,
    side_of,
    word_feature,
)
from opportunities.filtering.vocabulary import families, is_generic

MOST_REASONS = 3
_MOST_WORDS = 3
# What carries this share of the score is worth a sentence; a line of the profile needs more.
_WORTH_A_SENTENCE = 0.05
_WORTH_A_LINE = 0.1
_HARDLY = 4  # a topic below this part of what is shared is not worth a mention beside others

Told = tuple[int, Reason]  # the part of the score behind a reason, and the reason


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
    found, places = located(query.features, vector.features)
    shared = query.features[found]
    amounts = query.weights[found] * vector.impacts[places].astype(np.int64)
    coded = is_code(shared)
    product = max(0, int(query.latent.astype(np.int64) @ vector.latent.astype(np.int64)))
    return Parts(
        dict(zip(shared[~coded].tolist(), amounts[~coded].tolist(), strict=True)),
        dict(zip(shared[coded].tolist(), amounts[coded].tolist(), strict=True)),
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
    """At most three reasons, the topic first; none when nothing is shared. Give `query` and `vector` to save time."""
    query = query or member_query(model, member, feedback_vectors=feedback_vectors).sides[side_of(opportunity)]
    vector = vector or model.opportunity_vector(opportunity)
    topical = _Pair(model, member, opportunity, parts(query, vector)).reasons()
    if not topical:
        return ()
    practical = practical_reasons(member, opportunity, today)[: MOST_REASONS - 1]
    return (*topical[: MOST_REASONS - len(practical)], *practical)


@dataclass(frozen=True, slots=True)
class _Line:
    """An offer or a need of the member: what of it the opportunity shares."""

    kind: str
    text: str
    stems: frozenset[str]
    amount: int


class _Pair:
    """One pair on its way to sentences."""

    def __init__(self, model: ScoreModel, member: Member, opportunity: Opportunity, pair: Parts) -> None:
        self._member, self._opportunity, self._pair = member, opportunity, pair
        self._model = model
        self._side = side_of(opportunity)
        self._enough = max(1, int(pair.total * _WORTH_A_SENTENCE))
        self._worth_a_line = pair.total * _WORTH_A_LINE
        self._mine, self._theirs = member_language(member), opportunity_language(opportunity)
        self._counts = weighted_terms(opportunity_fields(opportunity, model.weights))
        amounts = {root: pair.words.get(word_feature(root), 0) for root in self._counts}
        self._shared = {root: amount for root, amount in amounts.items() if amount > 0}  # stem -> part of the score
        self._said = Said.of(member, opportunity)
        self._topics = topics(self._said, frozenset(self._shared))

    def reasons(self) -> list[Reason]:
        """What one offers and the other wants, then by the part of the score; likeness only when nothing else is."""
        line = self._best_line()
        told = list(self._code_reasons())
        used = {*(line.stems if line else ())}
        for _, reason in told:
            used.update(terms(str(reason.values.get("label", "")), ENGLISH))
        told += self._topic_reasons(used)
        told.sort(key=lambda each: -each[0])
        concrete = [*([self._line_reason(line)] if line else []), *(reason for _, reason in told)]
        return concrete or self._likeness()

    def _likeness(self) -> list[Reason]:
        """What is left to say when no word, line or code carries enough by itself: never more than is true.

        The latent part reads all words of both, so what it found alike may be named by a topic that both wrote.
        """
        if self._pair.latent >= self._enough:
            common = self._own() & self._counts.keys()
            rarity = self._rarity(common)
            told = self._weightiest(topics(self._said, common), rarity)
            if told:
                return [Reason("similar_topic_named", {"words": tuple(each.words for each in told)})]
            return [Reason("similar_topic_few_words" if self._shared else "similar_topic")]
        heaviest = sorted(self._shared, key=lambda root: (-self._shared[root], root))[:_MOST_WORDS]
        words = self._said.as_written(heaviest)
        return [Reason("single_words", {"words": tuple(words.values())})] if words else []

    def _rarity(self, roots: Set[str]) -> dict[str, int]:
        names = sorted(roots)
        features = np.array([word_feature(root) for root in names], np.uint64)
        order = np.argsort(features)
        values = np.empty(len(names))
        values[order] = self._model.idf(features[order])
        return dict(zip(names, np.rint(values * IMPACT_UNIT).astype(int).tolist(), strict=True))

    def _own(self) -> frozenset[str]:
        fields = member_fields(self._member, self._side, self._model.weights)
        return frozenset(root for text, language, _ in fields for root in terms(text, language))

    def _topic_reasons(self, used: set[str]) -> Iterator[Told]:
        """Topics that the profile has, and topics that only liked opportunities brought into the query."""
        own = self._own()
        left = {root: amount for root, amount in self._shared.items() if root not in used}
        for code, mine in (("shared_words", True), ("liked_before", False)):
            amounts = {root: amount for root, amount in left.items() if (root in own) is mine}
            told = self._weightiest(
                [each for each in self._topics if each.stems <= own] if mine else self._said.liked(amounts), amounts
            )
            weight = sum(amounts.get(root, 0) for each in told for root in each.stems)
            if weight >= self._enough:
                yield weight, Reason(code, {"words": tuple(each.words for each in told)})

    def _weightiest(self, found: Sequence[Topic], amounts: Mapping[str, int]) -> list[Topic]:
        """Up to three topics, the weightiest first; no word is told twice, nor another form of it."""
        family = families(amounts)
        left, told = dict(amounts), list[Topic]()
        total = 0
        while len(told) < _MOST_WORDS:
            worth = [(sum(left.get(root, 0) for root in each.stems), len(each.stems), each) for each in found]
            amount, _, best = max(worth, key=lambda each: (*each[:2], each[2].words), default=(0, 0, None))
            if best is None or not amount or amount * _HARDLY < total:
                break
            told.append(best)
            total += amount
            gone = {family.get(root, root) for root in best.stems}
            left = {root: value for root, value in left.items() if family[root] not in gone}
        return told

    def _best_line(self) -> _Line | None:
        """The member's own line that carries most, if it is met by more than a word."""
        offers = [("offer", line) for line in self._member.offers] if self._side != THEY_OFFER else []
        needs = [("need", line) for line in self._member.seeks] if self._side != THEY_WANT else []
        lines = [self._line(kind, text) for kind, text in [*offers, *needs]]
        met = [line for line in lines if line.amount > self._worth_a_line and self._is_met(line)]
        return max(met, key=lambda line: line.amount, default=None)

    def _line(self, kind: str, text: str) -> _Line:
        shared = frozenset(terms(text, self._mine)) & self._shared.keys()
        return _Line(kind, text, shared, sum(self._shared[root] for root in shared))

    def _is_met(self, line: _Line) -> bool:
        """Two words of substance in one sentence of theirs, or one topic that somebody has declared."""
        if any(each.declared and each.stems <= line.stems for each in self._topics):
            return True
        return any(
            len(set(families(line.stems & sentence).values())) > 1 and not all(map(is_generic, line.stems & sentence))
            for sentence in self._said.sentences
        )

    def _line_reason(self, line: _Line) -> Reason:
        yours = spoken(line.text, self._mine)
        code = {THEY_WANT: "offer_meets_want", THEY_OFFER: "need_meets_offer"}.get(
            self._side, f"{line.kind}_meets_topic"
        )
        if theirs := self._their_side(line):
            return Reason(code, {"theirs": theirs, "yours": yours})
        return Reason(f"{code}_untold", {"yours": yours})

    def _their_side(self, line: _Line) -> str:
        """What they want, offer or speak of, as they put it: only where they put it as a thing."""
        telling = {root for root in line.stems if not is_generic(root)} or line.stems
        wordings = objects_of(self._opportunity, self._theirs)
        if self._opportunity.kind == "tender":
            parts = parts_of_title(self._opportunity.title)
            wordings += [spoken(shortened(part), self._theirs) for part in parts]
        held = [(self._weight(wording, telling), -place) for place, wording in enumerate(wordings)]
        weight, place = max(held, default=(0, 0))
        if weight:
            return wordings[-place]
        if self._side == NEUTRAL:
            told = self._weightiest(
                [each for each in self._topics if each.stems <= line.stems and not each.alone], self._shared
            )
            return told[0].words if told else ""
        return ""

    def _weight(self, wording: str, telling: Set[str]) -> int:
        return sum(self._shared[root] for root in telling & {*terms(wording, self._theirs)})

    def _code_reasons(self) -> Iterator[Told]:
        """The most telling shared code of each scheme, with the part of all shared codes of that scheme."""
        amounts = {
            name: self._pair.codes.get(code_feature(name), 0)
            for name in codes.features(self._opportunity.codes, self._model.weights)
        }
        for scheme in dict.fromkeys(name.partition(":")[0] for name in amounts):
            held = {name: amount for name, amount in amounts.items() if name.startswith(f"{scheme}:") and amount > 0}
            if sum(held.values()) >= self._enough:
                yield sum(held.values()), self._code_reason(max(held, key=lambda name: (held[name], len(name), name)))

    def _code_reason(self, name: str) -> Reason:
        scheme, _, code = name.partition(":")
        if codes.is_identifier(name):
            return Reason("shared_identifier", {"code": code.upper()})
        spelled = codes.spelled(name, self._opportunity.codes)
        if label := codes.label(Code(scheme, spelled)):
            return Reason("shared_code", {"scheme": scheme, "code": spelled, "label": spoken(label, ENGLISH)})
        return Reason("shared_plain_code", {"scheme": scheme, "code": spelled})

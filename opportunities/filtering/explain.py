"""Why a pair fits: the exact parts of its score, told as at most three sentences.

The score is a sum of whole numbers, one for each shared word or code and one for the latent part, so the parts are not
an approximation: they add up to the score bit for bit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from opportunities.filtering import codes
from opportunities.filtering.model import ScoreModel
from opportunities.filtering.phrases import best_window, object_of, shared_runs, spoken
from opportunities.filtering.practical import practical_reasons
from opportunities.filtering.profile import member_fields, member_language, opportunity_fields, opportunity_language
from opportunities.filtering.query import LATENT_SHIFT
from opportunities.filtering.text import ENGLISH, terms, weighted_terms
from opportunities.filtering.types import Code, Member, Opportunity, Reason
from opportunities.filtering.vectors import (
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

MOST_REASONS = 3
_MOST_WORDS = 3
# Above this share of the score the latent part is named as the reason.
_MOSTLY_LATENT = 0.6
# What carries this share of the score is worth a sentence; a line of the profile and a lone word need more.
_WORTH_A_SENTENCE = 0.05
_WORTH_A_LINE = 0.1
_MET = 1 / 3  # of the words of a line

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
    query = query or model.member_query(member, feedback_vectors=feedback_vectors).sides[side_of(opportunity)]
    vector = vector or model.opportunity_vector(opportunity)
    topical = _Pair(model, member, opportunity, parts(query, vector)).reasons()
    if not topical:
        return ()
    practical = practical_reasons(member, opportunity, today)[: MOST_REASONS - 1]
    return (*topical[: MOST_REASONS - len(practical)], *practical)


@dataclass(frozen=True, slots=True)
class _Line:
    """An offer or a need of the member: what of it the opportunity shares, and whether that is a good part of it."""

    kind: str
    text: str
    stems: frozenset[str]
    amount: int
    met: bool


class _Pair:
    """One pair on its way to sentences."""

    def __init__(self, model: ScoreModel, member: Member, opportunity: Opportunity, pair: Parts) -> None:
        self._member, self._opportunity, self._pair = member, opportunity, pair
        self._weights = model.weights
        self._side = side_of(opportunity)
        self._enough = max(1, int(pair.total * _WORTH_A_SENTENCE))
        self._worth_a_line = pair.total * _WORTH_A_LINE
        self._mine, self._theirs = member_language(member), opportunity_language(opportunity)
        self._counts = weighted_terms(opportunity_fields(opportunity, model.weights))
        amounts = {root: pair.words.get(word_feature(root), 0) for root in self._counts}
        self._shared = {root: amount for root, amount in amounts.items() if amount > 0}  # stem -> part of the score
        # What it is about stands in its title, among its keywords or more than once in its text.
        self._about = {root for root in self._shared if self._counts[root] >= model.weights.title}

    def reasons(self) -> list[Reason]:
        """What one offers and the other wants, then by the part of the score; likeness only when nothing else is."""
        line = self._best_line()
        used = line.stems if line else frozenset[str]()
        coded = list(self._code_reasons())
        told = [*self._shared_reasons(used, of_note=True, labels=not coded), *coded]
        told.sort(key=lambda each: -each[0])
        concrete = [*([self._line_reason(line)] if line else []), *(reason for _, reason in told)]
        return (
            concrete
            or self._likeness()
            or [reason for _, reason in self._shared_reasons(used, of_note=False, labels=True)]
        )

    def _likeness(self) -> list[Reason]:
        if self._pair.latent <= _MOSTLY_LATENT * self._pair.total:
            return []
        return [Reason("similar_topic_few_words" if self._shared else "similar_topic")]

    def _shared_reasons(self, used: frozenset[str], *, of_note: bool, labels: bool) -> Iterator[Told]:
        """Words that the profile has, and words that only liked opportunities brought into the query."""
        fields = member_fields(self._member, self._side, self._weights)
        own = {root for text, language, _ in fields for root in terms(text, language)}
        left = {root: amount for root, amount in self._shared.items() if root not in used}
        mine = {root: amount for root, amount in left.items() if root in own}
        liked = {root: amount for root, amount in left.items() if root not in own}
        for code, amounts in (("shared_words", mine), ("liked_before", liked)):
            if sum(amounts.values()) >= self._enough and (
                words := self._wordings(amounts, of_note=of_note, labels=labels)
            ):
                yield sum(amounts.values()), Reason(code, {"words": tuple(words)})

    def _wordings(self, amounts: Mapping[str, int], *, of_note: bool, labels: bool) -> list[str]:
        """How the opportunity words what is shared; `of_note` leaves out what two texts share by chance."""

        def says_something(stems: frozenset[str]) -> bool:
            if not of_note or stems.isdisjoint(self._about):
                return not of_note
            return len(stems) > 1 or self._telling_alone(*stems)

        told = shared_runs(self._their_texts(), self._theirs, amounts, _MOST_WORDS, says_something)
        return told or (shared_runs(self._their_labels(), ENGLISH, amounts, _MOST_WORDS) if labels else [])

    def _telling_alone(self, root: str) -> bool:
        """Whether a word says something by itself: it carries much, or enough and the title is not all that has it."""
        amount = self._shared[root]
        return amount > self._worth_a_line or (amount >= self._enough and self._counts[root] > self._weights.title)

    def _best_line(self) -> _Line | None:
        """The member's own line that carries most, if a good part of it is met."""
        offers = [("offer", line) for line in self._member.offers] if self._side != THEY_OFFER else []
        needs = [("need", line) for line in self._member.seeks] if self._side != THEY_WANT else []
        lines = [self._line(kind, text) for kind, text in [*offers, *needs]]
        met = [line for line in lines if line.met and line.amount > self._worth_a_line]
        return max(met, key=lambda line: line.amount, default=None)

    def _line(self, kind: str, text: str) -> _Line:
        asked = frozenset(terms(text, self._mine))
        shared = asked & self._shared.keys()
        met = len(shared) >= _MET * len(asked)
        return _Line(kind, text, shared, sum(self._shared[root] for root in shared), met)

    def _line_reason(self, line: _Line) -> Reason:
        amounts = {root: self._shared[root] for root in line.stems}
        theirs = (
            object_of(self._opportunity.title, self._theirs, amounts)
            or best_window(self._their_texts(), self._theirs, amounts)
            or best_window(self._their_labels(), ENGLISH, amounts)
        )
        code = {THEY_WANT: "offer_meets_want", THEY_OFFER: "need_meets_offer"}.get(
            self._side, f"{line.kind}_meets_topic"
        )
        return Reason(code, {"theirs": theirs, "yours": spoken(line.text, self._mine)})

    def _their_texts(self) -> list[str]:
        each = self._opportunity
        return [*each.keywords, each.title, each.summary, each.text]

    def _their_labels(self) -> list[str]:
        return [codes.label(code) for code in self._opportunity.codes]

    def _code_reasons(self) -> Iterator[Told]:
        """The most telling shared code of each scheme, with the part of all shared codes of that scheme."""
        amounts = {
            name: self._pair.codes.get(code_feature(name), 0)
            for name in codes.features(self._opportunity.codes, self._weights)
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

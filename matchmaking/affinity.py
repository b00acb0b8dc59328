"""How well participants fit: what one offers against what the other looks for, through the filter's own engine.

To the engine each participant is two members, one that looks for something and one that supplies, and two
opportunities, one that offers and one that wants. What is learned from the round's own texts holds for all its pairs,
so a round is always worked out as a whole: the same profiles give the same rows, whoever asks and however often.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from celery import current_app
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from core.locks import only_one, wait_for
from matchmaking.models import Affinity, ForbiddenPair, Participant, Round
from matchmaking.permissions import may_meet
from opportunities import filtering, gather
from opportunities.filtering.profile import opportunity_language
from opportunities.filtering.rank import score_pairs
from opportunities.filtering.vectors import side_of

# Below this share of what the engine can give, two have words in common and no business.
FLOOR = 0.2
# So many partners a participant, at least where there are as many: rows grow with the participants, not with the pairs.
BEST = 20
MOST_REASONS = 3
# A few profiles that change together are worked out together.
WAIT_SECONDS = 5
# What is said first, and what may stand at most once.
_FIRST = ("need_meets_offer", "offer_meets_want")
# What is said where nothing concrete is: one of them is enough, the most telling first.
_ONLY_ALONE = ("similar_topic_named", "single_words", "similar_topic_few_words", "similar_topic")

Scores = NDArray[np.float64]
Kept = list[list[object]]


def ask_for(round_: Round) -> None:
    """Notes that a profile has changed; a worker works the affinities out in a moment."""
    Round.objects.filter(pk=round_.pk).update(affinity_asked_at=timezone.now())
    send = current_app.send_task
    transaction.on_commit(lambda: send("matchmaking.affinity", [round_.pk], countdown=WAIT_SECONDS), robust=True)


def refresh(round_id: int) -> None:
    """Works a round out if a profile has changed since. Two workers do it once."""
    with only_one(f"matchmaking.affinity:{round_id}") as is_ours:
        due = Round.objects.affinity_due().filter(pk=round_id).first() if is_ours else None
        if due is not None:
            compute(due)
            Round.objects.filter(pk=round_id).update(affinity_at=due.affinity_asked_at)


def refresh_due() -> None:
    """Works out what a lost message, or a change during the work, left behind."""
    for round_id in Round.objects.affinity_due().values_list("pk", flat=True):
        refresh(round_id)


def compute(round_: Round) -> int:
    """Writes the affinities of all who take part anew and returns how many pairs fit."""
    rows = list(Participant.objects.confirmed().filter(round=round_).order_by("pk"))
    for row in rows:
        row.round = round_
    pairs = ForbiddenPair.objects.filter(a__round=round_).values_list("a_id", "b_id")
    told = list(_affinities([_Side(number, row) for number, row in enumerate(rows)], set(pairs)))
    with transaction.atomic():
        wait_for(f"matchmaking.affinity.rows:{round_.pk}")
        Affinity.objects.filter(a__round=round_).delete()
        Affinity.objects.bulk_create(told, batch_size=500)
    return len(told)


@dataclass(frozen=True)
class _Side:
    """A participant as the engine sees it, under its number in the round."""

    number: int
    row: Participant

    @cached_property
    def seeker(self) -> filtering.Member:
        """The participant as it reads what others offer. What it offers itself is no part of it: two who offer the same
        are alike, and no match."""
        return filtering.Member(id=2 * self.number, country=self.row.country, seeks=tuple(self.row.seek_lines))

    @cached_property
    def supplier(self) -> filtering.Member:
        """The participant as it reads what others look for."""
        row = self.row
        return filtering.Member(
            id=2 * self.number + 1,
            country=row.country,
            text=row.summary,
            offers=tuple(row.offer_lines),
            codes=_codes(row),
            languages=tuple(row.languages),
        )

    @cached_property
    def offer(self) -> filtering.Opportunity | None:
        """What the participant offers, to those who look for it."""
        row = self.row
        if not row.offer_lines:
            return None
        text = "\n".join([*row.offer_lines, row.summary])
        return filtering.Opportunity(
            id=2 * self.number + 1, kind="partnering", partnering_type="BO", text=text, codes=_codes(row)
        )

    @cached_property
    def want(self) -> filtering.Opportunity | None:
        """What the participant looks for, to those who offer it."""
        if not self.row.seek_lines:
            return None
        text = "\n".join(self.row.seek_lines)
        return filtering.Opportunity(id=2 * self.number + 2, kind="partnering", partnering_type="BR", text=text)

    @property
    def opportunities(self) -> list[filtering.Opportunity]:
        return [each for each in (self.offer, self.want) if each]


def _codes(row: Participant) -> tuple[filtering.Code, ...]:
    return tuple(filtering.Code("nace", code) for code in row.nace_codes)


def _affinities(sides: Sequence[_Side], apart: set[tuple[int, int]]) -> Iterator[Affinity]:
    sides = [side for side in sides if side.opportunities]
    if len(sides) < 2:
        return
    texts = _Texts(sides)
    scores = _symmetric(texts)
    for at, other in _best(sides, scores, apart):
        a, b = sides[at], sides[other]
        score = round(float(scores[at, other]), 4)
        yield Affinity(a=a.row, b=b.row, score=score, reasons_a=texts.reasons(a, b), reasons_b=texts.reasons(b, a))


class _Texts:
    """The round's texts under one model: queries, vectors, and why one of two may interest the other."""

    def __init__(self, sides: Sequence[_Side]) -> None:
        self.sides = sides
        self.opportunities = [each for side in sides for each in side.opportunities]
        members = [each for side in sides for each in (side.seeker, side.supplier)]
        self.model = filtering.fit(self.opportunities, members)
        self.vectors = {each.id: self.model.opportunity_vector(each) for each in self.opportunities}
        self.queries = {each.id: filtering.member_query(self.model, each) for each in members}
        self._shown = {each.id: self._without_summary(side, each) for side in sides for each in side.opportunities}

    def _without_summary(self, side: _Side, one: filtering.Opportunity) -> filtering.Opportunity:
        """What may be quoted: the summary often says who it is, and is shown to few."""
        lines, verb = (side.row.offer_lines, "offers") if one is side.offer else (side.row.seek_lines, "seeks")
        # A line is a thing that is offered or sought: told so, it can stand in a sentence as it was written.
        told = "\n".join(f"{verb} {line}" for line in lines)
        return replace(one, text=told, keywords=tuple(lines), language=opportunity_language(one))

    def reasons(self, reader: _Side, other: _Side) -> Kept:
        """Why `other` may interest `reader`, best first, as codes and values free of language."""
        told = [*self._explained(reader.seeker, other.offer), *self._explained(reader.supplier, other.want)]
        told.sort(key=lambda reason: reason.code not in _FIRST)
        once = {reason.code: reason for reason in reversed(told)}
        kept = [reason for reason in told if once[reason.code] is reason]
        concrete = [reason for reason in kept if reason.code not in _ONLY_ALONE]
        alike = sorted(
            (reason for reason in kept if reason.code in _ONLY_ALONE), key=lambda r: _ONLY_ALONE.index(r.code)
        )
        return [[reason.code, dict(reason.values)] for reason in (concrete or alike[:1])[:MOST_REASONS]]

    def _explained(self, reader: filtering.Member, one: filtering.Opportunity | None) -> Sequence[filtering.Reason]:
        if one is None or not (reader.seeks or reader.offers):
            return ()
        query = self.queries[reader.id].sides[side_of(one)]
        return filtering.explain(
            self.model, reader, self._shown[one.id], today=None, query=query, vector=self.vectors[one.id]
        )


def _symmetric(texts: _Texts) -> Scores:
    """For each pair 0 to 1: how well either meets what the other looks for, both taken together."""
    index = filtering.Index.build(texts.model, texts.vectors, texts.opportunities)
    sought = _read(texts, index, [side.seeker for side in texts.sides], [side.offer for side in texts.sides])
    supplied = _read(texts, index, [side.supplier for side in texts.sides], [side.want for side in texts.sides])
    # That j offers what i looks for is read twice: by i, and by j.
    met = np.clip((sought + supplied.T) / 2, 0, 1)
    both: Scores = 1 - (1 - met) * (1 - met.T)
    return both


def _read(
    texts: _Texts,
    index: filtering.Index,
    readers: Sequence[filtering.Member],
    each: Sequence[filtering.Opportunity | None],
) -> Scores:
    """What each reader finds in each of the others: 1 is all it asks for, 0 where there is nothing to compare."""
    raw = score_pairs(index, [texts.queries[reader.id] for reader in readers]) / filtering.SCALE
    raw[[not (reader.seeks or reader.offers) for reader in readers]] = 0
    places = {int(pk): place for place, pk in enumerate(index.ids)}
    found = np.zeros((len(readers), len(each)))
    for at, one in enumerate(each):
        if one is not None:
            found[:, at] = raw[:, places[one.id]]
    return found


def _best(sides: Sequence[_Side], scores: Scores, apart: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs that are kept: those among the best of either of the two."""
    kept: set[tuple[int, int]] = set()
    for at, side in enumerate(sides):
        fits = [other for other in np.argsort(-scores[at], kind="stable").tolist() if scores[at, other] >= FLOOR]
        allowed = (other for other in fits if _may(side, sides[other], apart))
        kept |= {(min(at, other), max(at, other)) for other, _ in zip(allowed, range(BEST), strict=False)}
    return sorted(kept)


def _may(one: _Side, other: _Side, apart: set[tuple[int, int]]) -> bool:
    pair = (min(one.row.pk, other.row.pk), max(one.row.pk, other.row.pk))
    return pair not in apart and may_meet(one.row, other.row)


def sentences(affinity: Affinity, participant: Participant, *, about: str = "") -> list[str]:
    """Why the other of the two may interest this one: told to it, or `about` the one named to somebody else."""
    return gather.sentences(affinity.reasons_a if affinity.a_id == participant.pk else affinity.reasons_b, about=about)

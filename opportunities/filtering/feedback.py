"""What a member's answers say: which opportunities were liked or disliked, and how far the query moves (Rocchio).

J. J. Rocchio, "Relevance feedback in information retrieval", 1971: the query moves towards the mean of what was liked
and a little away from what was disliked. An answer that names another reason than the topic says nothing about it.
"""

from collections.abc import Iterable, Sequence

from opportunities.filtering.types import Feedback

# An action that costs the member something says more than a look.
_LIKED = {"opened": 0.25, "saved": 1.0, "interested": 2.0, "handed_over": 2.0}
_DISLIKED = {"not_for_us": 1.0}
_OFF_TOPIC = frozenset({"", "topic"})

# Answers after which an opportunity has left the member's list for good.
FINAL_KINDS = frozenset({"interested", "not_for_us", "handed_over", "held"})


def liked(answers: Iterable[Feedback]) -> dict[int, float]:
    """Opportunity id -> strength, the strongest answer counting once."""
    return _strongest(answers, _LIKED)


def disliked(answers: Iterable[Feedback]) -> dict[int, float]:
    """Opportunity id -> strength, for "not for us" because of the topic or without a reason."""
    return _strongest([answer for answer in answers if answer.reason in _OFF_TOPIC], _DISLIKED)


def answered(answers: Sequence[Feedback]) -> frozenset[int]:
    """The opportunities that have left the member's list."""
    return frozenset(answer.opportunity_id for answer in answers if answer.kind in FINAL_KINDS)


def _strongest(answers: Iterable[Feedback], strengths: dict[str, float]) -> dict[int, float]:
    found: dict[int, float] = {}
    for answer in answers:
        if answer.kind in strengths:
            found[answer.opportunity_id] = max(strengths[answer.kind], found.get(answer.opportunity_id, 0.0))
    return dict(sorted(found.items()))

"""What a member's own page of outcomes shows, each in a constant number of queries."""

from evaluations.actions.outcomes import can_be_changed
from evaluations.models import FollowUp, Outcome
from evaluations.models.outcomes import FOLLOWED
from evaluations.reading.outcomes import OF
from members.models import Organisation, User
from members.permissions import can_answer_for


def told(follow_up: FollowUp) -> Outcome | None:
    """What is on record as the answer to a question."""
    of = {"source": follow_up.source, "source_key": follow_up.source_key, "months": follow_up.months}
    return Outcome.objects.filter(**of).first()


def as_form(outcome: Outcome) -> dict[str, str]:
    """What the form of the question starts with."""
    return {
        "stage": outcome.rung,
        "amount": outcome.amount,
        "attribution": outcome.attribution,
        "words": outcome.words,
    }


def own(user: User, organisation: Organisation) -> dict[str, object]:
    """Questions that wait, and everything that is on record of this organisation, newest first."""
    asked = FollowUp.objects.filter(organisation=organisation).select_related(*FOLLOWED).order_by("-asked_at", "-pk")
    by_key = {(each.source_key, each.months): each for each in asked}
    outcomes = Outcome.objects.filter(organisation=organisation).select_related(*OF)
    return {
        "may_answer": can_answer_for(user, organisation),
        "waiting": [each for each in asked if each.answered_at is None and can_be_changed(each)],
        "rows": [
            _row(outcome, by_key.get((outcome.source_key, outcome.months)))
            for outcome in outcomes.order_by("-told_on", "-pk")
        ],
    }


def _row(outcome: Outcome, follow_up: FollowUp | None) -> dict[str, object]:
    return {
        "outcome": outcome,
        "of": outcome.of,
        "follow_up": follow_up if follow_up and can_be_changed(follow_up) else None,
    }

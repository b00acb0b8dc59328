"""The totals of a call's applications: from the reviews that were handed in and the scores that were agreed on."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from funding import scoring
from funding.asking import Part
from funding.models import Assignment, FundingCall, ModeratedScore, Score
from funding.scoring import Total


def totals_of(call: FundingCall, parts: Mapping[int, list[Part]]) -> dict[int, Total]:
    """The total of each application. The own criteria of the funders of which it asks money count, too."""
    criteria = criteria_of(call)
    reviews: dict[int, dict[int, dict[int, int]]] = defaultdict(lambda: defaultdict(dict))
    done = Score.objects.filter(
        assignment__application__in=parts, assignment__status=Assignment.Status.DONE, value__isnull=False
    )
    for score in done.select_related("assignment"):
        reviews[score.assignment.application_id][score.assignment_id][score.criterion_id] = score.value
    agreed: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for each in ModeratedScore.objects.filter(application__in=parts):
        agreed[each.application_id][each.criterion_id] = each.value
    return {
        pk: scoring.total_of(criteria, list(reviews[pk].values()), agreed[pk], funders={part.funder_id for part in of})
        for pk, of in parts.items()
    }


def criteria_of(call: FundingCall) -> list[scoring.Criterion]:
    """The call's criteria as they are scored."""
    return [
        scoring.Criterion(each.pk, each.most, each.weight, each.threshold, each.funder_id)
        for each in call.criteria.all()
    ]


def threshold_of(call: FundingCall, totals: Mapping[int, Total]) -> Decimal:
    """The total that just reaches every threshold, but never more than the lowest total that passes."""
    criteria = [each for each in criteria_of(call) if each.funder is None]
    least = {each.key: each.threshold or Decimal(0) for each in criteria}
    just = scoring.total_of(criteria, [], least).total or Decimal(0)
    passing = (each.total for each in totals.values() if each.passes and each.total is not None)
    return min([just, *passing])

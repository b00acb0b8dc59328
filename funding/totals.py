"""The score that a call asks for at least, in points of an application's total."""

from collections.abc import Mapping
from decimal import Decimal

from funding import scoring
from funding.models import FundingCall
from funding.reviewing import as_criteria
from funding.scoring import Total


def threshold_of(call: FundingCall, totals: Mapping[int, Total]) -> Decimal:
    """The total that just reaches every threshold, but never more than the lowest total that passes."""
    criteria = [each for each in as_criteria(call.criteria.all()) if each.funder is None]
    least = {each.key: each.threshold or Decimal(0) for each in criteria}
    just = scoring.total_of(criteria, [], least).total or Decimal(0)
    passing = (each.total for each in totals.values() if each.passes and each.total is not None)
    return min([just, *passing])

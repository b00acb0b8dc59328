"""The yearly needs assessment: ten questions on what a company lacks for working across borders.

The three gaps are those of Wise (2014), Service stations along global knowledge pipelines; the questions are ours.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Gap

LOWEST, HIGHEST = 1, 5
# From here on a gap counts as a need: above the middle of the scale.
NEED_FROM = Decimal("3.5")


class Question(NamedTuple):
    """A key that never changes, the gap that it tells of, and its words."""

    key: str
    gap: Gap
    text: str | Promise


QUESTIONS = (
    Question("opportunities", Gap.SENSING, _("Knowing which opportunities there are in markets abroad")),
    Question("market", Gap.SENSING, _("Understanding customers, prices and rules of a market abroad")),
    Question("knowledge", Gap.SENSING, _("Finding the knowledge and technology of others abroad")),
    Question("partnering", Gap.SENSING, _("Knowing how to work with a partner abroad")),
    Question("name", Gap.MOBILISING, _("Being known and trusted abroad")),
    Question("doors", Gap.MOBILISING, _("Getting a first talk with the right people")),
    Question("partners", Gap.MOBILISING, _("Finding partners who fit")),
    Question("money", Gap.OPERATIONALISING, _("Paying for the first steps abroad")),
    Question("investors", Gap.OPERATIONALISING, _("Finding partners who bring capital and experience")),
    Question("people", Gap.OPERATIONALISING, _("Having people and time to carry it out")),
)


def gaps_of(answers: Mapping[str, int]) -> dict[Gap, Decimal]:
    """The mean of the answers to each gap's questions, from 1 to 5. A gap of which nothing was said is left out."""
    said: dict[Gap, list[int]] = {}
    for question in QUESTIONS:
        if question.key in answers:
            said.setdefault(question.gap, []).append(answers[question.key])
    return {gap: Decimal(sum(values)) / len(values) for gap, values in said.items()}

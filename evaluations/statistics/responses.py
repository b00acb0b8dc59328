"""Response rates by the definitions of the American Association for Public Opinion Research.

RR1, the strictest: complete answers out of all who were invited and may be eligible. Who could not be reached counts as
eligible, since nobody knows better. RR2 counts partial answers too. Only firms known to be outside the population (gone
out of business, left the cluster before the wave) are taken out. Source: AAPOR, Standard Definitions, 10th edition
(2023).

All invited are known, so nothing is drawn by lot: the interval (Wilson's, no finite population) says how far rates of
groups of this size differ by mere chance.
"""

from dataclasses import dataclass

from evaluations.statistics.shares import CONFIDENCE, Share, share


@dataclass(frozen=True, slots=True)
class Dispositions:
    """What became of the invitations of a group."""

    complete: int = 0
    partial: int = 0
    refused: int = 0
    silent: int = 0
    not_reached: int = 0
    not_eligible: int = 0

    @property
    def eligible(self) -> int:
        """All who may belong to the population."""
        return self.complete + self.partial + self.refused + self.silent + self.not_reached


@dataclass(frozen=True, slots=True)
class Rate:
    """RR1 and RR2 of a group."""

    complete: Share
    with_partial: Share


def response_rate(group: Dispositions, confidence: float = CONFIDENCE) -> Rate:
    """The rates of one group. Raises ValueError when nobody in it was eligible."""
    return Rate(
        share(group.complete, group.eligible, confidence=confidence),
        share(group.complete + group.partial, group.eligible, confidence=confidence),
    )

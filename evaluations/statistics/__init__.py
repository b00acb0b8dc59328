"""What the answers of a wave say, in figures: counts and frames in, dataclasses out.

Pure: no Django, no database, no clock, no language; nothing is rounded or formatted. Shares run from 0 to 1, times are
in days. `n` is how many answered, `population` how many there are. Nothing here hides a small group: what is too small
to show is decided by disclosure control, and whoever calls hands over None for what it hid.
"""

from evaluations.statistics.durations import Duration, Step, time_to_step
from evaluations.statistics.findings import Code, Finding
from evaluations.statistics.responses import Dispositions, Rate, response_rate
from evaluations.statistics.scales import Scale, scale
from evaluations.statistics.shares import CONFIDENCE, Share, share
from evaluations.statistics.waves import Asked, Comparison, Method, Refusal, compare, corrected
from evaluations.statistics.weighting import Margin, Weighted, Weights, rake, weighted_share

__all__ = [
    "CONFIDENCE",
    "Asked",
    "Code",
    "Comparison",
    "Dispositions",
    "Duration",
    "Finding",
    "Margin",
    "Method",
    "Rate",
    "Refusal",
    "Scale",
    "Share",
    "Step",
    "Weighted",
    "Weights",
    "compare",
    "corrected",
    "rake",
    "response_rate",
    "scale",
    "share",
    "time_to_step",
    "weighted_share",
]

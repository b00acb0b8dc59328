"""On real behaviour the filter ranks at least as well as the best of its peers."""

from pathlib import Path

import pytest

from benchmarks.ranking import METRICS, OURS, SYSTEMS, load, measure

TRUTH = Path(__file__).resolve().parents[4] / "shared" / "data" / "ranking"

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not TRUTH.is_dir(), reason=f"The ranking truth is not there: {TRUTH}."),
]


@pytest.mark.parametrize("name", ["company2topic", "supplier2tender"])
def test_ours_is_at_or_above_the_best_peer(name: str) -> None:
    truth = load(TRUTH / name)
    assert len(truth.members) > 50
    means = {system: measure(run(truth), truth).mean(axis=0) for system, run in SYSTEMS.items()}
    for place, metric in enumerate(METRICS[:2]):
        best = max(mean[place] for system, mean in means.items() if system != OURS)
        assert means[OURS][place] >= best, (
            f"{metric} of ours is {means[OURS][place]:.4f}, the best peer has {best:.4f}."
        )

"""tau-Argus on the same tables: it hides about as many figures, and leaves some of them to be worked out."""

import pytest

from benchmarks.disclosure import counts_of, table_of, tau_argus
from evaluations.disclosure import protect
from tests.evaluations.disclosure.tables import exposed


@pytest.mark.parametrize(("shape", "mean"), [((3, 4), 10.0), ((4, 9), 8.0), ((2, 3, 3), 12.0)])
@pytest.mark.parametrize("seed", range(2))
def test_about_as_much_is_hidden_and_nothing_left_open(shape, mean, seed):
    counts = counts_of(shape, seed, mean)
    ours = protect(table_of(counts))
    theirs, still_open = tau_argus(counts, ours)

    assert exposed([ours]) == []
    # What the peer leaves open it would have to hide as well.
    assert ours.loss.complementary <= theirs + max(2, still_open)

"""Time and memory of a full run of the filter, and of the small runs that follow it, beside a named peer.

    python benchmarks/filter_run.py [--members 1000] [--opportunities 10000] [--threads 2]

The texts are made up: topics of related words over a common background, both with Zipf's frequencies. The peer is
scikit-learn's TF-IDF cosine with scipy and numpy's argpartition: words only, no codes, rules, factors or reasons.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

THREADS = argparse.ArgumentParser(add_help=False)
THREADS.add_argument("--threads", type=int, default=2)
# numpy reads the number of threads when it is imported, which the next lines do.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(THREADS.parse_known_args()[0].threads)
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.synthetic import TODAY, made
from opportunities.filtering import Index, MatchList, Member, Opportunity, explain, fit, member_query, merge, rank

KEEP = 100

Result = TypeVar("Result")


def timed(what: str, work: Callable[[], Result]) -> tuple[Result, float]:
    """Do it; print seconds by the clock and of the processor (a busy machine tells them apart), and the peak memory."""
    started, used = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - started, time.process_time() - used
    print(f"{what:44}{seconds:10.3f}{busy:10.3f}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")
    return result, busy


def run(offered: Sequence[Opportunity], profiles: Sequence[Member], threads: int) -> None:
    """The full run, the small runs after it, and the peer."""
    *offered, new = offered
    *profiles, changed = profiles
    model, _ = timed("fit", lambda: fit(offered, profiles))
    print(f"{'':44}{len(model.features):10,} features, {model.basis.shape[1]} dimensions, {model.sha256[:12]}")
    vectors, _ = timed(
        "vectors of all opportunities", lambda: {each.id: model.opportunity_vector(each) for each in offered}
    )
    index, _ = timed("index", lambda: Index.build(model, vectors, offered))
    queries, _ = timed("queries of all members", lambda: [member_query(model, each) for each in profiles])
    timed("compile, once a machine", lambda: rank(index, queries[:1], today=TODAY, kernel="numba"))
    whole, ours = timed("full run", lambda: rank(index, queries, today=TODAY, keep=KEEP, cut_off=0, threads=threads))
    plain, _ = timed(
        "full run in numpy, one thread", lambda: rank(index, queries, today=TODAY, keep=KEEP, cut_off=0, kernel="numpy")
    )
    assert plain == whole

    def with_new() -> list[MatchList | None]:
        addition = Index.build(model, {new.id: model.opportunity_vector(new)}, [new])
        news = rank(addition, queries, today=TODAY, keep=KEEP, cut_off=0)
        return [merge(current, more, keep=KEEP) for current, more in zip(whole, news, strict=True)]

    merged, _ = timed("one new opportunity, all members", with_new)
    grown = Index.build(model, {**vectors, new.id: model.opportunity_vector(new)}, [*offered, new])
    assert merged == rank(grown, queries, today=TODAY, keep=KEEP, cut_off=0)
    timed("one changed member, all opportunities", lambda: rank(index, [member_query(model, changed)], today=TODAY))
    known = {each.id: each for each in offered}
    best = [(member, known[found.matches[0].opportunity_id]) for member, found in zip(profiles, whole, strict=True)]
    timed(f"reasons of {len(best):,} pairs", lambda: [explain(model, *pair, today=TODAY) for pair in best])
    report_peer(offered, profiles, ours)


def report_peer(offered: Sequence[Opportunity], profiles: Sequence[Member], ours: float) -> None:
    """TF-IDF cosine of the same texts: its index, then the same search."""
    vectorizer = TfidfVectorizer(stop_words="english")
    documents, _ = timed(
        "peer: index", lambda: vectorizer.fit_transform(f"{each.title} {each.text}" for each in offered)
    )
    asked = vectorizer.transform(" ".join([each.text, *each.offers, *each.seeks]) for each in profiles)

    def search() -> list[object]:
        blocks = (asked[start : start + 64] @ documents.T for start in range(0, asked.shape[0], 64))
        return [np.argpartition(-block.toarray(), KEEP, axis=1)[:, :KEEP] for block in blocks]

    _, theirs = timed("peer: search", search)
    print(f"\nfull run, ours / peer, CPU: {ours / theirs:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, parents=[THREADS]
    )
    parser.add_argument("--members", type=int, default=1_000)
    parser.add_argument("--opportunities", type=int, default=10_000)
    options = parser.parse_args()
    print(f"{options.members:,} members x {options.opportunities:,} opportunities, {options.threads} threads\n")
    print(f"{'':44}{'seconds':>10}{'CPU':>10}{'peak':>9}")
    run(*made(options.opportunities + 1, options.members + 1), options.threads)

"""How well the filter ranks what members really took up later, beside named peers in the same run.

    python benchmarks/ranking.py DIR [DIR ...]

Each DIR holds members.jsonl, opportunities.jsonl, qrels.csv and, where members hold some already, exclude.csv. A pair
that is missing from the truth is unknown, not wrong: compare systems on one set, quote no absolute value.
Printed: mean over members of nDCG@10, recall@50 and reciprocal rank; the paired bootstrap interval (95 %) of ours minus
each peer; the same on both halves of the members; and what one answer of a member is worth (residual collection).
"""

import argparse
import csv
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi
from sklearn.feature_extraction.text import TfidfVectorizer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from opportunities.filtering import (
    SCALE,
    WORTH_YOUR_TIME,
    Feedback,
    Index,
    Member,
    Opportunity,
    fit,
    member_query,
    rank,
)
from opportunities.filtering.codes import features
from opportunities.filtering.files import read_members, read_opportunities, read_pairs, with_held
from opportunities.filtering.text import terms
from opportunities.filtering.weights import Weights

Scores = NDArray[np.float64]
METRICS = ("nDCG@10", "recall@50", "MRR")
OURS = "ours"
RESAMPLES = 10_000


@dataclass(frozen=True)
class Truth:
    """One set: members and opportunities in the order of the score matrices, gains, and pairs left out."""

    name: str
    members: tuple[Member, ...]
    opportunities: tuple[Opportunity, ...]
    gains: Scores
    held: NDArray[np.bool_]


def load(folder: Path) -> Truth:
    """Read one set."""
    members = read_members(folder / "members.jsonl")
    opportunities = read_opportunities(folder / "opportunities.jsonl")
    held = read_pairs(folder / "exclude.csv") if (folder / "exclude.csv").exists() else {}
    row = {name: place for place, (name, _) in enumerate(members)}
    column = {name: place for place, name in enumerate(opportunities)}
    gains = np.zeros((len(row), len(column)))
    with (folder / "qrels.csv").open(encoding="utf-8", newline="") as file:
        for pair in csv.DictReader(file):
            gains[row[pair["member_id"]], column[pair["opportunity_id"]]] = float(pair["relevance"])
    mask = np.zeros(gains.shape, np.bool_)
    for name, ids in held.items():
        mask[row[name], [column[each] for each in ids if each in column]] = True
    known = [
        with_held(member, [opportunities[each].id for each in held.get(name, []) if each in opportunities])
        for name, member in members
    ]
    return Truth(folder.name, tuple(known), tuple(opportunities.values()), gains, mask)


def ours(truth: Truth) -> Scores:
    """The filter as its command line runs it: no cut-off, no day."""
    return _filter_scores(truth, truth.members)


def _filter_scores(truth: Truth, members: Sequence[Member]) -> Scores:
    model = fit(truth.opportunities, truth.members)
    vectors = {each.id: model.opportunity_vector(each) for each in truth.opportunities}
    index = Index.build(model, vectors, truth.opportunities)
    queries = [member_query(model, member, feedback_vectors=vectors) for member in members]
    scores = np.full(truth.gains.shape, -np.inf)
    column = {each.id: place for place, each in enumerate(truth.opportunities)}
    for place, found in enumerate(rank(index, queries, today=None, keep=len(index), cut_off=0)):
        for match in found.matches:
            scores[place, column[match.opportunity_id]] = match.score / SCALE
    return scores


def tf_idf(truth: Truth) -> Scores:
    """scikit-learn's TF-IDF cosine, English stop words."""
    vectorizer = TfidfVectorizer(stop_words="english", sublinear_tf=True)
    documents = vectorizer.fit_transform(_texts(truth.opportunities))
    scores: Scores = (vectorizer.transform([member.text for member in truth.members]) @ documents.T).toarray()
    return scores


def bm25(truth: Truth) -> Scores:
    """rank-bm25 (Okapi, its defaults) on stems without function words."""
    engine = BM25Okapi([terms(text, "en") for text in _texts(truth.opportunities)])
    return np.array([engine.get_scores(terms(member.text, "en")) for member in truth.members])


def codes_only(truth: Truth) -> Scores:
    """Cosine of idf-weighted classification codes with all their ancestors."""

    def held(each: Member | Opportunity) -> list[str]:
        return [f for f in features(each.codes, Weights()) if not f.startswith("id:")]

    vectorizer = TfidfVectorizer(analyzer=held, binary=True)
    documents = vectorizer.fit_transform(truth.opportunities)
    scores: Scores = (vectorizer.transform(truth.members) @ documents.T).toarray()
    return scores


def bm25_and_codes(truth: Truth) -> Scores:
    """BM25 + 0.5 codes, each divided by the member's best."""
    return _by_best(bm25(truth)) + 0.5 * _by_best(codes_only(truth))


def _by_best(scores: Scores) -> Scores:
    best: Scores = scores / np.maximum(scores.max(axis=1, keepdims=True), 1e-9)
    return best


def _texts(opportunities: Sequence[Opportunity]) -> list[str]:
    return [f"{each.title} {each.text}" for each in opportunities]


SYSTEMS: Mapping[str, Callable[[Truth], Scores]] = {
    OURS: ours,
    "TF-IDF": tf_idf,
    "BM25": bm25,
    "codes": codes_only,
    "BM25 + 0.5 codes": bm25_and_codes,
}


def measure(scores: Scores, truth: Truth) -> Scores:
    """METRICS for each member, shape (members, 3); ties keep the order of the opportunities."""
    order = np.argsort(np.where(truth.held, np.inf, -scores), axis=1, kind="stable")
    gains = np.take_along_axis(truth.gains, order, axis=1)
    discount = 1 / np.log2(np.arange(2, 12))
    best = -np.sort(-truth.gains, axis=1)[:, :10]
    hits = gains > 0
    ndcg = (gains[:, :10] * discount).sum(axis=1) / (best * discount[: best.shape[1]]).sum(axis=1)
    recall = hits[:, :50].sum(axis=1) / hits.sum(axis=1)
    return np.column_stack([ndcg, recall, 1 / (1 + hits.argmax(axis=1))])


def interval(differences: Scores, seed: int = 0) -> tuple[float, float]:
    """The 95 % bootstrap interval of a mean over members."""
    draws = np.random.default_rng(seed).integers(0, len(differences), (RESAMPLES, len(differences)))
    low, high = np.percentile(differences[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def report(truth: Truth) -> None:
    """Print the tables of one set."""
    print(f"\n{truth.name}: {len(truth.members)} members, {len(truth.opportunities)} opportunities")
    print(f"{'':18}{'nDCG@10':>10}{'recall@50':>11}{'MRR':>8}{'seconds':>9}   nDCG@10 / recall@50 on halves A and B")
    results: dict[str, Scores] = {}
    for name, system in SYSTEMS.items():
        started = time.perf_counter()
        results[name] = measure(system(truth), truth)
        mean = results[name].mean(axis=0)
        halves = "   ".join(
            f"{half[:, 0].mean():.3f} / {half[:, 1].mean():.3f}" for half in (results[name][::2], results[name][1::2])
        )
        seconds = time.perf_counter() - started
        print(f"{name:18}{mean[0]:10.4f}{mean[1]:11.4f}{mean[2]:8.4f}{seconds:9.2f}   {halves}")
    print("\nours minus       " + "".join(f"{metric:>28}" for metric in METRICS))
    for name in list(SYSTEMS)[1:]:
        print(f"{name:17}" + "".join(_difference(results[OURS], results[name], place) for place in range(3)))
    _report_cut_off(truth)
    _report_feedback(truth)


def _difference(mine: Scores, theirs: Scores, place: int) -> str:
    difference = mine[:, place] - theirs[:, place]
    low, high = interval(difference)
    return f"{difference.mean():+.4f} [{low:+.4f}, {high:+.4f}]".rjust(28)


def _report_cut_off(truth: Truth) -> None:
    """How much likelier than at random a pair is taken up, by score, and what is left above the cut-off."""
    scores = np.where(truth.held, -1, ours(truth))
    taken = truth.gains > 0
    usual = taken.sum() / (~truth.held).sum()
    bands = [(low, low + 0.05) for low in np.arange(0.1, 0.6, 0.05)]
    inside = [(scores >= low) & (scores < high) for low, high in bands]
    print("\nscore at least    " + "".join(f"{low:7.2f}" for low, _ in bands))
    print("likelier, times   " + "".join(f"{taken[band].mean() / usual:7.1f}" for band in inside))
    kept = scores >= WORTH_YOUR_TIME / SCALE
    left, found = kept.sum(axis=1).mean(), taken[kept].sum() / taken.sum()
    print(
        f"cut-off {WORTH_YOUR_TIME / SCALE:.2f}: {left:.1f} of {len(truth.opportunities)} are left to a member, "
        f"with {found:.0%} of what was taken up; {(~kept.any(axis=1)).mean():.0%} of the members see none"
    )


def _report_feedback(truth: Truth) -> None:
    """One relevant opportunity is answered "interested"; both rankings are judged on what is left."""
    known = [np.flatnonzero(gains > 0) for gains in truth.gains]
    chosen = [place for place, found in enumerate(known) if len(found) > 1]
    if not chosen:
        return
    left = replace(truth, gains=truth.gains.copy(), held=truth.held.copy())
    answered = list(truth.members)
    for place in chosen:
        shown = known[place][0]
        left.gains[place, shown] = 0
        left.held[place, shown] = True
        answer = Feedback(truth.opportunities[shown].id, "interested")
        answered[place] = replace(answered[place], feedback=(*answered[place].feedback, answer))
    before, after = (measure_some(left, members, chosen) for members in (truth.members, answered))
    low, high = interval(after[:, 0] - before[:, 0])
    print(
        f"\none answer of {len(chosen)} members: nDCG@10 of the rest {before[:, 0].mean():.4f} -> "
        f"{after[:, 0].mean():.4f} [{low:+.4f}, {high:+.4f}], "
        f"recall@50 {before[:, 1].mean():.4f} -> {after[:, 1].mean():.4f}"
    )


def measure_some(truth: Truth, members: Sequence[Member], chosen: Sequence[int]) -> Scores:
    """METRICS of the filter for the chosen members."""
    scores = _filter_scores(truth, members)
    some = replace(truth, gains=truth.gains[chosen], held=truth.held[chosen])
    return measure(scores[chosen], some)


def sets_in(folder: Path) -> list[Path]:
    """The folder itself if it holds a set, otherwise those of its folders that do."""
    return sorted(each.parent for each in [*folder.glob("members.jsonl"), *folder.glob("*/members.jsonl")])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    found = [each for folder in parser.parse_args().folders for each in sets_in(folder)]
    if not found:
        parser.error("no set here: a folder with members.jsonl, opportunities.jsonl and qrels.csv, or a folder of such")
    for each in found:
        report(load(each))

"""Lists: what is in them, in what order, and that they grow exactly."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opportunities.filtering import (
    SCALE,
    Index,
    MatchList,
    Member,
    Opportunity,
    fit,
    member_query,
    merge,
    parts,
    rank,
    why_not,
)
from opportunities.filtering.rank import score_pairs
from opportunities.filtering.rules import SOFT_FACTORS
from opportunities.filtering.score import KERNELS
from opportunities.filtering.types import LARGEST_ID
from opportunities.filtering.vectors import side_of
from tests.opportunities.filtering.cases import (
    MEMBRANES,
    OPPORTUNITIES,
    ROBOTS,
    TODAY,
    Fitted,
    fitted,
    random_member,
    random_opportunity,
    rng,
)

seeds = st.integers(0, 2**32)


def sample(seed: int, opportunities: int = 40, members: int = 8) -> tuple[list[Opportunity], list[Member]]:
    random = rng(seed)
    offered = [random_opportunity(random, number) for number in range(1, opportunities + 1)]
    ids = [each.id for each in offered]
    return offered, [random_member(random, number, ids) for number in range(1, members + 1)]


def test_list_is_ordered_by_fit_and_leaves_out_what_a_rule_forbids() -> None:
    [found] = fitted(members=[MEMBRANES]).ranked()
    ids = [match.opportunity_id for match in found.matches]
    assert ids[0] == 1
    assert ROBOTS.id not in ids, "it is in German, which the member does not read"
    assert [match.key for match in found.matches] == sorted((match.key for match in found.matches), reverse=True)


def test_equal_scores_are_ordered_by_the_lower_id() -> None:
    twins = [replace(OPPORTUNITIES[0], id=number) for number in (9, 3, 7)]
    [found] = fitted(twins, [MEMBRANES]).ranked()
    assert [match.opportunity_id for match in found.matches] == [3, 7, 9]
    assert len({match.score for match in found.matches}) == 1


def test_cut_off_keeps_an_empty_list_rather_than_a_poor_one() -> None:
    [found] = fitted(members=[MEMBRANES]).ranked(cut_off=SCALE)
    assert found.matches == ()
    assert found.floor == 0


def test_floor_is_the_last_kept_key_once_something_was_cut() -> None:
    [found] = fitted(members=[MEMBRANES]).ranked(keep=2)
    assert found.floor == found.matches[-1].key > 0
    [whole] = fitted(members=[MEMBRANES]).ranked(keep=50)
    assert whole.floor == 0


def brute_force(case: Fitted, member: Member, offered: list[Opportunity]) -> list[tuple[int, int]]:
    """(opportunity id, score) the slow way: pair by pair, in Python's own whole numbers."""
    query = next(each for each in case.queries if each.member is member)
    rows = []
    for opportunity in offered:
        if why_not(member, opportunity, today=TODAY):
            continue
        factor = 1
        for each in SOFT_FACTORS:
            factor *= each.weigh(each.of_member(member), each.of_opportunity(opportunity))
        factor >>= 8 * len(SOFT_FACTORS) - 16
        raw = parts(query.sides[side_of(opportunity)], case.vectors[opportunity.id]).total
        rows.append((opportunity.id, raw * factor >> 16))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_lists_equal_a_brute_force_over_pairs(seed: int) -> None:
    offered, members = sample(seed)
    case = fitted(offered, members)
    for member, found in zip(members, case.ranked(keep=100), strict=True):
        expected = brute_force(case, member, offered)
        assert [(match.opportunity_id, match.score) for match in found.matches] == expected


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_order_of_the_input_changes_nothing(seed: int) -> None:
    offered, members = sample(seed)
    whole = fitted(offered, members)
    shuffled = fitted(rng(seed).sample(offered, len(offered)), rng(seed).sample(members, len(members)))
    assert whole.model.sha256 == shuffled.model.sha256
    expected = sorted(whole.ranked(keep=10), key=lambda found: str(found.member_id))
    assert sorted(shuffled.ranked(keep=10), key=lambda found: str(found.member_id)) == expected


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_another_member_changes_nobody_else(seed: int) -> None:
    offered, members = sample(seed)
    model = fit(offered, members[:-1])
    alone, beside = fitted(offered, members[:-1], model), fitted(offered, members, model)
    assert beside.ranked()[:-1] == alone.ranked()


@settings(max_examples=15, deadline=None)
@given(seeds)
def test_kernels_threads_and_block_sizes_give_the_same_bits(seed: int) -> None:
    case = fitted(*sample(seed, 30, 9))
    expected = score_pairs(case.index, case.queries, "numpy")
    for kernel in KERNELS:
        assert np.array_equal(score_pairs(case.index, case.queries, kernel), expected)
    lists = case.ranked(keep=7)
    for options in ({"kernel": "numba"}, {"threads": 2, "block": 2}, {"block": 1}, {"kernel": "numba", "threads": 3}):
        assert case.ranked(keep=7, **options) == lists


def test_an_unknown_kernel_is_refused() -> None:
    with pytest.raises(ValueError, match="no kernel 'fortran'"):
        fitted().ranked(kernel="fortran")


def test_no_opportunities_and_no_members_give_empty_lists() -> None:
    case = fitted([], [MEMBRANES])
    assert [found.matches for found in case.ranked()] == [()]
    assert fitted(OPPORTUNITIES, []).ranked() == []


def test_index_refuses_a_repeated_id() -> None:
    case = fitted()
    with pytest.raises(ValueError, match="occurs twice"):
        Index.build(case.model, case.vectors, [*OPPORTUNITIES, OPPORTUNITIES[0]])


@pytest.mark.parametrize("number", [0, -1, LARGEST_ID + 1])
def test_an_id_that_does_not_fit_beside_the_score_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="between 1 and"):
        Opportunity(number)


class Log:
    """A member's world under a random log of changes, kept up by merging and checked against full runs."""

    KEEP, SHOW = 8, 6

    def __init__(self, seed: int) -> None:
        self.random = rng(seed)
        offered, self.members = sample(seed, 30, 4)
        self.alive = {each.id: each for each in offered}
        self.ids = count(max(self.alive) + 1)  # as in a database: the id of one that has gone is not given again
        self.model = fit(offered, self.members)
        self.vectors = {each.id: self.model.opportunity_vector(each) for each in offered}
        self.today = TODAY
        self.recomputed = 0
        self.lists = self.full(list(self.alive.values()), self.members)

    def full(self, offered: list[Opportunity], members: list[Member]) -> list[MatchList]:
        index = Index.build(self.model, self.vectors, offered)
        queries = [member_query(self.model, each, feedback_vectors=self.vectors) for each in members]
        return rank(index, queries, today=self.today, keep=self.KEEP, cut_off=SCALE // 50)

    def step(self) -> None:
        choice = self.random.choice(["insert", "insert", "expire", "edit", "member", "answer", "day"])
        getattr(self, choice)()

    def merge(self, added: list[Opportunity], removed: list[int]) -> None:
        self.vectors |= {each.id: self.model.opportunity_vector(each) for each in added}
        additions = self.full(added, self.members)
        self.alive = {number: each for number, each in self.alive.items() if number not in removed}
        self.alive |= {each.id: each for each in added}
        for place, (current, new) in enumerate(zip(self.lists, additions, strict=True)):
            found = merge(current, new, removed, keep=self.KEEP, show=self.SHOW)
            self.recomputed += found is None
            self.lists[place] = found or self.full(list(self.alive.values()), [self.members[place]])[0]

    def insert(self) -> None:
        self.merge([random_opportunity(self.random, next(self.ids)) for _ in range(self.random.randint(1, 20))], [])

    def expire(self) -> None:
        self.merge([], self.random.sample(sorted(self.alive), min(10, len(self.alive))))

    def edit(self) -> None:
        """Whoever answered what is now another text asks another question: that member is run anew."""
        for number in self.random.sample(sorted(self.alive), min(3, len(self.alive))):
            self.merge([random_opportunity(self.random, number)], [number])
            for place, member in enumerate(self.members):
                if number in {answer.opportunity_id for answer in member.feedback}:
                    self.change(place, member)

    def member(self) -> None:
        place = self.random.randrange(len(self.members))
        self.change(place, random_member(self.random, self.members[place].id, sorted(self.alive)))  # type: ignore[arg-type]

    def answer(self) -> None:
        place = self.random.randrange(len(self.members))
        answers = random_member(self.random, 1, sorted(self.alive)).feedback
        self.change(place, replace(self.members[place], feedback=answers))

    def change(self, place: int, member: Member) -> None:
        self.members[place] = member
        self.lists[place] = self.full(list(self.alive.values()), [member])[0]

    def day(self) -> None:
        """A new day only ever forbids more: what it newly forbids is removed, member by member."""
        self.today += timedelta(days=self.random.randint(1, 30))
        nothing = self.full([], self.members)
        for place, current in enumerate(self.lists):
            member = self.members[place]
            late = [
                match.opportunity_id
                for match in current.matches
                if why_not(member, self.alive[match.opportunity_id], today=self.today)
            ]
            found = merge(current, nothing[place], late, keep=self.KEEP, show=self.SHOW)
            self.lists[place] = found or self.full(list(self.alive.values()), [member])[0]

    def check(self) -> None:
        for current, whole in zip(self.lists, self.full(list(self.alive.values()), self.members), strict=True):
            assert current.matches[: self.SHOW] == whole.matches[: self.SHOW]
            assert current.matches == whole.matches[: len(current.matches)]


@settings(max_examples=10, deadline=None)
@given(seeds)
def test_incremental_lists_equal_full_runs_after_any_log_of_changes(seed: int) -> None:
    log = Log(seed)
    for _ in range(10):
        log.step()
        log.check()


def test_the_log_meets_both_merges_and_recomputations() -> None:
    log = Log(7)
    for _ in range(40):
        log.step()
    assert 0 < log.recomputed < 40 * len(log.members)


CHILD = """
import hashlib
from tests.opportunities.filtering.cases import fitted
case = fitted()
print(case.model.sha256, hashlib.sha256(repr(case.ranked()).encode()).hexdigest())
"""


def test_hash_seed_and_blas_threads_change_nothing() -> None:
    outputs = set()
    for seed, threads in (("0", "1"), ("1", "2"), ("4711", "2")):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
        }
        done = subprocess.run(
            [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, check=True, timeout=120
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().split()[0]) == 64

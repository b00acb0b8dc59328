"""What is hidden in small groups, and an attack on it: adding and subtracting all that is shown."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from matchmaking import figures
from matchmaking.figures import Facts, Meeting, Person, Seat
from matchmaking.hiding import may_be_shown, shown_together


def test_one_small_group_hides_a_second_one():
    assert may_be_shown({"A": 20, "B": 9, "C": 3}) == {"A"}
    assert may_be_shown({"A": 20, "B": 9, "C": 3, "D": 2}) == {"A", "B"}
    assert may_be_shown({"A": 20, "B": 9, "C": 1, "D": 2}) == {"A"}, "the rest of three would be had"
    assert may_be_shown({"A": 20, "B": 9, "C": 0}) == {"A", "B"}
    assert may_be_shown({"A": 4}) == set()


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=9))
def test_rest_of_a_breakdown_is_nothing_or_five_and_more_in_two_groups(sizes):
    shown = may_be_shown(sizes)
    rest = [n for label, n in sizes.items() if label not in shown and n]
    assert all(sizes[label] >= 5 for label in shown)
    assert not rest or not shown or (len(rest) >= 2 and sum(rest) >= 5)


def had_by_subtraction(splits: list[dict[int, str]], shown: list[set[str]]) -> list[tuple[int, ...]]:
    """Every one to four people whose sum follows from the total and the sums of the groups that are shown."""
    people = sorted(splits[0])
    sums = [np.ones(len(people))]
    sums += [
        np.array([float(split[person] == label) for person in people])
        for split, labels in zip(splits, shown, strict=True)
        for label in labels
    ]
    matrix = np.array(sums).T
    found = []
    for count in range(1, 5):
        for few in combinations(range(len(people)), count):
            wanted = np.zeros(len(people))
            wanted[list(few)] = 1
            weights = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
            if np.allclose(matrix @ weights, wanted):
                found.append(few)
    return found


def test_the_attack_finds_what_each_split_alone_gives_away():
    """Eight companies of one cluster, seven of them the only small ones: the eighth is the difference."""
    cluster = {n: "North" if n < 8 else "South" for n in range(16)}
    size = {n: "small" if n < 7 else "large" for n in range(16)}
    alone = [may_be_shown({"North": 8, "South": 8}), may_be_shown({"small": 7, "large": 9})]

    assert had_by_subtraction([cluster, size], alone) == [(7,)]
    together = shown_together([cluster, size], range(16))
    assert had_by_subtraction([cluster, size], together) == []
    assert together == [{"North", "South"}, set()], "the split with the smallest group gives way"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("ABC"), st.sampled_from("xyz"), st.sampled_from("12")), max_size=15))
def test_nothing_about_fewer_than_five_follows_from_what_is_shown(people):
    splits = [{n: person[at] for n, person in enumerate(people)} for at in range(3)]
    shown = shown_together(splits, range(len(people)))

    assert all(list(split.values()).count(label) >= 5 for split, labels in zip(splits, shown, strict=True)
               for label in labels)  # fmt: skip
    if any(shown):
        assert had_by_subtraction(splits, shown) == []


def test_what_is_safe_is_shown():
    """Hiding everything would be no answer."""
    cluster = {n: "ABC"[n % 3] for n in range(60)}
    size = {n: "xyzw"[n // 3 % 4] for n in range(60)}
    assert shown_together([cluster, size], range(60)) == [set("ABC"), set("xyzw")]


def round_of_two_big_clusters_and_a_small_one() -> Facts:
    """The two companies of the third cluster did not come to their ten meetings, and found one other irrelevant."""
    people = [Person(n, "Big" if n < 8 else "Other" if n < 16 else "Tiny", "small", "SE") for n in range(18)]

    def met(a: int, b: int, state: str, relevance: int) -> Meeting:
        return Meeting((Seat(100 * a + b, a, "yes", relevance), Seat(100 * b + a, b, "yes", relevance)), state, True)

    held = [met(n, n + 8, "held", 5) for n in range(8)]
    return Facts(tuple(people), (*held, *(met(n, 16 + n % 2, "no_show", 1) for n in range(10))))


def test_team_sees_its_own_counts_and_no_answers_of_a_small_group():
    big, other, tiny = figures.compute(round_of_two_big_clusters_and_a_small_one(), for_team=True).by_cluster
    assert (tiny.people.value, tiny.kept.value, tiny.meetings.value) == (2, 0, 5)
    assert tiny.relevance.hidden
    assert big.relevance.hidden or other.relevance.hidden, "or else it could be subtracted"


def test_report_hides_the_same_group_in_every_figure_and_one_more():
    big, other, tiny = figures.compute(round_of_two_big_clusters_and_a_small_one()).by_cluster
    for figure in ("people", "meetings", "kept", "relevance"):
        assert getattr(tiny, figure).hidden, figure
        assert getattr(big, figure).hidden or getattr(other, figure).hidden, figure


def test_many_meetings_of_few_participants_are_few():
    people = tuple(Person(n, "Home", "small", "SE") for n in range(12))
    seats = [(Seat(1, a, "yes", 4, "contact"), Seat(2, b, "yes", 4, "contact")) for a in (0, 1) for b in (2, 3)]
    facts = Facts(people, tuple(Meeting(pair, "held", True) for pair in seats * 2), {"accepted": 9}, requested=4)
    outside, team = figures.compute(facts), figures.compute(facts, for_team=True)

    assert [each.percent for each in (outside.kept, outside.accepted, outside.second)] == [None, None, None]
    assert [each.percent for each in (team.kept, team.accepted, team.second)] == [100, 100, None]

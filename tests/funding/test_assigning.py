"""Fit of expertise, and assignments that nothing beats."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from funding.assigning import Subject, fits, meets, propose, worth_of

BATTERIES = Subject(
    1, "Recycling of batteries for ferries in Estonia.", frozenset({"28.15", "C27.2"}), frozenset({"Pilot"})
)
WOOD = Subject(2, "Houses of cross-laminated timber.", frozenset({"16.23"}))


def test_keywords_meet_in_any_form_of_their_words():
    assert meets("battery recycling", BATTERIES)
    assert meets("Ferry", BATTERIES)
    assert not meets("battery recycling", WOOD)
    assert not meets("the", WOOD), "a word without a topic meets nothing"


def test_nace_codes_meet_within_their_branch():
    assert meets("C28.1", BATTERIES)
    assert meets("28", BATTERIES)
    assert meets("27.20", BATTERIES)
    assert not meets("28.2", BATTERIES)
    assert not meets("16", BATTERIES)
    assert meets("C", BATTERIES)


def test_activity_types_meet_by_name():
    assert meets("pilot", BATTERIES)
    assert not meets("pilot", WOOD)


def test_fit_grows_with_each_entry_that_is_met_and_says_which():
    found = fits({7: ["timber", "ferry", "battery"], 8: ["poetry"]}, [BATTERIES, WOOD])

    assert found[1, 7].because == ("ferry", "battery")
    assert found[2, 7].because == ("timber",)
    assert found[1, 7].value > found[2, 7].value > found[1, 8].value == 0


def test_what_every_application_meets_counts_for_less():
    third = Subject(3, "Timber for ferries.")
    found = fits({7: ["ferry"], 8: ["batteries"]}, [BATTERIES, third])

    assert found[1, 7].value < found[1, 8].value
    assert found[1, 7].value > 0


def test_proposal_maximises_fit_within_load_and_without_conflicts():
    fit = {(1, 10): 0.9, (1, 11): 0.8, (2, 10): 0.9, (2, 11): 0.1}
    best = propose(wanted={1: 1, 2: 1}, room={10: 1, 11: 1}, load={}, fit=fit)
    barred = propose(wanted={1: 1, 2: 1}, room={10: 1, 11: 1}, load={}, fit=fit, excluded={(2, 10)})

    assert best.pairs == ((1, 11), (2, 10))
    assert barred.pairs == ((1, 10), (2, 11))


def test_what_cannot_be_placed_is_told():
    found = propose(wanted={1: 2, 2: 2}, room={10: 1, 11: 9}, load={}, fit={}, excluded={(2, 10)})

    assert found.pairs == ((1, 10), (1, 11), (2, 11))
    assert found.short == {2: 1}
    assert propose(wanted={1: 2}, room={}, load={}, fit={}).short == {1: 2}


def test_load_is_even_where_fits_are_alike():
    found = propose(wanted=dict.fromkeys(range(6), 1), room={10: 6, 11: 6, 12: 6}, load={12: 2}, fit={})
    loads = [sum(1 for _, r in found.pairs if r == each) for each in (10, 11, 12)]

    assert loads in ([3, 2, 1], [2, 3, 1])


problems = st.tuples(
    st.lists(st.integers(0, 2), min_size=1, max_size=3),
    st.lists(st.integers(0, 3), min_size=1, max_size=3),
    st.lists(st.integers(0, 4), min_size=9, max_size=9),
    st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=4),
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
)


@settings(max_examples=150, deadline=None)
@given(problems)
def test_no_other_assignment_is_better(problem):
    """Against every possible one: as many reviews, and then as much worth."""
    reviews, rooms, values, excluded, loads = problem
    wanted, room, load = dict(enumerate(reviews)), dict(enumerate(rooms)), dict(enumerate(loads))
    fit = {(a, r): values[3 * a + r] / 4 for a in range(3) for r in range(3)}
    pairs = [(a, r) for a in wanted for r in room if (a, r) not in excluded]

    found = propose(wanted=wanted, room=room, load=load, fit=fit, excluded=excluded)

    assert fitting(found.pairs, wanted, room)
    assert not set(found.pairs) & excluded
    every = (some for n in range(len(pairs) + 1) for some in combinations(pairs, n) if fitting(some, wanted, room))
    best = max((len(some), worth_of(some, load, fit)) for some in every)
    assert (len(found.pairs), worth_of(found.pairs, load, fit)) == best


def fitting(pairs, wanted, room) -> bool:
    return all(sum(1 for a, _ in pairs if a == each) <= n for each, n in wanted.items()) and all(
        sum(1 for _, r in pairs if r == each) <= n for each, n in room.items()
    )

"""The figures of a round: what is counted against what, and what is hidden because it rests on too few."""

from matchmaking import figures
from matchmaking.figures import Facts, Meeting, Person, Seat, Share, Told


def person(number: int, cluster: str = "Home", size: str = "small", country: str = "SE") -> Person:
    return Person(number, cluster, size, country)


def meeting(
    a: int, b: int, state: str = "held", *, said: tuple[Seat, Seat] | None = None, over: bool = True
) -> Meeting:
    seats = said or (Seat(10 * a + b, a), Seat(10 * b + a, b))
    return Meeting(seats, state, is_over=over)


def yes(number: int, step: str = "", relevance: int | None = None) -> Seat:
    return Seat(number, number, "yes", relevance, step)


def test_acceptance_counts_what_was_answered_or_ended_by_silence():
    found = figures.compute(
        Facts((person(1),), (), {"accepted": 6, "declined": 3, "expired": 3, "waiting": 9, "withdrawn": 9}, requested=5)
    )
    assert found.accepted == Share(6, 12, people=5)
    assert found.accepted.percent == 50


def test_share_of_fewer_than_five_is_hidden():
    assert Share(4, 4).percent is None
    assert Share(0, 5).percent == 0
    assert Share(1, 8).percent == 13, "halves go up"
    assert Share(8, 8, people=4).percent is None
    assert Share(1, 2, people=2, is_open=True).percent == 50
    assert Share(0, 0, people=0, is_open=True).percent is None


def test_meetings_each_counts_those_without_any_and_leaves_out_cancelled_ones():
    people = tuple(person(number) for number in range(1, 6))
    found = figures.compute(Facts(people, (meeting(1, 2), meeting(1, 3), meeting(4, 1, "cancelled"))))
    assert found.each.counts == (2, 2, 1)
    assert (found.each.least, found.each.middle, found.each.most) == (0, 1, 2)
    assert found.each.enough == Share(1, 5)
    assert found.meetings == 2


def test_kept_counts_no_shows_and_what_was_freed_on_the_day_but_not_what_nobody_told_of():
    states = ["held"] * 8 + ["no_show", "freed", "cancelled", "planned"]
    people = tuple(person(number) for number in range(1, 20))
    found = figures.compute(Facts(people, tuple(meeting(1, n + 2, state) for n, state in enumerate(states))))
    assert found.kept == Share(8, 10, people=11)
    assert found.not_known == 1


def test_planned_meeting_that_is_still_to_come_is_not_unknown():
    assert figures.compute(Facts((person(1),), (meeting(1, 2, "planned", over=False),))).not_known == 0


def test_second_meeting_needs_both_sides_to_want_contact_or_more():
    told = [
        (yes(1, "contact"), yes(2, "deal")),
        (yes(3, "contact"), yes(4, "none")),
        (yes(5, "project"), yes(6)),
        (yes(7, "project"), Seat(8, 8)),
    ]
    found = figures.second_meetings(meeting(a.person, b.person, said=(a, b)) for a, b in told)
    assert found == Share(1, 2, people=4), "only meetings of which both sides said what comes next are counted"


def test_mutual_musts_are_met_by_meetings_that_stand():
    people = tuple(person(number) for number in range(1, 9))
    musts = frozenset({(1, 2), (3, 4), (5, 6), (7, 8)})
    held = (meeting(2, 1), meeting(3, 4, "no_show"), meeting(5, 6, "cancelled"), meeting(7, 8, "planned"))
    assert figures.compute(Facts(people, held, mutual_musts=musts)).mutual_musts == Share(2, 4, people=8)


def test_response_rate_counts_both_sides_of_meetings_that_are_over_and_stand():
    held = (
        meeting(1, 2, said=(yes(1), yes(2))),
        meeting(3, 4, said=(yes(3), Seat(4, 4))),
        meeting(5, 6, "freed"),
        meeting(7, 8, "planned", over=False),
    )
    found = figures.compute(Facts(tuple(person(number) for number in range(1, 9)), held))
    assert found.answered == Share(3, 4)


def test_relevance_counts_four_and_five():
    held = tuple(meeting(n, n + 1, said=(yes(n, relevance=n), yes(n + 10, relevance=5))) for n in range(1, 6))
    assert figures.compute(Facts((person(1),), held)).relevant == Share(7, 10, people=10)


def test_answers_of_fewer_than_five_participants_are_hidden_however_many_they_gave():
    held = tuple(meeting(1, n, said=(yes(1, "contact", relevance=5), Seat(n, n))) for n in range(2, 8))
    told = tuple(Told(1, 3, "talks") for _ in range(6))
    found = figures.compute(Facts(tuple(person(n) for n in range(1, 8)), held, told=told, asked={3: 12}))
    assert found.relevant == Share(6, 6, people=1)
    assert found.relevant.percent is None
    assert found.ladder[1].hidden


def test_ladder_has_answers_out_of_those_asked_and_hides_the_worth_of_few():
    told = tuple(
        Told(number, 3, "sales" if number < 4 else "contact", number if number < 4 else None) for number in range(7)
    )
    now, three, twelve = figures.compute(Facts((person(1),), told=told, asked={3: 20})).ladder
    assert three.stages == {"sales": 4, "contact": 3}
    assert three.answered == Share(7, 20)
    assert three.worth is None, "four companies only"
    assert now.hidden
    assert twelve.hidden
    told += (Told(8, 3, "sales", 4),)
    assert figures.rung(Facts((), told=told, asked={3: 20}), 3).worth == 2


def test_breakdown_shows_groups_of_five_or_more_each_figure_by_those_it_rests_on():
    people = tuple(person(n, cluster="Home" if n < 6 else "Away" if n < 12 else "Third") for n in range(19))
    held = [meeting(n, n + 6, said=(yes(n, relevance=4), yes(n + 6, relevance=2))) for n in range(5)]
    away, home, third = figures.compute(Facts(people, (*held, meeting(5, 12, "no_show")))).by_cluster
    assert [group.label for group in (away, home, third)] == ["Away", "Home", "Third"]
    assert [group.people.value for group in (away, home, third)] == [6, 6, 7]
    assert [group.meetings.value for group in (away, home, third)] == [1, 1, 0]
    assert (home.relevance.value, home.relevance.n) == (4, 5)
    assert (away.relevance.value, away.relevance.n) == (2, 5)
    assert third.relevance.hidden, "nobody there was asked"
    assert third.kept.hidden, "one company only"
    assert away.kept.hidden, "it would give away that company"
    assert round(home.kept.value) == 83


def test_tally_puts_small_groups_together():
    values = ["SE"] * 8 + ["EE"] * 6 + ["LV"] * 4 + ["FI"]
    assert figures.tally(values) == ([("SE", 8), ("EE", 6)], 2, 5)
    assert figures.tally([]) == ([], 0, 0)


def test_round_of_nobody_has_no_figures_and_no_fault():
    found = figures.compute(Facts(()))
    assert found.each.counts == ()
    assert found.by_cluster == ()
    assert found.kept.percent is None

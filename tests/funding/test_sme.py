"""The definition of an SME at its own boundaries: the annex of Recommendation 2003/361/EC."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.eligibility.sme import classes_near, status_of, weight_of
from funding.eligibility.types import Enterprise, Figures, Holding

M = 1_000_000


def year(headcount=None, turnover=None, balance=None) -> Figures:
    return Figures(headcount=headcount, turnover_eur=turnover, balance_eur=balance)


@pytest.mark.parametrize(
    ("headcount", "turnover", "balance", "size_class"),
    [
        (0, 0, 0, "micro"),
        (9, 2 * M, 2 * M, "micro"),
        (10, 2 * M, 2 * M, "small"),
        (9, 2 * M + 1, 2 * M, "micro"),  # one of the two ceilings is enough
        (9, 2 * M + 1, 2 * M + 1, "small"),
        (49, 10 * M, 99 * M, "small"),
        (50, 10 * M, 10 * M, "medium"),
        (49, 10 * M + 1, 10 * M + 1, "medium"),
        (249, 50 * M, 99 * M, "medium"),
        (249, 99 * M, 43 * M, "medium"),
        (249, 50 * M + 1, 43 * M + 1, "large"),
        (250, 0, 0, "large"),
        (9, 51 * M, 44 * M, "large"),
        ("9.9", 2 * M, 2 * M, "micro"),  # annual work units have parts
        ("249.9", 50 * M, 43 * M, "medium"),
        # To the cent, turnover and balance sheet, at each ceiling.
        (9, "2000000.00", "99e6", "micro"),
        (9, "2000000.01", "2000000.00", "micro"),
        (9, "2000000.01", "2000000.01", "small"),
        (49, "10000000.00", "99e6", "small"),
        (49, "10000000.01", "10000000.00", "small"),
        (49, "10000000.01", "10000000.01", "medium"),
        (249, "50000000.00", "99e6", "medium"),
        (249, "50000000.01", "43000000.00", "medium"),
        (249, "50000000.01", "43000000.01", "large"),
        (5, 1 * M, None, "micro"),
        (5, None, 1 * M, "micro"),
        (250, None, None, "large"),  # money could not change it
        (5, 3 * M, None, None),  # the balance sheet could
        (5, None, None, None),
        (None, 1 * M, 1 * M, None),
    ],
)
def test_headcount_and_one_of_two_amounts_decide(headcount, turnover, balance, size_class):
    assert status_of(Enterprise(years=[year(headcount, turnover, balance)])).size_class == size_class


@pytest.mark.parametrize(
    ("newest_first", "size_class"),
    [
        (["medium", "medium"], "medium"),
        (["large", "medium"], "medium"),  # one year above is not enough
        (["large", "large"], "large"),
        (["large", "large", "medium"], "large"),
        (["medium", "large", "large"], "large"),  # one year below is not enough either
        (["medium", "medium", "large"], "medium"),
        (["medium", "large", "medium"], "medium"),
        (["large", "medium", "large"], "large"),
        (["large", "medium", "medium"], "medium"),
        # Each ceiling counts by itself: two years below the one of small are two years below medium.
        (["small", "micro", "medium", "medium"], "small"),
        (["micro", "small", "large", "large"], "small"),
        (["large", "medium", "micro", "micro"], "medium"),
        (["large", "medium", "micro", "large"], "medium"),  # two years below, one above
    ],
)
def test_a_status_changes_after_two_years_in_a_row(newest_first, size_class):
    figures = {"micro": year(5, 0), "small": year(20, 0), "medium": year(100, 0), "large": year(300, 0)}

    status = status_of(Enterprise(years=[figures[each] for each in newest_first]))

    assert status.size_class == size_class
    assert (status.reason == "two_years") == (size_class != newest_first[0])


@pytest.mark.parametrize(
    ("held_before", "newest_first", "size_class"),
    [
        ("medium", ["large"], "medium"),  # above for one year
        ("medium", ["large", "medium"], "medium"),
        ("medium", ["large", "large"], "large"),  # for two in a row: lost
        ("medium", ["medium", "large"], "medium"),  # back in time
        ("large", ["medium"], "large"),
        ("large", ["medium", "large"], "large"),
        ("large", ["medium", "medium"], "medium"),  # won
        ("large", ["large", "medium"], "large"),
        ("small", ["medium", "small"], "small"),
        ("small", ["medium", "medium"], "medium"),
        ("micro", ["micro", "small"], "micro"),
        ("micro", ["medium", "small"], "small"),  # above micro for two years, above small for one
        ("large", ["micro", "medium"], "medium"),
        ("small", ["medium", "large"], "medium"),
        ("medium", ["large", "small"], "medium"),  # one year below, one above
        (None, ["medium", "large"], "large"),  # the oldest year says it where nothing else does
    ],
)
def test_what_it_counted_as_before_holds_until_two_years_say_otherwise(held_before, newest_first, size_class):
    figures = {"micro": year(9, 0), "small": year(49, 0), "medium": year(249, 0), "large": year(250, 0)}
    years = [figures[each] for each in newest_first]

    assert status_of(Enterprise(years=years, held_before=held_before)).size_class == size_class


@pytest.mark.parametrize(
    ("newest", "near"),
    [
        (year(100, 20 * M, 20 * M), {"medium"}),
        (year(199, 20 * M, 20 * M), {"medium"}),
        (year(200, 20 * M, 20 * M), {"medium", "large"}),  # four fifths of 250
        (year(249, 20 * M, 20 * M), {"medium", "large"}),
        (year(250, 20 * M, 20 * M), {"medium", "large"}),
        (year(9000, 20 * M, 20 * M), {"medium", "large"}),  # far above: it may have been below two years ago
        (year(100, 40 * M, 43 * M), {"medium"}),  # one of the two ceilings is enough
        (year(100, "40000000.01", 43 * M), {"medium", "large"}),
        (year(39, 1 * M, 1 * M), {"small"}),
        (year(40, 1 * M, 1 * M), {"small", "medium"}),
        (year(60, 1 * M, 1 * M), {"small", "medium"}),
        (year(7, 1 * M, 1 * M), {"micro"}),
        (year(8, 1 * M, 1 * M), {"micro", "small"}),
        (year(None, 1 * M, 1 * M), set()),
        (year(5, 3 * M, None), set()),
    ],
)
def test_near_a_ceiling_one_year_does_not_say_it(newest, near):
    assert classes_near(Enterprise(years=[newest])) == near


def test_companies_around_it_lead_near_a_ceiling_and_public_hands_decide_alone():
    linked = Holding(name="Norrviken", share="0.6", years=[year(120, 0, 0)])
    alone = Enterprise(years=[year(100, 0, 0)])
    assert classes_near(alone) == {"medium"}
    assert classes_near(alone.model_copy(update={"holdings": (linked,)})) == {"medium", "large"}
    assert classes_near(Enterprise(years=[year(249, 0, 0)], public_share="0.25")) == set()
    assert classes_near(Enterprise()) == set()


@pytest.mark.parametrize(
    ("share", "exempt", "weight"),
    [
        ("0", False, 0),
        ("0.2499", False, 0),
        ("0.25", False, "0.25"),
        ("0.5", False, "0.5"),
        ("0.5001", False, 1),
        ("1", False, 1),
        ("0.25", True, 0),
        ("0.5", True, 0),
        ("0.5001", True, 1),  # an investor that controls is linked all the same
    ],
)
def test_partners_count_by_their_share_and_linked_enterprises_in_full(share, exempt, weight):
    assert str(weight_of(Holding(name="Ålandsvik Invest", share=share, exempt=exempt))) == str(weight)


def test_figures_of_the_enterprises_around_are_added():
    alone = Enterprise(years=[year(200, 40 * M, 40 * M)])
    partner = Holding(name="Norrviken", share="0.25", years=[year(199, 0, 0)])
    linked = Holding(name="Norrviken", share="0.6", years=[year(50, 0, 0)])

    assert status_of(alone).size_class == "medium"
    assert status_of(alone.model_copy(update={"holdings": (partner,)})).size_class == "medium"  # 249.75
    bigger = partner.model_copy(update={"years": (year(200, 0, 0),)})
    assert status_of(alone.model_copy(update={"holdings": (bigger,)})).size_class == "large"  # 250
    assert status_of(alone.model_copy(update={"holdings": (linked,)})).size_class == "large"


def test_a_quarter_in_public_hands_is_no_sme():
    small = Enterprise(years=[year(5, 0, 0)], public_share="0.2499")

    assert status_of(small).is_sme is True
    assert status_of(small.model_copy(update={"public_share": small.public_share + 1})).reason == "public"
    assert status_of(Enterprise(years=[year(5, 0, 0)], public_share="0.25")).is_sme is False


@pytest.mark.parametrize(
    ("share", "size_class"),
    [
        ("0.2499", "small"),  # autonomous: 49 people
        ("0.25", "medium"),  # a quarter of 8 people more: 51
        ("0.5", "medium"),  # half of them: 53
        ("0.5001", "medium"),  # linked: all of them, 57
        ("1", "medium"),
    ],
)
def test_a_share_decides_at_its_boundaries(share, size_class):
    around = Holding(name="Norrviken", share=share, years=[year(8, 0, 0)])

    assert status_of(Enterprise(years=[year(49, 0, 0)], holdings=[around])).size_class == size_class


@pytest.mark.parametrize(
    ("share", "people", "size_class"),
    [("0.5", 2, "small"), ("0.5001", 2, "medium"), ("0.25", 4, "medium"), ("0.2499", 400, "small")],
)
def test_half_is_a_partner_and_more_than_half_is_linked(share, people, size_class):
    """48 and half of 2 are 49 people; 48 and both of them are 50."""
    around = Holding(name="Norrviken", share=share, years=[year(people, 0, 0)])
    own = 48 if people == 2 else 49

    assert status_of(Enterprise(years=[year(own, 0, 0)], holdings=[around])).size_class == size_class


@pytest.mark.parametrize(("public_share", "is_sme"), [("0", True), ("0.2499", True), ("0.25", False), ("0.5", False)])
def test_public_hands_at_their_boundary(public_share, is_sme):
    assert status_of(Enterprise(years=[year(5, 0, 0)], public_share=public_share)).is_sme is is_sme


def test_one_year_above_a_ceiling_to_the_cent_changes_nothing():
    above, below = year(249, "50000000.01", "43000000.01"), year(249, "50000000.00", "43000000.00")

    assert status_of(Enterprise(years=[above, below, below])).size_class == "medium"
    assert status_of(Enterprise(years=[above, above, below])).size_class == "large"


def test_what_is_missing_is_asked_for():
    open_holding = Holding(name="Norrviken", share="0.4")

    assert status_of(Enterprise()).missing == (("headcount", ""), ("money", ""))
    assert status_of(Enterprise(years=[year(None, 1)])).missing == (("headcount", ""),)
    assert status_of(Enterprise(years=[year(5, 3 * M)])).missing == (("money", ""),)
    asked = status_of(Enterprise(years=[year(5, 1, 1)], holdings=[open_holding]))
    assert (asked.is_sme, asked.missing) == (None, (("holding", "Norrviken"),))
    # A small share asks for nothing.
    ignored = open_holding.model_copy(update={"share": open_holding.share / 2})
    assert status_of(Enterprise(years=[year(5, 1, 1)], holdings=[ignored])).size_class == "micro"


@given(
    st.lists(
        st.builds(year, st.integers(0, 400), st.integers(0, 90 * M), st.integers(0, 90 * M)), min_size=1, max_size=6
    )
)
def test_the_status_is_that_of_some_year_and_steady_years_keep_it(years):
    each = [status_of(Enterprise(years=[one])).size_class for one in years]

    assert status_of(Enterprise(years=years)).size_class in each
    assert status_of(Enterprise(years=[years[0], years[0], *years[1:]])).size_class == each[0]

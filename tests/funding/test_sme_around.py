"""Linked and partner enterprises are summed, and asked for where they decide: Recommendation 2003/361/EC, article 6."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.eligibility.sme import RANKS, status_of
from funding.eligibility.types import Enterprise, Holding
from tests.funding.test_sme import M, year

NOBODY, UNKNOWN = year(0, 0, 0), None
SME_NOW, LARGE_NOW = year(200, 20 * M, 20 * M), year(260, 60 * M, 60 * M)


@pytest.mark.parametrize(
    ("own", "around", "size_class", "missing"),
    [
        # Large by its own figures: whatever is around it, it is no smaller.
        ([LARGE_NOW], UNKNOWN, "large", ()),
        ([LARGE_NOW, LARGE_NOW], UNKNOWN, "large", ()),
        # One year above alone keeps the status, unless the companies around it were enough the year before.
        ([LARGE_NOW, SME_NOW], UNKNOWN, None, (("holding_before", "Norrviken"),)),
        ([LARGE_NOW, SME_NOW], [NOBODY], "medium", ()),
        ([LARGE_NOW, SME_NOW], [year(49, 0, 0)], "medium", ()),
        ([LARGE_NOW, SME_NOW], [year(50, 0, 0)], "large", ()),
        ([LARGE_NOW, SME_NOW], [NOBODY, year(50, 0, 0)], "large", ()),
        ([LARGE_NOW, SME_NOW], [year(50, 0, 0), NOBODY], "medium", ()),
        # An SME by its own figures: the companies around it are asked for this year first.
        ([SME_NOW], UNKNOWN, None, (("holding", "Norrviken"),)),
        ([SME_NOW, SME_NOW], UNKNOWN, None, (("holding", "Norrviken"),)),
        ([SME_NOW, SME_NOW], [year(50, 0, 0), NOBODY], "medium", ()),
        ([SME_NOW, SME_NOW], [NOBODY, year(50, 0, 0)], "large", ()),
        # What is not known of the year before is asked for only where it could change the answer.
        ([SME_NOW, year(240)], [NOBODY], None, (("money_before", ""),)),
        ([SME_NOW, year(None, 1, 1)], [NOBODY], None, (("headcount_before", ""),)),
        ([LARGE_NOW, year(260)], UNKNOWN, "large", ()),
        # Amounts that are left open change nothing where the people decide.
        ([LARGE_NOW], [year(None, 1, None)], "large", ()),
        ([SME_NOW], [year(50, None, None)], "large", ()),
    ],
)
def test_what_is_around_it_is_asked_for_where_it_decides(own, around, size_class, missing):
    linked = Holding(name="Norrviken", share="0.6", years=around or [])

    status = status_of(Enterprise(years=own, holdings=[linked]))

    assert (status.size_class, status.missing) == (size_class, missing)


@pytest.mark.parametrize(("share", "size_class"), [("0.2", "medium"), ("0.25", "large"), ("0.5001", "large")])
def test_linked_and_partner_enterprises_count_together(share, size_class):
    """40 people of the linked one, and a quarter of 40 of the partner: with 200 of its own they are 250."""
    linked = Holding(name="Norrviken", share="0.6", years=[year(40, 0, 0)])
    partner = Holding(name="Ålandsvik Invest", share=share, years=[year(40, 0, 0)])

    assert status_of(Enterprise(years=[SME_NOW], holdings=[linked, partner])).size_class == size_class


SIZED = st.builds(year, st.integers(0, 400), st.integers(0, 90 * M), st.integers(0, 90 * M))


@given(st.lists(SIZED, min_size=1, max_size=3), SIZED, SIZED, st.sampled_from([None, *RANKS]))
def test_more_around_it_never_makes_it_smaller(years, around, more, before):
    def size(*holdings):
        return RANKS.index(status_of(Enterprise(years=years, holdings=holdings, held_before=before)).size_class)

    one, other = (Holding(name=name, share="0.6", years=[each]) for name, each in (("A", around), ("B", more)))
    assert size() <= size(one) <= size(one, other)

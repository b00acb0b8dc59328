"""De minimis aid on its boundary days and at its ceiling."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.eligibility.de_minimis import CEILING, counted, counts_on, room
from funding.eligibility.types import Aid


def aid(amount, granted_on, member_state="SE", undertaking="Klarflod") -> Aid:
    return Aid(undertaking=undertaking, member_state=member_state, amount=amount, granted_on=granted_on)


@pytest.mark.parametrize(
    ("granted_on", "day", "counts"),
    [
        (date(2024, 3, 31), date(2027, 3, 30), True),
        (date(2024, 3, 31), date(2027, 3, 31), False),  # the third anniversary begins another three years
        (date(2027, 3, 31), date(2027, 3, 31), True),
        (date(2027, 4, 1), date(2027, 3, 31), False),  # not granted yet
        (date(2025, 2, 28), date(2028, 2, 27), True),
        (date(2025, 2, 28), date(2028, 2, 28), False),
        (date(2025, 3, 1), date(2028, 2, 29), True),  # a leap day inside the three years
        (date(2025, 3, 1), date(2028, 3, 1), False),
        (date(2023, 12, 31), date(2026, 12, 30), True),
        (date(2023, 12, 31), date(2026, 12, 31), False),
        (date(2024, 2, 29), date(2027, 2, 27), True),
        (date(2024, 2, 29), date(2027, 2, 28), False),
    ],
)
def test_three_years_roll_from_the_day_of_granting(granted_on, day, counts):
    assert counts_on(aid(1, granted_on), day) is counts


def test_each_member_state_counts_for_itself():
    had = [aid("200000", date(2026, 1, 1)), aid("250000", date(2026, 1, 1), "FI")]

    assert room(had, member_state="SE", day=date(2027, 1, 1)) == 100_000
    assert room(had, member_state="FI", day=date(2027, 1, 1)) == 50_000
    assert room(had, member_state="EE", day=date(2027, 1, 1)) == CEILING


@pytest.mark.parametrize(
    ("had", "left"),
    [("0", "300000"), ("299999.99", "0.01"), ("300000", "0"), ("300000.01", "0"), ("0.01", "299999.99")],
)
def test_the_ceiling_holds_to_the_cent(had, left):
    assert room([aid(had, date(2026, 1, 1))], member_state="SE", day=date(2027, 1, 1)) == Decimal(left)


def test_linked_companies_share_one_ceiling():
    had = [aid("150000", date(2026, 1, 1)), aid("149999.99", date(2026, 5, 1), undertaking="Klarflod Drift")]

    assert room(had, member_state="SE", day=date(2027, 1, 1)) == Decimal("0.01")
    assert room([*had, aid("5", date(2026, 6, 1))], member_state="SE", day=date(2027, 1, 1)) == 0


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 150_000)), max_size=12), st.integers(0, 2500))
def test_who_keeps_to_the_room_never_passes_the_ceiling_in_any_three_years(grants, look):
    """Grants are made in turn, each as large as asked for or as the room allows; then any three years are looked at."""
    first, had = date(2024, 1, 1), []
    for offset, amount in sorted(grants):
        day = first + timedelta(days=offset)
        had.append(aid(min(Decimal(amount), room(had, member_state="SE", day=day)), day))

    assert counted(had, member_state="SE", day=first + timedelta(days=look)) <= CEILING

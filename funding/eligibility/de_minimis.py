"""De minimis aid: Commission Regulation (EU) 2023/2831.

Article 3 (2): a single undertaking is granted at most EUR 300,000 by one Member State over any period of three years.
Article 3 (3): aid is granted on the day on which the undertaking gets the legal right to it, whenever it is paid.
Article 2 (2): linked companies (majority of votes, the right to appoint or remove a majority, dominant influence, or
control by agreement) are one single undertaking.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from funding.eligibility.types import Aid

CEILING = Decimal(300_000)
YEARS = 3
LAST_DAY = date(2030, 12, 31)


def counts_on(aid: Aid, day: date) -> bool:
    """Whether an earlier grant still counts on the day of a new one.

    It counts up to the day before the third anniversary. Who was granted aid on 29 February is counted up to 27
    February three years later.
    """
    ends: date = aid.granted_on + relativedelta(years=YEARS)
    return aid.granted_on <= day < ends


def first_counting_day(day: date) -> date:
    """The earliest day of granting that still counts on a day."""
    candidate: date = day - relativedelta(years=YEARS)
    while candidate + relativedelta(years=YEARS) <= day:
        candidate += timedelta(days=1)
    return candidate


def counted(aid: Iterable[Aid], *, member_state: str, day: date) -> Decimal:
    """EUR that one Member State has granted in the three years up to a day, that day included."""
    return sum((each.amount for each in aid if each.member_state == member_state and counts_on(each, day)), Decimal(0))


def room(aid: Iterable[Aid], *, member_state: str, day: date) -> Decimal:
    """EUR that one Member State may still grant on a day; 0 when the ceiling is reached or passed."""
    return max(CEILING - counted(aid, member_state=member_state, day=day), Decimal(0))


def room_throughout(aid: Sequence[Aid], *, member_state: str, day: date) -> Decimal:
    """EUR that may still be granted on a day so that no period of three years breaks the ceiling, later ones included.

    It differs from `room` when aid was granted after that day: the new grant would count together with it.
    """
    until: date = day + relativedelta(years=YEARS)
    days = {day} | {each.granted_on for each in aid if day < each.granted_on < until}
    return min(room(aid, member_state=member_state, day=each) for each in days)


def returns(aid: Sequence[Aid], *, member_state: str, day: date) -> list[tuple[date, Decimal]]:
    """The days after a day on which room comes back, and how much there is from each of them, if nothing is granted."""
    days = {each.granted_on + relativedelta(years=YEARS) for each in aid if each.member_state == member_state}
    later = sorted(each for each in days if each > day)
    return [(each, room(aid, member_state=member_state, day=each)) for each in later]

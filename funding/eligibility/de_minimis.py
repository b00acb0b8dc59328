"""De minimis aid: Commission Regulation (EU) 2023/2831.

Article 3 (2): a single undertaking is granted at most EUR 300,000 by one Member State over any period of three years.
Article 3 (3): aid is granted on the day on which the undertaking gets the legal right to it, whenever it is paid.
Article 2 (2): linked companies (majority of votes, the right to appoint or remove a majority, dominant influence, or
control by agreement) are one single undertaking.
"""

from collections.abc import Iterable
from datetime import date
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


def counted(aid: Iterable[Aid], *, member_state: str, day: date) -> Decimal:
    """EUR that one Member State has granted in the three years up to a day, that day included."""
    return sum((each.amount for each in aid if each.member_state == member_state and counts_on(each, day)), Decimal(0))


def room(aid: Iterable[Aid], *, member_state: str, day: date) -> Decimal:
    """EUR that one Member State may still grant on a day; 0 when the ceiling is reached or passed."""
    return max(CEILING - counted(aid, member_state=member_state, day=day), Decimal(0))

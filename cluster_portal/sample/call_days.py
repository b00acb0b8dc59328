"""The days of a call of the sample, counted in weeks from today."""

from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

ZONE = "Europe/Stockholm"


class Days(NamedTuple):
    """When a call opens and closes, until when it is judged, and when it is decided and granted."""

    opens_at: datetime
    deadline: datetime
    review_until: datetime
    decided_at: datetime
    granting_on: date

    @property
    def of_the_call(self) -> dict[str, datetime | date]:
        """As the call has them."""
        return {name: value for name, value in self._asdict().items() if name != "decided_at"}


def days_of(told: dict[str, Any], today: date) -> Days:
    """So many weeks from today, on a working day."""

    def day(weeks: int) -> date:
        found = today + timedelta(weeks=weeks)
        return found - timedelta(days=max(0, found.weekday() - 4))

    def moment(weeks: int, hour: int) -> datetime:
        return datetime.combine(day(weeks), time(hour), tzinfo=ZoneInfo(ZONE))

    return Days(
        opens_at=moment(told["opens"], 9),
        deadline=moment(told["deadline"], 15),
        review_until=moment(told["decided"] - 1, 18),
        decided_at=moment(told["decided"], 10),
        granting_on=day(told["decided"] + 1),
    )

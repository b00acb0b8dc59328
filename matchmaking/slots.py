"""Cutting a session into slots on the line of moments, so that a day on which the clocks change comes out right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta


def cut(starts_at: datetime, ends_at: datetime, *, minutes: int, pause: int) -> Iterator[tuple[datetime, datetime]]:
    """The slots that fit between two moments, each with its end; the rest at the end stays free."""
    # Python adds to the wall clock when both moments are of one zone: in UTC there is nothing to jump over.
    at, end = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    length, step = timedelta(minutes=minutes), timedelta(minutes=minutes + pause)
    while at + length <= end:
        yield at, at + length
        at += step

"""One module a format, each with `write(records, *, today) -> bytes`: the sample's content in a source's own shape."""

from datetime import date, timedelta

SATURDAY = 5


def working_day(today: date, offset: int) -> date:
    """`today` moved by `offset` days, and off a weekend: a coming day to the Monday after, a past one to the Friday."""
    day = today + timedelta(days=offset)
    beyond = day.weekday() - SATURDAY
    if beyond < 0:
        return day
    return day + timedelta(days=2 - beyond) if offset > 0 else day - timedelta(days=beyond + 1)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a content text: parted by blank lines, the lines of one joined, list items ("- ") apart."""
    found: list[str] = []
    for block in text.strip().split("\n\n"):
        lines = [line.strip() for line in block.splitlines()]
        if lines[0].startswith("- "):
            found.extend(lines)
        else:
            found.append(" ".join(lines))
    return found

"""A page asks the database the same number of questions however many rows it shows."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

SIZES = (1, 3, 25)


def assert_constant_queries(
    load: Callable[[], HttpResponse],
    make: Callable[[], object],
    *,
    at_most: int,
    shows: Callable[[HttpResponse], int],
) -> None:
    """Loads a page with 1, 3 and 25 rows. `make` adds one row, `shows` counts the rows in the page."""
    load()  # what is read once a process, or once a day
    counts, made = [], 0
    for size in SIZES:
        for _ in range(size - made):
            make()
        made = size
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = load()
        assert shows(response) == size
        counts.append(len(captured))
    questions = "\n".join(query["sql"] for query in captured.captured_queries)
    assert counts == [counts[0]] * len(SIZES), f"{counts} questions for {SIZES} rows:\n{questions}"
    assert counts[0] <= at_most, f"{counts[0]} questions, {at_most} are enough:\n{questions}"

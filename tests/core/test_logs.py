"""Log lines: one JSON object each, with the id of what they belong to, the exception, and the caller's own fields."""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied

from cluster_portal.celery import app
from core.logs import JsonFormatter, PlainFormatter, request_id


@pytest.fixture
def inside_a_request() -> Iterator[None]:
    token = request_id.set("request-of-a-test")
    yield
    request_id.reset(token)


def line(message: str = "Read %s of %s", args: tuple = (3, "Ålgräs"), **extra: object) -> dict[str, object]:
    record = logging.getLogger("portal").makeRecord(
        "portal.imports", logging.WARNING, __file__, 1, message, args, extra.pop("exc_info", None), extra=extra
    )
    written = JsonFormatter().format(record)
    assert "\n" not in written
    return json.loads(written)


def test_line_says_when_what_and_to_which_request_it_belongs(inside_a_request):
    found = line()
    at = datetime.fromisoformat(found.pop("at"))

    assert abs((datetime.now(UTC) - at).total_seconds()) < 5
    assert found == {
        "level": "warning",
        "logger": "portal.imports",
        "message": "Read 3 of Ålgräs",
        "request_id": "request-of-a-test",
    }


def test_line_outside_of_a_request_says_so():
    assert line()["request_id"] == "-"


def test_fields_of_the_caller_are_fields_of_the_line():
    found = line(status=404, day=date(2027, 5, 3))

    assert (found["status"], found["day"]) == (404, "2027-05-03")


def test_exception_is_in_the_line():
    try:
        raise ValueError("Not a date: 31 June")
    except ValueError:
        found = line("Refused", (), exc_info=sys.exc_info())

    assert found["exception"].startswith("Traceback")
    assert found["exception"].endswith("ValueError: Not a date: 31 June")


def test_line_break_in_a_value_makes_no_second_line():
    assert line("Signed in: %s", ("eve\n{'level': 'info'}",))["message"] == "Signed in: eve\n{'level': 'info'}"


def test_plain_line_is_for_eyes():
    record = logging.makeLogRecord({"msg": "Ready", "levelname": "INFO", "levelno": logging.INFO})

    assert PlainFormatter().format(record)[9:] == "INFO    Ready"


def test_lines_of_a_task_carry_its_id_and_those_after_it_do_not():
    seen = []

    @app.task(name="tests.core.logs")
    def log_a_line() -> None:
        seen.append(line()["request_id"])

    log_a_line.apply(task_id="task-of-a-test")
    del app.tasks["tests.core.logs"]

    assert seen == ["task-of-a-test"]
    assert line()["request_id"] == "-"


@pytest.mark.parametrize(("status", "lines"), [(403, 1), (404, 1), (500, 2)])
def test_refused_page_is_one_line_and_a_fault_keeps_its_traceback(status, lines):
    try:
        raise PermissionDenied("Only for managers.")
    except PermissionDenied:
        record = logging.makeLogRecord({"msg": "Forbidden", "exc_info": sys.exc_info(), "status_code": status})
    short = logging.getLogger("django.request").filters[0]
    assert short.filter(record)
    said = PlainFormatter().format(record).splitlines()
    assert (len(said) > 1) is (lines > 1), said

"""What only one process may do at a time, across all machines: locks that the database keeps."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def wait_for(name: str) -> None:
    """Waits until no other transaction holds this name, and holds it until the end of the present one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])


@contextmanager
def only_one(name: str) -> Iterator[bool]:
    """Whether this process is the one: True for the first to come, False for others as long as the first is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [name])
        (is_ours,) = cursor.fetchone()
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])

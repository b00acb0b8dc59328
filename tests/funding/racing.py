"""Several acts at the same moment, each with a real connection of its own."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.core.exceptions import PermissionDenied
from django.db import connection

from core.actions import Refused
from funding import files


def at_once(*acts: Callable[[], object]) -> list[Exception]:
    """Does all of them at the same moment, each with its own connection; returns what was refused."""
    barrier, refused = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
        except (Refused, PermissionDenied, files.Unfit) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused

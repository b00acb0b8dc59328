"""Several acts at the same moment, each with a real connection of its own."""

from collections.abc import Callable
from threading import Barrier, Event, Thread

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from core.actions import Refused


def at_once(*acts: Callable[[], object], faults: tuple[type[Exception], ...] = ()) -> list[Exception]:
    """Does all of them at the same moment; returns what was refused. `faults`: what else counts as a refusal."""
    barrier, refused = Barrier(len(acts)), []

    def do(act: Callable[[], object]) -> None:
        try:
            barrier.wait()
            act()
        except (Refused, PermissionDenied, *faults) as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    threads = [Thread(target=do, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def side_by_side(tries: int, *acts: Callable[[], object], between: Callable[[int], None]) -> None:
    """Each act in a thread and a connection of its own, all at once; after each try `between` sees how many were done.

    What an act raises beside Refused ends the test.
    """
    barrier, done, faults = Barrier(len(acts) + 1), [], []

    def run(act: Callable[[], object]) -> None:
        try:
            for _ in range(tries):
                barrier.wait()
                try:
                    act()
                    done.append(act)
                except Refused:
                    pass
                barrier.wait()
        except BaseException as fault:  # noqa: BLE001 - told by the test, whatever it is
            faults.append(fault)
            barrier.abort()
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act], daemon=True) for act in acts]
    for thread in threads:
        thread.start()
    try:
        for _ in range(tries):
            barrier.wait(60)
            barrier.wait(60)
            between(len(done))
            done.clear()
    finally:
        barrier.abort()
        for thread in threads:
            thread.join()
    assert [each for each in faults if "BrokenBarrier" not in type(each).__name__] == []


def second_waits(first: Callable[[], object], second: Callable[[], object]) -> list[Exception]:
    """`second` begins when `first` is done but not committed, and has to wait for it; returns how it was refused."""
    done, commit, refused = Event(), Event(), []

    def hold() -> None:
        with transaction.atomic():
            first()
            done.set()
            commit.wait(10)
        connection.close()

    def follow() -> None:
        done.wait(10)
        try:
            second()
        except Refused as refusal:
            refused.append(refusal)
        connection.close()

    threads = [Thread(target=each) for each in (hold, follow)]
    for thread in threads:
        thread.start()
    threads[1].join(0.5)
    assert threads[1].is_alive()
    assert refused == []
    commit.set()
    for thread in threads:
        thread.join()
    return refused

"""Long work: one winner a claim, a lost worker's run goes on, a woken one is fenced, and each end is told."""

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from core import runs
from core.models import Run
from core.runs import LostClaim, RunFailed
from opportunities.models import ImportRun, Source

Status = Run.Status


@pytest.fixture
def source(db) -> Source:
    return Source.objects.create(name="Partner list", slug="partner-list", format=Source.Format.CSV)


@pytest.fixture
def run(source) -> ImportRun:
    return ImportRun.objects.create(source=source, format=source.format, file_name="partners.csv")


def silent_since(run: ImportRun, **ago: float) -> None:
    ImportRun.objects.filter(pk=run.pk).update(
        status=Status.RUNNING, claim_token=uuid.uuid4(), heartbeat_at=timezone.now() - timedelta(**ago)
    )


def nothing(_run: ImportRun) -> None:
    """Work that is done at once."""


@pytest.mark.django_db(transaction=True)
def test_race_for_a_claim_has_one_winner(source):
    """Real connections: each thread has its own."""
    for _ in range(5):
        run = ImportRun.objects.create(source=source, format=source.format, file_name="partners.csv")
        start, won = threading.Barrier(4), []

        def claim(pk=run.pk, start=start, won=won) -> None:
            start.wait()
            won.append(runs.claim(ImportRun, pk))
            connection.close()

        threads = [threading.Thread(target=claim) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(won) == 4
        assert len([each for each in won if each is not None]) == 1


def test_claim_notes_the_start_once(run):
    first = runs.claim(ImportRun, run.pk)
    started_at = first.started_at
    silent_since(run, minutes=5)
    second = runs.claim(ImportRun, run.pk)

    assert started_at is not None
    assert second.started_at == started_at
    assert second.claim_token != first.claim_token


def test_fresh_run_is_not_taken_over_and_a_stale_one_is(run):
    silent_since(run, seconds=50)
    assert runs.claim(ImportRun, run.pk) is None

    silent_since(run, seconds=70)
    assert runs.claim(ImportRun, run.pk) is not None


@pytest.mark.parametrize("over", [Status.DONE, Status.FAILED, Status.CANCELLED])
def test_run_that_is_over_is_not_taken(run, over):
    ImportRun.objects.filter(pk=run.pk).update(status=over, heartbeat_at=timezone.now() - timedelta(days=1))
    done: list[int] = []

    runs.execute(ImportRun, run.pk, lambda run: done.append(run.pk))

    run.refresh_from_db()
    assert (run.status, done) == (over, [])


def test_worker_that_was_given_up_is_fenced_at_its_next_checkpoint(run):
    slow = runs.claim(ImportRun, run.pk)
    ImportRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    other = runs.claim(ImportRun, run.pk)
    runs.checkpoint(other, done=7)

    with pytest.raises(LostClaim):
        runs.checkpoint(slow, done=3)

    run.refresh_from_db()
    assert (run.done, run.claim_token) == (7, other.claim_token)


def test_fenced_worker_does_not_end_the_run_of_the_other(run):
    def overtaken(mine: ImportRun) -> None:
        silent_since(mine, minutes=5)
        runs.claim(ImportRun, mine.pk)
        raise RunFailed("Too late to matter.")

    runs.execute(ImportRun, run.pk, overtaken)

    run.refresh_from_db()
    assert (run.status, run.error) == (Status.RUNNING, "")


def test_work_that_ends_well_is_done(run):
    runs.execute(ImportRun, run.pk, lambda run: runs.checkpoint(run, done=3, total=3))

    run.refresh_from_db()
    assert (run.status, run.done, run.error) == (Status.DONE, 3, "")
    assert run.finished_at is not None


def test_checkpoint_shows_life(run):
    mine = runs.claim(ImportRun, run.pk)
    ImportRun.objects.update(heartbeat_at=timezone.now() - timedelta(seconds=59))

    runs.checkpoint(mine)

    run.refresh_from_db()
    assert timezone.now() - run.heartbeat_at < timedelta(seconds=5)


@pytest.mark.parametrize("in_a_transaction", [False, True])
def test_running_work_stops_at_its_next_checkpoint_when_asked(run, in_a_transaction):
    """Also when the checkpoint stands in a transaction of the work's own, which is rolled back."""

    def work(mine: ImportRun) -> None:
        runs.checkpoint(mine, done=1)
        runs.ask_to_stop(mine)
        if in_a_transaction:
            with transaction.atomic():
                runs.checkpoint(mine, done=2)
        runs.checkpoint(mine, done=2)
        raise AssertionError("went on")

    runs.execute(ImportRun, run.pk, work)

    run.refresh_from_db()
    assert (run.status, run.done, run.error) == (Status.CANCELLED, 1, "")
    assert run.finished_at is not None
    assert runs.left_behind(ImportRun) == []


def test_waiting_run_is_stopped_at_once(run):
    runs.ask_to_stop(run)

    run.refresh_from_db()
    assert run.status == Status.CANCELLED
    assert run.finished_at is not None


def test_stop_that_comes_while_a_waiting_run_is_claimed_is_heard(run, monkeypatch):
    mine = []
    update = runs.timezone.now

    def claimed_in_between():
        if not mine:
            mine.append(None)
            mine[0] = runs.claim(ImportRun, run.pk)
        return update()

    monkeypatch.setattr(runs.timezone, "now", claimed_in_between)
    runs.ask_to_stop(run)

    with pytest.raises(LostClaim):
        runs.checkpoint(mine[0], done=1)


def test_what_is_over_cannot_be_stopped(run):
    runs.execute(ImportRun, run.pk, nothing)
    runs.ask_to_stop(run)

    run.refresh_from_db()
    assert (run.status, run.stop_asked) == (Status.DONE, False)


def test_failure_that_the_work_knows_says_why(run, caplog):
    def work(_run: ImportRun) -> None:
        raise RunFailed("The file is empty. Send one that has rows.")

    runs.execute(ImportRun, run.pk, work)

    run.refresh_from_db()
    assert (run.status, run.error) == (Status.FAILED, "The file is empty. Send one that has rows.")
    assert run.finished_at is not None


def test_unexpected_failure_is_told_in_the_row_and_raised_for_the_log(run):
    with pytest.raises(ZeroDivisionError):
        runs.execute(ImportRun, run.pk, lambda _run: 1 / 0)

    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.error == "Something unexpected happened (ZeroDivisionError). It is in the log; start it again."


@pytest.mark.parametrize("lost", [OperationalError("server closed the connection"), InterfaceError("already closed")])
def test_lost_database_keeps_the_row_as_it_is(run, lost):
    def work(mine: ImportRun) -> None:
        runs.checkpoint(mine, done=5, cursor={"row": 5})
        raise lost

    with pytest.raises(type(lost)):
        runs.execute(ImportRun, run.pk, work)

    run.refresh_from_db()
    assert (run.status, run.done, run.cursor, run.error) == (Status.RUNNING, 5, {"row": 5}, "")


@pytest.mark.django_db(transaction=True)
def test_query_that_takes_too_long_is_not_repeated_for_ever(run):
    def work(_run: ImportRun) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")

    with pytest.raises(OperationalError):
        runs.execute(ImportRun, run.pk, work)

    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert run.error.startswith("The database took too long")


def test_work_that_reaches_its_time_limit_goes_on_later(run):
    def work(mine: ImportRun) -> None:
        runs.checkpoint(mine, done=5)
        raise SoftTimeLimitExceeded

    runs.execute(ImportRun, run.pk, work)
    run.refresh_from_db()
    assert (run.status, run.done) == (Status.QUEUED, 5)

    runs.execute(ImportRun, run.pk, lambda mine: runs.checkpoint(mine, done=mine.done + 1))
    run.refresh_from_db()
    assert (run.status, run.done) == (Status.DONE, 6)


def queued(**ago: float) -> Callable[[ImportRun], None]:
    return lambda run: ImportRun.objects.filter(pk=run.pk).update(created_at=timezone.now() - timedelta(**ago))


@pytest.mark.parametrize(
    ("state", "is_left"),
    [
        (queued(seconds=2), False),
        (queued(seconds=20), True),
        (lambda run: silent_since(run, seconds=30), False),
        (lambda run: silent_since(run, seconds=90), True),
        (lambda run: runs.execute(ImportRun, run.pk, nothing), False),
    ],
    ids=["its message is on the way", "its message was lost", "its worker lives", "its worker died", "done"],
)
def test_left_behind_is_what_nobody_works_on(run, state, is_left):
    state(run)

    assert runs.left_behind(ImportRun) == ([run.pk] if is_left else [])


@pytest.mark.parametrize(
    ("done", "total", "status", "percent"),
    [(0, 0, Status.RUNNING, 0), (1, 3, Status.RUNNING, 33), (3, 3, Status.RUNNING, 100), (0, 0, Status.DONE, 100)],
)
def test_percent(done, total, status, percent):
    assert ImportRun(done=done, total=total, status=status).percent == percent

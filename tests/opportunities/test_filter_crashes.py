"""Runs of the filter end with the same rows after any crash, and one goes on at a time."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from core import runs
from members.models import Profile
from opportunities import filter_runs
from opportunities.lists import Lists
from opportunities.models import (
    FilterRun,
    FilterShard,
    Match,
    MatchList,
    MatchState,
)
from tests.opportunities.ground import filter_now, fresh_lists, lists, opportunity, work, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of two members, one member a step, so that a few members make several of both."""
    monkeypatch.setattr(filter_runs, "MEMBERS_A_SHARD", 2)
    monkeypatch.setattr(filter_runs, "MEMBERS_A_STEP", 1)


class Crash(BaseException):
    """The worker's end."""


def crash(monkeypatch, where: str, time: int) -> None:
    owner, name = {"make": (Lists, "_make"), "write": (Lists, "write"), "checkpoint": (runs, "checkpoint")}[where]
    real, calls = getattr(owner, name), []

    def crashing(*args: object, **kwargs: object) -> object:
        calls.append(1)
        if len(calls) == time and where == "make":
            raise Crash
        result = real(*args, **kwargs)
        if len(calls) == time:
            raise Crash
        return result

    monkeypatch.setattr(owner, name, crashing)


def as_if_long_ago() -> None:
    FilterShard.objects.filter(status="running").update(heartbeat_at=timezone.now() - 2 * runs.STALE_AFTER)


def rows() -> list[tuple]:
    kept = Match.objects.order_by("organisation_id", "opportunity_id")
    return list(kept.values_list("organisation_id", "opportunity_id", "key", "reasons"))


@pytest.mark.parametrize("where", ["make", "write", "checkpoint"])
@pytest.mark.parametrize("time", [1, 2, 4])
@pytest.mark.parametrize("is_full", [True, False])
def test_killed_anywhere_and_taken_up_ends_with_the_same_rows(monkeypatch, small_parts, where, time, is_full):
    members, _ = world(members=6)
    if not is_full:
        filter_now()
        opportunity("timber", 3, published=True)
        Profile.objects.filter(organisation__in=members[:5]).update(summary="Ferry propulsion")
    run = filter_runs.filter_pending()
    with monkeypatch.context() as patched:
        crash(patched, where, time)
        with pytest.raises(Crash):
            work(run)
    assert not MatchState.objects.filter(run=run).exists()
    as_if_long_ago()
    assert filter_runs.filter_pending() is None, "it takes up what is left and starts nothing new"
    work(run)
    run.refresh_from_db()
    assert (run.status, run.done) == ("done", run.total)
    after = rows()
    assert lists() == fresh_lists()
    assert rows() == after


def test_filter_pending_sends_the_parts_of_a_dead_worker_again(monkeypatch, small_parts):
    world(members=4)
    run = filter_runs.filter_pending()
    sent = []
    monkeypatch.setattr(filter_runs.current_app, "send_task", lambda name, args=(), **_: sent.append((name, *args)))
    first, second = run.shards.order_by("pk").values_list("pk", flat=True)
    FilterShard.objects.filter(pk=first).update(status="running", heartbeat_at=timezone.now())
    filter_runs.filter_pending()
    assert sent == [], "one is at work, the other was sent just now"
    as_if_long_ago()
    FilterShard.objects.filter(pk=second).update(created_at=timezone.now() - timedelta(minutes=1))
    filter_runs.filter_pending()
    assert sent == [("opportunities.filter_shard", first), ("opportunities.filter_shard", second)]


def test_run_whose_last_worker_died_before_showing_it_is_shown_by_the_next_look(monkeypatch):
    world()
    run = filter_runs.filter_pending()
    with monkeypatch.context() as patched:
        patched.setattr(filter_runs, "finish_if_complete", lambda _: False)
        work(run)
    assert not MatchState.objects.exists()
    filter_runs.filter_pending()
    assert MatchState.objects.filter(run=run).count() == 7


def test_worker_given_up_for_dead_cannot_write(monkeypatch):
    members, _ = world(members=3)
    run = filter_runs.filter_pending()
    real, woke = Lists.__init__, []

    def superseded(self: Lists, *args: object) -> None:
        real(self, *args)
        if not woke:  # while it slept another worker took the part over and finished it
            woke.append(1)
            as_if_long_ago()
            work(run)
            MatchList.objects.filter(run=run).update(floor=77)

    monkeypatch.setattr(Lists, "__init__", superseded)
    work(run)
    assert set(MatchList.objects.values_list("floor", flat=True)) == {77}, "its rows were rolled back"
    assert set(lists()) == {each.pk for each in members}


@pytest.mark.django_db(transaction=True)
def test_one_run_at_a_time_when_several_processes_look_at_once():
    world(members=3, opportunities=10)
    filter_runs.refit()
    barrier, found, faults = Barrier(4), [], []

    def look() -> None:
        try:
            barrier.wait(20)
            found.append(filter_runs.filter_pending())
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert sum(run is not None for run in found) == 1
    assert FilterRun.objects.count() == 1
    work(FilterRun.objects.get())
    assert len(lists()) == 3


@pytest.mark.django_db(transaction=True)
def test_last_two_parts_finished_at_once_show_the_run_once(monkeypatch, small_parts):
    world(members=4, opportunities=10)
    run = filter_runs.filter_pending()
    barrier, shown, faults = Barrier(2), [], []
    real = filter_runs._show
    monkeypatch.setattr(filter_runs, "_show", lambda run: shown.append(run.pk) or real(run))

    def finish(shard_id: int) -> None:
        try:
            runs.execute(FilterShard, shard_id, filter_runs._work)
            barrier.wait(30)
            filter_runs.finish_if_complete(run.pk)
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=finish, args=[pk]) for pk in run.shards.values_list("pk", flat=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert shown == [run.pk]
    assert len(lists()) == 4


def test_failed_part_fails_the_run_with_its_message_and_the_next_starts_afresh(monkeypatch, small_parts):
    world(members=4)
    filter_now()
    before = lists()
    opportunity("timber", 5, published=True)
    run = filter_runs.filter_pending()

    def broken(self: Lists) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(Lists, "write", broken)
        first = run.shards.order_by("pk")[0]
        with pytest.raises(ValueError, match="a fault of ours"):
            filter_runs.execute_shard(first.pk)
    filter_runs.filter_pending()
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error.startswith("Something unexpected happened (ValueError)")
    assert lists() == before
    assert FilterRun.objects.filter(status="running").count() == 1
    work(FilterRun.objects.latest("pk"))
    assert lists() == fresh_lists() != before

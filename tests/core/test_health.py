"""Health: alive, ready, and everything that a monitor wants to know."""

import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from cluster_portal.celery import note_beat_heartbeat
from core import health
from core.models import Mail
from core.tasks import beat_heartbeat

WELL = {"database": "ok", "worker": "ok", "beat": "ok", "mail": "ok"}


@pytest.fixture
def all_well(db) -> None:
    health.beat("worker")
    health.beat("beat")


def ask(what: str) -> tuple[int, dict[str, str]]:
    response = Client().get(f"/health/{what}")
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, response.json()


def test_live_asks_nothing(client):
    """Without the database fixture every query is an error."""
    response = client.get("/health/live")

    assert (response.status_code, response.content) == (200, b"ok")


def test_ready_when_the_database_has_every_migration(db):
    assert ask("ready") == (200, {"database": "ok"})


def test_not_ready_while_a_migration_waits(db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'core'")

    assert ask("ready") == (503, {"database": "migrations wait"})


def test_not_ready_without_a_database(db, monkeypatch):
    def away(*_args: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(health, "MigrationExecutor", away)
    monkeypatch.setattr(health.mail, "stuck", away)

    assert ask("ready") == (503, {"database": "unreachable"})
    assert ask("status")[1].items() >= {"database": "unreachable", "mail": "unreachable"}.items()


def test_status_when_all_is_well(all_well):
    assert ask("status") == (200, WELL)


def test_status_before_anybody_was_heard(db):
    assert ask("status") == (503, WELL | {"worker": "never seen", "beat": "never seen"})


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_status_when_one_has_gone_silent(all_well, name):
    health.beat(name, at=time.time() - 200)

    assert ask("status") == (503, WELL | {name: "silent for 200 s"})


def test_short_silence_is_none(all_well):
    health.beat("worker", at=time.time() - 60)

    assert ask("status") == (200, WELL)


def test_status_without_valkey(all_well, monkeypatch):
    class Away:
        def get(self, _key: str) -> None:
            raise RedisConnectionError

    monkeypatch.setattr(health, "cache", Away())

    assert ask("status") == (503, WELL | {"worker": "unreachable", "beat": "unreachable"})


def test_status_when_mail_hangs(all_well):
    claimed_at = timezone.now() - timedelta(hours=1)
    Mail.objects.create(kind="test", key="1", to="a@b.example", status=Mail.Status.SENDING, claimed_at=claimed_at)

    assert ask("status") == (503, WELL | {"mail": "1 stuck while being sent"})


def test_worker_and_beat_are_heard_from_what_they_do(db):
    note_beat_heartbeat()
    assert ask("status")[1]["beat"] == "ok"

    beat_heartbeat()
    assert ask("status") == (200, WELL)


@pytest.mark.parametrize("what", ["live", "ready", "status"])
def test_health_is_only_read(client, db, what):
    assert client.post(f"/health/{what}").status_code == 405

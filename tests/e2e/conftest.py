"""A real worker and a small cluster for the journeys."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.core.files import locks
from django.db import connection
from django.utils import timezone

from cluster_portal.sample import FILES, load
from core import embedded
from members.models import User
from tests.processes import Running, is_alive, running, wait_until


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys need the system's Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture
def sample(transactional_db, settings) -> None:
    """The sample's people, one feed of partnering requests published and filtered, one of events in the inbox."""
    load.organisations()
    manager = User.objects.get(email="ylva.stromqvist@havsbris.example")
    feeds = {sample.name: sample for sample in FILES}
    load.read(feeds["een-pod-v6.xml"], timezone.localdate(), manager)
    load.curate(manager)
    load.filter_now()
    load.read(feeds["events.ics"], timezone.localdate(), manager)


@pytest.fixture
def only_worker() -> Iterator[None]:
    """Test processes share one queue: a second task worker would take the first one's messages to another database."""
    with (embedded.run_directory() / "task-worker.lock").open("w") as file:
        locks.lock(file, locks.LOCK_EX)
        yield


@pytest.fixture
def worker(only_worker, transactional_db, settings, tmp_path) -> Iterator[Running]:
    """A Celery worker of its own against the test's database; one that has ended fails the test with what it said."""
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": embedded.database_url(embedded.run_directory()).replace(f"/{embedded.DATABASE}", f"/{name}"),
        "REDIS_URL": django_settings.REDIS_URL,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "SITE_URL": "https://portal.example",  # with a DATABASE_URL the settings are those of production: HTTPS only
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": django_settings.DEFAULT_FROM_EMAIL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    current_app.control.purge()  # what other tests have asked of workers that were not there
    command = [sys.executable, "-m", "celery", "--app", "cluster_portal", "--quiet", "worker", "--pool", "solo"]
    command += ["--loglevel", "warning", "--without-mingle"]
    with running(command, environment, tmp_path / "worker.log") as started:
        ended = lambda: not is_alive(started.process.pid)  # noqa: E731 - asked while waiting and at the end
        wait_until(lambda: ended() or current_app.control.ping(timeout=0.5), seconds=60, why=started.said)
        assert not ended(), f"the worker has ended:\n{started.said()}"
        yield started
        assert not ended(), f"the worker has ended:\n{started.said()}"


@pytest.fixture
def saga(sample) -> User:
    """Owner of a small water technology company."""
    return User.objects.get(email="saga.lindeborg@klarflod.example")


@pytest.fixture
def ylva(sample) -> User:
    """A cluster manager."""
    return User.objects.get(email="ylva.stromqvist@havsbris.example")

"""A real worker and a small cluster for the journeys."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from cluster_portal.sample import FILES, load
from core import embedded
from members.models import User


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
def worker(transactional_db, settings) -> Iterator[None]:
    """A Celery worker of its own against the test's database."""
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": embedded.database_url(embedded.run_directory()).replace(f"/{embedded.DATABASE}", f"/{name}"),
        "REDIS_URL": django_settings.REDIS_URL,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "SITE_URL": django_settings.SITE_URL,
        "EMAIL_URL": "dummymail://",
        "DEFAULT_FROM_EMAIL": django_settings.DEFAULT_FROM_EMAIL,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    current_app.control.purge()  # what other tests have asked of workers that were not there
    command = [sys.executable, "-m", "celery", "--app", "cluster_portal", "--quiet", "worker", "--pool", "solo"]
    process = subprocess.Popen([*command, "--loglevel", "warning", "--without-mingle"], env=environment)
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def saga(sample) -> User:
    """Owner of a small water technology company."""
    return User.objects.get(email="saga.lindeborg@klarflod.example")


@pytest.fixture
def ylva(sample) -> User:
    """A cluster manager."""
    return User.objects.get(email="ylva.stromqvist@havsbris.example")

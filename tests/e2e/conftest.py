"""A real worker and a small cluster for the journeys."""

from pathlib import Path

import pytest
from django.utils import timezone

from cluster_portal.sample import FILES, load
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
def saga(sample) -> User:
    """Owner of a small water technology company."""
    return User.objects.get(email="saga.lindeborg@klarflod.example")


@pytest.fixture
def ylva(sample) -> User:
    """A cluster manager."""
    return User.objects.get(email="ylva.stromqvist@havsbris.example")

"""The server's own process is killed in the middle of saving: nothing is half saved, and no word is lost."""

import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect

from funding.models import Application, Revision
from tests.funding.applying import Ground, ground
from tests.funding.test_autosave_in_the_browser import IN_TIME, at, box, context, free_port, held, status

__all__ = ["box", "context"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# The portal in a process of its own, at the database of the tests.
PORTAL = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from tests.funding.test_autosave_in_the_browser import Server
Server(int(sys.argv[2])).thread.join()
"""


class Process:
    """Serves until it is killed with the signal that no program can answer."""

    def __init__(self, port: int) -> None:
        database = connection.settings_dict["NAME"]
        self.process = subprocess.Popen([sys.executable, "-c", PORTAL, database, str(port)])
        for _ in range(1200):
            try:
                urlopen(f"http://127.0.0.1:{port}/accounts/login/").close()
            except (URLError, ConnectionError):
                assert self.process.poll() is None, "the portal did not start"
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the portal does not answer")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


@pytest.fixture
def processes() -> Iterator[list[Process]]:
    started: list[Process] = []
    yield started
    for each in started:
        each.kill()


def wait_until_saving_waits() -> None:
    """Until the server's transaction stands before the row that we hold."""
    for _ in range(300):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("nobody saves")


def test_a_server_that_is_killed_while_it_saves_keeps_all_or_nothing(context, processes, owner, g, box):
    port = free_port()
    processes.append(Process(port))
    page = context(owner, f"http://127.0.0.1:{port}").new_page()
    page.goto(at(g))
    before = held(g)

    with transaction.atomic():
        Application.objects.select_for_update().get(pk=g.application.pk)
        box(page).fill("Typed while the server died.")
        wait_until_saving_waits()
        processes[-1].kill()
    expect(status(page, g)).to_contain_text("Not saved, trying again", timeout=IN_TIME)
    assert held(g) == before
    assert not Revision.objects.exists()

    processes.append(Process(port))
    expect(status(page, g)).to_contain_text("Saved", timeout=IN_TIME)
    assert held(g) == "Typed while the server died."
    assert Revision.objects.count() == 1

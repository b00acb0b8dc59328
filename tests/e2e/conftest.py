"""A real browser, a real worker and a small cluster for the journeys."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cluster_portal.sample import FILES, load
from core import embedded
from members.models import User

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
# Playwright's own event loop would make Django refuse the database in this thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys need the system's Chromium; they say so where there is none."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason="No chromium on this machine: install the package."))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the session."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


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
    sockets = embedded.socket_directory(embedded.run_directory())
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DATABASE_URL": embedded.database_url(embedded.run_directory()).replace(f"/{embedded.DATABASE}", f"/{name}"),
        "REDIS_URL": django_settings.REDIS_URL,
        "SECRET_KEY": django_settings.SECRET_KEY,
        "SITE_URL": django_settings.SITE_URL,
        "EMAIL_URL": "dummymail://",
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    assert sockets.exists()
    command = [sys.executable, "-m", "celery", "--app", "cluster_portal", "--quiet", "worker", "--pool", "solo"]
    process = subprocess.Popen([*command, "--loglevel", "warning", "--without-mingle"], env=environment)
    yield
    process.terminate()
    process.wait(20)


@pytest.fixture
def visit(browser: Browser, live_server, client) -> Iterator[Callable[..., Page]]:
    """`visit(user, "/path")`: a page of a signed-in person, which fails the test on any error in its console."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(user: User | None, path: str, **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            client.force_login(user)
            cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def saga(sample) -> User:
    """Owner of a small water technology company."""
    return User.objects.get(email="saga.lindeborg@klarflod.example")


@pytest.fixture
def ylva(sample) -> User:
    """A cluster manager."""
    return User.objects.get(email="ylva.stromqvist@havsbris.example")

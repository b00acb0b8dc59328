"""The servers that tests run against, and the people who come up in most tests.

Without DATABASE_URL, embedded servers are started once for the whole session, in a folder that is thrown away. Settings
are read only after that folder is known, which is why the settings module is named here and not in pyproject.toml.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
OWN_SERVERS = "DATABASE_URL" not in os.environ
os.environ["DJANGO_SETTINGS_MODULE"] = "cluster_portal.settings"
if not IS_WORKER:  # pytest-xdist's workers inherit the folder, and with it the servers
    os.environ["PORTAL_RUN_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")

import django  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402

from core.embedded import Services, run_directory  # noqa: E402

# Model imports below and in test modules need the registry; nothing is connected to before the first test.
django.setup()

from members.models import Membership, Organisation, User  # noqa: E402
from tests.client import CheckingClient  # noqa: E402
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory  # noqa: E402

# A test that takes long on a busy machine is no fault.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

SERVERS = pytest.StashKey[Services]()
CHROMIUM_ARGUMENTS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def pytest_configure(config: pytest.Config) -> None:
    """Starts the servers in the controlling process, before any worker."""
    if OWN_SERVERS and not IS_WORKER:
        config.stash[SERVERS] = Services(run_directory(), quick_and_unsafe=True)
        config.stash[SERVERS].__enter__()
    # Each test client starts the middleware anew: static files are then looked up when asked for, not listed first.
    django_settings.WHITENOISE_AUTOREFRESH = True
    # Real hashing takes a tenth of a second a password, on purpose.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops what was started, also after an interruption, and removes the folder."""
    if IS_WORKER:
        return
    if servers := config.stash.get(SERVERS, None):
        servers.stop()
        shutil.rmtree(servers.sockets, ignore_errors=True)
    shutil.rmtree(run_directory(), ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Servers of our own are thrown away with all they hold: no database is dropped while a browser still asks it."""
    return OWN_SERVERS


@pytest.fixture(autouse=True)
def _own_cache(settings) -> None:
    """No test finds what another left in the cache, whichever process it runs in."""
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def client() -> CheckingClient:
    """Nobody is signed in; every page that comes back is checked."""
    return CheckingClient()


@pytest.fixture
def sign_in() -> Callable[[User], CheckingClient]:
    """A checking client of its own for a person: `sign_in(owner).get(...)`."""

    def signed_in(user: User) -> CheckingClient:
        client = CheckingClient()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window: one for the session, as Playwright runs once in a process."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("No Chromium on this machine: install the package.")
    # Playwright keeps an event loop in this thread, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


def _is_fault(message: ConsoleMessage) -> bool:
    """Errors of scripts and of the content policy; refused pages and lost connections are no fault of theirs."""
    no_fault = ("Failed to load resource", "Response Status Error Code", "htmx:sendError", "htmx:afterRequest")
    return message.type == "error" and not message.text.startswith(no_fault)


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """`visit(user, "/path")`: a page of a signed-in person, which fails the test on any error in its console."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit(user: User | None, path: str, **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        if user is not None:
            client = CheckingClient()  # of its own: signing in with the same one ends the visit of the person before
            client.force_login(user)
            cookie = client.cookies[django_settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": django_settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(path)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def home(db) -> Organisation:
    """The cluster organisation that runs the portal."""
    return OrganisationFactory(home=True)


@pytest.fixture
def organisation(db) -> Organisation:
    """The company of owner, colleague and viewer."""
    return OrganisationFactory(name="Ålgräs Robotics", town="Kalmar")


@pytest.fixture
def outsider(db, home: Organisation) -> User:
    """Owner of another organisation: there is always something that could leak."""
    other = OrganisationFactory(name="Tallskog Timber", town="Växjö", full=True)
    user = UserFactory(name="Olof Outsider", email="olof@tallskog.example")
    MembershipFactory(user=user, organisation=other, role=Membership.Role.OWNER)
    return user


def _person(name: str, organisation: Organisation, role: str) -> User:
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@{organisation.slug}.example")
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


@pytest.fixture
def manager(home: Organisation, outsider: User) -> User:
    """Runs the portal at the home cluster."""
    return _person("Maja Manager", home, Membership.Role.MANAGER)


@pytest.fixture
def evaluator(home: Organisation, outsider: User) -> User:
    """Sees figures, no identities."""
    return _person("Eva Evaluator", home, Membership.Role.EVALUATOR)


@pytest.fixture
def owner(organisation: Organisation, outsider: User) -> User:
    """Owner of `organisation`."""
    return _person("Olivia Owner", organisation, Membership.Role.OWNER)


@pytest.fixture
def colleague(organisation: Organisation, outsider: User) -> User:
    """Editor in `organisation`."""
    return _person("Carl Colleague", organisation, Membership.Role.EDITOR)


@pytest.fixture
def viewer(organisation: Organisation, outsider: User) -> User:
    """Only reads in `organisation`."""
    return _person("Vera Viewer", organisation, Membership.Role.VIEWER)

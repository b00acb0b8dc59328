"""`make demo` from its first start to its last: what it starts is there, and what it started is gone."""

import os
import re
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cluster_portal.sample.load import PASSWORD
from core.embedded import socket_directory
from tests.processes import Answer, Running, answers, ask, descendants, free_port, is_alive, running, wait_until

pytestmark = pytest.mark.slow
READY = "Ctrl-C stops it."
START_WITHIN_SECONDS = 900  # a bound for a machine that is busy with other things
NOT_OF_THE_DEMO = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "WEB_BIND", "PORT")

Start = Callable[..., AbstractContextManager[Running]]


def own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    yield folder
    shutil.rmtree(socket_directory(folder), ignore_errors=True)
    shutil.rmtree(folder)


folder = pytest.fixture(own_folder, scope="module")
empty_folder = pytest.fixture(own_folder)


def starter(folder: Path, factory: pytest.TempPathFactory) -> Start:
    """Starts the demo as the Makefile does, on a port."""
    environment = {name: value for name, value in os.environ.items() if name not in NOT_OF_THE_DEMO}
    environment |= {"PORTAL_RUN_DIR": str(folder), "PYTHONUNBUFFERED": "1", "WEB_WORKERS": "1"}

    def start(port: int | str) -> AbstractContextManager[Running]:
        log = factory.mktemp("demo") / "said.log"
        return running([sys.executable, "manage.py", "demo"], environment | {"PORT": str(port)}, log)

    return start


@pytest.fixture(scope="module")
def start(folder, tmp_path_factory) -> Start:
    """With what earlier tests have left: the sample is loaded once."""
    return starter(folder, tmp_path_factory)


def family(demo: Running) -> list[int]:
    """Everything that runs because of it: web, worker, beat, their own children, PostgreSQL, Valkey."""
    found = descendants(demo.process.pid)
    assert len(found) >= 10, found
    return [demo.process.pid, *found]


def still_alive(pids: list[int]) -> list[str]:
    return [f"{pid} {Path(f'/proc/{pid}/cmdline').read_bytes()[:120]!r}" for pid in pids if is_alive(pid)]


class Browser:
    """Enough of one to sign in: it keeps cookies."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie()

    def ask(self, path: str, form: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())}
        if form is not None:
            headers["Content_Type"] = "application/x-www-form-urlencoded"
        answer = ask(self.port, path, method="POST" if form else "GET", body=form and urlencode(form), **headers)
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer

    def sign_in(self, email: str) -> None:
        page = self.ask("/accounts/login/").text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        answer = self.ask("/accounts/login/", {"csrfmiddlewaretoken": token, "login": email, "password": PASSWORD})
        assert (answer.status, answer.headers["Location"]) == (302, "/"), answer.text


def test_first_start_that_is_broken_off_is_begun_anew(empty_folder, tmp_path_factory):
    start = starter(empty_folder, tmp_path_factory)
    with start(free_port()) as demo:
        demo.wait_for("Feed: ", seconds=START_WITHIN_SECONDS)
        everybody = [demo.process.pid, *descendants(demo.process.pid)]

        assert demo.stop(signal.SIGINT) == 0
        assert demo.said().splitlines()[-2:] == ["Stopping.", "Stopped."]
        assert "Traceback" not in demo.said()
        assert still_alive(everybody) == []

    port = free_port()
    with start(port) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        assert "Loading the sample cluster" in demo.said()
        assert "There is a cluster" not in demo.said()
        assert demo.stop(signal.SIGINT) == 0


def test_everything_runs_and_ends_with_it_and_the_data_stays(start):
    port = free_port()
    with start(port) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        said = demo.said()
        assert f"The portal runs at http://localhost:{port}" in said
        people = dict(re.findall(r"^  (\S.*?)  +(\S+@\S+)$", said, re.MULTILINE))
        roles = {"Member (SME)", "Cluster manager", "Evaluator", "Reviewer", "Partner cluster", "EEN office"}
        assert roles == set(people)

        for email in people.values():
            Browser(port).sign_in(email)
        manager = Browser(port)
        manager.sign_in(people["Cluster manager"])
        assert manager.ask("/opportunities/inbox/").status == 200
        wait_until(
            lambda: ask(port, "/health/status").status == 200,
            seconds=120,
            why=lambda: ask(port, "/health/status").text + demo.said(),
        )

        with start(port) as second:
            assert second.process.wait(60) == 1
            assert f"Port {port} is in use" in second.said()
            assert "Traceback" not in second.said()
        with start(free_port()) as second:
            assert second.process.wait(60) == 1
            assert "already run" in second.said()

        everybody = family(demo)
        assert demo.stop(signal.SIGINT) == 0
        assert "Warning" not in demo.said()
        assert still_alive(everybody) == []
        assert not answers(port)

    started = time.monotonic()
    with start(port) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        took = time.monotonic() - started
        assert "Loading" not in demo.said()
        assert manager.ask("/opportunities/inbox/").status == 200, "the session of before has ended"
        assert took < 60, f"the second start took {took:.0f} s; alone on a machine it takes less than 10"


@pytest.mark.parametrize("victim", ["worker", "postgres"])
def test_everything_stops_when_a_part_dies(start, victim):
    with start(free_port()) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        everybody = family(demo)
        children = Path(f"/proc/{demo.process.pid}/task/{demo.process.pid}/children").read_text().split()
        named = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0") for pid in map(int, children)}
        (pid,) = [pid for pid, words in named.items() if victim in words or words[0].endswith(f"/{victim}")]
        os.kill(pid, signal.SIGKILL)

        assert demo.process.wait(60) == 1
        assert f"{victim} has ended" in demo.said()
        assert still_alive(everybody) == []


def test_children_end_when_the_demo_itself_is_killed(start):
    """Nobody can stop the servers then; the next start does."""
    port = free_port()
    with start(port) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        everybody = family(demo)
        demo.process.kill()
        demo.process.wait()
        wait_until(lambda: not answers(port), seconds=60, why=demo.said)

    with start(port) as demo:
        demo.wait_for(READY, seconds=START_WITHIN_SECONDS)
        assert still_alive(everybody) == []


def test_port_that_is_none_is_refused(start):
    with start("many") as demo:
        assert demo.process.wait(60) != 0
        assert "invalid int value: 'many'" in demo.said()
        assert "Traceback" not in demo.said()

"""Processes of their own, for tests that need the real thing: started, waited for, and ended again."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from core.embedded import PROJECT

STOP_WITHIN_SECONDS = 30


def free_port() -> int:
    """A port of the loopback address that nobody listens on at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid: int) -> list[int]:
    """The processes that it started, and those that they started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [found for child in map(int, children) for found in (child, *descendants(child))]


def wait_until(condition: Callable[[], bool], *, seconds: float, why: Callable[[], str] = lambda: "") -> None:
    """Waits for something to become true, and fails with `why()` when it does not."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"waited {seconds} s in vain\n{why()}"
        time.sleep(0.1)


class Running:
    """A process in a group of its own; what it says is kept in a file."""

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        # The programs of this project's .venv are found by their bare names, as they are in the container.
        path = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', os.defpath)}"
        with log.open("wb") as said:
            self.process = subprocess.Popen(
                command,
                cwd=PROJECT,
                env={**environment, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                process_group=0,
            )

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str, *, seconds: float) -> None:
        """Waits until it has said this, and fails with what it did say."""
        wait_until(lambda: text in self.said() or not is_alive(self.process.pid), seconds=seconds, why=self.said)
        assert text in self.said(), f"ended without saying {text!r}:\n{self.said()}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Asks it to end and returns its exit code."""
        self.process.send_signal(how)
        return self.process.wait(STOP_WITHIN_SECONDS)


@contextmanager
def running(command: list[str], environment: Mapping[str, str], log: Path) -> Iterator[Running]:
    """The process for as long as the block runs; its whole group is ended whatever happens."""
    started = Running(command, environment, log)
    try:
        yield started
    finally:
        family = [started.process.pid, *descendants(started.process.pid)]
        if started.process.poll() is None:
            started.process.terminate()
            try:
                started.process.wait(STOP_WITHIN_SECONDS)
            except subprocess.TimeoutExpired:
                started.process.kill()
                started.process.wait()
        for pid in filter(is_alive, family):
            os.kill(pid, signal.SIGKILL)


class Answer:
    """What a web server answered: its status, headers and body."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> dict[str, str]:
        return json.loads(self.body)


def ask(port: int, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
    """One request to a server on this machine, as it stands: no redirect is followed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return Answer(connection.getresponse())
    finally:
        connection.close()


def answers(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0

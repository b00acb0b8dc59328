"""`make demo`: services, sample cluster, web server, worker and beat, until Ctrl-C or until one of them ends."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from email.utils import formataddr, parseaddr
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from cluster_portal.sample import load
from core.embedded import ServiceError, Services
from members.models import Organisation

STOP_WITHIN_SECONDS = 20
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
# Whoever runs the demo as root has a machine or a container of their own; the demo listens to that machine alone.
QUIET = "ignore:You're running the worker with superuser privileges"
COMPILER = [sys.executable, "-m", "matchmaking.timetable", "--compile"]
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux; other systems have no such thing
ROLES = {
    "sme": "Member (SME)",
    "manager": "Cluster manager",
    "evaluator": "Evaluator",
    "reviewer": "Reviewer",
    "partner": "Partner cluster",
    "intermediary": "EEN office",
}


class Command(BaseCommand):
    help = "Starts everything on this machine, with the sample cluster, and stops it all on Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))

    def handle(self, *, port: int, **_options: object) -> None:
        self.stopped_by: int | None = None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        if _is_taken(port):
            raise CommandError(f"Port {port} is in use. Stop what uses it, or start with PORT={port + 1} make demo.")
        if not settings.EMBEDDED:
            raise CommandError("The demo brings its own database: unset DATABASE_URL first.")
        try:
            with Services(settings.RUN_DIR) as services:
                self._prepare()
                self._serve(services, port)
        except ServiceError as error:
            raise CommandError(str(error)) from None
        except KeyboardInterrupt:
            self._say("Stopped.")

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.stopped_by is None:
            self.stopped_by = number
            self._say("\nStopping.")
            raise KeyboardInterrupt

    def _say(self, line: str) -> None:
        """A line from within a signal, to a terminal that may be gone."""
        with suppress(OSError):
            os.write(sys.stdout.fileno(), f"{line}\n".encode())

    def _prepare(self) -> None:
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # empty: the demo serves the static files where they lie
        # The sample's first timetable needs these loops, and another processor is likely idle until then.
        compiler = None if connection.introspection.table_names() else _spawn(COMPILER)
        try:
            self._load()
        finally:
            _stop({"compiler": compiler} if compiler else {})

    def _load(self) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        half_done = settings.RUN_DIR / "loading-the-sample"
        if half_done.exists():
            call_command("flush", verbosity=0, interactive=False)
        if not load.is_loaded():
            half_done.touch()
            self.stdout.write("Loading the sample cluster, once:")
            call_command("load_sample", stdout=self.stdout)
        half_done.unlink(missing_ok=True)

    def _serve(self, services: Services, port: int) -> None:
        children: dict[str, subprocess.Popen[bytes]] = {}
        address = f"http://localhost:{port}"  # by name: browsers keep no passkeys for a number
        try:
            place = {"SITE_URL": address, "WEB_BIND": f"127.0.0.1:{port}", "DEFAULT_FROM_EMAIL": _sender()}
            for name, command in _commands().items():
                children[name] = _spawn(command, **place)
            self._wait_for(port, children)
            self._welcome(address)
            self._watch(services, children)
        finally:
            _stop(children)

    def _wait_for(self, port: int, children: dict[str, subprocess.Popen[bytes]]) -> None:
        while not _is_taken(port):
            _insist_alive(children)
            time.sleep(0.1)

    def _watch(self, services: Services, children: dict[str, subprocess.Popen[bytes]]) -> None:
        while True:
            _insist_alive(children)
            if name := services.dead():
                raise CommandError(f"{name} has ended. Its log is in {settings.RUN_DIR}. Everything is stopped.")
            time.sleep(0.3)

    def _welcome(self, address: str) -> None:
        lines = ["", f"The portal runs at {address}", "", f"Sign in with the password {load.PASSWORD}:"]
        people = [person for _, person in load.people(load.members_content()) if "demo" in person]
        lines += [f"  {ROLES[person['demo']]:<18} {person['email']}" for person in people]
        lines += ["", f"Mails, with sign-in codes, are written to {settings.RUN_DIR / 'mail'}", "Ctrl-C stops it.", ""]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _sender() -> str:
    """Mails come from the cluster, under the address that the settings name."""
    name = Organisation.objects.get(is_home=True).name
    return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _commands() -> dict[str, list[str]]:
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "cluster_portal", "--quiet"]
    schedule = settings.RUN_DIR / "beat-schedule"
    return {
        "web": [python, "-m", "gunicorn", "--config", str(settings.BASE_DIR / "gunicorn.conf.py")],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "warning", "--without-mingle"],
        "beat": [*celery, "beat", "--loglevel", "warning", "--schedule", str(schedule), "--pidfile="],
    }


def _spawn(command: list[str], **environment: str) -> subprocess.Popen[bytes]:
    # A group of their own: Ctrl-C reaches this process alone, which then stops them in order.
    return subprocess.Popen(
        command,
        cwd=Path(settings.BASE_DIR),
        env=os.environ | {"PYTHONWARNINGS": QUIET} | environment,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=_end_with_parent if LIBC else None,  # noqa: PLW1509 - this process has no other threads by then
    )


def _end_with_parent() -> None:
    """In the child: when the demo is killed, and can stop nobody any more, the kernel asks the child to end."""
    LIBC.prctl(END_WITH_PARENT, signal.SIGTERM)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _insist_alive(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(f"The {name} has ended (status {child.returncode}). Everything is stopped.")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + STOP_WITHIN_SECONDS
    for child in children.values():
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()

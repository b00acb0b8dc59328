"""The embedded servers: started, refused, found again after a crash, kept apart from other accounts."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from core import embedded
from core.embedded import PROJECT, ServiceError, Services
from ecosystem.exchange import private_key
from tests.processes import is_alive, wait_until

AS_ROOT = os.geteuid() == 0
LIMIT_SECONDS = 20


@pytest.fixture(scope="module")
def run() -> Iterator[Path]:
    """One folder for the module, deeper than a socket's path may be; each test starts and stops its servers."""
    top = Path(tempfile.mkdtemp(prefix="portal-embedded-"))
    top.chmod(0o755)
    run = top / ("a-folder-with-quite-a-long-name-" * 3) / ("and-one-more-below-it-" * 3) / "run"
    with Services(run):
        """Makes the data."""
    yield run
    shutil.rmtree(embedded.socket_directory(run), ignore_errors=True)
    shutil.rmtree(top)


def connect(services: Services) -> psycopg.Connection:
    return psycopg.connect(f"host={services.sockets} user=postgres dbname={embedded.DATABASE}", autocommit=True)


def cache(services: Services) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(services.sockets / "valkey.sock"))


def start_elsewhere(run: Path) -> subprocess.Popen[str]:
    """The module as a command of its own."""
    starter = subprocess.Popen(
        [sys.executable, "-m", "core.embedded"],
        cwd=PROJECT,
        env=os.environ | {"PORTAL_RUN_DIR": str(run)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout.readline().startswith("DATABASE_URL="), starter.stderr.read()
    assert starter.stdout.readline().startswith("REDIS_URL=")
    return starter


def server_pids(run: Path) -> list[int]:
    files = (run / "postgres" / "data" / "postmaster.pid", run / "valkey.pid")
    return [int(path.read_text().split()[0]) for path in files]


def test_data_is_kept_between_starts_in_a_deep_folder(run):
    assert len(str(run)) > 170
    with Services(run) as services:
        with connect(services) as connection:
            connection.execute("CREATE TABLE kept (word text)")
            connection.execute("INSERT INTO kept VALUES ('Ålgräs')")
        cache(services).set("kept", "yes")
        pids = [child.pid for child in services.children.values()]

    assert [pid for pid in pids if is_alive(pid)] == []

    with Services(run) as services:
        with connect(services) as connection:
            assert connection.execute("SELECT word FROM kept").fetchall() == [("Ålgräs",)]
            connection.execute("DROP TABLE kept")
        assert cache(services).get("kept") == b"yes"


def test_second_start_is_refused_and_the_first_goes_on(run):
    with Services(run) as first:
        with pytest.raises(ServiceError, match="already run"), Services(run):
            pytest.fail("started twice")

        with connect(first) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert first.dead() is None


def test_servers_of_a_killed_starter_are_ended_and_the_data_is_there(run):
    starter = start_elsewhere(run)
    with psycopg.connect(
        f"host={embedded.socket_directory(run)} user=postgres dbname=portal", autocommit=True
    ) as first:
        first.execute("CREATE TABLE written (number int)")
    orphans = server_pids(run)
    starter.kill()
    starter.communicate()
    assert [is_alive(pid) for pid in orphans] == [True, True]

    with Services(run) as services:
        assert [is_alive(pid) for pid in orphans] == [False, False]
        with connect(services) as connection:
            connection.execute("DROP TABLE written")


def test_process_that_got_the_number_of_an_old_server_is_left_alone(run):
    account = pwd.getpwnam("nobody").pw_uid if AS_ROOT else None  # PostgreSQL minds its own account's processes only
    with subprocess.Popen(["sleep", "60"], user=account) as stranger:
        (run / "valkey.pid").write_text(f"{stranger.pid}\n")
        (run / "postgres" / "data" / "postmaster.pid").write_text(f"{stranger.pid}\n{run}\n")

        with Services(run) as services:
            assert services.dead() is None
            assert stranger.poll() is None
        stranger.kill()


def test_server_that_does_not_end_is_not_doubled(run, monkeypatch):
    monkeypatch.setattr(embedded, "STOP_WITHIN_SECONDS", 0.1)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", deaf, f"{run}/"], stdout=subprocess.PIPE, text=True) as old:
        assert old.stdout.readline() == "deaf\n"
        (run / "valkey.pid").write_text(f"{old.pid}\n")

        with pytest.raises(ServiceError, match=f"Process {old.pid} still runs"), Services(run):
            pytest.fail("started beside it")
        old.kill()
    (run / "valkey.pid").unlink()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_server_that_ends_by_itself_is_named(run, name):
    with Services(run) as services:
        assert services.dead() is None
        services.children[name].kill()
        services.children[name].wait()

        assert services.dead() == name


def test_server_that_cannot_start_points_to_its_log(run):
    version = run / "postgres" / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9\n")
    started = time.monotonic()
    try:
        with pytest.raises(ServiceError, match=r"postgres ended at once. Its log: .*postgres\.log"), Services(run):
            pytest.fail("started on foreign data")
    finally:
        version.write_text(kept)

    assert time.monotonic() - started < LIMIT_SECONDS, "waited for a server that had ended"
    assert "incompatible" in (run / "postgres.log").read_text(errors="replace")
    assert not (run / "valkey.pid").exists(), "Valkey was left behind"


def test_first_start_that_was_interrupted_is_begun_anew(tmp_path_factory):
    run = Path(tempfile.mkdtemp(prefix="portal-embedded-"))
    run.chmod(0o755)
    (run / "postgres" / "data" / "base").mkdir(parents=True)
    try:
        with Services(run, quick_and_unsafe=True) as services, connect(services) as connection:
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    finally:
        shutil.rmtree(embedded.socket_directory(run), ignore_errors=True)
        shutil.rmtree(run)


def test_folder_for_the_sockets_that_somebody_planted_is_refused(tmp_path):
    sockets = embedded.socket_directory(tmp_path / "run")
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(ServiceError, match="belongs to someone else"), Services(tmp_path / "run"):
            pytest.fail("used it")
    finally:
        sockets.unlink()


def test_nobody_else_enters_the_folder_of_the_sockets(run):
    with Services(run) as services:
        assert stat.S_IMODE(services.sockets.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root starts PostgreSQL as another account")
def test_root_lets_another_account_own_the_data_and_opens_no_parent_folder(run):
    nobody = pwd.getpwnam("nobody").pw_uid
    modes = {folder: folder.stat().st_mode for folder in run.parents}

    with Services(run) as services:
        server = Path(f"/proc/{services.children['postgres'].pid}")
        assert server.stat().st_uid == nobody
        assert (run / "postgres" / "data").stat().st_uid == nobody
        assert (run / "valkey").stat().st_uid == 0

    assert {folder: folder.stat().st_mode for folder in run.parents} == modes


@pytest.mark.skipif(not AS_ROOT, reason="only root starts PostgreSQL as another account")
def test_root_with_a_private_project_starts_a_copy_that_the_account_can_read(run, monkeypatch):
    monkeypatch.setattr(embedded, "_reachable_by_others", lambda _path: False)
    try:
        with Services(run) as services:
            program = Path(f"/proc/{services.children['postgres'].pid}/exe").resolve()
            assert program.is_relative_to(run)
            with connect(services) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        for copy in run.glob("postgres-*"):
            shutil.rmtree(copy)


def test_command_stops_both_servers_when_told(run):
    starter = start_elsewhere(run)
    pids = server_pids(run)
    starter.send_signal(signal.SIGTERM)
    starter.communicate(timeout=LIMIT_SECONDS)

    assert starter.returncode == 0
    assert [pid for pid in pids if is_alive(pid)] == []


def test_command_ends_when_a_server_does(run):
    starter = start_elsewhere(run)
    postgres, valkey = server_pids(run)
    os.kill(valkey, signal.SIGKILL)
    _, said = starter.communicate(timeout=LIMIT_SECONDS)

    assert starter.returncode == 1
    assert "valkey has ended" in said
    wait_until(lambda: not is_alive(postgres), seconds=LIMIT_SECONDS)


def test_data_is_forgotten_when_nothing_runs_on_it(monkeypatch, capsys):
    run = Path(tempfile.mkdtemp(prefix="portal-embedded-"))
    monkeypatch.setenv("PORTAL_RUN_DIR", str(run))
    (run / "letters").mkdir()
    assert embedded.main("--forget") == 1
    assert "is no folder of these services" in capsys.readouterr().err
    (run / "letters").rmdir()

    with Services(run, quick_and_unsafe=True) as services:
        assert embedded.main("--forget") == 1
        assert "already run" in capsys.readouterr().err
        assert services.dead() is None
    assert embedded.main("--forget") == 0

    assert not run.exists()
    assert not services.sockets.exists()
    assert embedded.main("--forget") == 0


@pytest.mark.parametrize(
    ("named", "account", "expected"),
    [
        ("/somewhere/else", 0, Path("/somewhere/else")),
        ("else", 1000, Path.cwd() / "else"),
        ("", 1000, PROJECT / ".run"),
        ("", 0, Path("/var/lib") / f"cluster-portal-{embedded._fingerprint(PROJECT)}"),
    ],
)
def test_run_directory(monkeypatch, named, account, expected):
    monkeypatch.setenv("PORTAL_RUN_DIR", named)
    monkeypatch.setattr(os, "geteuid", lambda: account)

    assert embedded.run_directory() == expected


def test_sockets_have_a_short_path_even_when_temporary_files_have_a_long_one(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("long-" * 20)))

    path = embedded.socket_directory(tmp_path) / ".s.PGSQL.5432.lock"

    assert len(str(path)) < 100


def test_secret_key_is_made_once_and_is_private(tmp_path):
    first, second = embedded.secret_key(tmp_path / "run"), embedded.secret_key(tmp_path / "run")

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "run" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["secret_key"]


def test_exchange_key_is_a_key_of_its_own(tmp_path):
    first, second = embedded.exchange_key(tmp_path), embedded.exchange_key(tmp_path)

    assert first == second != embedded.secret_key(tmp_path)
    assert private_key(first).written == first


def test_processes_that_start_together_agree_on_the_secret_key(tmp_path, monkeypatch):
    def another_is_faster(_length: int) -> str:
        (tmp_path / "secret_key").write_text("the key of the other process")
        return "a key that comes too late"

    monkeypatch.setattr(embedded.secrets, "token_urlsafe", another_is_faster)

    assert embedded.secret_key(tmp_path) == "the key of the other process"

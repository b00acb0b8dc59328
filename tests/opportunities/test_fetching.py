"""Sources with an address, read from a real server on this machine."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from core import http
from opportunities import fetching, imports
from opportunities.models import ImportRun, Opportunity, Source
from tests.factories.opportunities import SourceFactory, table

pytestmark = pytest.mark.django_db


class Server(ThreadingHTTPServer):
    """Answers as it is told, and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.body, self.headers_sent = 200, table(2), {"ETag": '"v1"', "Last-Modified": "Mon"}
        self.asked: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/calls.csv"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        told = self.server
        told.asked.append(dict(self.headers))
        known = self.headers.get("If-None-Match") == told.headers_sent.get("ETag", "none")
        self.send_response(304 if known else told.status)
        for name, value in told.headers_sent.items():
            self.send_header(name, value)
        body = b"" if known else told.body
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def server(settings, monkeypatch) -> Iterator[Server]:
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(http, "BACKOFF_SECONDS", 0)
    with Server() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def source(server) -> Source:
    return SourceFactory(url=server.url, next_fetch_at=timezone.now())


def test_fetch_reads_the_address_like_an_upload(server, source):
    run = fetching.fetch(source.pk)
    assert (run.status, run.file_name, run.started_by) == ("queued", "calls.csv", None)
    imports.execute(run.pk)
    assert Opportunity.objects.filter(source=source).count() == 2
    source.refresh_from_db()
    assert (source.etag, source.last_modified, source.last_error) == ('"v1"', "Mon", "")


def test_second_fetch_asks_conditionally_and_does_nothing_when_nothing_changed(server, source):
    fetching.fetch(source.pk)
    assert fetching.fetch(source.pk) is None
    assert server.asked[1]["If-None-Match"] == '"v1"'
    assert ImportRun.objects.count() == 1
    source.refresh_from_db()
    assert (source.etag, source.last_error) == ('"v1"', "")
    server.headers_sent, server.body = {"ETag": '"v2"'}, table(3)
    imports.execute(fetching.fetch(source.pk).pk)
    assert Opportunity.objects.count() == 3


@pytest.mark.parametrize(("status", "told"), [(404, "status 404"), (503, "did not answer"), (403, "status 403")])
def test_fault_is_kept_with_the_source_until_it_is_over(server, source, status, told):
    server.status = status
    assert fetching.fetch(source.pk) is None
    source.refresh_from_db()
    assert told in source.last_error
    assert source.etag == "", "an answer that was no good is asked for again"
    assert not ImportRun.objects.exists()
    server.status = 200
    assert fetching.fetch(source.pk)
    source.refresh_from_db()
    assert source.last_error == ""


def test_server_that_is_not_there_is_told(server, source):
    Source.objects.update(url="http://127.0.0.1:9/none")
    assert fetching.fetch(source.pk) is None
    source.refresh_from_db()
    assert source.last_error.startswith("The source did not answer")


def test_private_address_is_refused(server, source, settings):
    settings.FETCH_PRIVATE_HOSTS = []
    assert fetching.fetch(source.pk) is None
    source.refresh_from_db()
    assert "inside a private network" in source.last_error
    assert server.asked == []


def test_headers_beyond_measure_are_not_kept(server, source):
    server.headers_sent = {"ETag": f'"{"x" * 5000}"', "Last-Modified": "y" * 500}
    assert fetching.fetch(source.pk)
    source.refresh_from_db()
    assert (source.etag, source.last_modified) == ("", "")


@pytest.mark.parametrize("path", ["", "/", "/..", "/a/?x=1", "/%2e%2e", "/" + "a" * 400, "/å.csv"])
def test_any_address_gives_a_file_a_name(server, source, path):
    Source.objects.update(url=server.url.removesuffix("/calls.csv") + path)
    run = fetching.fetch(source.pk)
    assert run.file_name
    imports.execute(run.pk)
    run.refresh_from_db()
    assert run.created == 2


# --- the schedule -----------------------------------------------------------------------------------------------------


@pytest.fixture
def sent(monkeypatch) -> list[tuple]:
    messages: list[tuple] = []
    monkeypatch.setattr(fetching.current_app, "send_task", lambda *message: messages.append(message))
    return messages


@pytest.mark.parametrize(("schedule", "hours"), [("hourly", 1), ("daily", 24), ("weekly", 168)])
def test_due_source_is_sent_once_and_moves_on(sent, schedule, hours):
    source = SourceFactory(read_daily=True, schedule=schedule)
    SourceFactory(url="https://b.example/", next_fetch_at=timezone.now() + timedelta(minutes=5))
    SourceFactory(next_fetch_at=timezone.now())  # without an address
    fetching.fetch_due()
    fetching.fetch_due()
    assert sent == [("opportunities.fetch_source", [source.pk])]
    source.refresh_from_db()
    ahead = source.next_fetch_at - timezone.now()
    assert timedelta(hours=hours, minutes=-1) < ahead <= timedelta(hours=hours)


@pytest.mark.django_db(transaction=True)
def test_due_source_is_sent_once_when_two_processes_look_at_once(sent, monkeypatch):
    SourceFactory(read_daily=True)
    barrier, faults = Barrier(2), []
    real = Source.objects.due

    def due() -> list[Source]:
        found = list(real())
        barrier.wait(20)  # both have seen it as due
        return found

    monkeypatch.setattr(Source.objects, "due", due)

    def look() -> None:
        try:
            fetching.fetch_due()
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert len(sent) == 1

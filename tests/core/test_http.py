"""Outbound HTTP against a real server that has faults."""

import gzip
import socket
from collections.abc import Iterator

import httpx
import pytest

from core import http
from core.http import FetchError, fetch
from tests.core import faulty_server as faults


@pytest.fixture
def server(settings, monkeypatch) -> Iterator[faults.FaultyServer]:
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(http, "BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.3))
    with faults.faulty_server() as server:
        yield server


def test_fetch_returns_body_and_what_to_ask_with_next_time(server):
    server.answers["/feed"] = faults.known('"v1"', b"<feed/>")

    found = fetch(server.url("/feed"))

    assert (found.body, found.etag, found.last_modified) == (b"<feed/>", '"v1"', faults.MODIFIED)
    assert server.headers_seen[0]["User-Agent"] == http.USER_AGENT


@pytest.mark.parametrize("asked_with", [{"etag": '"v1"'}, {"last_modified": faults.MODIFIED}])
def test_fetch_of_unchanged_source_returns_no_body_and_keeps_the_validators(server, asked_with):
    server.answers["/feed"] = faults.known('"v1"', b"<feed/>")

    found = fetch(server.url("/feed"), **asked_with)

    assert found.body is None
    assert {"etag": found.etag, "last_modified": found.last_modified}.items() >= asked_with.items()


def test_fetch_asks_again_after_a_server_error(server):
    server.answers["/feed"] = faults.in_turn(faults.page(status=500), faults.page(b"back again"))

    assert fetch(server.url("/feed")).body == b"back again"
    assert server.asked["/feed"] == 2


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (faults.page(status=503), "status 503"),
        (faults.silent(0.6), "ReadTimeout"),
        (faults.hanging_up, "RemoteProtocolError"),
    ],
    ids=["busy", "silent", "hangs up"],
)
def test_fetch_gives_up_after_three_attempts(server, answer, named):
    server.answers["/feed"] = answer

    with pytest.raises(FetchError, match=rf"did not answer \({named}\)"):
        fetch(server.url("/feed"))

    assert server.asked["/feed"] == http.ATTEMPTS


def test_fetch_from_a_closed_port_says_that_nobody_answers(server):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(FetchError, match="did not answer"):
        fetch(f"http://127.0.0.1:{port}/feed")


def test_fetch_of_a_missing_page_is_not_repeated(server):
    server.answers["/feed"] = faults.page(status=404)

    with pytest.raises(FetchError, match=r"status 404\. Check its address"):
        fetch(server.url("/feed"))

    assert server.asked["/feed"] == 1


@pytest.mark.parametrize(
    ("body", "headers"),
    [(b"x" * 2_000_001, {}), (gzip.compress(b"x" * 50_000_000), {"Content_Encoding": "gzip"})],
    ids=["plain", "packed"],
)
def test_fetch_of_too_much_stops_at_the_limit(server, body, headers):
    server.answers["/feed"] = faults.page(body, **headers)

    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetch(server.url("/feed"), max_bytes=2**20)


def test_fetch_of_exactly_the_limit_is_read(server):
    server.answers["/feed"] = faults.page(b"x" * 2**20)

    assert len(fetch(server.url("/feed"), max_bytes=2**20).body) == 2**20


def test_fetch_from_a_server_that_drips_ends(server, monkeypatch):
    monkeypatch.setattr(http, "WITHIN_SECONDS", 0.2)
    server.answers["/feed"] = faults.dripping(0.05, times=40)

    with pytest.raises(FetchError, match="so slowly"):
        fetch(server.url("/feed"))


def test_fetch_of_a_damaged_packing_says_so(server):
    server.answers["/feed"] = faults.page(b"no gzip at all", Content_Encoding="gzip")

    with pytest.raises(FetchError, match="does not unpack"):
        fetch(server.url("/feed"))


def test_fetch_follows_a_redirect(server):
    server.answers["/old"] = faults.moved("/new")
    server.answers["/new"] = faults.page(b"moved here")

    assert fetch(server.url("/old")).body == b"moved here"


def test_fetch_of_a_circle_of_redirects_ends(server):
    server.answers["/a"] = faults.moved("/b")
    server.answers["/b"] = faults.moved("/a")

    with pytest.raises(FetchError, match="in a circle"):
        fetch(server.url("/a"))

    assert server.asked.total() == 6


def test_redirect_to_a_private_address_is_refused(server):
    """The first server may be public: here it is the one private host that the setting names."""
    server.answers["/feed"] = faults.moved(server.url("/secret", host="localhost"))
    server.answers["/secret"] = faults.page(b"inside")

    with pytest.raises(FetchError, match="localhost is inside a private network"):
        fetch(server.url("/feed"))

    assert server.asked["/secret"] == 0


def test_redirect_to_a_file_is_refused(server):
    server.answers["/feed"] = faults.moved("file:///etc/passwd")

    with pytest.raises(FetchError, match="not on the web"):
        fetch(server.url("/feed"))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254",  # noqa: S104
     "[::ffff:127.0.0.1]", "[fd00::1]", "[fe80::1]", "2130706433", "0x7f000001", "127.1"],  # numbers are loopback too
)  # fmt: skip
def test_private_address_is_refused_however_it_is_written(host):
    with pytest.raises(FetchError, match="inside a private network"):
        fetch(f"http://{host}:1/feed")


def test_name_that_leads_to_a_private_address_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: [(socket.AF_INET, 1, 6, "", ("10.1.2.3", 443))])

    with pytest.raises(FetchError, match=r"feeds\.example is inside a private network"):
        fetch("https://feeds.example/opportunities.xml")


def test_name_is_looked_up_once_so_that_a_second_answer_gains_nothing(server, settings, monkeypatch):
    settings.FETCH_PRIVATE_HOSTS = ["feeds.example"]
    server.answers["/feed"] = faults.page(b"from the address that was checked")
    looked_up, look_up = [], socket.getaddrinfo

    def getaddrinfo(host, *args, **kwargs):
        looked_up.append(host)
        if host != "feeds.example":
            return look_up(host, *args, **kwargs)
        return look_up("127.0.0.1" if looked_up.count(host) == 1 else "10.1.2.3", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    assert fetch(server.url("/feed", host="feeds.example")).body == b"from the address that was checked"
    assert looked_up.count("feeds.example") == 1


def test_unknown_name_says_so(monkeypatch):
    def nobody(*_args, **_kwargs):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    with pytest.raises(FetchError, match=r"There is no server named feeds\.example"):
        fetch("https://feeds.example/opportunities.xml")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://feeds.example/x", "feeds.example/x", "gopher://x", ""])
def test_other_schemes_are_refused(url):
    with pytest.raises(FetchError, match="starts with https"):
        fetch(url)


@pytest.mark.parametrize("url", ["http://[::1", "https://exämple..com/", "http://ex\nample/", "http:///feed"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(FetchError, match="no address of a page"):
        fetch(url)


def test_name_with_too_long_a_part_is_refused():
    with pytest.raises(FetchError, match="There is no server named"):
        fetch(f"https://{'a' * 64}.example/")

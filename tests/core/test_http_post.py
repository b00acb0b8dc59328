"""What is sent to another server: once, to the address that was asked for, and never into the private network."""

import httpx
import pytest

from core import http
from core.http import FetchError, post
from tests.core import faulty_server as faults

SENT = {"content_type": "application/jose", "max_bytes": 1000}


@pytest.fixture
def server(settings, monkeypatch):
    settings.FETCH_PRIVATE_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(http, "TIMEOUT", httpx.Timeout(0.3))
    with faults.faulty_server() as server:
        yield server


@pytest.mark.parametrize("status", [200, 403, 422, 503])
def test_post_tells_whatever_the_answer_is(server, status):
    server.answers["/inbox"] = faults.page(b"said", status=status)

    found = post(server.url("/inbox"), b"packet", **SENT)

    assert (found.status, found.body, server.bodies) == (status, b"said", [b"packet"])
    assert server.headers_seen[0]["Content-Type"] == "application/jose"


def test_post_follows_no_redirect(server):
    server.answers["/inbox"] = faults.moved(server.url("/elsewhere"))

    assert post(server.url("/inbox"), b"packet", **SENT).status == 302
    assert server.asked["/elsewhere"] == 0


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (faults.hanging_up, "did not answer"),
        (faults.silent(0.6), "did not answer"),
        (faults.page(b"x" * 1001), "larger than"),
        (faults.page(b"not packed at all", Content_Encoding="gzip"), "does not unpack"),
    ],
    ids=["hangs up", "silent", "large", "damaged"],
)
def test_post_says_what_went_wrong_and_tries_once(server, answer, said):
    server.answers["/inbox"] = answer

    with pytest.raises(FetchError, match=said):
        post(server.url("/inbox"), b"packet", **SENT)
    assert server.asked["/inbox"] == 1


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/inbox", "ftp://portal.example/", "https://", "https://no.invalid/"]
)
def test_post_goes_to_public_web_addresses_alone(address, settings):
    settings.FETCH_PRIVATE_HOSTS = []

    with pytest.raises(FetchError):
        post(address, b"packet", **SENT)

"""Outbound HTTP: time limits, a size limit, retries with backoff, conditional requests, and no private addresses."""

import ipaddress
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass

import httpcore
import httpx
from django.conf import settings

MAX_BYTES = 100 * 1024 * 1024
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
WITHIN_SECONDS = 240  # the whole of it, for a server that sends a byte now and then
ATTEMPTS = 3
BACKOFF_SECONDS = 1.0
NO_ADDRESS = "This is no address of a page. Copy it from the browser's address line."
WORTH_A_RETRY = {429, 500, 502, 503, 504}
USER_AGENT = "ClusterPortal/1.0 (opportunity scouting)"


class FetchError(Exception):
    """The source could not be read; the message says why, in words for a person."""


class NoAnswer(FetchError):
    """Nobody answered, however often it was asked."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: its body (None when nothing has changed since) and what to ask with the next time."""

    body: bytes | None
    etag: str
    last_modified: str


class _GuardedBackend(httpcore.SyncBackend):
    """Connects to the address that was checked: a name that answers differently the second time gains nothing."""

    def connect_tcp(self, host: str, port: int, timeout=None, local_address=None, socket_options=None):
        address = _permitted_address(host, port)
        return super().connect_tcp(address, port, timeout, local_address, socket_options)


def _permitted_address(host: str, port: int) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):  # the latter for a name that is none, with a part beyond 63 letters
        raise FetchError(f"There is no server named {host}. Check the address.") from None
    address = found[0][4][0]
    if host not in settings.FETCH_PRIVATE_HOSTS and not ipaddress.ip_address(address).is_global:
        raise FetchError(f"{host} is inside a private network. The portal reads sources on the public internet only.")
    return address


def _client() -> httpx.Client:  # noqa: TID251 - this is the place that makes it
    transport = httpx.HTTPTransport()
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001 - httpx offers no other way to name the backend
        ssl_context=httpx.create_ssl_context(), network_backend=_GuardedBackend()
    )
    return httpx.Client(  # noqa: TID251
        transport=transport, timeout=TIMEOUT, headers={"User-Agent": USER_AGENT}, follow_redirects=True, max_redirects=5
    )


def fetch(url: str, *, etag: str = "", last_modified: str = "", max_bytes: int = MAX_BYTES) -> Fetched:
    """Reads `url` with GET. Raises FetchError with a sentence that says what to do."""
    _insist_web_address(url)
    until = time.monotonic() + WITHIN_SECONDS
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {name: value for name, value in wanted.items() if value}
    with _client() as client:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _read(client, url, headers, max_bytes, until)
            except _Retry as fault:
                if attempt == ATTEMPTS:
                    raise NoAnswer(f"The source did not answer ({fault}). The portal tries again later.") from None
                time.sleep(BACKOFF_SECONDS * 2 ** (attempt - 1))
    raise AssertionError("the last attempt returns or raises")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a server said to what was sent."""

    status: int
    body: bytes


def post(url: str, data: bytes, *, content_type: str, max_bytes: int) -> Posted:
    """Sends `data` to `url` once, follows no redirect and tells whatever the answer is. Raises FetchError.

    Trying again is for the caller, who knows whether the same may arrive twice.
    """
    _insist_web_address(url)
    until = time.monotonic() + WITHIN_SECONDS
    headers = {"Content-Type": content_type}
    try:
        with (
            _client() as client,
            client.stream("POST", url, content=data, headers=headers, follow_redirects=False) as answer,
        ):
            return Posted(answer.status_code, _limited(answer.iter_bytes(), max_bytes, until))
    except httpx.TransportError as error:
        raise FetchError(f"The other server did not answer ({type(error).__name__}).") from None
    except httpx.DecodingError:
        raise FetchError("The other server's answer is damaged: it does not unpack.") from None


def _insist_web_address(url: str) -> None:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise FetchError(NO_ADDRESS) from None
    if address.scheme not in {"http", "https"}:
        raise FetchError("The address of a source starts with https:// or http://.")
    if not address.host:
        raise FetchError(NO_ADDRESS)


class _Retry(Exception):
    """A fault that may pass."""


def _read(
    client: httpx.Client,  # noqa: TID251
    url: str,
    headers: dict[str, str],
    max_bytes: int,
    until: float,
) -> Fetched:
    try:
        with client.stream("GET", url, headers=headers) as answer:
            if answer.status_code in WORTH_A_RETRY:
                raise _Retry(f"status {answer.status_code}")
            if answer.status_code == httpx.codes.NOT_MODIFIED:
                return Fetched(None, headers.get("If-None-Match", ""), headers.get("If-Modified-Since", ""))
            if not answer.is_success:
                raise FetchError(f"The source answered with status {answer.status_code}. Check its address.")
            body = _limited(answer.iter_bytes(), max_bytes, until)
            return Fetched(body, answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    except httpx.UnsupportedProtocol:
        raise FetchError("The source sends to an address that is not on the web. Check its address.") from None
    except httpx.TransportError as error:
        raise _Retry(type(error).__name__) from None
    except httpx.TooManyRedirects:
        raise FetchError("The source sends in a circle. Check its address.") from None
    except httpx.DecodingError:
        raise FetchError("The source's answer is damaged: it does not unpack.") from None


def _limited(chunks: Iterable[bytes], max_bytes: int, until: float) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise FetchError(f"The source is larger than {max_bytes // 2**20} MB. Narrow its query.")
        if time.monotonic() > until:
            raise FetchError(f"The source sends so slowly that {WITHIN_SECONDS // 60} minutes are not enough.")
    return bytes(body)

"""A web server on this machine that answers as real ones do on a bad day."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODIFIED = "Mon, 02 Mar 2026 08:00:00 GMT"


class _Handler(BaseHTTPRequestHandler):
    server: "FaultyServer"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.asked[path] += 1
        self.server.headers_seen.append(dict(self.headers.items()))
        self.server.answers[path](self)

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def log_message(self, *_args: object) -> None:
        """Nothing: the tests say what they saw."""

    def send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


Answer = Callable[[_Handler], None]


class FaultyServer(ThreadingHTTPServer):
    """`answers` says by path what happens; `asked` counts how often each was asked for, `bodies` what was posted."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: Counter[str] = Counter()
        self.headers_seen: list[dict[str, str]] = []
        self.bodies: list[bytes] = []

    def handle_error(self, *_args: object) -> None:
        """Nothing: a client that hangs up is what some tests want."""

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    with FaultyServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def page(body: bytes = b"found", status: int = 200, **headers: str) -> Answer:
    return lambda handler: handler.send(status, body, **headers)


def moved(location: str) -> Answer:
    return lambda handler: handler.send(302, Location=location)


def in_turn(*answers: Answer) -> Answer:
    """The first answer, then the second, and so on; the last one from then on."""
    left = list(answers)

    def answer(handler: _Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def silent(seconds: float) -> Answer:
    """Takes the request and says nothing for so long."""
    return lambda _handler: time.sleep(seconds)


def dripping(seconds: float, times: int) -> Answer:
    """A byte now and then: no single wait is long."""

    def answer(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(times))
        handler.end_headers()
        for _ in range(times):
            handler.wfile.write(b".")
            handler.wfile.flush()
            time.sleep(seconds)

    return answer


def hanging_up(_handler: _Handler) -> None:
    """Closes the connection without a word."""


def known(etag: str, body: bytes) -> Answer:
    """304 for whoever has this version already."""

    def answer(handler: _Handler) -> None:
        if handler.headers["If-None-Match"] == etag or handler.headers["If-Modified-Since"] == MODIFIED:
            handler.send(304)
        else:
            handler.send(200, body, ETag=etag, Last_Modified=MODIFIED)

    return answer

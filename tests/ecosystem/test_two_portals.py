"""Two portals on one machine, each with its process, database, web server and key: what they exchange and refuse."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from core.embedded import PROJECT, database_url, run_directory, socket_directory
from ecosystem.exchange import MAX_BYTES, new_key
from ecosystem.exchange.packets import signed
from tests.processes import STOP_WITHIN_SECONDS, ask, free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="It makes databases on the server that the tests start."),
]
COMPANY = "Klarflod Vattenteknik"


class Portal:
    """One of the two, driven line by line."""

    def __init__(self, name: str, database: str, folder: Path, redis_db: int) -> None:
        self.port = free_port()
        url = database_url(run_directory())
        with (folder / f"{name}.log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.ecosystem.portal_process"],
                cwd=PROJECT,
                env=os.environ
                | {
                    "DATABASE_URL": f"{url.rpartition('/')[0]}/{database}",
                    "REDIS_URL": settings.REDIS_URL.replace("db=0", f"db={redis_db}"),
                    "SITE_URL": f"http://127.0.0.1:{self.port}",
                    "DEBUG": "true",  # plain HTTP between the two
                    "SECRET_KEY": name,
                    "EXCHANGE_KEY": new_key().written,
                    "FETCH_PRIVATE_HOSTS": "127.0.0.1",
                    "EMAIL_URL": "dummymail://",
                    "DEFAULT_FROM_EMAIL": "portal@localhost",
                    "MEDIA_ROOT": str(folder / name),
                },
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.log = folder / f"{name}.log"

    def heard(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        return json.loads(line)

    def do(self, what: str, **told: Any) -> dict[str, Any]:
        self.process.stdin.write(json.dumps({"do": what, **told}) + "\n")
        self.process.stdin.flush()
        return self.heard()

    def post(self, data: bytes) -> tuple[int, str]:
        answer = ask(self.port, "/exchange/inbox/", method="POST", body=data, Content_Type="application/jose")
        return answer.status, answer.json()["code"]

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(STOP_WITHIN_SECONDS)
        self.process.stdout.close()


@pytest.fixture
def portals(transactional_db, tmp_path) -> Iterator[tuple[Portal, Portal]]:
    """Two empty portals, their databases copied from the one that tests use."""
    own = connection.settings_dict["NAME"]
    names = [f"{own}_{side}" for side in ("a", "b")]
    connection.close()
    connection.close_pool()
    with psycopg.connect(
        f"host={socket_directory(run_directory())} user=postgres dbname=postgres", autocommit=True
    ) as sql:
        # A database that is copied has no sessions; those of the pool may need a moment to end.
        sql.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [own])
        for name in names:
            sql.execute(f'CREATE DATABASE "{name}" TEMPLATE "{own}"')
        started = [Portal(name[-1], name, tmp_path, 5 + side) for side, name in enumerate(names)]
        try:
            for portal in started:
                assert portal.heard() == {"ready": portal.port}
            yield tuple(started)
        finally:
            for portal in started:
                portal.stop()
            for name in names:
                sql.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def raw(told: dict[str, Any]) -> bytes:
    return base64.b64decode(told["raw"])


def test_two_portals_exchange_opportunities_and_cards_and_refuse_what_is_wrong(portals):
    a, b = portals
    at_a = a.do("begin", name="Havsbris Cluster", partner="Kyst Klynge")
    at_b = b.do("begin", name="Kyst Klynge", partner="Havsbris Cluster")

    # Each adds the other, sees the fingerprint that the other has, and confirms it.
    assert a.do("add", address=at_b["address"]) == {"name": "Kyst Klynge", "fingerprints": [at_b["fingerprint"]]}
    assert b.do("add", address=at_a["address"])["fingerprints"] == [at_a["fingerprint"]]
    a.do("share", titles=["Robots for harbours", "Sensors for locks"], company=COMPANY)
    a.do("confirm")
    assert a.do("send")["code"] == "unknown_sender"
    b.do("confirm")

    # A sends: B has the opportunities in its inbox, and the card without a name.
    first = a.do("send")
    assert (first["outcome"], first["message"]) == ("taken", "Taken.")
    came = b.do("read")
    assert came["opportunities"] == [["Robots for harbours", "inbox"], ["Sensors for locks", "inbox"]]
    ((purpose, offers, revealed),) = came["cards"]
    assert (offers, revealed) == (["Sensors for drinking water"], {})
    told = base64.urlsafe_b64decode(raw(first).split(b".")[1] + b"==").decode()
    assert purpose in told
    assert COMPANY.split()[0] not in told

    # B is interested, A introduces, and the next packet says who it is.
    b.do("answer", message="Our harbour would like to test it.")
    assert b.do("send")["outcome"] == "taken"
    assert a.do("introduce") == {"before": "interested"}
    assert a.do("send")["outcome"] == "taken"
    (card,) = b.do("read")["cards"]
    assert card[2] == {"name": COMPANY, "town": "Karlshamn"}

    # What is forged, altered or out of place is refused, and nothing of it is taken.
    before = b.do("read")
    good = raw(a.do("sign"))
    stranger = {**json.loads(base64.urlsafe_b64decode(good.split(b".")[1] + b"==")), "sender": "https://no.example"}
    attempts = [
        (good[:-8] + b"AAAAAAAA", 403, "bad_signature"),
        (good.replace(b".", b".e", 1), 422, "not_a_packet"),
        (signed({**stranger, "sender": at_a["address"]}, new_key()), 403, "unknown_key"),
        (signed(stranger, new_key()), 403, "unknown_sender"),
        (raw(first), 200, "replayed"),
        (raw(a.do("sign", sent_at="2199-01-01T00:00:00Z")), 422, "from_the_future"),
        (raw(a.do("sign", sent_at="2020-01-01T00:00:00Z")), 422, "too_old"),
        (raw(a.do("sign", version=2)), 422, "unknown_version"),
        (raw(a.do("sign", recipient="https://other.example")), 422, "wrong_recipient"),
        (raw(a.do("sign", sequence=1)), 422, "out_of_order"),
        (b"x" * (MAX_BYTES + 1), 413, "too_large"),
    ]
    assert [b.post(data) for data, *_rest in attempts] == [(status, code) for _data, status, code in attempts]
    after = b.do("read")
    assert (after["opportunities"], after["cards"]) == (before["opportunities"], before["cards"])
    kept = {code for state, code, _times in after["packets"] if state == "refused"}
    assert kept >= {"bad_signature", "unknown_key", "from_the_future", "too_old", "unknown_version", "out_of_order"}

    # The same portal goes on as before.
    assert b.post(good) == (200, "taken")

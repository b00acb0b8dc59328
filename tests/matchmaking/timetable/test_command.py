"""The command line: a round in, a timetable out, clear words about bad input and never a traceback."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.rounds import synthetic_round
from matchmaking.timetable.__main__ import main

ROUND: dict[str, Any] = {
    "slots": ["s1", "s2"],
    "capacity": {"s1": 1, "s2": 2},
    "participants": [
        {"id": "a", "available": ["s1", "s2"], "quota": 2, "minimum": 1, "side": None},
        {"id": "b", "available": ["s1", "s2"], "quota": 2, "minimum": 1},
        {"id": "c", "available": ["s2"], "quota": 1},
    ],
    "wishes": [
        {"from": "a", "to": "b", "wish": "must"},
        {"from": "b", "to": "a", "wish": "nice"},
        {"from": "c", "to": "a", "wish": "must"},
        {"from": "b", "to": "c", "wish": "never"},
        {"from": "c", "to": "b", "wish": "nice"},
    ],
    "affinity": [{"a": "a", "b": "b", "score": 0.5}],
    "pins": [],
}


class Piped:
    """Standard input of bytes."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def run(
    given: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, dict[str, Any] | None, list[str]]:
    data = given if isinstance(given, bytes) else json.dumps(given).encode()
    monkeypatch.setattr(sys, "stdin", Piped(data))
    status = main([])
    captured = capsys.readouterr()
    return status, json.loads(captured.out) if captured.out else None, captured.err.splitlines()


def test_a_round_becomes_a_timetable(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    status, timetable, errors = run(ROUND, monkeypatch, capsys)
    assert (status, errors) == (0, [])
    assert timetable == {
        "status": "optimal",
        "meetings": [{"a": "a", "b": "b", "slot": "s1", "table": 1}, {"a": "a", "b": "c", "slot": "s2", "table": 1}],
        "value": pytest.approx(1.6 + 0.4 + 0.175 + 1.0),
        "bound": pytest.approx(3.175),
        "unmet": [
            {
                "participant": "c",
                "wanted": "b",
                "wish": "nice",
                "reason": "c has all the meetings that its quota of 1 allows.",
            }
        ],
        "conflicts": [],
    }


def changed(**fields: object) -> dict[str, Any]:
    return {**ROUND, **fields}


def someone(**fields: object) -> dict[str, Any]:
    return changed(participants=[{**ROUND["participants"][0], **fields}, *ROUND["participants"][1:]])


BAD = {
    b"": "This is not JSON: Expecting value, line 1, column 1.",
    b"\xff": "This is not UTF-8 text (byte 0).",
    b"[" * 100_000: "This JSON cannot be read",
    b'{"quota": 1' + b"0" * 5000 + b"}": "This JSON cannot be read",
    b"[]": "The round must be a JSON object.",
    b"{}": 'The round: "slots" must be a list.',
}
BAD_FIELDS = [
    (changed(slots=["s1", "s2", "s2"], capacity=1), 'Slot "s2" occurs twice.'),
    (changed(slots=["s1", ["s2"]]), 'The round: "slots" must be a text or a whole number.'),
    (changed(capacity=-1), 'Slot "s1": the capacity must be at least 0, not -1.'),
    (changed(capacity="many"), 'The round: "capacity" must be a whole number.'),
    (changed(capacity={"s1": 1}), 'Slot "s2": "capacity" must be a whole number.'),
    (changed(capacity={"s1": 1, "s2": 1, "s3": 1}), '"capacity" names slot "s3", which there is not.'),
    (changed(participants=None), 'The round: "participants" must be a list.'),
    (changed(participants=["a"]), "Number 1 of participants must be an object."),
    (changed(participants=[*ROUND["participants"]] * 2), 'Participant "a" occurs twice.'),
    (someone(available=["s1", "s9"]), 'Participant "a": "available" names slot "s9", which there is not.'),
    (someone(available=["s1", "s1"]), 'Participant "a": "available" names slot "s1" twice.'),
    (someone(available="s1"), 'Participant "a": "available" must be a list.'),
    (someone(quota=-1), 'Participant "a": "quota" must be at least 0, not -1.'),
    (someone(quota=2.5), 'Participant "a": "quota" must be a whole number.'),
    (someone(quota=True), 'Participant "a": "quota" must be a whole number.'),
    (someone(minimum=float("nan")), 'Participant "a": "minimum" must be a whole number.'),
    (someone(side=[]), 'Participant "a": "side" must be a text or a whole number.'),
    (someone(id=None), 'Number 1 of participants: "id" must be a text or a whole number.'),
    (changed(wishes=[{"from": "a", "to": "x", "wish": "must"}]), 'there is no participant "x".'),
    (changed(wishes=[{"from": "a", "to": "a", "wish": "must"}]), "nobody meets itself."),
    (changed(wishes=[{"from": "a", "to": "b", "wish": "maybe"}]), 'must be one of must, nice, never, not "maybe".'),
    (changed(wishes=[{"from": "a", "to": "b"}]), 'for "b": "wish" must be a text.'),
    (changed(wishes=ROUND["wishes"][:1] * 2), 'Participant "a" has two wishes for "b".'),
    (changed(affinity=[{"a": "a", "b": "b", "score": 1.5}]), "the score must lie between 0 and 1, not 1.5."),
    (changed(affinity=[{"a": "a", "b": "b", "score": float("nan")}]), '"score" must be a number.'),
    (changed(affinity=[{"a": "a", "b": "b", "score": 10**400}]), '"score" must be a number.'),
    (changed(affinity=ROUND["affinity"] + [{"a": "b", "b": "a", "score": 1}]), '"a" and "b" occurs twice.'),
    (changed(pins=[{"a": "a", "b": "b", "slot": "s9"}]), 'Pin of participants "a" and "b": there is no slot "s9".'),
    (changed(pins=[{"a": "a", "b": "b", "slot": "s1"}] * 2), 'Pin of participants "a" and "b" in "s1" occurs twice.'),
    (changed(weights={"must": float("inf")}), 'The weights: "must" must be a number.'),
    (changed(weights={"must": -1}), 'Weight "must" must lie between 0 and 1,000,000, not -1.0.'),
    (changed(weights={"musst": 1}), 'There is no weight "musst"'),
    (changed(weights=[]), 'The round: "weights" must be an object.'),
    (changed(seed=0.5), 'The round: "seed" must be a whole number.'),
    (changed(time_limit_s=0), '"time_limit_s" must be a number of seconds above 0, not 0.0.'),
    (changed(max_in_a_row=0), '"max_in_a_row" must be at least 1, not 0.'),
    (changed(breaks=["s9"]), '"breaks" names slot "s9", which there is not.'),
    (
        changed(forbidden=[{"a": "a", "b": "x"}]),
        'Forbidden meeting of participants "a" and "x": there is no participant',
    ),
    (changed(published=[{"a": "a", "b": "b", "slot": "s1"}]), '"table" must be a whole number.'),
]


@pytest.mark.parametrize(("given", "line"), [*BAD.items(), *BAD_FIELDS])
def test_bad_input_is_told_in_one_line_a_fault(
    given: object, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, timetable, errors = run(given, monkeypatch, capsys)
    assert (status, timetable) == (2, None)
    assert any(line in each for each in errors), errors


def test_every_fault_is_told_at_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _, _, errors = run(someone(quota=-1, minimum=-2, available=["s8", "s9"]), monkeypatch, capsys)
    assert len(errors) == 4


def test_names_may_be_numbers_and_any_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    names = [7, "\ud800", "7"]
    given = {
        "slots": [1],
        "capacity": {"1": 1},
        "participants": [{"id": name, "available": [1], "quota": 1} for name in names],
        "wishes": [{"from": 7, "to": "\ud800", "wish": "nice"}],
    }
    status, timetable, _ = run(given, monkeypatch, capsys)
    assert status == 0
    assert timetable is not None
    assert timetable["meetings"] == [{"a": 7, "b": "\ud800", "slot": 1, "table": 1}]


def ragged() -> dict[str, object]:
    """A round with rest that is too large to be solved exactly."""
    drawn = synthetic_round(40, 0.8, seed=1)
    people = [{"id": each.id, "available": each.available, "quota": each.quota} for each in drawn.participants]
    wishes = [{"from": each.wisher, "to": each.wanted, "wish": each.wish} for each in drawn.wishes]
    affinity = [{"a": each.a, "b": each.b, "score": each.score} for each in drawn.affinity]
    return {"slots": drawn.slots, "capacity": 15, "max_in_a_row": 3, "participants": people} | {
        "wishes": wishes, "affinity": affinity, "time_limit_s": 600,
    }  # fmt: skip


@pytest.mark.parametrize("given", [ROUND, ragged()], ids=["small", "ragged"])
def test_module_runs_alone_and_hash_seed_changes_nothing(given: dict[str, object]) -> None:
    def answer(hash_seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, "-m", "matchmaking.timetable"]
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout

    assert answer("1") == answer("2")


def test_what_is_compiled_beforehand_is_all_that_a_round_needs(tmp_path: Path) -> None:
    """Also with a row that is too long, minimums and people who leave: the ragged round goes through every loop."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DEBUG_CACHE": "1"}

    def saved(*options: str, given: str = "") -> int:
        command = [sys.executable, "-m", "matchmaking.timetable", *options]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=True, env=environment)
        return done.stdout.count("data saved")

    assert saved("--compile") > 20
    assert saved(given=json.dumps(ragged())) == 0

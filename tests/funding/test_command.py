"""The command line: one JSON line a rule, and a line for each fault of a file."""

import json
import subprocess
import sys

import pytest

CALL = {
    "name": "Blue pilots",
    "opens_at": "2027-01-30T12:00:00+01:00",
    "deadline": "2027-03-31T15:00:00+02:00",
    "zone": "Europe/Stockholm",
    "funders": [
        {
            "id": "se",
            "name": "Havsfonden",
            "member_state": "SE",
            "largest_grant": 50000,
            "rate": 0.5,
            "de_minimis": True,
        }
    ],
    "consortium": {"organisations": 1, "countries": 1},
}
APPLICATION = {
    "moment": "2027-03-31T15:00:00+02:00",
    "partners": [
        {
            "id": "SE1",
            "name": "Klarflöd",
            "kind": "company",
            "country": "SE",
            "is_lead": True,
            "costs": [{"category": "Staff", "amount": 80000}],
            "grant": 60000,
            "own_money": 20000,
        }
    ],
}


@pytest.fixture
def run(tmp_path):
    def run(call=CALL, application=APPLICATION) -> subprocess.CompletedProcess:
        names = []
        for name, content in (("call.json", call), ("application.json", application)):
            path = tmp_path / name
            names.append(str(path))
            if content is not None:
                path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        command = [sys.executable, "-m", "funding.eligibility", *names]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


def test_one_line_a_rule(run):
    done = run()
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    by_rule = {line["rule"]: line for line in lines}

    assert (done.returncode, done.stderr) == (0, "")
    assert all(set(line) == {"rule", "verdict", "message", "source"} for line in lines)
    assert len(by_rule) == len(lines) == 17
    assert by_rule["deadline"]["verdict"] == "pass"
    assert by_rule["grant"] == {
        "rule": "grant",
        "verdict": "fail",
        "message": "Klarflöd: It asks for EUR 60,000; Havsfonden pays EUR 50,000 at most.",
        "source": "Text of the call",
    }
    assert by_rule["co_financing"]["message"] == (
        "Klarflöd: Havsfonden pays 50 % of the costs: EUR 40,000 of EUR 80,000. It asks for EUR 60,000."
    )
    assert by_rule["de_minimis"]["verdict"] == "unknown"
    assert "2023/2831" in by_rule["de_minimis"]["source"]


def changed(content: dict, **changes: object) -> dict:
    return content | changes


def partner(**changes: object) -> dict:
    return APPLICATION | {"partners": [APPLICATION["partners"][0] | changes]}


@pytest.mark.parametrize(
    ("call", "application", "fault"),
    [
        (None, APPLICATION, "call.json: It cannot be read: No such file or directory."),
        (b"{", APPLICATION, "call.json: The file: Invalid JSON"),
        (b"\xff\xfe", APPLICATION, "call.json: The file: Invalid JSON"),
        (b"[]", APPLICATION, "call.json: The file: "),
        (b"[" * 100_000, APPLICATION, "call.json: The file: Invalid JSON"),
        (changed(CALL, funders=[]), APPLICATION, "call.json: funders: "),
        (changed(CALL, zone="Mars/Olympus"), APPLICATION, "call.json: zone: Mars/Olympus is no time zone"),
        (changed(CALL, zone="../../etc/passwd"), APPLICATION, "call.json: zone: "),
        (changed(CALL, deadline="2027-01-30T12:00:00+01:00"), APPLICATION, "call.json: deadline: It must come after"),
        (changed(CALL, deadline="2027-03-31T15:00:00"), APPLICATION, "call.json: deadline: "),
        (changed(CALL, colour="blue"), APPLICATION, "call.json: colour: "),
        (CALL, changed(APPLICATION, partners=[]), "application.json: partners: "),
        (CALL, partner(grant=-1), "application.json: partners[1].grant: "),
        (CALL, partner(grant=1e300), "application.json: partners[1].grant: "),
        (CALL, partner(grant="NaN"), "application.json: partners[1].grant: "),
        (CALL, partner(grant="10.001"), "application.json: partners[1].grant: "),
        (CALL, partner(country="Sweden"), "application.json: partners[1].country: "),
        (CALL, partner(kind="bank"), "application.json: partners[1].kind: "),
        (CALL, partner(name=" "), "application.json: partners[1].name: "),
    ],
)
def test_a_file_that_cannot_be_used_says_where(run, call, application, fault):
    done = run(call, application)

    assert (done.returncode, done.stdout) == (2, "")
    assert fault in done.stderr
    assert "Traceback" not in done.stderr
    assert all(line.count(".json: ") == 1 for line in done.stderr.splitlines())


def test_faults_of_both_files_are_told_at_once(run):
    done = run(changed(CALL, name=""), partner(grant=-1))

    assert "call.json: name: " in done.stderr
    assert "application.json: partners[1].grant: " in done.stderr


def test_a_budget_given_as_text_keeps_its_cents(run):
    done = run(application=partner(grant="40000.10", own_money="39999.90"))
    budget = next(line for line in map(json.loads, done.stdout.splitlines()) if line["rule"] == "budget")

    assert (budget["verdict"], budget["message"]) == ("pass", "Klarflöd: The budget of EUR 80,000 adds up.")

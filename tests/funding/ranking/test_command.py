"""The command line: JSON in, JSON out, a line for each fault."""

import json
import subprocess
import sys

import pytest

CALL = {
    "threshold": 40,
    "funders": [
        {"id": "se", "name": "Havsfonden", "budget": 100000},
        {"id": "ee", "name": "Mere Fond", "budget": 50000},
    ],
    "applications": [
        {"id": "BWX-1", "score": 90, "asks": {"se": 60000, "ee": 30000}},
        {"id": "BWX-2", "score": 80.25, "asks": {"se": "50000.00"}},
        {"id": "BWX-3", "score": 70, "asks": {"se": 40000, "ee": 20000}},
        {"id": "BWX-4", "score": 60, "passes": False},
    ],
}


def run(call: object) -> subprocess.CompletedProcess[str]:
    text = call if isinstance(call, str) else json.dumps(call)
    return subprocess.run(
        [sys.executable, "-m", "funding.ranking"], input=text, capture_output=True, text=True, check=False
    )


def test_ranking_cut_and_proposals_come_out():
    done = run(CALL)
    found = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert [(row["place"], row["id"], row["above_the_cut"]) for row in found["ranking"]] == [
        (1, "BWX-1", True), (2, "BWX-2", False), (3, "BWX-3", False), (4, "BWX-4", False),
    ]  # fmt: skip
    assert found["cut"]["lines"] == {"se": "BWX-2"}
    assert found["in_order"]["funded"] == found["best"]["funded"] == ["BWX-1", "BWX-3"]
    assert found["best"]["left"] == {"se": "0", "ee": "0"}
    assert (found["best"]["value"], found["best"]["proven"]) == ("80", True)
    assert found["best"]["reserve"] == [
        {
            "id": "BWX-2",
            "missing": {"se": "50000"},
            "instead": ["BWX-3"],
            "why": "Havsfonden has EUR 0 left: EUR 50,000 are missing. Its money goes further down, to BWX-3. "
            "No set with this application is worth more.",
        }
    ]
    assert found["best"]["more_money"]["se"]["says"] == "With EUR 50,000 more of Havsfonden, BWX-2 comes in."


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"funders": CALL["funders"] * 2}, "funders: ee occurs twice.\nfunders: se occurs twice."),
        ({"applications": CALL["applications"][:1] * 2}, "applications: BWX-1 occurs twice."),
        (
            {"applications": [{"id": "A", "score": 1, "asks": {"fi": 5}}]},
            "applications[1].asks: The call has no funder fi.",
        ),
        ({"applications": [{"id": "A", "score": 1, "asks": {"se": -1}}]}, "applications[1].asks.se: "),
        ({"applications": [{"id": "A", "score": "NaN"}]}, "applications[1].score: "),
        ({"funders": [{"id": "se", "name": "S", "budget": "0.001"}]}, "funders[1].budget: "),
        ({"budget": 5}, "budget: Extra inputs are not permitted"),
    ],
)
def test_each_fault_is_named_by_its_place(change, fault):
    done = run(CALL | change)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(fault)


def test_no_json():
    done = run("{")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("The file: Invalid JSON")

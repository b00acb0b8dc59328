"""The command line: a table in, a protected one out, clear words about bad input and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from evaluations.disclosure import protect, read, read_protected, written

TABLE = {
    "dimensions": ["size_class", "barrier"],
    "cells": [
        {"size_class": "micro", "barrier": "time", "n": 12},
        {"size_class": "micro", "barrier": "money", "n": 3},
        {"size_class": "small", "barrier": "time", "n": 20},
        {"size_class": "small", "barrier": "money", "n": 9},
    ],
    "threshold": 5,
}


def run(given: object, **more: object) -> subprocess.CompletedProcess:
    data = given if isinstance(given, bytes) else json.dumps(given).encode()
    command = [sys.executable, "-m", "evaluations.disclosure"]
    return subprocess.run(command, input=data, capture_output=True, check=False, **more)


def cells(*rows: dict) -> dict:
    return {**TABLE, "cells": list(rows)}


def test_a_table_comes_out_with_all_totals_and_its_loss():
    done = run(TABLE)
    found = json.loads(done.stdout)

    assert (done.returncode, done.stderr) == (0, b"")
    assert len(found["cells"]) == 9
    assert found["cells"][1] == {"size_class": "micro", "barrier": "money", "n": None, "suppressed": "primary"}
    assert found["cells"][0]["suppressed"] == "complementary"
    assert found["cells"][8] == {"size_class": None, "barrier": None, "n": 44, "suppressed": None}
    assert (found["loss"]["primary"], found["loss"]["complementary"], found["loss"]["hidden_n"]) == (1, 3, 44)


def test_what_was_written_can_be_read_as_published():
    first = run(TABLE)
    again = run({**TABLE, "published": [json.loads(first.stdout)]})

    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["cells"] == json.loads(first.stdout)["cells"]
    table, _ = read(json.dumps(TABLE))
    assert read_protected(json.loads(json.dumps(written(protect(table))))) == protect(table)


def test_a_category_may_be_called_like_anything():
    """Only null means a total: the texts "null", "None", "total" and the number 0 are categories."""
    names = ["null", "None", "total", "", "0", 0, "\ud800", "suppressed"]
    rows = [{"q": name, "n": 30} for name in names if name != ""]
    done = run({"dimensions": ["q"], "cells": rows})

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["cells"]
    assert [each["q"] for each in found] == [*(name for name in names if name != ""), None]
    assert found[-1]["n"] == 210


BAD = [
    (b"", "This is not JSON"),
    (b"\xff", "This is not UTF-8"),
    (b"[" * 100_000, "This JSON cannot be read"),
    (b'{"n": 1' + b"0" * 5000 + b"}", "This JSON cannot be read"),
    ([], "must be a JSON object"),
    ({}, '"dimensions" must be a list of names'),
    ({**TABLE, "dimensions": ["a", "a"], "cells": []}, 'Dimension "a" occurs twice'),
    ({**TABLE, "dimensions": ["n"], "cells": []}, 'a dimension cannot be called "n"'),
    ({**TABLE, "dimensions": [], "cells": []}, "from 1 to 8 dimensions"),
    ({**TABLE, "cells": {}}, '"cells" must be a list'),
    ({**TABLE, "treshold": 5}, 'there is no "treshold"'),
    ({**TABLE, "threshold": 2}, "threshold must lie between 3 and"),
    ({**TABLE, "threshold": 5.0}, '"threshold" must be a whole number'),
    ({**TABLE, "threshold": True}, '"threshold" must be a whole number'),
    (cells(7), "cell 1 must be an object"),
    (cells({"size_class": "micro", "n": 1}), 'has no category of "barrier"'),
    (cells({"size_class": "micro", "barrier": ["x"], "n": 1}), "must be a text or a whole number"),
    (cells({"size_class": "micro", "barrier": "x", "n": -1}), "n must lie between 0 and 10,000,000"),
    (cells({"size_class": "micro", "barrier": "x", "n": 10**30}), "n must lie between 0 and 10,000,000"),
    (cells({"size_class": "micro", "barrier": "x", "n": float("nan")}), '"n" must be a whole number'),
    (cells({"size_class": "micro", "barrier": "x", "n": 1.5}), '"n" must be a whole number'),
    (cells({"size_class": "micro", "barrier": "x", "n": "1"}), '"n" must be a whole number'),
    (cells({"size_class": "micro", "barrier": "x", "n": None}), '"n" must be a whole number'),
    (cells({"size_class": "micro", "barrier": None, "n": 1}), 'totals over "barrier" are computed'),
    (cells(*TABLE["cells"], TABLE["cells"][0]), "occurs twice"),
    ({**TABLE, "multiple": "barrier"}, '"multiple" must be'),
    ({**TABLE, "multiple": ["x"]}, 'names dimension "x", which there is not'),
    ({**TABLE, "where": {"country": "SE"}}, '"where" must be'),
    ({**TABLE, "where": {"country": []}}, "at least one category"),
    ({**TABLE, "published": [7]}, '"published" must be a list'),
    ({**TABLE, "published": [{"dimensions": ["x"], "cells": []}]}, '"loss" must be what was written'),
]


@pytest.mark.parametrize(("given", "line"), BAD)
def test_bad_input_is_told_in_one_line_a_fault(given, line):
    done = run(given)

    assert (done.returncode, done.stdout) == (2, b"")
    told = done.stderr.decode().splitlines()
    assert any(line in each for each in told), told
    assert not any("Traceback" in each for each in told)


def test_a_million_cells_are_refused_at_once():
    rows = [{"size_class": place, "barrier": 1, "n": 1} for place in range(1_000_000)]
    done = run(cells(*rows))

    assert done.returncode == 2
    assert b"1,000,000 cells; at most" in done.stderr


def test_huge_counts_are_no_trouble():
    done = run({"dimensions": ["q"], "cells": [{"q": 1, "n": 3}, {"q": 2, "n": 10_000_000}, {"q": 3, "n": 9_999_999}]})

    assert done.returncode == 0
    assert [each["n"] for each in json.loads(done.stdout)["cells"]].count(None) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_said():
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "evaluations.disclosure"]
        done = subprocess.run(
            command, input=json.dumps(TABLE).encode(), stdout=full, stderr=subprocess.PIPE, check=False
        )

    assert done.returncode == 1
    assert b"The output cannot be written" in done.stderr


def test_a_reader_who_goes_away_is_no_fault():
    taker, giver = os.pipe()
    os.close(taker)
    command = [sys.executable, "-m", "evaluations.disclosure"]
    done = subprocess.run(command, input=json.dumps(TABLE).encode(), stdout=giver, stderr=subprocess.PIPE, check=False)
    os.close(giver)

    assert b"Traceback" not in done.stderr


def test_hash_seed_changes_nothing():
    answers = {run(TABLE, env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in "12"}

    assert len(answers) == 1

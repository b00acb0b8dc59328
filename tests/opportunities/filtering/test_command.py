"""The command line: files in, JSON lines out, clear words about bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opportunities.filtering.__main__ import main

MEMBERS = [
    {"id": "kalmar", "country": "SE", "text": "Ceramic membranes for sewage", "codes": ["45232420"], "sme": True,
     "past_topics": ["MG-4.1-2014"]},
    {"id": "osby", "name": "Osby Svets", "offers": ["Robot cells for welding"], "languages": ["sv"]},
]  # fmt: skip
OPPORTUNITIES = [
    {"id": "b", "title": "Sewage plant with membranes", "codes": ["45232421"], "deadline": "2027-05-01T12:00:00"},
    {"id": "a", "title": "Welding robots", "text": "Robot cells wanted", "partnering_type": "BR", "buyer": "Ekeby"},
    {"id": "MG-4.2-2015", "title": "Ships", "call": ["H2020-MG-2015"], "scheme": "RIA", "codes": ["H2020-EU.3.4."]},
]


def lines(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    members = lines(tmp_path / "members.jsonl", list(MEMBERS))
    opportunities = lines(tmp_path / "opportunities.jsonl", list(OPPORTUNITIES))
    return ["--members", str(members), "--opportunities", str(opportunities)]


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]], str]:
    status = main(arguments)
    captured = capsys.readouterr()
    return status, [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_each_member_gets_its_ranked_list_with_reasons(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    status, rows, errors = run([*files, "--top", "2"], capsys)
    assert (status, errors) == (0, "")
    assert [(row["member_id"], row["opportunity_id"], row["rank"]) for row in rows] == [
        ("kalmar", "b", 1), ("kalmar", "MG-4.2-2015", 2), ("osby", "a", 1), ("osby", "MG-4.2-2015", 2),
    ]  # fmt: skip
    assert list(rows[0]) == ["member_id", "opportunity_id", "rank", "score", "reasons"]
    assert rows[2]["reasons"] == ["They look for: robot cells. You offer: robot cells for welding."]
    assert isinstance(rows[0]["score"], float)
    assert 0 < rows[0]["score"] <= 1


def test_held_pairs_are_left_out(files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = tmp_path / "held.csv"
    pairs.write_text("member_id,opportunity_id\nkalmar,b\nkalmar,unknown\nstranger,a\n", encoding="utf-8")
    _, rows, _ = run([*files, "--exclude", str(pairs)], capsys)
    found = [row["opportunity_id"] for row in rows if row["member_id"] == "kalmar"]
    assert sorted(map(str, found)) == ["MG-4.2-2015", "a"]


def test_deadlines_count_only_on_a_named_day(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    _, without, _ = run(files, capsys)
    _, rows, _ = run([*files, "--today", "2027-05-02"], capsys)
    assert "b" in [row["opportunity_id"] for row in without]
    assert "b" not in [row["opportunity_id"] for row in rows]


def test_empty_files_give_no_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", encoding="utf-8")
    assert run(["--members", str(empty), "--opportunities", str(empty)], capsys) == (0, [], "")


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    members = tmp_path / "m.jsonl"
    members.write_bytes(b'\xef\xbb\xbf{"id": 7, "text": "sewage"}\r\n\r\n')
    opportunities = lines(tmp_path / "o.jsonl", list(OPPORTUNITIES))
    status, rows, _ = run(["--members", str(members), "--opportunities", str(opportunities)], capsys)
    assert status == 0
    assert rows[0]["member_id"] == "7"


BAD = [
    ("{", "line 2: this is not JSON"),
    ("[1]", "line 2: a line must be a JSON object"),
    ('{"text": "no id"}', 'line 2: an "id" is missing'),
    ('{"id": true}', 'line 2: an "id" is missing'),
    ('{"id": "kalmar"}', "line 2: the id 'kalmar' occurs twice"),
    ('{"id": "x", "text": 5}', 'line 2: "text" must be a text'),
    ('{"id": "x", "codes": "45"}', 'line 2: "codes" must be a list'),
    ('{"id": "x", "codes": [5]}', 'line 2: each of "codes" must be'),
    ('{"id": "x", "offers": [1]}', 'line 2: "offers" must be a text or a list of texts'),
    ('{"id": "x", "hours_a_month": "many"}', 'line 2: "hours_a_month" must be a number'),
    ('{"id": "x", "hours_a_month": NaN}', 'line 2: "hours_a_month" must be a number'),
    ('{"id": "x", "trl_min": 12}', 'line 2: "trl_min" must be a level from 1 to 9'),
    (r'{"id": "\ud800"}', "line 2: it holds half of a character"),
    (r'{"id": "x", "codes": [{"scheme": "cpv", "code": "\uDFFF"}]}', "line 2: it holds half of a character"),
    ('{"id": "x", "text": ' + "[" * 100_000, "line 2: "),
]


@pytest.mark.parametrize(("line", "message"), BAD, ids=range(len(BAD)))
def test_bad_members_are_refused_with_file_and_line(
    line: str, message: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(files[1])
    path.write_text(f"{json.dumps(MEMBERS[0])}\n{line}\n", encoding="utf-8")
    status, rows, errors = run(files, capsys)
    assert (status, rows) == (2, [])
    assert f"{path}, {message}" in errors


@pytest.mark.parametrize("deadline", ["2027-13-01", "soon", 20270501])
def test_a_bad_deadline_is_refused(deadline: object, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lines(Path(files[3]), [OPPORTUNITIES[0], {"id": "x", "deadline": deadline}])
    status, _, errors = run(files, capsys)
    assert status == 2
    assert 'line 2: "deadline" must be' in errors


def test_a_missing_file_and_a_wrong_encoding_are_refused(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, errors = run(["--members", str(tmp_path / "none.jsonl"), *files[2:]], capsys)
    assert (status, "No such file" in errors) == (2, True)
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": "\xe5"}')
    status, _, errors = run(["--members", str(tmp_path / "latin.jsonl"), *files[2:]], capsys)
    assert (status, "not UTF-8" in errors) == (2, True)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "who,what\na,b\n",
        "member_id,opportunity_id\nkalmar\n",
        pytest.param(f"member_id,opportunity_id\n{'k' * 2_100_000},b\n", id="long"),
    ],
)
def test_a_table_of_pairs_without_its_columns_is_refused(
    content: str, files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(content, encoding="utf-8")
    status, rows, errors = run([*files, "--exclude", str(pairs)], capsys)
    assert (status, rows) == (2, [])
    assert f"{pairs}, line" in errors


@pytest.mark.parametrize("top", ["0", "-1", "many"])
def test_a_top_that_is_no_number_is_refused(top: str, files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*files, "--top", top])
    assert stopped.value.code == 2
    assert "not a number of at least 1" in capsys.readouterr().err


def test_module_gives_the_same_bytes_for_every_hash_seed(files: list[str]) -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "opportunities.filtering", *files],
            env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True, timeout=120,
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    assert outputs.pop().count(b"\n") == 6


def test_module_reports_bad_input_without_a_traceback(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("{", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "opportunities.filtering", "--members", str(bad), "--opportunities", str(bad)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith(f"{bad}, line 1: this is not JSON")
    assert "Traceback" not in done.stderr


def test_whole_characters_in_escapes_are_read(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    Path(files[1]).write_text(r'{"id": "\ud83d\ude80", "text": "sewage"}', encoding="utf-8")
    status, rows, _ = run(files, capsys)
    assert (status, rows[0]["member_id"]) == (0, "\N{ROCKET}")


@pytest.mark.parametrize(
    ("target", "status", "told"),
    [
        (">/dev/full", 1, "The output cannot be written: No space left on device.\n"),
        (">&-", 0, ""),
        ("| head -n 1 >/dev/null", 0, ""),
    ],
)
def test_module_whose_output_nobody_takes_ends_quietly(target: str, status: int, told: str, files: list[str]) -> None:
    command = f"set -o pipefail; {sys.executable} -m opportunities.filtering {' '.join(files)} {target}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (status, told)


def test_module_writes_utf8_whatever_the_terminal_says(files: list[str]) -> None:
    lines(Path(files[1]), [{"id": "Blåsjö", "text": "sewage"}])
    done = subprocess.run(
        [sys.executable, "-m", "opportunities.filtering", *files],
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert json.loads(done.stdout.splitlines()[0])["member_id"] == "Blåsjö"

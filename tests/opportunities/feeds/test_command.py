"""The command-line face: files in, JSON lines out, one exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from opportunities.feeds.__main__ import main
from tests.opportunities.feeds.samples import page, result, topic, topics

KEYS = """external_id kind partnering_type title summary description organisation countries target_countries
target_kinds target_sizes codes deadlines opens_on starts_at ends_at published_on budget url language stage status
keywords details"""


def run(*arguments: str | Path, **options) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "opportunities.feeds", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60, **options)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.json"
    file.write_text(page(result(), result(status=None)), encoding="utf-8")
    return file


def test_record_has_exactly_the_keys_of_the_contract(good, capsys):
    assert main(["sedia", str(good)]) == 0

    out, err = capsys.readouterr()
    (record,) = map(json.loads, out.splitlines())
    assert set(record) == set(KEYS.split())
    assert record["kind"] == "funding"
    assert record["deadlines"] == ["2027-02-16"]
    assert {"scheme": "programme", "code": "43108390", "label": "Horizon Europe"} in record["codes"]
    (refusal,) = map(json.loads, err.splitlines())
    assert refusal == {
        "file": str(good),
        "position": 2,
        "reason": "The result has no status. It is a stale copy: skip it.",
    }


def test_raw_is_written_when_asked_for(good, capsys):
    main(["sedia", "--raw", str(good)])

    record = json.loads(capsys.readouterr().out)
    assert json.loads(record["raw"])["metadata"]["identifier"] == ["HORIZON-CL9-2027-01-WATER-04"]


def test_file_of_another_format_gives_two_and_the_others_are_read(good, tmp_path, capsys):
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("Dear all", encoding="utf-8")

    assert main(["sedia", str(wrong), str(good)]) == 2

    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert [json.loads(line)["position"] for line in err.splitlines()] == [0, 2]
    assert "no JSON" in json.loads(err.splitlines()[0])["reason"]


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_file_that_cannot_be_read_says_so(name, tmp_path, capsys):
    assert main(["topics", str(tmp_path / name)]) == 2

    (refusal,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert refusal["reason"].startswith("The file cannot be read: ")


def test_file_that_may_not_be_read_says_so(tmp_path, capsys, monkeypatch):
    file = tmp_path / "secret.json"
    file.write_text("{}", encoding="utf-8")

    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbidden)

    assert main(["topics", str(file)]) == 2
    assert "Permission denied" in capsys.readouterr().err


def test_file_beyond_the_limit_is_not_even_opened(tmp_path, capsys):
    file = tmp_path / "large.jsonl"
    with file.open("wb") as out:
        out.truncate(100 * 1024 * 1024 + 1)

    assert main(["topics", str(file)]) == 2
    assert "larger than 100 MB" in capsys.readouterr().err


def test_module_runs_and_detects(good):
    done = run("auto", good)

    assert done.returncode == 0
    assert json.loads(done.stdout)["title"] == "Smart water networks in small towns"
    assert "Traceback" not in done.stderr


def test_unknown_format_is_refused_with_the_names():
    done = run("xls", "x")

    assert done.returncode == 2
    assert "een-pod-v6" in done.stderr
    assert "Traceback" not in done.stderr


def test_reader_that_goes_away_ends_it_quietly(tmp_path):
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(topics(topic(topicId=f"X-2027-{number}")) for number in range(3000)), encoding="utf-8")
    command = f"{sys.executable} -m opportunities.feeds topics {file} | head -n 1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_are_no_reason_to_fail(good, closed):
    command = f"{sys.executable} -m opportunities.feeds sedia {good} {closed}"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "stale copy" not in done.stdout


@pytest.mark.parametrize("number", [1, 3000])
def test_output_that_cannot_be_written_is_not_blamed_on_the_file(number, tmp_path):
    file = tmp_path / "many.jsonl"
    file.write_text("\n".join(topics(topic(topicId=f"X-2027-{each}")) for each in range(number)), encoding="utf-8")
    command = f"{sys.executable} -m opportunities.feeds topics {file} >/dev/full"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stderr) == (1, "The output cannot be written: No space left on device.\n")


def test_device_that_never_ends_is_refused():
    done = run("topics", "/dev/zero")

    assert done.returncode == 2
    assert "larger than 100 MB" in done.stderr


def test_output_is_utf8_whatever_the_terminal_says(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text(topics(topic(title="Blåsjö – Łódź")), encoding="utf-8")

    done = run("topics", file, env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"})

    assert json.loads(done.stdout)["title"] == "Blåsjö – Łódź"


def test_command_starts_fast():
    """Heavy libraries are imported for their own format only."""
    script = (
        "import sys, opportunities.feeds.__main__; print([name for name in sys.modules if name in set(sys.argv[1:])])"
    )
    heavy = ["lxml", "babel", "feedparser", "icalendar", "openpyxl", "ftfy", "django"]

    done = subprocess.run(
        [sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.strip() == "[]"

"""Scouting in the terminal: what it prints, how it ends, and which source it reads for."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from opportunities.models import ImportRun, Opportunity, Source
from tests.factories.opportunities import SourceFactory, table

pytestmark = pytest.mark.django_db


def scout(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("scout", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.csv"
    path.write_bytes(table(3, refused=1))
    return path


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    return path


def test_scout_prints_counts_and_each_refusal(good):
    out, err = scout("--file", good, "--format", "csv")
    assert out == "good.csv: 3 new, 0 changed, 0 known, 1 refused\n"
    assert err.startswith("good.csv, record 5: ")
    assert len(err.splitlines()) == 1


def test_scout_again_changes_nothing(good):
    scout("--file", good)
    before = list(Opportunity.objects.order_by("pk").values())
    out, _ = scout("--file", good)
    assert out == "good.csv: 0 new, 0 changed, 3 known, 1 refused\n"
    assert list(Opportunity.objects.order_by("pk").values()) == before
    assert Source.objects.get().name == "Files: Find out by itself"


def test_scout_ends_with_2_when_a_file_is_no_such_format_and_reads_the_others(good, bad):
    with pytest.raises(CommandError, match="1 of 2 files could not be read") as ended:
        scout("--file", bad, good, "--format", "csv")
    assert ended.value.returncode == 2
    assert Opportunity.objects.count() == 3


def test_scout_says_why_a_file_could_not_be_read(bad):
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("scout", "--file", str(bad), "--format", "csv", stdout=io.StringIO(), stderr=err)
    run = ImportRun.objects.get()
    assert run.error
    assert err.getvalue() == f"bad.csv: {run.error}\n"


def test_scout_reads_nothing_when_one_file_is_missing(good, tmp_path):
    with pytest.raises(CommandError, match="There is no file") as ended:
        scout("--file", good, tmp_path / "none.csv")
    assert ended.value.returncode == 1
    assert not ImportRun.objects.exists()


def test_scout_does_not_hand_the_file_to_a_worker_as_well(good, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr("opportunities.imports.current_app.send_task", lambda name, *_: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        scout("--file", good)
    assert sent == ["opportunities.filter_pending"]


def test_scout_uses_the_source_of_that_name_and_its_format(good):
    source = SourceFactory(name="Our partners", slug="renamed-since")
    scout("--file", good, "--source", "Our partners")
    assert ImportRun.objects.get().source == source
    assert Source.objects.count() == 1


def test_scout_refuses_another_format_for_a_known_source(good):
    SourceFactory(name="EU calls", slug="eu-calls", format="sedia")
    with pytest.raises(CommandError, match="EU calls is for: EU Funding & Tenders, search page"):
        scout("--file", good, "--source", "EU calls", "--format", "csv")
    assert not ImportRun.objects.exists()


def test_scout_refuses_a_name_without_letters(good):
    with pytest.raises(CommandError, match="letters or digits"):
        scout("--file", good, "--source", "???")

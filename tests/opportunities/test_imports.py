"""Reading a file: counts, refusals, crashes at any place, stopping, and two readings at once."""

from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from django.utils import timezone

from core import runs
from core.models import AuditEvent
from opportunities import imports
from opportunities.feeds import Refusal
from opportunities.models import ImportRun, Opportunity, RefusedRecord, Source, SourceRecord
from tests.factories.opportunities import SourceFactory, import_run, imported, table

pytestmark = pytest.mark.django_db
BATCH = imports.BATCH


def counts(run: ImportRun) -> dict[str, int]:
    run.refresh_from_db()
    return {name: getattr(run, name) for name in ("created", "updated", "unchanged", "refused", "done", "total")}


def content() -> list[tuple]:
    """What is there, without keys and times: the same for the same files, however often the reading was interrupted."""
    return [
        *Opportunity.objects.order_by("reference").values_list("reference", "title", "content_hash"),
        *SourceRecord.objects.order_by("external_id").values_list("external_id", "content_hash"),
        *RefusedRecord.objects.order_by("position").values_list("position", "reason", "raw"),
    ]


def test_import_reads_a_table_and_counts():
    run = imported(table(3, refused=2))
    assert run.status == ImportRun.Status.DONE
    assert counts(run) == {"created": 3, "updated": 0, "unchanged": 0, "refused": 2, "done": 5, "total": 5}
    assert Opportunity.objects.filter(status="inbox").count() == 3


def test_second_import_of_a_file_changes_no_row():
    source = SourceFactory()
    imported(table(7, refused=1), source=source)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Opportunity, SourceRecord, RefusedRecord, Source)
    ]
    again = imported(table(7, refused=1), source=source)
    assert counts(again) == {"created": 0, "updated": 0, "unchanged": 7, "refused": 1, "done": 8, "total": 8}
    after = [list(model.objects.order_by("pk").values()) for model in (Opportunity, SourceRecord, Source)]
    assert after[:2] == before[:2]
    assert after[2] == before[3]


def test_changed_file_updates_only_what_changed():
    source = SourceFactory()
    imported(table(5), source=source)
    untouched = list(Opportunity.objects.order_by("pk").values("pk", "updated_at")[:4])
    again = imported(table(4) + b"R-5,Another title,2199-05-01,Finland\n", source=source)
    assert (again.unchanged, again.updated, again.created) == (4, 1, 0)
    assert list(Opportunity.objects.order_by("pk").values("pk", "updated_at")[:4]) == untouched
    assert Opportunity.objects.filter(title="Another title").count() == 1


def test_refused_records_are_kept_with_reason_and_raw():
    run = imported(table(1, refused=1))
    refusal = run.refusals.get()
    assert refusal.position == "3", "as a spreadsheet counts"
    assert "title" in refusal.reason
    assert "R-2" in refusal.raw


def test_refusals_at_one_position_are_all_kept():
    """A repeating calendar entry is several records at one place of the file."""
    event = "BEGIN:VEVENT\nUID:a@x.example\nDTSTART:21980301T090000Z\nSUMMARY:Brokerage day\nEND:VEVENT\n"
    calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{event * 3}END:VCALENDAR\n".replace("\n", "\r\n")
    run = imported(calendar.encode(), source=SourceFactory(format="ical"))
    assert (run.status, run.created, run.refused) == ("done", 1, 2)
    assert run.refusals.count() == 2


def test_reading_again_resolves_what_is_readable_now(manager):
    source = SourceFactory(mapping={"Reference": "external_id", "Deadline": "title"})
    first = imported(table(2).replace(b"2199-05-01", b"", 1), source=source)
    assert (first.created, first.refused) == (1, 1)
    source.mapping = {"Reference": "external_id", "Title": "title"}
    source.save()
    again = imports.read_again(run=first, by=manager)
    imports.execute(again.pk)
    assert counts(again)["refused"] == 0
    assert first.refusals.get().resolved_at is not None
    assert AuditEvent.objects.filter(action="opportunities.import_repeated", actor_id=manager.pk).count() == 1


def test_reading_again_leaves_open_what_is_still_refused(manager):
    first = imported(table(1, refused=2))
    again = imports.read_again(run=first, by=manager)
    imports.execute(again.pk)
    assert first.refusals.filter(resolved_at=None).count() == 2
    assert again.refusals.count() == 2


def test_refusals_of_another_file_are_left_alone(manager):
    other = imported(table(1, refused=1), file_name="other.csv")
    first = imported(table(1), file_name="one.csv")
    imports.execute(imports.read_again(run=first, by=manager).pk)
    assert other.refusals.get().resolved_at is None


@pytest.mark.parametrize(
    ("format", "data", "reason"),
    [
        ("sedia", b"a;b\n1;2\n", "JSON"),
        ("eforms", b"{}", "XML"),
        ("csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00", "table"),
        ("auto", b"\x00\x01\x02", ""),
        ("csv", b"", "empty"),
    ],
)
def test_wrong_format_fails_with_the_reason(format, data, reason):  # noqa: A002
    run = imported(data, source=SourceFactory(format=format))
    assert run.status == ImportRun.Status.FAILED
    assert reason.lower() in run.error.lower()
    assert len(run.error) > 20
    assert "unexpected" not in run.error
    assert not Opportunity.objects.exists()


def test_file_that_is_gone_fails_with_the_reason():
    run = import_run(table(1))
    run.file.storage.delete(run.file.name)
    imports.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", "The file is no longer kept here. Add it again.")


def test_nul_bytes_are_no_obstacle():
    data = table(2000)  # long enough: a NUL among the first letters tells that a file is no table
    run = imported(data.replace(b"plant 2000", b"pl\x00ant 2000") + b"R-0,\x00,2199-01-01,Finland\x00\n")
    assert run.status == ImportRun.Status.DONE, run.error
    assert (run.created, run.refused) == (2000, 1)
    assert "\x00" not in run.refusals.get().raw


def test_refusal_with_nul_is_kept(monkeypatch):
    told = Refusal("a.csv", 2, "Not\x00readable", "raw\x00record" * 50_000)
    monkeypatch.setattr(imports.feeds, "read", lambda *_, **__: iter([told]))
    refusal = imported(b"a,b").refusals.get()
    assert refusal.reason == "Not\N{REPLACEMENT CHARACTER}readable"
    assert refusal.raw.startswith("raw\N{REPLACEMENT CHARACTER}record")
    assert len(refusal.raw) == imports.RAW_KEPT


def test_format_is_found_out_and_remembered_with_the_run():
    run = imported(table(2), source=SourceFactory(format="auto"))
    assert (run.status, run.format, run.created) == ("done", "csv", 2)
    assert run.source.format == "auto"


# --- crashes ---------------------------------------------------------------------------------------------------------


class Crash(BaseException):
    """The worker's end: nothing may catch it, as nothing catches a kill."""


def crash_at(monkeypatch, target: str, time: int) -> None:
    """Lets the named function raise at its n-th call."""
    module, _, name = target.rpartition(".")
    real, calls = getattr(imports, name) if module == "imports" else getattr(runs, name), []

    def crashing(*args, **kwargs):
        calls.append(1)
        if len(calls) == time:
            raise Crash
        return real(*args, **kwargs)

    monkeypatch.setattr(imports if module == "imports" else runs, name, crashing)


def as_if_long_ago(run: ImportRun) -> None:
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - 2 * runs.STALE_AFTER)


@pytest.fixture
def uninterrupted(db) -> tuple[dict, list]:
    """What one undisturbed reading of the same file gives."""
    run = imported(table(3 * BATCH - 10, refused=4), source=SourceFactory(slug="same"))
    found = counts(run), content()
    for model in (SourceRecord, RefusedRecord, Opportunity, ImportRun, Source):
        model.objects.all().delete()
    return found


@pytest.mark.parametrize("target", ["imports.store", "runs.checkpoint", "imports._keep", "imports._resolve_earlier"])
@pytest.mark.parametrize("time", [1, 2, 3])
def test_killed_anywhere_and_taken_up_gives_the_same_rows(monkeypatch, uninterrupted, target, time):
    run = import_run(table(3 * BATCH - 10, refused=4), source=SourceFactory(slug="same"))
    with monkeypatch.context() as patched:
        crash_at(patched, target, time if target != "imports._resolve_earlier" else 1)
        with pytest.raises(Crash):
            imports.execute(run.pk)
    run.refresh_from_db()
    assert run.status == ImportRun.Status.RUNNING
    assert run.done % BATCH == 0 or run.done == 3 * BATCH - 6
    assert RefusedRecord.objects.count() == run.refused
    as_if_long_ago(run)
    assert runs.left_behind(ImportRun) == [run.pk]
    imports.execute(run.pk)
    assert (counts(run), content()) == uninterrupted
    assert run.status == ImportRun.Status.DONE


def test_database_that_goes_away_leaves_the_run_to_be_taken_up(monkeypatch):
    run = import_run(table(2 * BATCH))
    with monkeypatch.context() as patched:
        real = imports.store

        def gone(run: ImportRun, records: list) -> dict:
            if run.done:
                raise OperationalError("the connection is lost")
            return real(run, records)

        patched.setattr(imports, "store", gone)
        with pytest.raises(OperationalError):
            imports.execute(run.pk)
    assert counts(run)["done"] == BATCH
    as_if_long_ago(run)
    imports.execute(run.pk)
    assert counts(run)["created"] == 2 * BATCH


def test_worker_given_up_for_dead_cannot_write_any_more(monkeypatch):
    run = import_run(table(3 * BATCH))
    real = imports._keep

    def superseded(run: ImportRun, *batch: object) -> None:
        if run.done == BATCH:  # it slept; another worker has taken the run over and finished it
            monkeypatch.setattr(imports, "_keep", real)
            as_if_long_ago(run)
            imports.execute(run.pk)
        real(run, *batch)

    monkeypatch.setattr(imports, "_keep", superseded)
    imports.execute(run.pk)
    assert counts(run) == {
        "created": 3 * BATCH, "updated": 0, "unchanged": 0, "refused": 0, "done": 3 * BATCH, "total": 3 * BATCH,
    }  # fmt: skip
    assert run.status == ImportRun.Status.DONE


def test_fresh_run_of_another_worker_is_left_to_it():
    run = import_run(table(1))
    assert runs.claim(ImportRun, run.pk)
    imports.execute(run.pk)
    assert not Opportunity.objects.exists()


# --- stopping --------------------------------------------------------------------------------------------------------


def test_stop_keeps_what_was_read_and_ends_the_run(monkeypatch):
    run = import_run(table(3 * BATCH))
    real = imports._keep

    def stopped_meanwhile(run: ImportRun, *batch: object) -> None:
        if run.done == BATCH:
            runs.ask_to_stop(run)
        real(run, *batch)

    monkeypatch.setattr(imports, "_keep", stopped_meanwhile)
    imports.execute(run.pk)
    run.refresh_from_db()
    assert (run.status, run.done, run.created) == ("cancelled", BATCH, BATCH)
    assert run.finished_at is not None
    assert Opportunity.objects.count() == BATCH
    assert runs.left_behind(ImportRun) == []


def test_stop_before_the_start_reads_nothing():
    run = import_run(table(1))
    runs.ask_to_stop(run)
    imports.execute(run.pk)
    assert counts(run)["done"] == 0
    assert run.status == ImportRun.Status.CANCELLED


# --- much, and at once -----------------------------------------------------------------------------------------------


def test_five_thousand_records_take_a_constant_number_of_queries_a_batch(django_assert_max_num_queries):
    run = import_run(table(5000))
    with django_assert_max_num_queries(10 * 5000 // BATCH + 20):
        imports.execute(run.pk)
    assert counts(run)["created"] == 5000
    assert Opportunity.objects.count() == 5000


@pytest.mark.django_db(transaction=True)
def test_two_readings_of_one_file_at_once_make_no_duplicates():
    source = SourceFactory()
    both = [import_run(table(250), source=source, file_name=name) for name in ("a.csv", "b.csv")]
    ImportRun.objects.filter(pk__in=[run.pk for run in both]).update(status="queued", claim_token=None)

    def read(run: ImportRun) -> None:
        imports.execute(run.pk)
        connection.close()

    threads = [Thread(target=read, args=[run]) for run in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    told = [counts(run) for run in both]
    assert [run.status for run in both] == ["done", "done"]
    assert sum(each["created"] for each in told) == 250
    assert sum(each["unchanged"] for each in told) == 250
    assert Opportunity.objects.count() == 250


@pytest.mark.django_db(transaction=True)
def test_one_run_taken_by_two_workers_is_done_once():
    run = import_run(table(150))

    def read() -> None:
        imports.execute(run.pk)
        connection.close()

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counts(run)["created"] == 150
    assert counts(run)["unchanged"] == 0


def test_start_keeps_the_file_and_an_audit_event(manager):
    source = SourceFactory()
    run = imports.start(source=source, file=ContentFile(b"a,b"), file_name="../../etc/passwd?.csv", by=manager)
    with run.file.open("rb") as kept:
        assert kept.read() == b"a,b"
    assert ".." not in run.file.name
    assert run.file_name == "../../etc/passwd?.csv"
    event = AuditEvent.objects.get(action="opportunities.import_started")
    assert (event.actor_id, event.object_id, event.details) == (manager.pk, run.pk, {"source": source.name})


@pytest.mark.parametrize("name", ["..", "", "???", "/", "x" * 300 + ".csv", "å/ä.csv", "."])
def test_start_takes_any_file_name(name):
    run = imports.start(source=SourceFactory(), file=ContentFile(table(1)), file_name=name, by=None)
    imports.execute(run.pk)
    assert counts(run)["created"] == 1

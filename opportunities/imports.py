"""Reading a file into opportunities: batch by batch, resumable after a crash, with every refused record kept."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import PurePath

from celery import current_app
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import runs
from core.actions import record
from members.models import User
from opportunities import feeds
from opportunities.feeds import NotThisFormat, Record, Refusal
from opportunities.models import ImportRun, RefusedRecord, Source
from opportunities.upsert import storable, store

BATCH = 100
RAW_KEPT = 200_000


@transaction.atomic
def start(
    *, source: Source, file: File, file_name: str, by: User | None, hold: bool = False, send: bool = True
) -> ImportRun:
    """Keeps the file and queues its reading.

    With `hold` it waits until somebody has said what its columns mean; without `send` the caller executes it.
    """
    run = ImportRun(source=source, format=source.format, file_name=file_name[:255], started_by=by)
    if hold:
        run.status, run.error = ImportRun.Status.CANCELLED, _("It waits until you say what its columns mean.")
    run.file.save(f"{source.slug}{PurePath(file_name).suffix[:10]}", file, save=False)
    run.save()
    record("opportunities.import_started", by=by, on=run, source=source.name)
    if send and not hold:
        _send(run)
    return run


def _send(run: ImportRun) -> None:
    transaction.on_commit(lambda: current_app.send_task("opportunities.read_import", [run.pk]))


@transaction.atomic
def read_again(*, run: ImportRun, by: User) -> ImportRun:
    """A new reading of the same file, after its columns were named or the portal learnt more of the format.

    A run that was held or stopped before it began starts now; another one is kept, and a new one reads its file.
    """
    waiting = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.CANCELLED, started_at=None)
    queued = {"status": ImportRun.Status.QUEUED, "stop_asked": False, "error": "", "finished_at": None}
    if waiting.update(format=run.source.format, created_at=timezone.now(), **queued):
        _send(run)
        return run
    again = ImportRun.objects.create(
        source=run.source, format=run.source.format, file=run.file.name, file_name=run.file_name, started_by=by
    )
    record("opportunities.import_repeated", by=by, on=again, first=run.pk)
    _send(again)
    return again


def execute(run_id: int, *, tell: Callable[[ImportRun], None] | None = None) -> None:
    """Reads the file of an import run, for the worker and for `manage.py scout`, which is told of each batch."""
    runs.execute(ImportRun, run_id, lambda run: _read(run, tell))


def _read(run: ImportRun, tell: Callable[[ImportRun], None] | None) -> None:
    try:
        with run.file.open("rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise runs.RunFailed("The file is no longer kept here. Add it again.") from None
    try:
        if run.format == Source.Format.AUTO:
            runs.checkpoint(run, format=feeds.detect(data))
        options = {"mapping": run.source.mapping} if run.format == Source.Format.CSV and run.source.mapping else {}
        found = feeds.read(run.format, data, file=run.file_name, **options)
        for batch in _batches(islice(found, run.done, None)):
            _keep(run, batch, len(data))
            if tell:
                tell(run)
    except NotThisFormat as error:
        raise runs.RunFailed(error.reason) from None
    _resolve_earlier(run)
    current_app.send_task("opportunities.filter_pending")


def _batches(found: Iterator[Record | Refusal]) -> Iterator[list[Record | Refusal]]:
    while batch := list(islice(found, BATCH)):
        yield batch


@transaction.atomic
def _keep(run: ImportRun, batch: list[Record | Refusal], size: int) -> None:
    """One batch and its progress in one transaction: a crash anywhere repeats the batch or does not, never half."""
    counts = store(run, [found for found in batch if isinstance(found, Record)])
    refused = [found for found in batch if isinstance(found, Refusal)]
    RefusedRecord.objects.bulk_create(
        RefusedRecord(
            import_run=run,
            position=str(refusal.position),
            reason=storable(refusal.reason),
            raw=storable(refusal.raw[:RAW_KEPT]),
        )
        for refusal in refused
    )
    read = run.cursor.get("characters", 0) + sum(len(found.raw) for found in batch)
    done = run.done + len(batch)
    runs.checkpoint(
        run,
        cursor={"characters": read},
        done=done,
        # How many records the file holds is known at its end only; until then it is judged by their size so far.
        total=max(done, round(done * size / read) if read else 0),
        created=run.created + counts["created"],
        updated=run.updated + counts["updated"],
        unchanged=run.unchanged + counts["unchanged"],
        refused=run.refused + len(refused),
    )


def _resolve_earlier(run: ImportRun) -> None:
    """Records that an earlier reading of this file refused and this one did not are dealt with."""
    runs.checkpoint(run, total=run.done)
    still = run.refusals.values_list("position", flat=True)
    earlier = RefusedRecord.objects.filter(import_run__file=run.file.name, import_run__pk__lt=run.pk, resolved_at=None)
    earlier.exclude(position__in=list(still)).update(resolved_at=timezone.now())

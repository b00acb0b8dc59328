"""Reads files of opportunities in the terminal: the same import as in the browser."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify

from opportunities import imports
from opportunities.models import ImportRun, Source


class Command(BaseCommand):
    help = "Reads files of opportunities into the inbox. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, nargs="+", required=True, help="one or more files")
        parser.add_argument("--format", choices=Source.Format.values, default=Source.Format.AUTO)
        parser.add_argument("--source", help="name of the source; by default one for each format")

    def handle(self, *, file: list[Path], format: str, source: str | None, **_options: object) -> None:  # noqa: A002
        unread = 0
        for path in file:
            if not path.is_file():
                raise CommandError(f"There is no file {path}.")
            unread += self._read(path, _source(source, format)).status != ImportRun.Status.DONE
        if unread:
            raise CommandError(f"{unread} of {len(file)} files could not be read.", returncode=2)

    def _read(self, path: Path, source: Source) -> ImportRun:
        with path.open("rb") as opened:
            run = imports.start(source=source, file=File(opened), file_name=path.name, by=None)
        imports.execute(run.pk, tell=self._tell if self.stderr.isatty() else None)
        run.refresh_from_db()
        for refusal in run.refusals.all():
            self.stderr.write(f"{path.name}, record {refusal.position}: {refusal.reason}")
        if run.error:
            self.stderr.write(f"{path.name}: {run.error}")
        self.stdout.write(
            f"{path.name}: {run.created} new, {run.updated} changed, {run.unchanged} known, {run.refused} refused"
        )
        self.stdout.flush()
        return run

    def _tell(self, run: ImportRun) -> None:
        self.stderr.write(f"\r{run.file_name}: {run.done} of about {run.total} records", ending="")
        self.stderr.flush()


def _source(name: str | None, format_name: str) -> Source:
    label = name or f"Files: {Source.Format(format_name).label}"
    found, _ = Source.objects.get_or_create(slug=slugify(label)[:60], defaults={"name": label, "format": format_name})
    return found

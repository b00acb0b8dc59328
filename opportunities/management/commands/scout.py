"""Reads files of opportunities in the terminal: the same import as in the browser."""

from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils.text import slugify

from opportunities import imports
from opportunities.models import ImportRun, Source


class Command(BaseCommand):
    help = "Reads files of opportunities into the inbox. A second time changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, nargs="+", required=True, help="one or more files")
        parser.add_argument("--format", choices=Source.Format.values, help="by default it is found out")
        parser.add_argument("--source", help="name of the source; by default one for each format")

    def handle(self, *, file: list[Path], format: str | None, source: str | None, **_options: object) -> None:  # noqa: A002
        if missing := [str(path) for path in file if not path.is_file()]:
            raise CommandError(f"There is no file {', '.join(missing)}.")
        target = _source(source, format)
        unread = sum(self._read(path, target).status != ImportRun.Status.DONE for path in file)
        if unread:
            raise CommandError(f"{unread} of {len(file)} files could not be read.", returncode=2)

    def _read(self, path: Path, source: Source) -> ImportRun:
        with path.open("rb") as opened:
            run = imports.start(source=source, file=File(opened), file_name=path.name, by=None, send=False)
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


def _source(name: str | None, format_name: str | None) -> Source:
    wanted = Source.Format(format_name or Source.Format.AUTO)
    label = (name or f"Files: {wanted.label}")[:120]
    slug = slugify(label)[:60]
    if not slug:
        raise CommandError("Use letters or digits in the name of the source.")
    found = Source.objects.filter(Q(name=label) | Q(slug=slug)).first()
    if found is None:
        return Source.objects.create(slug=slug, name=label, format=wanted)
    if format_name and found.format != wanted:
        raise CommandError(f"The source {found} is for: {found.get_format_display()}. Name another source.")
    return found

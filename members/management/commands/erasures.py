"""The list of who was erased: written out before a backup is restored, and worked through afterwards."""

import argparse

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members import erasures
from members.actions.erasing import erase_again
from members.models import Erasure


class Command(BaseCommand):
    """`manage.py erasures > list`, and after restoring `manage.py erasures --again list`."""

    help = "Lists erasures as a time and hashes of addresses, or does those of a list again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Without an argument the list is written."""
        parser.add_argument(
            "--again", metavar="LIST", type=argparse.FileType(encoding="utf-8"),
            help="Erases again who is on this list and has come back; '-' reads standard input.",
        )  # fmt: skip

    def handle(self, *args: object, **options: object) -> None:
        """A list that has a line of something else is refused before anybody is erased."""
        if options["again"] is None:
            for erasure in Erasure.objects.order_by("at", "pk"):
                self.stdout.write(erasures.line_of(erasure))
            return
        with options["again"] as file:
            lines = [line.strip() for line in file if line.strip()]
        try:
            listed = [erasures.read_line(line) for line in lines]
        except ValueError as fault:
            raise CommandError(f"This is no line of a list of erasures: {fault}") from None
        found = sum(erase_again(at=at, hashes=hashes) for at, hashes in listed)
        self.stdout.write(f"{len(listed)} on the list, {found} had come back and are erased again.")

"""Loads the sample cluster into an empty portal."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cluster_portal.sample import load


class Command(BaseCommand):
    help = "Loads the sample cluster: sixty invented members and feeds in the real formats."

    def handle(self, **_options: object) -> None:
        if load.is_loaded():
            raise CommandError("There is a cluster in this database already. The sample goes into an empty one.")
        load.load(today=timezone.localdate(), say=lambda line: self.stdout.write(f"  {line}"))

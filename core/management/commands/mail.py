"""Mails that did not go out, and what an operator decides about them."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import mail


class Command(BaseCommand):
    help = "Lists mails that hang or failed. A mail that hangs was claimed by a worker that died: it may have gone out."

    def add_arguments(self, parser: CommandParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--send-due", action="store_true", help="send what waits, as the beat does each minute")
        choice.add_argument("--send-again", metavar="ID", type=int, help="queue this mail once more")
        choice.add_argument("--give-up", metavar="ID", type=int, help="leave this mail as it is, for good")

    def handle(self, *, send_due: bool, send_again: int | None, give_up: int | None, **_options: object) -> None:
        if send_due:
            mail.send_queued()
        if send_again and not mail.send_again(send_again):
            raise CommandError(f"Mail {send_again} neither hangs nor failed.")
        if give_up and not mail.give_up(give_up):
            raise CommandError(f"Mail {give_up} neither hangs nor failed.")
        for each in [*mail.undecided(), *mail.due()]:
            status = each.get_status_display().lower()
            self.stdout.write(f"{each.pk}\t{status}\t{each.created_at:%Y-%m-%d %H:%M}\t{each}\t{each.error}")

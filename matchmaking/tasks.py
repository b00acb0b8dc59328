"""The room's Celery tasks: each hands an id to the function that does the work."""

from core.tasks import task
from matchmaking import announcing


@task(name="matchmaking.send_due_mails")
def send_due_mails() -> None:
    """Writes the invitations, reminders and news that are due."""
    announcing.send_due()

"""The room's Celery tasks: each hands over to the function that does the work."""

from core.tasks import task
from funding import reminders


@task(name="funding.remind_reports")
def remind_reports() -> None:
    """Reminds who owes a report of a grant."""
    reminders.remind()

"""The room's Celery tasks: each hands over to the function that does the work."""

from core.tasks import task
from funding import reminding, report_reminders


@task(name="funding.remind_due")
def remind_due() -> None:
    """Reminds those who have not handed in, and tells those who missed the deadline."""
    reminding.remind_due()
    reminding.tell_missed()


@task(name="funding.remind_reports")
def remind_reports() -> None:
    """Reminds who owes a report of a grant."""
    report_reminders.remind()

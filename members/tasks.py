"""The room's Celery tasks: each hands over to the function that does the work."""

from core.tasks import task
from members.actions import needs


@task(name="members.remind_of_needs")
def remind_of_needs() -> None:
    """Asks members once a year what they need."""
    needs.remind_everybody()

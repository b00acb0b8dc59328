"""The room's Celery tasks: each hands over to the function that does the work."""

from core.tasks import task
from members import needs_actions


@task(name="members.remind_of_needs")
def remind_of_needs() -> None:
    """Asks members once a year what they need."""
    needs_actions.remind_everybody()

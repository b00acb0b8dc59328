"""The room's Celery tasks: each hands over to the function that does the work."""

from core.tasks import task
from programme.actions import activities, registrations


@task(name="programme.remind_of_activities")
def remind_of_activities() -> None:
    """Reminds those who take part in what begins within two days."""
    registrations.remind_due()


@task(name="programme.close_activities")
def close_activities() -> None:
    """Marks activities that have ended as over."""
    activities.close_ended()

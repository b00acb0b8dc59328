"""The room's Celery tasks: each hands an id to the function that does the work."""

from core.tasks import task
from evaluations import follow_ups, outcomes, writing


@task(name="evaluations.send_due_mails")
def send_due_mails() -> None:
    """Writes the links, reminders and news of surveys that are due."""
    writing.send_due()


@task(name="evaluations.remind_due")
def remind_due() -> None:
    """Reminds who has not answered a survey, when it is time."""
    writing.remind_due()


@task(name="evaluations.close_due")
def close_due() -> None:
    """Closes survey waves whose last day has passed."""
    writing.close_due()


@task(name="evaluations.gather_outcomes")
def gather_outcomes() -> None:
    """Brings outcomes and journeys up to date with the rooms below."""
    outcomes.gather()


@task(name="evaluations.ask_follow_ups")
def ask_follow_ups() -> None:
    """Asks what came of interests after 3 and 12 months."""
    follow_ups.ask()

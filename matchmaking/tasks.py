"""The room's Celery tasks: each hands an id to the function that does the work."""

from core.tasks import task
from matchmaking import asking


@task(name="matchmaking.ask_feedback")
def ask_feedback() -> None:
    """Asks how the meetings of a day went."""
    asking.ask_feedback()


@task(name="matchmaking.ask_outcomes")
def ask_outcomes() -> None:
    """Asks what came of meetings after 3 and 12 months."""
    asking.ask_outcomes()

"""The room's Celery tasks: each hands an id to the function that does the work."""

from core import runs
from core.tasks import task
from matchmaking import affinity as affinities
from matchmaking import announcing, asking, timetables
from matchmaking.actions import requests
from matchmaking.models import Timetable


@task(name="matchmaking.send_due_mails")
def send_due_mails() -> None:
    """Writes the invitations, reminders and news that are due."""
    announcing.send_due()


@task(name="matchmaking.affinity", time_limit=300)
def affinity(round_id: int) -> None:
    """Works a round's affinities out, if a profile has changed since."""
    affinities.refresh(round_id)


@task(name="matchmaking.affinities_due")
def affinities_due() -> None:
    """Works out what a lost message left behind."""
    affinities.refresh_due()


@task(name="matchmaking.expire_requests")
def expire_requests() -> None:
    """Ends requests that nobody answered in time, and reminds of others at half of it."""
    requests.expire_due()
    requests.remind_due()


@task(name="matchmaking.solve_timetable", time_limit=300)
def solve_timetable(timetable_id: int) -> None:
    """Makes one timetable."""
    timetables.execute(timetable_id)


@task(name="matchmaking.resume_timetables", time_limit=300)
def resume_timetables() -> None:
    """Takes up timetables whose message was lost or whose worker died."""
    for timetable_id in runs.left_behind(Timetable):
        timetables.execute(timetable_id)


@task(name="matchmaking.ask_feedback")
def ask_feedback() -> None:
    """Asks how the meetings of a day went."""
    asking.ask_feedback()


@task(name="matchmaking.ask_outcomes")
def ask_outcomes() -> None:
    """Asks what came of meetings after 3 and 12 months."""
    asking.ask_outcomes()

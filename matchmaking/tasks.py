"""The room's Celery tasks: each hands an id to the function that does the work."""

from core import runs
from core.tasks import task
from matchmaking import timetables
from matchmaking.models import Timetable


@task(name="matchmaking.solve_timetable", time_limit=300)
def solve_timetable(timetable_id: int) -> None:
    """Makes one timetable."""
    timetables.execute(timetable_id)


@task(name="matchmaking.resume_timetables", time_limit=300)
def resume_timetables() -> None:
    """Takes up timetables whose message was lost or whose worker died."""
    for timetable_id in runs.left_behind(Timetable):
        timetables.execute(timetable_id)

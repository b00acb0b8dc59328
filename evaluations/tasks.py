"""The room's Celery tasks: each hands an id to the function that does the work."""

from core import runs
from core.tasks import task
from evaluations import preparations
from evaluations.models import Preparation


@task(name="evaluations.prepare")
def prepare(preparation_id: int) -> None:
    """Makes the tables of a wave that has closed."""
    preparations.execute(preparation_id)


@task(name="evaluations.resume_preparations")
def resume_preparations() -> None:
    """Takes up preparations whose message was lost or whose worker died."""
    for preparation_id in runs.left_behind(Preparation):
        preparations.execute(preparation_id)

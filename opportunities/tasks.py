"""The room's Celery tasks: each hands an id to the function that does the work."""

from core import runs
from core.tasks import task
from opportunities import actions, digests, fetching, filter_runs, imports
from opportunities.models import ImportRun


@task(name="opportunities.read_import")
def read_import(run_id: int) -> None:
    """Reads one uploaded or fetched file."""
    imports.execute(run_id)


@task(name="opportunities.resume_imports")
def resume_imports() -> None:
    """Takes up imports whose message was lost or whose worker died."""
    for run_id in runs.left_behind(ImportRun):
        imports.execute(run_id)


@task(name="opportunities.fetch_due_sources")
def fetch_due_sources() -> None:
    """Reads every source whose time has come."""
    fetching.fetch_due()


@task(name="opportunities.fetch_source", time_limit=300)
def fetch_source(source_id: int) -> None:
    """Reads one source now."""
    fetching.fetch(source_id)


@task(name="opportunities.filter_pending")
def filter_pending() -> None:
    """Starts a filter run over what has changed."""
    filter_runs.filter_pending()


@task(name="opportunities.filter_shard")
def filter_shard(shard_id: int) -> None:
    """Does one part of a filter run."""
    filter_runs.execute_shard(shard_id)


@task(name="opportunities.refit")
def refit() -> None:
    """Begins a new epoch of the filter."""
    filter_runs.refit()


@task(name="opportunities.expire_passed")
def expire_passed() -> None:
    """Moves opportunities with several deadlines on to the next."""
    actions.move_deadlines_on()


@task(name="opportunities.send_digests")
def send_digests() -> None:
    """Writes what is new for each member, once a week."""
    digests.send_due()

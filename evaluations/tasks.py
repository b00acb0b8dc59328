"""The room's Celery tasks: each hands an id to the function that does the work."""

from core import runs
from core.tasks import task
from evaluations import custom_tables, follow_ups, outcomes, preparations, quarters, reporting, writing
from evaluations.models import Preparation, Query, Report


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


@task(name="evaluations.prepare_quarters")
def prepare_quarters() -> None:
    """Makes the protected tables of a quarter that has ended."""
    quarters.start_due()


@task(name="evaluations.ask_follow_ups")
def ask_follow_ups() -> None:
    """Asks what came of interests after 3 and 12 months."""
    follow_ups.ask()


@task(name="evaluations.prepare")
def prepare(preparation_id: int) -> None:
    """Makes the tables of a wave that has closed."""
    preparations.execute(preparation_id)


@task(name="evaluations.resume_preparations")
def resume_preparations() -> None:
    """Takes up preparations whose message was lost or whose worker died."""
    for preparation_id in runs.left_behind(Preparation):
        preparations.execute(preparation_id)


@task(name="evaluations.make_report", time_limit=180)
def make_report(report_id: int) -> None:
    """Makes one report."""
    reporting.execute(report_id)


@task(name="evaluations.resume_reports", time_limit=300)
def resume_reports() -> None:
    """Takes up reports whose message was lost or whose worker died."""
    for report_id in runs.left_behind(Report):
        reporting.execute(report_id)


@task(name="evaluations.answer_query", time_limit=240)
def answer_query(query_id: int) -> None:
    """Makes one table that somebody asked for."""
    custom_tables.execute(query_id)


@task(name="evaluations.resume_queries", time_limit=240)
def resume_queries() -> None:
    """Takes up tables whose message was lost or whose worker died."""
    for query_id in runs.left_behind(Query):
        custom_tables.execute(query_id)

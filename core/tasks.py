"""The one way to declare a Celery task, and the tasks of the ground floor."""

from collections.abc import Callable

from celery import shared_task  # noqa: TID251 - this is the place that wraps it
from django.db import InterfaceError, OperationalError

from core import health, mail

LOST_DATABASE = (OperationalError, InterfaceError)


def task(*, name: str, time_limit: int = 600) -> Callable:
    """A task that is acknowledged late, comes back when its worker dies, and tries again when the database was away.

    `time_limit` is in seconds; the soft limit comes at nine tenths of it. Arguments are ids and words, never objects:
    the database row is the truth.
    """
    return shared_task(
        name=name,
        acks_late=True,
        reject_on_worker_lost=True,
        time_limit=time_limit,
        soft_time_limit=time_limit * 9 // 10,
        autoretry_for=LOST_DATABASE,
        retry_backoff=2,
        retry_jitter=True,
        max_retries=8,
    )


@task(name="core.beat_heartbeat", time_limit=30)
def beat_heartbeat() -> None:
    """Notes that a worker answers."""
    health.beat("worker")


@task(name="core.send_mail")
def send_mail(mail_id: int) -> None:
    """Sends one mail row."""
    mail.send(mail_id)


@task(name="core.send_queued_mail")
def send_queued_mail() -> None:
    """Sends what a lost message left behind."""
    mail.send_queued()

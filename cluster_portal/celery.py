"""The Celery application: one queue, JSON only, the schedule in code."""

import os
import time

from celery import Celery
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from core.logs import request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cluster_portal.settings")

app = Celery("cluster_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_django_logging(**_kwargs: object) -> None:
    """Celery would replace the log configuration; connecting here is its documented way to leave ours alone."""


@task_prerun.connect
def name_log_lines(task_id: str, **_kwargs: object) -> None:
    """What a task logs carries its id, as what a request logs carries the request's."""
    request_id.set(task_id)


@task_postrun.connect
def end_log_lines(**_kwargs: object) -> None:
    """What the process logs between two tasks belongs to neither."""
    request_id.set("-")


@before_task_publish.connect(sender="core.beat_heartbeat")
def note_beat_heartbeat(**_kwargs: object) -> None:
    """Only beat sends this task, so that sending it shows that beat is alive even when no worker answers."""
    from core import health  # noqa: PLC0415 - settings are not ready when Celery imports this module

    health.beat("beat", at=time.time())

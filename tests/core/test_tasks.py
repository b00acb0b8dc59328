"""What every Celery task has: late acknowledgement, limits, listed retries; and what the schedule names."""

import pytest
from celery.exceptions import Retry
from django.db import OperationalError

from cluster_portal.celery import app
from core import tasks


def own_tasks() -> dict[str, object]:
    app.loader.import_default_modules()
    return {name: task for name, task in app.tasks.items() if not name.startswith("celery.")}


def test_every_task_survives_its_worker_and_ends_before_its_message_comes_back():
    found = own_tasks()
    comes_back_after = app.conf.broker_transport_options["visibility_timeout"]

    assert len(found) >= 10
    for name, task in found.items():
        assert (task.acks_late, task.reject_on_worker_lost) == (True, True), name
        assert 0 < task.soft_time_limit < task.time_limit < comes_back_after, name
        assert task.autoretry_for == tasks.LOST_DATABASE, name


def test_schedule_names_tasks_that_there_are():
    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}

    assert scheduled
    assert scheduled - set(own_tasks()) == set()


def test_task_is_tried_again_when_the_database_was_away(monkeypatch):
    def away(_mail_id: int) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(tasks.mail, "send", away)

    with pytest.raises(Retry):
        tasks.send_mail.apply(args=[1], throw=True)


def test_other_faults_are_not_tried_again(monkeypatch):
    monkeypatch.setattr(tasks.mail, "send", lambda _mail_id: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        tasks.send_mail.apply(args=[1], throw=True)

"""How long work is claimed, checkpointed, stopped and taken up again after a crash.

A run is claimed by an update that only one process can win. Each claim has a token of its own and every checkpoint
names it: a worker that was given up for dead and wakes up stops at its next checkpoint.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError
from django.db.models import Q, QuerySet
from django.utils import timezone
from psycopg.errors import QueryCanceled

from core.models import Run

logger = logging.getLogger(__name__)
STALE_AFTER = timedelta(seconds=60)
RunType = TypeVar("RunType", bound=Run)


class LostClaim(Exception):
    """Another worker has taken the run over, or somebody asked to stop it."""


class RunFailed(Exception):
    """The work cannot be done; the message says why and what to do."""


def takeable(at=None) -> Q:
    """Runs that wait, and running ones whose worker has not been heard of for a while."""
    return Q(status=Run.Status.QUEUED) | Q(
        status=Run.Status.RUNNING, heartbeat_at__lt=(at or timezone.now()) - STALE_AFTER
    )


def claim(model: type[RunType], pk: int) -> RunType | None:
    """The run, if this process won it; None if it is over or somebody else's."""
    now, token = timezone.now(), uuid.uuid4()
    won = model.objects.filter(takeable(now), pk=pk).update(
        status=Run.Status.RUNNING, claim_token=token, heartbeat_at=now
    )
    if not won:
        return None
    model.objects.filter(pk=pk, started_at=None).update(started_at=now)
    return model.objects.get(pk=pk)


def checkpoint(run: Run, **changes: object) -> None:
    """Saves progress and shows life. Raises LostClaim when the run is no longer ours, or is to be stopped.

    It may stand in a transaction of the work's own: what that rolls back is the batch and its progress alike.
    """
    for name, value in changes.items():
        setattr(run, name, value)
    if not _held(run).filter(stop_asked=False).update(heartbeat_at=timezone.now(), **changes):
        raise LostClaim(f"{run} was stopped or taken over")


def _held(run: RunType) -> QuerySet[RunType]:
    """The row, as long as this process has its claim."""
    return type(run).objects.filter(pk=run.pk, claim_token=run.claim_token, status=Run.Status.RUNNING)


def execute(model: type[RunType], pk: int, work: Callable[[RunType], None]) -> None:
    """Claims the run, does the work and marks how it ended."""
    run = claim(model, pk)
    if run is None:
        return
    try:
        work(run)
        checkpoint(run, status=Run.Status.DONE, finished_at=timezone.now())
    except LostClaim as reason:
        logger.info("%s", reason)
        _held(run).filter(stop_asked=True).update(status=Run.Status.CANCELLED, finished_at=timezone.now())
    except RunFailed as error:
        _fail(run, str(error))
    except SoftTimeLimitExceeded:
        logger.info("%s goes on in another task", run)
        _held(run).update(status=Run.Status.QUEUED)
    except (OperationalError, InterfaceError) as error:
        # The database went away: the row stays as it is, and is taken up again where it stood. A query that took too
        # long would take as long the next time.
        if isinstance(error.__cause__, QueryCanceled):
            _fail(run, "The database took too long over one step. It is in the log; tell whoever runs the portal.")
        raise
    except Exception as error:
        _fail(run, f"Something unexpected happened ({type(error).__name__}). It is in the log; start it again.")
        raise


def _fail(run: Run, error: str) -> None:
    _held(run).update(status=Run.Status.FAILED, error=error, finished_at=timezone.now())


def is_left_alone(run: Run) -> bool:
    """Nobody works at it although somebody should: its worker died, or none has taken it up for a while."""
    heard = run.heartbeat_at if run.status == Run.Status.RUNNING else run.created_at
    return not run.is_over and heard is not None and heard < timezone.now() - STALE_AFTER


def ask_to_stop(run: Run) -> None:
    """Stops a waiting run at once and a running one at its next checkpoint."""
    rows = type(run).objects.filter(pk=run.pk)
    # The wish first: a run that is claimed between the two finds it.
    rows.filter(status__in=[Run.Status.QUEUED, Run.Status.RUNNING]).update(stop_asked=True)
    rows.filter(status=Run.Status.QUEUED).update(status=Run.Status.CANCELLED, finished_at=timezone.now())


def left_behind(model: type[RunType]) -> list[int]:
    """Ids of runs whose message was lost or whose worker died, oldest first."""
    now = timezone.now()
    waiting = Q(status=Run.Status.QUEUED, created_at__gt=now - timedelta(seconds=10))
    return list(model.objects.filter(takeable(now)).exclude(waiting).order_by("pk").values_list("pk", flat=True))

"""How long work is claimed, checkpointed, stopped and taken up again after a crash.

A run is claimed by an update that only one process can win. Each claim has a token of its own and every checkpoint
names it: a worker that was given up for dead and wakes up stops at its next checkpoint.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils import timezone

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
    """Saves progress and shows life. Raises LostClaim when the run is no longer ours, or is to be stopped."""
    for name, value in changes.items():
        setattr(run, name, value)
    held = type(run).objects.filter(pk=run.pk, claim_token=run.claim_token, status=Run.Status.RUNNING)
    if held.filter(stop_asked=True).update(status=Run.Status.CANCELLED, finished_at=timezone.now()):
        raise LostClaim(f"{run} was stopped")
    if not held.update(heartbeat_at=timezone.now(), **changes):
        raise LostClaim(f"{run} was taken over")


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
    except RunFailed as error:
        _fail(run, str(error))
    except (OperationalError, InterfaceError):
        # The database went away: the row stays as it is, and is taken up again where it stood.
        raise
    except Exception as error:
        _fail(run, f"Something unexpected happened ({type(error).__name__}). It is in the log; start it again.")
        raise


def _fail(run: Run, error: str) -> None:
    type(run).objects.filter(pk=run.pk, claim_token=run.claim_token).update(
        status=Run.Status.FAILED, error=error, finished_at=timezone.now()
    )


def ask_to_stop(run: Run) -> None:
    """Stops a waiting run at once and a running one at its next checkpoint."""
    type(run).objects.filter(pk=run.pk, status=Run.Status.RUNNING).update(stop_asked=True)
    type(run).objects.filter(pk=run.pk, status=Run.Status.QUEUED).update(
        status=Run.Status.CANCELLED, finished_at=timezone.now()
    )


def left_behind(model: type[RunType]) -> list[int]:
    """Ids of runs whose message was lost or whose worker died, oldest first."""
    now = timezone.now()
    waiting = Q(status=Run.Status.QUEUED, created_at__gt=now - timedelta(seconds=10))
    return list(model.objects.filter(takeable(now)).exclude(waiting).order_by("pk").values_list("pk", flat=True))

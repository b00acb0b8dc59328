"""Is the portal alive, ready, and do its worker and its beat answer?

These views stand outside the transaction that every other view is in: they answer when there is no database, too.
"""

import time

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from core import mail

SILENT_AFTER_SECONDS = 90


def beat(name: str, *, at: float | None = None) -> None:
    """Notes that `name` (worker or beat) was alive at `at`, a Unix time."""
    cache.set(f"heartbeat:{name}", at or time.time(), timeout=None)


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations wait" if waiting else "ok"


def _heartbeat(name: str) -> str:
    try:
        seen = cache.get(f"heartbeat:{name}")
    except RedisError:
        return "unreachable"
    if seen is None:
        return "never seen"
    silent_for = time.time() - seen
    return "ok" if silent_for < SILENT_AFTER_SECONDS else f"silent for {silent_for:.0f} s"


def _mail() -> str:
    try:
        stuck = mail.stuck().count()
    except DatabaseError:
        return "unreachable"
    return f"{stuck} stuck while being sent" if stuck else "ok"


@never_cache
@require_safe
@login_not_required
@transaction.non_atomic_requests
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
@login_not_required
@transaction.non_atomic_requests
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and has every migration."""
    state = {"database": _database()}
    return JsonResponse(state, status=200 if state["database"] == "ok" else 503)


@never_cache
@require_safe
@login_not_required
@transaction.non_atomic_requests
def status(request: HttpRequest) -> JsonResponse:
    """Everything that a monitor wants: the database, Valkey with the worker and the beat, mails that hang."""
    state = {"database": _database(), "worker": _heartbeat("worker"), "beat": _heartbeat("beat"), "mail": _mail()}
    return JsonResponse(state, status=200 if set(state.values()) == {"ok"} else 503)

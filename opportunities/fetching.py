"""Sources with an address: read on schedule, only when they have changed, each reading an import like an upload."""

import logging

from celery import current_app
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from core import http
from opportunities import imports
from opportunities.actions import SCHEDULES
from opportunities.models import ImportRun, Source

logger = logging.getLogger(__name__)
ASKED_FOR_AT_MOST = 120  # seconds that a page looks on when no worker answers


def fetch_due() -> None:
    """Sends one message for each source whose time has come, and moves its next time on."""
    for source in Source.objects.due():
        due_at = source.next_fetch_at
        next_at = timezone.now() + SCHEDULES[Source.Schedule(source.schedule)]
        if Source.objects.filter(pk=source.pk, next_fetch_at=due_at).update(next_fetch_at=next_at):
            current_app.send_task("opportunities.fetch_source", [source.pk])


def _asked(source_id: int) -> str:
    return f"opportunities.asked-to-read:{source_id}"


def ask(source: Source) -> None:
    """Somebody wants a source read at once, and looks on until it is."""
    cache.set(_asked(source.pk), True, ASKED_FOR_AT_MOST)
    current_app.send_task("opportunities.fetch_source", [source.pk])


def is_asked(source: Source) -> bool:
    """Whether a reading that was asked for has not begun yet."""
    return bool(cache.get(_asked(source.pk)))


def fetch(source_id: int) -> ImportRun | None:
    """Reads one source now. None when nothing has changed since, or when it could not be read: the source says why."""
    try:
        return _fetch(source_id)
    finally:
        cache.delete(_asked(source_id))


def _fetch(source_id: int) -> ImportRun | None:
    source = Source.objects.get(pk=source_id)
    try:
        answer = http.fetch(source.url, etag=source.etag, last_modified=source.last_modified)
    except http.FetchError as error:
        logger.warning("Source %s: %s", source.slug, error)
        Source.objects.filter(pk=source_id).update(last_error=str(error))
        return None
    with transaction.atomic():
        seen = {name: _kept(name, getattr(answer, name)) for name in ("etag", "last_modified")}
        Source.objects.filter(pk=source_id).update(last_error="", **seen)
        if answer.body is None:
            return None
        name = source.url.rstrip("/").rpartition("/")[2].partition("?")[0] or source.slug
        return imports.start(source=source, file=ContentFile(answer.body), file_name=name, by=None)


def _kept(name: str, header: str) -> str:
    """A header to ask with the next time; one that is longer than any sane server's is not kept."""
    return header if len(header) <= Source._meta.get_field(name).max_length else ""

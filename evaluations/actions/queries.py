"""Asking the tables: every question is kept, and what it gets has passed disclosure control."""

from collections.abc import Mapping, Sequence

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from evaluations import custom_tables
from evaluations.models import Query, Wave
from evaluations.permissions import can_read_results
from members.models import User
from members.permissions import insist


@transaction.atomic
def ask(
    *, wave: Wave | None, subject: str, dimensions: Sequence[str], filters: Mapping[str, Sequence[str]], by: User
) -> Query:
    """Asks for the table of a subject by up to three groups, of some groups only. A worker answers.

    Without a wave the subject is the outcomes of a quarter.

    The same table asked for again is the same publication. What it may show is decided beside all that was published of
    the subject, whoever asked.
    """
    insist(can_read_results(by))
    if wave is not None and wave.status != Wave.Status.CLOSED:
        raise Refused(_("This survey is still open. Figures are shown when no answer can come any more."))
    custom_tables.insist_on_fit(wave, subject, dimensions, filters)
    query = Query.objects.create(
        by=by,
        by_label=str(by),
        started_by=by,
        wave=wave,
        subject=subject,
        dimensions=sorted(dimensions),
        filters={name: sorted(filters[name]) for name in sorted(filters)},
        total=1,
    )
    words = {"subject": subject, "dimensions": query.dimensions, "filters": query.filters}
    record("evaluations.asked", by=by, on=query, wave=wave.pk if wave else None, **words)
    transaction.on_commit(lambda: current_app.send_task("evaluations.answer_query", [query.pk]))
    return query

"""Asking the tables: every question is kept, and what it gets has passed disclosure control."""

from collections.abc import Mapping, Sequence

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
    *, wave: Wave, subject: str, dimensions: Sequence[str], filters: Mapping[str, Sequence[str]], by: User
) -> Query:
    """The table of a subject by up to three groups, of some groups only; or the reason why it cannot be given.

    The same table asked for again is the same publication. What it may show is decided beside all that was published of
    the subject, whoever asked.
    """
    insist(can_read_results(by))
    if wave.status != Wave.Status.CLOSED:
        raise Refused(_("This survey is still open. Figures are shown when no answer can come any more."))
    query = Query(
        by=by,
        by_label=str(by),
        wave=wave,
        subject=subject,
        dimensions=sorted(dimensions),
        filters={name: sorted(filters[name]) for name in sorted(filters)},
    )
    try:
        with transaction.atomic():
            query.publication = custom_tables.publish(wave, subject, query.dimensions, query.filters)
    except Refused as refusal:
        query.refusal = str(refusal)[:300]
    query.save()
    record(
        "evaluations.asked",
        by=by,
        on=query,
        wave=wave.pk,
        subject=subject,
        dimensions=query.dimensions,
        filters=query.filters,
        given=query.publication_id is not None,
    )
    return query

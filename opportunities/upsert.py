"""From what a feed says to the opportunity that the portal keeps: new, changed, known, or one more source of a known one."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from opportunities.feeds import Kind, Record
from opportunities.models import ImportRun, Opportunity, Source, SourceRecord

# Formats of one network share its ids: a notice that comes by two ways is one opportunity.
FAMILIES = {
    Source.Format.SEDIA: "eu",
    Source.Format.TOPICS: "eu",
    Source.Format.TED_SEARCH: "ted",
    Source.Format.EFORMS: "ted",
    Source.Format.TED_STANDARD: "ted",
    Source.Format.EEN_POD_V6: "een",
    Source.Format.EEN_POD: "een",
}
OVER = {"closed", "award", "cancelled"}
# The network itself takes a profile down a year after its publication.
PARTNERING_LIVES = timedelta(days=365)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def reference_of(record: Record, run: ImportRun) -> str:
    """The public name of an opportunity: the same for two formats of one network, the source's own for all others."""
    own = slugify(record.external_id)
    family = FAMILIES.get(Source.Format(run.format))
    if family and own and len(own) <= 100:
        return f"{family}-{own}"
    digest = hashlib.sha256(record.external_id.encode()).hexdigest()[:10]
    return f"{family or run.source.slug}-{own[:40]}-{digest}".replace("--", "-")


def content_of(record: Record) -> dict[str, Any]:
    """The opportunity's fields as this record gives them."""
    deadlines = [_moment(day) for day in record.deadlines]
    budget = record.budget
    return {
        "kind": record.kind.value,
        "partnering_type": record.partnering_type,
        "title": record.title[:1000],
        "summary": record.summary,
        "description": record.description,
        "organisation": record.organisation[:300],
        "countries": list(record.countries),
        "target_countries": list(record.target_countries),
        "target_kinds": list(record.target_kinds),
        "target_sizes": list(record.target_sizes),
        "codes": [asdict(code) for code in record.codes],
        "keywords": list(record.keywords),
        "deadlines": [moment.isoformat() for moment in deadlines],
        "closes_at": _closing(record, deadlines),
        "opens_on": record.opens_on,
        "starts_at": record.starts_at and _moment(record.starts_at),
        "ends_at": record.ends_at and _moment(record.ends_at),
        "published_on": record.published_on,
        "budget_min": budget and _amount(budget.minimum),
        "budget_max": budget and _amount(budget.maximum),
        "budget_total": budget and _amount(budget.total),
        "currency": budget.currency if budget else "",
        "url": record.url[:1000],
        "language": record.language,
        "stage": record.stage[:40],
        "source_status": record.status,
        "details": dict(record.details),
    }


def next_deadline(deadlines: Sequence[str], at: datetime) -> datetime | None:
    """The first deadline from `at` on; the last one when all have passed."""
    moments = sorted(datetime.fromisoformat(text) for text in deadlines)
    return next((moment for moment in moments if moment >= at), moments[-1] if moments else None)


def _amount(value: float | Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def _moment(day: date | datetime) -> datetime:
    """A date without a time lasts until its end, where the cluster is."""
    if isinstance(day, datetime):
        return day if day.tzinfo else timezone.make_aware(day)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


def _closing(record: Record, deadlines: list[datetime]) -> datetime | None:
    if record.status in OVER:
        return _moment(record.published_on) if record.published_on else LONG_AGO
    if deadlines:
        return deadlines[-1]
    if last := record.ends_at or record.starts_at:
        return _moment(last)
    if record.kind == Kind.PARTNERING and record.published_on:
        return _moment(record.published_on + PARTNERING_LIVES)
    return None


def content_hash(content: dict[str, Any]) -> str:
    """A fingerprint of what an opportunity says, so that an import sees at once that nothing has changed."""
    content = {name: _comparable(value) for name, value in content.items()}
    text = json.dumps(content, sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def store(run: ImportRun, records: Sequence[Record]) -> Counter[str]:
    """Writes a batch of records: how many were created, updated and unchanged. The same batch again changes nothing."""
    _one_at_a_time()
    known = SourceRecord.objects.select_related("opportunity").filter(
        source=run.source, external_id__in=[record.external_id for record in records]
    )
    by_id = {record.external_id: record for record in known}
    references = {reference_of(record, run) for record in records}
    by_reference = {found.reference: found for found in Opportunity.objects.filter(reference__in=references)}
    counts: Counter[str] = Counter()
    for record in records:
        counts[_store_one(run, record, by_id, by_reference)] += 1
    return counts


def _one_at_a_time() -> None:
    """Two imports may bring the same opportunity: their batches follow one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('opportunities.upsert'))")


def _store_one(
    run: ImportRun, record: Record, by_id: dict[str, SourceRecord], by_reference: dict[str, Opportunity]
) -> str:
    content = content_of(record)
    digest = content_hash(content)
    row = by_id.get(record.external_id)
    if row is not None and row.content_hash == digest:
        return "unchanged"
    reference = reference_of(record, run)
    opportunity = row.opportunity if row else by_reference.get(reference)
    if opportunity is None:
        opportunity = _create(run.source, reference, content, digest)
        by_reference[reference] = opportunity
        outcome = "created"
    else:
        changed = _merge(opportunity, content, overwrite=opportunity.source_id == run.source_id)
        outcome = "updated" if changed else "unchanged"
    by_id[record.external_id] = _keep_record(run, record, row, opportunity, digest)
    return outcome


def _create(source: Source, reference: str, content: dict[str, Any], digest: str) -> Opportunity:
    now = timezone.now()
    return Opportunity.objects.create(
        source=source,
        reference=reference,
        content_hash=digest,
        deadline=next_deadline(content["deadlines"], now),
        **content,
    )


def _merge(opportunity: Opportunity, content: dict[str, Any], *, overwrite: bool) -> bool:
    """The source that brought it may change it; another source only adds what was missing. True if it says more now."""
    for name, value in content.items():
        if overwrite or not getattr(opportunity, name):
            setattr(opportunity, name, value)
    digest = content_hash({name: getattr(opportunity, name) for name in content})
    if digest == opportunity.content_hash:
        return False
    opportunity.content_hash = digest
    opportunity.deadline = next_deadline(opportunity.deadlines, timezone.now())
    opportunity.fits = None
    opportunity.updated_at = timezone.now()
    opportunity.save()
    return True


def _comparable(value: object) -> object:
    """The database gives times back in UTC: the same moment must read the same."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _keep_record(
    run: ImportRun, record: Record, row: SourceRecord | None, opportunity: Opportunity, digest: str
) -> SourceRecord:
    row = row or SourceRecord(source=run.source, external_id=record.external_id, opportunity=opportunity)
    row.raw, row.content_hash, row.import_run, row.changed_at = record.raw, digest, run, timezone.now()
    row.save()
    return row

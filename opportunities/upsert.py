"""From what a feed says to the opportunity that the portal keeps: new, changed, known, or known from elsewhere."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.text import slugify

from core.actions import record_each
from core.locks import wait_for
from opportunities.feeds import Budget, Kind, Record
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
BUDGET = ("budget_min", "budget_max", "budget_total")
# What belongs together comes from one source: no minimum of one with the maximum of another. First what tells whether
# a source speaks of it at all, then what is taken with it.
TOGETHER = (
    (("deadlines",), ("deadlines", "closes_at")),
    (BUDGET, (*BUDGET, "currency")),
    (("starts_at",), ("starts_at", "ends_at")),
)
# Only a network says of its own opportunity that it is over: a partner's portal may have taken it out of its pool.
OF_THE_NETWORK = ("source_status", "closes_at")
OVER = {"closed", "award", "cancelled"}
# The network itself takes a profile down a year after its publication.
PARTNERING_LIVES = timedelta(days=365)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
# PostgreSQL keeps neither NUL nor half of a surrogate pair in a text.
NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def reference_of(own_id: str, run: ImportRun) -> str:
    """The public name of an opportunity: the same for two formats of one network, the source's own for all others."""
    family = FAMILIES.get(Source.Format(run.format))
    return _network_name(family, own_id) if family else _name(run.source.slug, own_id)


def _network_name(family: str, own_id: str) -> str:
    own = _slug(own_id)
    return f"{family}-{own}" if own and len(own) <= 100 else _name(family, own_id)


def _name(prefix: str, own_id: str) -> str:
    digest = hashlib.sha256(own_id.encode()).hexdigest()[:10]
    return f"{prefix}-{_slug(own_id)[:40]}-{digest}".replace("--", "-")


def _slug(own_id: str) -> str:
    return slugify(re.sub(r"[\W_]+", "-", own_id))  # a dot parts numbers: 1.1 is not 11


def references_of(record: Record, run: ImportRun) -> list[str]:
    """The names under which the opportunity may be known, best first.

    The portal's formats key a topic differently, with and without its call and language, but both name the topic. A
    partner's portal says which network it had an opportunity from: there it has the same name for both.
    """
    own = reference_of(record.external_id, run)
    if run.format == Source.Format.EXCHANGE and (origin := record.details.get("origin")):
        return [_network_name(origin["network"], origin["id"]), own]
    topic = next((code.code for code in record.codes if code.scheme == "topic"), "")
    if FAMILIES.get(Source.Format(run.format)) != "eu" or not topic:
        return [own]
    named = topic if record.language in {"", "en"} else f"{topic}:{record.language}"
    within_call = f"{named}:{record.details.get('call_identifier', '')}"
    return list(dict.fromkeys([reference_of(named, run), own, reference_of(within_call, run)]))


def _is_same(opportunity: Opportunity, record: Record) -> bool:
    """Whether what is known by one of the record's names is the same: not when a topic was called twice."""
    calls = [each.details.get("call_identifier") or "" for each in (opportunity, record)]
    return not all(calls) or calls[0].casefold() == calls[1].casefold()


def content_of(record: Record) -> dict[str, Any]:
    """The opportunity's fields as this record gives them."""
    deadlines = [_moment(day) for day in record.deadlines]
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
        **_budget(record.budget or Budget(currency="")),
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


def _budget(budget: Budget) -> dict[str, Any]:
    low, high = _amount(budget.minimum), _amount(budget.maximum)
    if low is not None and high is not None:
        low, high = sorted((low, high))
    return {"budget_min": low, "budget_max": high, "budget_total": _amount(budget.total), "currency": budget.currency}


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


def _comparable(value: object) -> object:
    """The database gives times back in UTC: the same moment must read the same."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def storable(text: str) -> str:
    """The text without what PostgreSQL refuses to keep."""
    return NOT_STORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


CONTENT = tuple(content_of(Record("", Kind.EVENT, "")))
# What an import may change of an opportunity that is there: never what people have decided.
WRITTEN = (*CONTENT, "source", "content_hash", "deadline", "fits", "updated_at")


@dataclass
class _Batch:
    """What the database knows of a batch of records, and what is to be written."""

    run: ImportRun
    known: dict[str, SourceRecord]
    by_reference: dict[str, Opportunity]
    changed: dict[str, Opportunity] = field(default_factory=dict)
    rows: list[SourceRecord] = field(default_factory=list)
    taken_over: list[tuple[Opportunity, None, dict[str, object]]] = field(default_factory=list)


@transaction.atomic
def store(run: ImportRun, records: Sequence[Record]) -> Counter[str]:
    """Writes a batch of records: how many were created, updated and unchanged. The same batch again changes nothing.

    The number of queries does not depend on the number of records.
    """
    wait_for("opportunities.upsert")  # two imports may bring the same opportunity: their batches follow one another
    batch = _Batch(run, _known(run, records), _by_reference(run, records))
    counts = Counter(_place(batch, record) for record in records)
    Opportunity.objects.bulk_create(
        batch.changed.values(), update_conflicts=True, unique_fields=["reference"], update_fields=WRITTEN
    )
    SourceRecord.objects.bulk_create(
        batch.rows,
        update_conflicts=True,
        unique_fields=["source", "format", "external_id"],
        update_fields=["raw", "content_hash", "import_run", "changed_at"],
    )
    record_each("opportunities.source_took_over", by=None, on=batch.taken_over)
    return counts


def _known(run: ImportRun, records: Sequence[Record]) -> dict[str, SourceRecord]:
    """What this source said before, with `is_first` and `is_only`: does its word count first, or is it the only one.

    Who spoke first counts first; but a network before any partner's portal, which only passes on what it has heard.
    """
    others = SourceRecord.objects.filter(opportunity=OuterRef("opportunity")).exclude(pk=OuterRef("pk"))
    rows = SourceRecord.objects.filter(
        source=run.source, format=run.format, external_id__in=[record.external_id for record in records]
    )
    earlier, of_peers = Q(pk__lt=OuterRef("pk")), Q(format=Source.Format.EXCHANGE)
    before = others.filter(earlier | ~of_peers if _is_peer(run) else earlier & ~of_peers)
    rows = rows.annotate(is_first=~Exists(before), is_only=~Exists(others))
    rows = rows.select_related("opportunity").defer("raw", "opportunity__search")
    return {row.external_id: row for row in rows}


def _by_reference(run: ImportRun, records: Sequence[Record]) -> dict[str, Opportunity]:
    found = Opportunity.objects.filter(
        reference__in={name for record in records for name in references_of(record, run)}
    )
    told = SourceRecord.objects.filter(opportunity=OuterRef("pk"))
    of_peers = Q(format=Source.Format.EXCHANGE)
    found = found.annotate(is_of_peers=Exists(told.filter(of_peers)) & ~Exists(told.exclude(of_peers)))
    found = found.select_related("source").defer("search")
    return {opportunity.reference: opportunity for opportunity in found}


def _is_peer(run: ImportRun) -> bool:
    return run.format == Source.Format.EXCHANGE


def _place(batch: _Batch, record: Record) -> str:
    """Works one record into the batch, and says whether its opportunity is created, updated or unchanged by it."""
    content = content_of(record)
    digest = content_hash(content)
    row = batch.known.get(record.external_id)
    if row is not None and row.content_hash == digest:
        return "unchanged"
    opportunity = _opportunity_of(batch, record, row)
    is_new = opportunity.pk is None and opportunity.reference not in batch.changed
    if is_new or (row and row.is_only) or _take_over(batch, opportunity, row):
        _say(opportunity, content)
    elif row and row.is_first:
        _say(opportunity, {name: content[name] for part in _told(content) for name in part})
    else:
        left = OF_THE_NETWORK if _is_peer(batch.run) else ()
        gaps = [part for part in _gaps(opportunity, content) if not set(part) <= set(left)]
        _say(opportunity, {name: content[name] for part in gaps for name in part})
    has_changed = _note_change(batch, opportunity)
    batch.rows.append(_row(batch.run, record, row, opportunity, digest))
    return "created" if is_new else "updated" if has_changed else "unchanged"


def _opportunity_of(batch: _Batch, record: Record, row: SourceRecord | None) -> Opportunity:
    if row:
        return batch.changed.get(row.opportunity.reference, row.opportunity)
    names = references_of(record, batch.run)
    known = {name: batch.changed.get(name) or batch.by_reference.get(name) for name in names}
    same = next((each for each in known.values() if each and _is_same(each, record)), None)
    free = next((name for name, each in known.items() if not each), names[-1])
    return same or known[free] or Opportunity(source=batch.run.source, reference=free)


def _take_over(batch: _Batch, opportunity: Opportunity, row: SourceRecord | None) -> bool:
    """Whether a network speaks of what only partners' portals have told until now: from now on its words count."""
    if row or _is_peer(batch.run) or not getattr(opportunity, "is_of_peers", False):  # what is new has no such mark
        return False
    told = {"before": opportunity.source.name, "now": batch.run.source.name}
    batch.taken_over.append((opportunity, None, told))
    opportunity.source, opportunity.is_of_peers = batch.run.source, False
    opportunity.content_hash = ""  # another source, even where it says the same
    return True


def _say(opportunity: Opportunity, content: dict[str, Any]) -> None:
    for name, value in content.items():
        setattr(opportunity, name, value)


def _told(content: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The parts of the content that say something: where several sources speak, silence erases nothing."""
    grouped = {name for _, taken in TOGETHER for name in taken} - {"closes_at"}
    for asked, taken in [*TOGETHER, *(((name,), (name,)) for name in CONTENT if name not in grouped)]:
        if any(content[name] for name in asked):
            yield taken


def _gaps(opportunity: Opportunity, content: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The parts that only this record says: another source adds what is missing and changes nothing."""
    said = set(_told({name: getattr(opportunity, name) for name in CONTENT}))
    return (part for part in _told(content) if part not in said)


def _note_change(batch: _Batch, opportunity: Opportunity) -> bool:
    """Takes the opportunity into what is written if it says something else now."""
    digest = content_hash({name: getattr(opportunity, name) for name in CONTENT})
    if digest == opportunity.content_hash:
        return False
    now = timezone.now()
    opportunity.content_hash, opportunity.updated_at, opportunity.fits = digest, now, None
    opportunity.deadline = next_deadline(opportunity.deadlines, now)
    batch.changed[opportunity.reference] = opportunity
    return True


def _row(
    run: ImportRun, record: Record, row: SourceRecord | None, opportunity: Opportunity, digest: str
) -> SourceRecord:
    row = row or SourceRecord(source=run.source, format=run.format, external_id=record.external_id)
    row.opportunity, row.import_run, row.content_hash = opportunity, run, digest
    row.raw, row.changed_at = storable(record.raw), timezone.now()
    return row

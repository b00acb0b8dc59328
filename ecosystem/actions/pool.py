"""The pool: what the cluster shares with a partner, what the partner says of it, and what it brings in itself."""

import csv
import uuid
from collections.abc import Iterable
from dataclasses import replace
from io import StringIO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.slugs import free_slug
from ecosystem import emails
from ecosystem.models import Partnership, SharedOpportunity
from ecosystem.permissions import can_run_partners, can_speak_for
from members.models import User
from members.permissions import insist
from opportunities import feeds
from opportunities.models import ImportRun, Opportunity, Source
from opportunities.upsert import store

Way, Answer = SharedOpportunity.Way, SharedOpportunity.Answer
COLUMNS = ("Reference", "Type", "Title", "Summary", "Organisation", "Country", "Deadline", "Published", "Link")


@transaction.atomic
def share(*, opportunity: Opportunity, partners: Iterable[Partnership], note: str, by: User) -> int:
    """Puts an opportunity into the pools of chosen partners. How many had not had it yet."""
    insist(can_run_partners(by))
    if opportunity.status != Opportunity.Status.PUBLISHED:
        raise Refused(_("Publish it first: partners get what is published only."))
    if not opportunity.is_open:
        raise Refused(_("The last day to answer has passed."))
    return sum(_share(opportunity, partnership, note, by) for partnership in partners)


def _share(opportunity: Opportunity, partnership: Partnership, note: str, by: User) -> bool:
    told = {"note": note, "by": by, "at": timezone.now(), "ended_at": None, "told_at": None}
    shared, is_new = SharedOpportunity.objects.get_or_create(
        partnership=partnership, opportunity=opportunity, defaults=told
    )
    if not is_new and (shared.way == Way.BROUGHT or shared.ended_at is None):
        return False
    if not is_new:
        for name, value in told.items():
            setattr(shared, name, value)
        shared.save(update_fields=list(told))
    record("ecosystem.shared", by=by, on=shared, organisation_id=partnership.organisation_id)
    if partnership.pool_mail == Partnership.PoolMail.AT_ONCE:
        tell([shared])
    return True


def tell(shared: list[SharedOpportunity]) -> None:
    """Writes to the people of one partner what is new in its pool, in one mail to each."""
    partnership, now = shared[0].partnership, timezone.now()
    for membership in partnership.organisation.memberships.who_answer():
        emails.send_pool_news(partnership=partnership, shared=shared, to=membership.user)
    SharedOpportunity.objects.filter(pk__in=[each.pk for each in shared]).update(told_at=now)


@transaction.atomic
def stop_sharing(*, shared: SharedOpportunity, by: User) -> None:
    """Takes it out of the pool; what the partner said of it stays with the cluster team. Twice is once."""
    insist(can_run_partners(by))
    current = _held(shared)
    if current.way == Way.SHARED and current.ended_at is None:
        current.ended_at = timezone.now()
        current.save(update_fields=["ended_at"])
        record("ecosystem.sharing_stopped", by=by, on=current, organisation_id=current.partnership.organisation_id)


def _held(shared: SharedOpportunity) -> SharedOpportunity:
    rows = SharedOpportunity.objects.select_for_update(of=("self",))
    return rows.select_related("partnership__organisation", "opportunity").get(pk=shared.pk)


@transaction.atomic
def answer(*, shared: SharedOpportunity, interested: bool, sentence: str, by: User) -> SharedOpportunity:
    """The partner knows a company for it, or does not. The last answer counts; the cluster team hears of a yes."""
    insist(can_speak_for(by, shared.partnership))
    current = _held(shared)
    if not SharedOpportunity.objects.of_partners().filter(pk=current.pk, way=Way.SHARED).exists():
        raise Refused(_("This opportunity is not in your pool any more."))
    if not current.opportunity.is_open:
        raise Refused(_("The last day to answer has passed."))
    wanted = Answer.INTERESTED if interested else Answer.NOT_FOR_US
    if interested and not sentence.strip():
        raise Refused(_("Say in a sentence which of your companies it is for, so that we know whom to bring together."))
    if (current.answer, current.sentence) == (wanted, sentence):
        return current
    is_news = interested and current.answer != Answer.INTERESTED
    current.answer, current.sentence = wanted, sentence
    current.answered_by, current.answered_at, current.handled_at = by, timezone.now(), None
    current.save(update_fields=["answer", "sentence", "answered_by", "answered_at", "handled_at"])
    record(f"ecosystem.pool_{wanted}", by=by, on=current, organisation_id=current.partnership.organisation_id)
    if is_news:
        for manager in User.objects.managers():
            emails.send_pool_interest(shared=current, to=manager)
    return current


@transaction.atomic
def hand_over(*, shared: SharedOpportunity, by: User) -> SharedOpportunity:
    """Notes that the cluster team has brought the partner's company and the opportunity together. Twice is once."""
    insist(can_run_partners(by))
    current = _held(shared)
    if current.answer != Answer.INTERESTED:
        raise Refused(_("The partner has not said that it is interested."))
    if current.handled_at is None:
        current.handled_at = timezone.now()
        current.save(update_fields=["handled_at"])
        record("ecosystem.pool_handed_over", by=by, on=current, organisation_id=current.partnership.organisation_id)
    return current


@transaction.atomic
def bring_in(*, partnership: Partnership, kind: str, by: User, **request: str) -> SharedOpportunity:
    """A partner proposes a partnering request. It comes by the partner's own source into the curation inbox.

    `kind` is the type of the request (BO, BR, TO, TR, RDR), `request` has title, summary, organisation, country,
    deadline and link, as words.
    """
    insist(can_speak_for(by, partnership))
    reference = uuid.uuid4().hex
    table = _table(reference, str(Opportunity.PartneringType(kind).label), request)
    run = _as_file(_source_of(partnership), table, by)
    found = list(feeds.read(run.format, table, file=run.file_name))
    if refusals := [each.reason for each in found if isinstance(each, feeds.Refusal)]:
        raise Refused(" ".join(refusals))
    # A table says that it is a partnering request, not of which type.
    counts = store(run, [replace(each, partnering_type=kind) for each in found])
    ImportRun.objects.filter(pk=run.pk).update(created=counts["created"], done=1, total=1)
    opportunity = Opportunity.objects.get(records__source=run.source, records__external_id=found[0].external_id)
    brought = SharedOpportunity.objects.create(
        partnership=partnership, opportunity=opportunity, way=Way.BROUGHT, by=by, told_at=timezone.now()
    )
    record("ecosystem.brought_in", by=by, on=brought, organisation_id=partnership.organisation_id)
    for manager in User.objects.managers():
        emails.send_brought_in(brought=brought, to=manager)
    return brought


def _source_of(partnership: Partnership) -> Source:
    """The source of what a partner brings in: made with its first proposal."""
    brought = partnership.pool.filter(way=Way.BROUGHT).select_related("opportunity__source").first()
    if brought:
        return brought.opportunity.source
    name = (_("Brought in by %(partner)s") % {"partner": partnership.organisation.name})[:120]
    slug = free_slug(Source, name[:50], {"new"})
    source, _is_new = Source.objects.get_or_create(name=name, defaults={"slug": slug, "format": Source.Format.CSV})
    return source


def _table(reference: str, kind: str, request: dict[str, str]) -> bytes:
    """The request as a table of one row: the form in which a source of its kind is read, and read again."""
    table = StringIO()
    rows = csv.writer(table, delimiter=";")
    rows.writerow(COLUMNS)
    names = ("title", "summary", "organisation", "country", "deadline")
    said = [request.get(name, "") for name in names]
    rows.writerow([reference, kind, *said, f"{timezone.localdate():%Y-%m-%d}", request.get("link", "")])
    return table.getvalue().encode()


def _as_file(source: Source, table: bytes, by: User) -> ImportRun:
    now = timezone.now()
    run = ImportRun(
        source=source, format=source.format, file_name="proposal.csv", started_by=by,
        status=ImportRun.Status.DONE, started_at=now, finished_at=now,
    )  # fmt: skip
    run.file.save(f"{source.slug}.csv", ContentFile(table), save=False)
    run.save()
    return run

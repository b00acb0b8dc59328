"""Runs of the filter: what has changed is found in the database, done in parts by the workers, and shown when complete.

The members' lists are rows of a run. A member sees the run that its `MatchState` names, and that moves for all members of
a run in one transaction at its end: nobody ever sees half a run. Killed anywhere, a part is done again and writes the
same rows. docs/matching.md says why a list that took in what is new equals one made from scratch.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum
from django.utils import timezone
from psycopg.types.json import Jsonb

from core import runs
from members.models import Organisation
from opportunities import filtering, gather
from opportunities.models import (
    FilterRun,
    FilterShard,
    Match,
    MatchList,
    MatchState,
    Opportunity,
    OpportunityVector,
    ScoreModel,
)

logger = logging.getLogger(__name__)
MEMBERS_A_SHARD = 500
MEMBERS_A_STEP = 50
FITTED_ON_AT_MOST = 20_000
RUNS_KEPT = 50
EXPLAINED = 12  # the first rows of a list: about what a feed shows in a week


# --- the model -------------------------------------------------------------------------------------------------------


def current_model() -> ScoreModel | None:
    """The model of the present epoch, without its payload."""
    return ScoreModel.objects.filter(is_current=True).defer("payload").first()


def refit() -> ScoreModel:
    """Learns the words and fields of what is scouted now, and begins a new epoch if they have changed."""
    rows = Opportunity.objects.exclude(status=Opportunity.Status.DISMISSED).defer("search", "details")
    known = gather.opportunities(rows.order_by("-pk")[:FITTED_ON_AT_MOST].iterator(chunk_size=1000))
    fitted = filtering.fit(sorted(known, key=lambda each: each.id))
    with transaction.atomic():
        model, _ = ScoreModel.objects.get_or_create(
            sha256=fitted.sha256, defaults={"payload": fitted.to_bytes(), "documents": len(known)}
        )
        ScoreModel.objects.exclude(pk=model.pk).filter(is_current=True).update(is_current=False)
        ScoreModel.objects.filter(pk=model.pk).update(is_current=True)
    return model


def model_for_now() -> ScoreModel | None:
    """The current model; a new one when there is none, or when half as much again has been scouted since."""
    model, scouted = current_model(), Opportunity.objects.exclude(status=Opportunity.Status.DISMISSED).count()
    if not scouted:
        return None
    return refit() if model is None or scouted > 1.5 * model.documents + 50 else model


def sync_vectors(model: ScoreModel) -> int:
    """Makes the vector of each open opportunity that has none of this epoch and content. How many were made."""
    engine = gather.engine_model(model.sha256)
    stale = (
        Opportunity.objects.exclude(status=Opportunity.Status.DISMISSED)
        .open()
        .exclude(vector__model=model, vector__content_hash=F("content_hash"))
        .defer("search", "details")
    )
    made = 0
    for rows in _chunks(stale.order_by("pk").iterator(chunk_size=500), 500):
        OpportunityVector.objects.bulk_create(
            [
                OpportunityVector(
                    opportunity_id=row.pk,
                    model=model,
                    content_hash=row.content_hash,
                    payload=engine.opportunity_vector(each).to_bytes(),
                )
                for row, each in zip(rows, gather.opportunities(rows), strict=True)
            ],
            update_conflicts=True,
            unique_fields=["opportunity"],
            update_fields=["model", "content_hash", "payload"],
        )
        made += len(rows)
    return made


def _chunks(rows: Iterable, size: int) -> Iterator[list]:
    chunk: list = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


# --- what has changed ------------------------------------------------------------------------------------------------


def listable() -> dict[int, str]:
    """Every opportunity that lists may hold now, with its state as far as the filter looks at it."""
    rows = Opportunity.objects.published().open().values_list("pk", "content_hash", "effort_hours", "deadline")
    return {pk: f"{content}|{effort}|{deadline}" for pk, content, effort, deadline in rows.iterator()}


def changed_opportunities() -> dict[int, str]:
    """Those whose state differs from the one that the lists have; "" for one that must leave them."""
    now = listable()
    listed = dict(OpportunityVector.objects.exclude(listed="").values_list("opportunity_id", "listed"))
    changed = {pk: state for pk, state in now.items() if listed.get(pk) != state}
    return changed | {pk: "" for pk in listed if pk not in now}


def changed_members(model: ScoreModel, signatures: Mapping[int, str], as_of: date) -> set[int]:
    """Members whose list was made under another model or on another day, or whose profile or answers have changed."""
    lists = MatchList.objects.filter(run_id=F("organisation__match_state__run_id"), run__model=model, run__as_of=as_of)
    fresh = dict(lists.values_list("organisation_id", "signature"))
    return {pk for pk, digest in signatures.items() if fresh.get(pk) != digest}


def filter_pending() -> FilterRun | None:
    """Starts a run over what has changed, if anything has and no run is going on; takes up what was left behind."""
    for run in FilterRun.objects.filter(status=FilterRun.Status.RUNNING):
        finish_if_complete(run.pk)
        resume(run)
    if FilterRun.objects.filter(status__in=[FilterRun.Status.QUEUED, FilterRun.Status.RUNNING]).exists():
        return None
    model = model_for_now()
    if model is None:
        return None
    run = start(model)
    if run is None:
        count_fits(model)
    return run


def start(model: ScoreModel, *, everything: bool = False) -> FilterRun | None:
    """Creates a run and its parts for what has changed, or for all; None when nothing has, or when one goes on already."""
    sync_vectors(model)
    signatures = {m.id: gather.signature(m) for m in gather.members(Organisation.objects.members())}
    dirty = set(signatures) if everything else changed_members(model, signatures, timezone.localdate())
    changed = changed_opportunities()
    touched = sorted(signatures) if changed else sorted(dirty)
    if not touched:
        return None
    try:
        with transaction.atomic():
            run = FilterRun.objects.create(
                model=model,
                as_of=timezone.localdate(),
                is_full=dirty == set(signatures),
                opportunities=changed,
                total=len(touched),
                status=FilterRun.Status.RUNNING,
                started_at=timezone.now(),
            )
            for first in range(0, len(touched), MEMBERS_A_SHARD):
                part = touched[first : first + MEMBERS_A_SHARD]
                FilterShard.objects.create(run=run, organisation_ids=part, total=len(part))
    except IntegrityError:  # another process was first
        return None
    resume(run, at_once=True)
    return run


def resume(run: FilterRun, *, at_once: bool = False) -> None:
    """Sends the parts of a run that wait: all of a new one, later those whose message or worker was lost."""
    waiting = runs.left_behind(FilterShard) if not at_once else None
    for shard_id in run.shards.exclude(status=FilterShard.Status.DONE).values_list("pk", flat=True):
        if waiting is None or shard_id in waiting:
            current_app.send_task("opportunities.filter_shard", [shard_id])


# --- one part --------------------------------------------------------------------------------------------------------


def execute_shard(shard_id: int) -> None:
    """Does one part; when it was the last, the run is complete."""
    runs.execute(FilterShard, shard_id, _work)
    shard = FilterShard.objects.filter(pk=shard_id).select_related("run").first()
    if shard is not None:
        finish_if_complete(shard.run_id)


def _work(shard: FilterShard) -> None:
    run = FilterRun.objects.select_related("model").defer("model__payload").get(pk=shard.run_id)
    todo = shard.organisation_ids[shard.done :]
    for ids in _chunks(todo, MEMBERS_A_STEP):
        found = gather.members(Organisation.objects.filter(pk__in=ids))
        lists = _lists(run, found)
        with transaction.atomic():
            _write(run, ids, found, lists)
            runs.checkpoint(shard, done=shard.done + len(ids))


class _Ground:
    """What every member of a run is measured against: all listable opportunities, and those that have changed."""

    def __init__(self, run: FilterRun) -> None:
        self.run = run
        self.gone = {int(pk) for pk in run.opportunities}
        self.new = {int(pk) for pk, state in run.opportunities.items() if state}
        self.rows: dict[int, filtering.Opportunity] = {}
        self.vectors: dict[int, filtering.OpportunityVector] = {}
        self._load(self.new)
        self.changes = self._index(self.new)
        self._all: filtering.Index | None = None

    def _load(self, ids: Iterable[int]) -> None:
        missing = [pk for pk in ids if pk not in self.rows]
        for some in _chunks(missing, 2000):
            rows = Opportunity.objects.filter(pk__in=some, vector__model=self.run.model).defer("search", "details")
            self.rows |= {each.id: each for each in gather.opportunities(rows.iterator(chunk_size=500))}
            self.vectors |= gather.vectors(self.run.model, some)

    def _index(self, ids: Iterable[int]) -> filtering.Index:
        present = [self.rows[pk] for pk in sorted(ids) if pk in self.rows]
        return filtering.Index.build(gather.engine_model(self.run.model.sha256), self.vectors, present)

    @property
    def everything(self) -> filtering.Index:
        """The index of all that is listable, made only when a member needs it."""
        if self._all is None:
            ids = set(listable())
            self._load(ids)
            self._all = self._index(ids)
        return self._all

    def known(self, ids: Iterable[int]) -> None:
        """Sees to it that these opportunities are at hand."""
        self._load(ids)


@lru_cache(maxsize=1)
def _ground(run_id: int) -> _Ground:
    return _Ground(FilterRun.objects.select_related("model").defer("model__payload").get(pk=run_id))


def _lists(run: FilterRun, found: list[filtering.Member]) -> dict[int, filtering.MatchList | None]:
    """Each member's new list; None where nothing has changed."""
    ground = _ground(run.pk)
    queries = gather.queries(run.model, found)
    signatures = {m.id: gather.signature(m) for m in found}
    dirty = None if run.is_full else changed_members(run.model, signatures, run.as_of)
    again = [query for query in queries if dirty is None or query.member.id in dirty]
    others = [query for query in queries if dirty is not None and query.member.id not in dirty]
    lists: dict[int, filtering.MatchList | None] = {}
    held = _held([query.member.id for query in others])
    for query, news in zip(others, filtering.rank(ground.changes, others, today=run.as_of), strict=True):
        before = held[query.member.id]
        merged = filtering.merge(before, news, ground.gone, show=filtering.KEEP)
        if merged is None:
            again.append(query)
        else:
            lists[query.member.id] = None if merged == before else merged
    lists |= (
        {each.member_id: each for each in filtering.rank(ground.everything, again, today=run.as_of)} if again else {}
    )
    return lists


def _held(ids: list[int]) -> dict[int, filtering.MatchList]:
    """The lists that these members see now."""
    rows: dict[int, list[filtering.Match]] = {pk: [] for pk in ids}
    seen = Match.objects.current().filter(organisation_id__in=ids).order_by("-key")
    for pk, opportunity, key in seen.values_list("organisation_id", "opportunity_id", "key"):
        rows[pk].append(filtering.Match(opportunity, key))
    floors = dict(
        MatchList.objects.filter(organisation_id__in=ids, run_id=F("organisation__match_state__run_id")).values_list(
            "organisation_id", "floor"
        )
    )
    return {pk: filtering.MatchList(pk, tuple(rows[pk]), floors[pk]) for pk in ids}


def _write(
    run: FilterRun,
    ids: list[int],
    found: list[filtering.Member],
    lists: Mapping[int, filtering.MatchList | None],
) -> None:
    """Rows of this run for these members, instead of what an interrupted try may have left."""
    MatchList.objects.filter(run=run, organisation_id__in=ids).delete()
    Match.objects.filter(run=run, organisation_id__in=ids).delete()
    written = [(member, made) for member in found if (made := lists[member.id]) is not None]
    MatchList.objects.bulk_create(
        MatchList(run=run, organisation_id=member.id, signature=gather.signature(member), floor=made.floor)
        for member, made in written
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY opportunities_match (run_id, organisation_id, opportunity_id, key, reasons) FROM STDIN"
        ) as copy,
    ):
        for member, made in written:
            for match, reasons in _with_reasons(run, member, made):
                copy.write_row((run.pk, member.id, match.opportunity_id, match.key, Jsonb(reasons)))


def _with_reasons(
    run: FilterRun, member: filtering.Member, made: filtering.MatchList
) -> Iterator[tuple[filtering.Match, list]]:
    """The rows with their reasons as far as a feed shows them; the rest are explained when somebody looks."""
    ground = _ground(run.pk)
    shown = made.matches[:EXPLAINED]
    ground.known(match.opportunity_id for match in shown)
    (query,) = gather.queries(run.model, [member])
    for match in shown:
        opportunity, vector = ground.rows[match.opportunity_id], ground.vectors[match.opportunity_id]
        yield match, gather.reasons(run.model, query, opportunity, vector, today=run.as_of)
    for match in made.matches[EXPLAINED:]:
        yield match, []


# --- the end of a run ------------------------------------------------------------------------------------------------


def finish_if_complete(run_id: int) -> bool:
    """Shows the run to everybody at once when its last part is done. True if this call did."""
    with transaction.atomic():
        run = FilterRun.objects.select_for_update(of=("self",)).get(pk=run_id)
        if run.is_over:
            return False
        shards = run.shards.all()
        done = shards.aggregate(done=Sum("done"))["done"] or 0
        failed = shards.filter(status=FilterShard.Status.FAILED).first()
        if failed is not None:
            _close(run, FilterRun.Status.FAILED, done=done, error=failed.error)
            return False
        if shards.exclude(status=FilterShard.Status.DONE).exists():
            FilterRun.objects.filter(pk=run_id).update(done=done, heartbeat_at=timezone.now())
            return False
        _show(run)
        _close(run, FilterRun.Status.DONE, done=done)
        transaction.on_commit(lambda: current_app.send_task("opportunities.filter_pending"))
    return True


def _close(run: FilterRun, status: str, **changes: object) -> None:
    FilterRun.objects.filter(pk=run.pk).update(status=status, finished_at=timezone.now(), **changes)


def _show(run: FilterRun) -> None:
    moved = list(run.lists.values_list("organisation_id", flat=True))
    MatchState.objects.bulk_create(
        [MatchState(organisation_id=pk, run=run) for pk in moved],
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=["run"],
    )
    Match.objects.filter(organisation_id__in=moved).exclude(run=run).delete()
    MatchList.objects.filter(organisation_id__in=moved).exclude(run=run).delete()
    states = [OpportunityVector(pk=int(pk), listed=state) for pk, state in run.opportunities.items()]
    OpportunityVector.objects.bulk_update(states, ["listed"], batch_size=1000)
    if run.is_full:
        Opportunity.objects.waiting().update(fits=None)
    old = FilterRun.objects.filter(pk__lt=run.pk - RUNS_KEPT, lists=None).exclude(status=FilterRun.Status.RUNNING)
    old.filter(pk__in=old.values("pk")).exclude(pk__in=MatchState.objects.values("run_id")).delete()


def count_fits(model: ScoreModel) -> None:
    """Says of each opportunity in the inbox how many members it would be worth the time of."""
    rows = list(Opportunity.objects.waiting().filter(fits=None, vector__model=model).defer("search", "details"))
    if not rows:
        return
    engine = gather.engine_model(model.sha256)
    index = filtering.Index.build(engine, gather.vectors(model, [row.pk for row in rows]), gather.opportunities(rows))
    queries = gather.queries(model, gather.members(Organisation.objects.members()))
    counts = dict.fromkeys((row.pk for row in rows), 0)
    for each in filtering.rank(index, queries, today=timezone.localdate(), keep=len(rows)):
        for match in each.matches:
            counts[match.opportunity_id] += 1
    for row in rows:
        row.fits = counts[row.pk]
    Opportunity.objects.bulk_update(rows, ["fits"], batch_size=500)

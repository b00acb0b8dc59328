"""Runs of the filter: what has changed is found in the database, worked on in parts, and shown when complete.

The members' lists are rows of a run. A member sees the run that its `MatchState` names, and that moves for all members
of a run in one transaction at its end: nobody ever sees half a run. Killed anywhere, a part is done again and writes
the same rows. docs/matching.md says why a list that took in what is new equals one made from scratch.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator

from celery import current_app
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils import timezone

from core import runs
from core.locks import only_one, wait_for
from members.models import Organisation
from opportunities import filtering, gather
from opportunities.lists import Lists, changed_members
from opportunities.models import (
    Feedback,
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
FITS_STATE = "opportunities.fits"  # of the members, when the inbox was last counted


# --- the model -------------------------------------------------------------------------------------------------------


def current_model() -> ScoreModel | None:
    """The model of the present epoch, without its payload; none when another version of the engine made it."""
    ours = ScoreModel.objects.filter(is_current=True, engine=filtering.engine_version())
    return ours.defer("payload").first()


def refit() -> ScoreModel:
    """Learns the words and fields of what is scouted now, and begins a new epoch if they have changed."""
    rows = Opportunity.objects.exclude(status=Opportunity.Status.DISMISSED).defer("search", "details")
    known = gather.opportunities(rows.order_by("-pk")[:FITTED_ON_AT_MOST].iterator(chunk_size=1000))
    fitted = filtering.fit(sorted(known, key=lambda each: each.id))
    with transaction.atomic():
        wait_for("opportunities.refit")
        model, _ = ScoreModel.objects.get_or_create(
            sha256=fitted.sha256,
            defaults={
                "engine": filtering.engine_version(),
                "payload": fitted.to_bytes(),
                "documents": len(known),
            },
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
    """Makes the vector of each opportunity that has none of this epoch and content. How many were made.

    Needed are those that lists or the inbox may hold, and all that a member has answered: answers move queries also
    when what they were given to is long closed.
    """
    engine = gather.engine_model(model.sha256)
    answered = Exists(Feedback.objects.filter(opportunity=OuterRef("pk")))
    alive = ~Q(status=Opportunity.Status.DISMISSED) & Opportunity.objects.is_open()
    stale = (
        Opportunity.objects.filter(alive | answered)
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


def listable(model: ScoreModel) -> dict[int, str]:
    """Every opportunity that lists may hold now, with its state as far as the filter looks at it.

    The content is that of the vector: an edit that comes after the vector was made counts as a change the next time.
    """
    rows = Opportunity.objects.published().open().filter(vector__model=model)
    rows = rows.values_list("pk", "vector__content_hash", "effort_hours", "deadline")
    return {pk: f"{content}|{effort}|{deadline}" for pk, content, effort, deadline in rows.iterator()}


def changed_opportunities(model: ScoreModel) -> dict[int, str]:
    """Those whose state differs from the one that the lists have; "" for one that must leave them."""
    now = listable(model)
    listed = dict(OpportunityVector.objects.exclude(listed="").values_list("opportunity_id", "listed"))
    changed = {pk: state for pk, state in now.items() if listed.get(pk) != state}
    return changed | {pk: "" for pk in listed if pk not in now}


def filter_pending() -> FilterRun | None:
    """Starts a run over what has changed, if anything has and no run is going on; takes up what was left behind."""
    for run in FilterRun.objects.filter(status=FilterRun.Status.RUNNING):
        finish_if_complete(run.pk)
        resume(run)
    with only_one("opportunities.filter_pending") as is_ours:
        if not is_ours or FilterRun.objects.filter(status=FilterRun.Status.RUNNING).exists():
            return None
        model = model_for_now()
        run = start(model) if model else None
        if model and run is None:
            count_fits(model)
    if run is not None:
        resume(run, at_once=True)
    return run


def start(model: ScoreModel, *, everything: bool = False) -> FilterRun | None:
    """Creates a run and its parts for what has changed, or for all; None when nothing has."""
    forget_who_left()
    sync_vectors(model)
    run = FilterRun(model=model, as_of=timezone.localdate(), status=FilterRun.Status.RUNNING, started_at=timezone.now())
    signatures = gather.signatures(model, gather.members(Organisation.objects.members()))
    dirty = set(signatures) if everything else changed_members(run, signatures)
    run.opportunities = changed_opportunities(model)
    touched = sorted(signatures if run.opportunities else dirty)
    if not touched:
        return None
    run.is_full, run.total = len(dirty) == len(signatures), len(touched)
    with transaction.atomic():
        run.save()
        for first in range(0, len(touched), MEMBERS_A_SHARD):
            part = touched[first : first + MEMBERS_A_SHARD]
            FilterShard.objects.create(run=run, organisation_ids=part, total=len(part))
    return run


def forget_who_left() -> None:
    """Removes the lists of organisations that are no members any more."""
    left = MatchState.objects.exclude(organisation__is_member=True).values("organisation_id")
    with transaction.atomic():
        Match.objects.filter(organisation_id__in=left).delete()
        MatchList.objects.filter(organisation_id__in=left).delete()
        MatchState.objects.exclude(organisation__is_member=True).delete()


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
    for first in range(0, len(todo), MEMBERS_A_STEP):
        ids = todo[first : first + MEMBERS_A_STEP]
        made = Lists(run, ids)
        with transaction.atomic():
            made.write()
            runs.checkpoint(shard, done=shard.done + len(ids))


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
    _clean_up(run)


def _clean_up(run: FilterRun) -> None:
    """Removes runs that are long over and hold nobody's list, and models that nothing was made with any more."""
    over = FilterRun.objects.filter(pk__lt=run.pk - RUNS_KEPT, lists=None).exclude(pk=run.pk)
    over.exclude(pk__in=MatchState.objects.values("run_id")).delete()
    unused = ScoreModel.objects.filter(is_current=False).exclude(pk__in=FilterRun.objects.values("model_id"))
    unused.exclude(pk__in=OpportunityVector.objects.values("model_id")).delete()


def count_fits(model: ScoreModel) -> None:
    """Says of each opportunity in the inbox how many members it would be worth the time of.

    Counted are those that were not yet; all of them on another day, or when a profile or an answer has changed.
    """
    members = gather.members(Organisation.objects.members())
    signatures = gather.signatures(model, members)
    state = gather.digest(model.sha256, timezone.localdate(), sorted(signatures.items()))
    rows = Opportunity.objects.waiting().filter(vector__model=model).defer("search", "details")
    rows = list(rows.filter(fits=None) if cache.get(FITS_STATE) == state else rows)
    counts = _how_many_fit(model, rows, gather.queries(model, members, signatures)) if rows else {}
    changed = [row for row in rows if row.fits != counts[row.pk]]
    for row in changed:
        row.fits = counts[row.pk]
    Opportunity.objects.bulk_update(changed, ["fits"], batch_size=500)
    cache.set(FITS_STATE, state, timeout=None)


def _how_many_fit(model: ScoreModel, rows: list[Opportunity], queries: list[filtering.MemberQuery]) -> dict[int, int]:
    vectors = gather.vectors(model, [row.pk for row in rows])
    index = filtering.Index.build(gather.engine_model(model.sha256), vectors, gather.opportunities(rows))
    lists = filtering.rank(index, queries, today=timezone.localdate(), keep=len(rows))
    counts = Counter(match.opportunity_id for each in lists for match in each.matches)
    return {row.pk: counts[row.pk] for row in rows}

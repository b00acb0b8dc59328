"""The members' lists of one filter run: made from scratch or by merging what is new, explained, and written.

What a run looks at is settled when it starts: the opportunities that the lists hold, and those that have changed since.
Every worker finds the same, however much is published meanwhile; the next run takes that up.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from django.db import connection
from django.db.models import F
from psycopg.types.json import Jsonb

from members.models import Organisation
from opportunities import filtering, gather
from opportunities.models import FilterRun, Match, MatchList, Opportunity, OpportunityVector

EXPLAINED = 30  # the first rows of a list: what a feed chooses from


class _Ground:
    """What every member of a run is measured against: all that lists may hold, and what has changed of it."""

    def __init__(self, run: FilterRun) -> None:
        self.run = run
        self.gone = {int(pk) for pk in run.opportunities}
        self.new = {int(pk) for pk, state in run.opportunities.items() if state}
        self.rows: dict[int, filtering.Opportunity] = {}
        self.vectors: dict[int, filtering.OpportunityVector] = {}
        self.changes = self._index(self.new)
        self._all: filtering.Index | None = None

    def load(self, ids: Iterable[int]) -> None:
        """Sees to it that these opportunities are at hand."""
        missing = [pk for pk in ids if pk not in self.rows]
        if not missing:
            return
        rows = Opportunity.objects.filter(pk__in=missing, vector__model=self.run.model).defer("search", "details")
        self.rows |= {each.id: each for each in gather.opportunities(rows.iterator(chunk_size=500))}
        self.vectors |= gather.vectors(self.run.model, missing)

    def _index(self, ids: Iterable[int]) -> filtering.Index:
        self.load(ids)
        present = [self.rows[pk] for pk in sorted(ids) if pk in self.rows]
        return filtering.Index.build(gather.engine_model(self.run.model.sha256), self.vectors, present)

    @property
    def everything(self) -> filtering.Index:
        """The index of all that lists may hold, made only when a member needs it."""
        if self._all is None:
            listed = OpportunityVector.objects.exclude(listed="").values_list("opportunity_id", flat=True)
            self._all = self._index({*listed} - self.gone | self.new)
        return self._all


@lru_cache(maxsize=1)
def _ground(run_id: int) -> _Ground:
    return _Ground(FilterRun.objects.select_related("model").defer("model__payload").get(pk=run_id))


def changed_members(run: FilterRun, signatures: Mapping[int, str]) -> set[int]:
    """Members whose list was made under another model or on another day, or whose profile or answers have changed."""
    lists = MatchList.objects.filter(
        run_id=F("organisation__match_state__run_id"), run__model_id=run.model_id, run__as_of=run.as_of
    )
    fresh = dict(lists.values_list("organisation_id", "signature"))
    return {pk for pk, digest in signatures.items() if fresh.get(pk) != digest}


class Lists:
    """New lists for some members of a run, as far as they need one: made and explained first, written afterwards."""

    def __init__(self, run: FilterRun, ids: list[int]) -> None:
        found = gather.members(Organisation.objects.filter(pk__in=ids))
        self.ids = ids
        self.run = run
        self.signatures = gather.signatures(run.model, found)
        self.queries = {query.member.id: query for query in gather.queries(run.model, found, self.signatures)}
        dirty = set(self.signatures) if run.is_full else changed_members(run, self.signatures)
        self.lists = dict(self._merged(set(self.signatures) - dirty))
        self._make(dirty | (set(self.signatures) - set(self.lists)))
        self.lists = {pk: made for pk, made in self.lists.items() if made is not None}
        self.reasons = {pk: list(self._reasons(made)) for pk, made in self.lists.items()}

    def _merged(self, ids: set[int]) -> Iterator[tuple[int, filtering.MatchList | None]]:
        """Lists that took in what is new: None where nothing has changed; left out where only a full one can tell."""
        ground, held = _ground(self.run.pk), _held(ids)
        queries = [self.queries[pk] for pk in sorted(ids)]
        for news in filtering.rank(ground.changes, queries, today=self.run.as_of):
            before = held[news.member_id]
            merged = filtering.merge(before, news, ground.gone, show=filtering.KEEP)
            if merged is not None:
                yield news.member_id, None if merged == before else merged

    def _make(self, ids: set[int]) -> None:
        if not ids:
            return
        queries = [self.queries[pk] for pk in sorted(ids)]
        everything = _ground(self.run.pk).everything
        self.lists |= {made.member_id: made for made in filtering.rank(everything, queries, today=self.run.as_of)}

    def write(self) -> None:
        """Rows of this run for these members, instead of what an interrupted try may have left.

        An organisation that was removed meanwhile gets none: the lock keeps the others from going before the commit.
        """
        MatchList.objects.filter(run=self.run, organisation_id__in=self.ids).delete()
        Match.objects.filter(run=self.run, organisation_id__in=self.ids).delete()
        there = Organisation.objects.members().filter(pk__in=self.lists).select_for_update(of=("self",), no_key=True)
        kept = [self.lists[pk] for pk in there.order_by("pk").values_list("pk", flat=True)]
        MatchList.objects.bulk_create(
            MatchList(
                run=self.run,
                organisation_id=made.member_id,
                signature=self.signatures[made.member_id],
                floor=made.floor,
            )
            for made in kept
        )
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY opportunities_match (run_id, organisation_id, opportunity_id, key, reasons) FROM STDIN"
            ) as copy,
        ):
            for made in kept:
                for match, reasons in zip(made.matches, self.reasons[made.member_id], strict=True):
                    copy.write_row((self.run.pk, made.member_id, match.opportunity_id, match.key, Jsonb(reasons)))

    def _reasons(self, made: filtering.MatchList) -> Iterator[list]:
        """Why each row fits, as far as a feed shows them; the rest are explained when somebody looks."""
        ground, query = _ground(self.run.pk), self.queries[made.member_id]
        ground.load(match.opportunity_id for match in made.matches[:EXPLAINED])
        for match in made.matches[:EXPLAINED]:
            opportunity, vector = ground.rows[match.opportunity_id], ground.vectors[match.opportunity_id]
            yield gather.reasons(self.run.model, query, opportunity, vector, today=self.run.as_of)
        yield from ([] for _ in made.matches[EXPLAINED:])


def _held(ids: set[int]) -> dict[int, filtering.MatchList]:
    """The lists that these members see now."""
    rows: dict[int, list[filtering.Match]] = {pk: [] for pk in ids}
    seen = Match.objects.current().filter(organisation_id__in=ids).order_by("-key")
    for pk, opportunity, key in seen.values_list("organisation_id", "opportunity_id", "key"):
        rows[pk].append(filtering.Match(opportunity, key))
    lists = MatchList.objects.filter(organisation_id__in=ids, run_id=F("organisation__match_state__run_id"))
    floors = dict(lists.values_list("organisation_id", "floor"))
    return {pk: filtering.MatchList(pk, tuple(rows[pk]), floors[pk]) for pk in ids}

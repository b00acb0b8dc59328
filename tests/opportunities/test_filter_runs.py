"""Runs of the filter: right, complete or not seen, and in step with members and days."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from members.models import Membership, Organisation, Profile
from opportunities import filter_runs, filtering, gather, reading
from opportunities.lists import EXPLAINED, Lists, _ground
from opportunities.models import (
    FilterRun,
    Match,
    MatchList,
    MatchState,
    Opportunity,
    OpportunityVector,
    ScoreModel,
)
from tests.factories.members import OrganisationFactory
from tests.opportunities.ground import filter_now, fresh_lists, lists, member, opportunity, work, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of two members, one member a step, so that a few members make several of both."""
    monkeypatch.setattr(filter_runs, "MEMBERS_A_SHARD", 2)
    monkeypatch.setattr(filter_runs, "MEMBERS_A_STEP", 1)


# --- what a run gives -------------------------------------------------------------------------------------------------


def test_full_run_writes_the_lists_that_the_engine_gives():
    members, published = world()
    opportunity("timber", 2)  # in the inbox: nobody's yet
    (run,) = filter_now()
    model = filter_runs.current_model()
    index = filtering.Index.build(
        gather.engine_model(model.sha256), gather.vectors(model), gather.opportunities(published)
    )
    queries = gather.queries(model, gather.members(Organisation.objects.all()))
    expected = {
        made.member_id: [(match.opportunity_id, match.key) for match in made.matches]
        for made in filtering.rank(index, queries, today=timezone.localdate())
    }
    assert lists() == expected
    assert set(expected) == {each.pk for each in members}
    assert all(4 <= len(rows) <= 12 for rows in expected.values()), "some fit and most do not"
    run.refresh_from_db()
    assert (run.status, run.is_full, run.done, run.total) == ("done", True, 7, 7)


def test_every_row_that_a_feed_shows_has_its_reasons():
    members, _ = world()
    filter_now()
    extra = [opportunity("timber", seed, published=True) for seed in range(3)]
    filter_now()  # an incremental run merges rows that it has not read itself
    shown = Match.objects.shown_to(members[0])[:EXPLAINED]
    assert {each.pk for each in extra} <= {match.opportunity_id for match in shown}
    for match in shown:
        assert 1 <= len(match.reasons) <= 3
        assert all(len(sentence) > 10 for sentence in gather.sentences(match.reasons))


def test_nothing_new_starts_nothing():
    world()
    assert len(filter_now()) == 1
    assert filter_runs.filter_pending() is None
    assert FilterRun.objects.count() == 1


def test_empty_portal_starts_nothing():
    assert filter_runs.filter_pending() is None
    OrganisationFactory()
    assert filter_runs.filter_pending() is None
    assert not FilterRun.objects.exists()


def test_members_without_profile_are_left_out():
    bare = member("timber", 99)
    Profile.objects.filter(organisation=bare).delete()
    other, _ = world(members=1)
    filter_now()
    assert set(lists()) == {other[0].pk}


@pytest.mark.parametrize("size", [10, 40])
def test_run_takes_the_same_queries_however_many_opportunities(size, django_assert_num_queries):
    world(members=3, opportunities=size)
    model = filter_runs.refit()
    gather.engine_model(model.sha256)
    with django_assert_num_queries(16):
        run = filter_runs.start(model)
    with django_assert_num_queries(35):
        work(run)


# --- complete or not seen ---------------------------------------------------------------------------------------------


def test_new_opportunity_reaches_members_only_when_the_run_is_complete(small_parts):
    members, _ = world(members=6)
    filter_now()
    before = lists()
    new = opportunity("timber", 9, published=True)
    run = filter_runs.filter_pending()
    shards = list(run.shards.order_by("pk").values_list("pk", flat=True))
    assert len(shards) == 3
    for shard_id in shards[:-1]:
        filter_runs.execute_shard(shard_id)
        assert lists() == before, "half a run is not seen"
        assert filter_runs.filter_pending() is None, "one run at a time"
    assert Match.objects.filter(run=run).exists()
    filter_runs.execute_shard(shards[-1])
    assert new.pk in dict(lists()[members[0].pk])
    assert Match.objects.filter(organisation=members[0]).count() == len(lists()[members[0].pk]), "old rows are gone"


def test_what_is_published_while_a_run_goes_on_waits_for_the_next_for_everybody(small_parts):
    members, _ = world(members=6)
    new = opportunity("timber", 9)
    run = filter_runs.filter_pending()
    first, *others = run.shards.order_by("pk").values_list("pk", flat=True)
    filter_runs.execute_shard(first)
    Opportunity.objects.filter(pk=new.pk).update(status="published")
    _ground.cache_clear()  # another worker takes over
    for shard_id in others:
        filter_runs.execute_shard(shard_id)
    assert not any(new.pk in dict(rows) for rows in lists().values())
    filter_now()
    assert new.pk in dict(lists()[members[0].pk])
    assert new.pk in dict(lists()[members[5].pk])


def test_edit_between_reading_and_listing_is_taken_up_by_the_next_run(monkeypatch):
    _, published = world(members=1)
    real = filter_runs.sync_vectors

    def edited_meanwhile(model: ScoreModel) -> int:
        made = real(model)
        Opportunity.objects.filter(pk=published[0].pk).update(title="Bakery", summary="", content_hash="edited")
        return made

    with monkeypatch.context() as patched:
        patched.setattr(filter_runs, "sync_vectors", edited_meanwhile)
        work(filter_runs.filter_pending())
    assert len(filter_now()) == 1
    assert OpportunityVector.objects.get(pk=published[0].pk).listed.startswith("edited")
    assert lists() == fresh_lists()


def test_dismissed_meanwhile_is_not_shown_although_it_is_still_in_the_rows():
    members, _ = world(members=1)
    filter_now()
    best = Match.objects.shown_to(members[0])[0].opportunity
    Opportunity.objects.filter(pk=best.pk).update(status="dismissed")
    assert best.pk in dict(lists()[members[0].pk])
    assert best.pk not in Match.objects.shown_to(members[0]).values_list("opportunity_id", flat=True)


# --- members and days -------------------------------------------------------------------------------------------------


def test_member_that_joins_gets_a_list_and_nobody_else_is_touched():
    world(members=3)
    filter_now()
    state = dict(MatchState.objects.values_list("organisation_id", "run_id"))
    new = member("water", 50)
    (run,) = filter_now()
    assert run.total == 1
    assert len(lists()[new.pk]) > 3
    assert {
        pk: run_id for pk, run_id in MatchState.objects.values_list("organisation_id", "run_id") if pk != new.pk
    } == state


def test_emptied_profile_empties_the_list():
    members, _ = world(members=2)
    filter_now()
    Profile.objects.filter(organisation=members[0]).update(summary="", offers="", seeks="")
    filter_now()
    assert members[0].pk not in lists()
    assert reading.feed(members[0])["list_state"] == "empty"
    assert lists()[members[1].pk]


def test_organisation_that_leaves_loses_its_list_and_gets_one_when_it_comes_back():
    members, _ = world(members=3)
    filter_now()
    Organisation.objects.filter(pk=members[0].pk).update(is_member=False)
    assert filter_now() == []
    for model in (Match, MatchList, MatchState):
        assert not model.objects.filter(organisation=members[0]).exists()
    assert set(lists()) == {members[1].pk, members[2].pk}
    Organisation.objects.filter(pk=members[0].pk).update(is_member=True)
    filter_now()
    assert lists()[members[0].pk]


def test_organisation_that_leaves_during_a_run_gets_no_list(small_parts):
    members, _ = world(members=3)
    run = filter_runs.filter_pending()
    Organisation.objects.filter(pk=members[0].pk).update(is_member=False)
    work(run)
    assert set(lists()) == {members[1].pk, members[2].pk}


@pytest.mark.parametrize("moment", ["before", "within"])
def test_organisation_removed_during_a_run_is_no_obstacle(monkeypatch, moment):
    members, _ = world(members=3)
    run = filter_runs.filter_pending()

    def remove() -> None:
        Membership.objects.filter(organisation=members[1]).delete()
        Organisation.objects.filter(pk=members[1].pk).delete()

    if moment == "before":
        remove()
    else:
        real = Lists.write
        monkeypatch.setattr(Lists, "write", lambda self: (remove(), real(self)))
    work(run)
    run.refresh_from_db()
    assert run.status == "done"
    assert set(lists()) == {members[0].pk, members[2].pk}


def test_next_day_makes_all_lists_anew():
    """Deadlines are counted in days from the run's own day."""
    members, _ = world(members=2)
    soon = opportunity("timber", 4, published=True, effort_hours=30, deadline=timezone.now() + timedelta(days=24))
    filter_now()
    assert soon.pk in dict(lists()[members[0].pk]), "10 hours a month for 24 days are enough for 30 hours"
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        (run,) = filter_now()
        assert (run.is_full, run.as_of) == (True, timezone.localdate())
        assert soon.pk not in dict(lists()[members[0].pk])


def test_closed_opportunity_leaves_the_lists():
    members, _ = world(members=1)
    filter_now()
    best = lists()[members[0].pk][0][0]
    Opportunity.objects.filter(pk=best).update(closes_at=timezone.now() - timedelta(minutes=1))
    (run,) = filter_now()
    assert run.opportunities == {best: ""}
    assert best not in dict(lists()[members[0].pk])
    assert OpportunityVector.objects.get(pk=best).listed == ""

"""Epochs of the filter, the figures of the inbox that hang on them, and what is tidied away."""

from datetime import timedelta
from itertools import count
from threading import Barrier, Thread

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from members.models import Organisation, Profile
from opportunities import filter_runs, filtering, gather, reading
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
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory
from tests.opportunities.ground import filter_now, fresh_lists, lists, opportunity, work, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of two members, one member a step, so that a few members make several of both."""
    monkeypatch.setattr(filter_runs, "MEMBERS_A_SHARD", 2)
    monkeypatch.setattr(filter_runs, "MEMBERS_A_STEP", 1)


# --- the model --------------------------------------------------------------------------------------------------------


def test_refit_begins_a_new_epoch_and_old_lists_are_seen_until_the_new_run_is_complete(small_parts):
    world(members=4)
    filter_now()
    before, old = lists(), filter_runs.current_model()
    for seed in range(10):
        opportunity("water", seed, published=True)
    new = filter_runs.refit()
    assert new.pk != old.pk
    assert lists() == before
    run = filter_runs.filter_pending()
    assert (run.model, run.is_full) == (new, True)
    filter_runs.execute_shard(run.shards.order_by("pk")[0].pk)
    assert lists() == before
    work(run)
    assert lists() != before
    assert lists() == fresh_lists()
    assert set(OpportunityVector.objects.values_list("model_id", flat=True)) == {new.pk}


def test_refit_during_a_run_does_not_disturb_it(small_parts):
    members, _ = world(members=4)
    run = filter_runs.filter_pending()
    first, second = run.shards.order_by("pk").values_list("pk", flat=True)
    filter_runs.execute_shard(first)
    opportunity("water", 2, published=True)
    filter_runs.refit()
    filter_runs.filter_pending()
    filter_runs.execute_shard(second)
    assert all(lists()[each.pk] for each in members)
    assert {each.run_id for each in MatchState.objects.all()} == {run.pk}


def test_answers_to_what_is_closed_move_the_lists_also_in_a_new_epoch():
    members, published = world(members=1)
    liked = next(each for each in published if "wastewater" in each.description or "sludge" in each.description)
    FeedbackFactory(organisation=members[0], opportunity=liked)
    Opportunity.objects.filter(pk=liked.pk).update(closes_at=timezone.now() - timedelta(days=1), status="dismissed")
    filter_runs.refit()
    filter_now()
    model = filter_runs.current_model()
    (asked,) = gather.queries(model, gather.members(Organisation.objects.filter(pk=members[0].pk)))
    members[0].feedback.all().delete()
    (unmoved,) = gather.queries(model, gather.members(Organisation.objects.filter(pk=members[0].pk)))
    side = filtering.vectors.NEUTRAL
    assert len(asked.sides[side].features) > len(unmoved.sides[side].features)


def test_two_refits_at_once_leave_one_current_model(transactional_db, monkeypatch):
    world(members=1, opportunities=10)
    barrier, faults, real, numbers = Barrier(3), [], filtering.fit, count()
    monkeypatch.setattr(filtering, "fit", lambda known: real(known[next(numbers) :]))  # each sees something else

    def fit() -> None:
        try:
            barrier.wait(20)
            filter_runs.refit()
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=fit) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert ScoreModel.objects.filter(is_current=True).count() == 1


def test_much_that_is_new_begins_a_new_epoch():
    world(members=1, opportunities=10)
    filter_now()
    OpportunityFactory.create_batch(60)
    filter_now()
    assert filter_runs.current_model().documents == 70


# --- the inbox's figures ----------------------------------------------------------------------------------------------


def fits_by_page(found: Opportunity) -> int:
    told = reading.who_fits(found, Organisation.objects.members())
    return len(told["fitting"]) + told.get("more", 0)


def test_count_fits_says_what_who_fits_shows():
    world(members=20, opportunities=10)
    waiting = [opportunity(field, seed) for seed, field in enumerate(["timber", "water", "ships"] * 2)]
    filter_now()
    counted = dict(Opportunity.objects.waiting().values_list("pk", "fits"))
    assert counted == {each.pk: fits_by_page(each) for each in waiting}
    assert set(counted.values()) == {4}


def test_fits_are_counted_again_after_a_profile_an_answer_and_an_edit():
    members, _ = world(members=5, opportunities=10)
    waiting = opportunity("timber", 4)
    filter_now()

    def fits() -> int:
        filter_now()
        return Opportunity.objects.get(pk=waiting.pk).fits

    assert fits() == 1
    words = members[0].profile
    Profile.objects.filter(organisation=members[1]).update(
        summary=words.summary, offers=words.offers, seeks=words.seeks
    )
    assert fits() == 2
    FeedbackFactory(organisation=members[0], opportunity=waiting, not_for_us=True)
    assert fits() == 1
    Opportunity.objects.filter(pk=waiting.pk).update(
        title="Bakery cooling conveyor", summary="dairy bakery packaging", description="dairy bakery packaging cooling",
        content_hash="x", fits=None,
    )  # fmt: skip
    assert fits() == fits_by_page(Opportunity.objects.get(pk=waiting.pk))


def test_fits_are_not_counted_again_when_nothing_has_changed(monkeypatch):
    world(members=3, opportunities=5)
    opportunity("timber", 4)
    filter_now()
    monkeypatch.setattr(filter_runs, "_how_many_fit", None)
    assert filter_now() == []
    cache.clear()
    with pytest.raises(TypeError):
        filter_now()


# --- tidying ----------------------------------------------------------------------------------------------------------


def test_old_rows_runs_and_models_are_cleaned_up(monkeypatch):
    monkeypatch.setattr(filter_runs, "RUNS_KEPT", 3)
    world(members=2)
    filter_now()
    first = ScoreModel.objects.get()
    for seed in range(8):
        opportunity("timber", seed, published=True)
        filter_runs.refit()
        filter_now()
    assert FilterRun.objects.count() <= 4
    assert not ScoreModel.objects.filter(pk=first.pk).exists()
    assert ScoreModel.objects.count() <= 5
    assert MatchList.objects.count() == 2
    assert Match.objects.count() == sum(len(rows) for rows in lists().values())
    assert FilterShard.objects.count() == FilterRun.objects.count()


def test_model_of_another_engine_is_not_read_but_made_anew():
    world(members=2)
    filter_now()
    ScoreModel.objects.update(engine="0-older", payload=b"bytes of another version", sha256="older")
    assert filter_runs.current_model() is None
    assert filter_runs.model_for_now().engine == filtering.engine_version()
    filter_now()
    assert lists() == fresh_lists()

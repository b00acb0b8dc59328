"""Lists that took in what is new are bit for bit those of a full run, whatever happened in between."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from members.models import Organisation, Profile
from opportunities import filter_runs, filtering
from opportunities.models import Feedback, Opportunity
from tests.opportunities.ground import FIELDS, chance, filter_now, fresh_lists, lists, member, opportunity, world

pytestmark = pytest.mark.django_db


class Life:
    """A random course of events in a portal."""

    def __init__(self, seed: int) -> None:
        self.random = chance(seed)
        self.members, self.opportunities = world(seed=seed, members=6, opportunities=60)

    def step(self) -> None:
        """One event."""
        events = [self.publish, self.dismiss, self.edit, self.effort, self.expire, self.profile, self.answer] * 3
        self.random.choice([*events, self.answer, self.take_back, self.leave, self.join, self.forget])()

    def _any(self) -> Opportunity:
        return self.random.choice(self.opportunities)

    def publish(self) -> None:
        self.opportunities.append(
            opportunity(self.random.choice([*FIELDS]), self.random.randrange(10**9), published=True)
        )

    def dismiss(self) -> None:
        Opportunity.objects.filter(pk=self._any().pk).update(
            status=self.random.choice(["dismissed", "inbox", "published"])
        )

    def edit(self) -> None:
        words = self.random.choices(FIELDS[self.random.choice([*FIELDS])].split(), k=9)
        told = {"title": " ".join(words[:3]), "summary": " ".join(words), "countries": self.random.choice([["FI"], []])}
        Opportunity.objects.filter(pk=self._any().pk).update(**told, content_hash=f"{told}"[:64])

    def effort(self) -> None:
        Opportunity.objects.filter(pk=self._any().pk).update(effort_hours=self.random.choice([None, 5, 80]))

    def expire(self) -> None:
        Opportunity.objects.filter(pk=self._any().pk).update(closes_at=timezone.now() - timedelta(minutes=1))

    def profile(self) -> None:
        words = self.random.choices(FIELDS[self.random.choice([*FIELDS])].split(), k=6)
        changes = {"summary": " ".join(words), "markets": self.random.choice([[], ["FI"], ["DE"]])}
        Profile.objects.filter(organisation=self.random.choice(self.members)).update(**changes)

    def answer(self) -> None:
        kind = self.random.choice(["opened", "saved", "interested", "not_for_us", "handed_over"])
        organisation, found = self.random.choice(self.members), self._any()
        said = Feedback.objects.filter(organisation=organisation, opportunity=found)
        said.filter(kind__in=[kind, "interested", "not_for_us"]).delete()
        reason = self.random.choice(["topic", "place"]) if kind == "not_for_us" else ""
        Feedback.objects.create(organisation=organisation, opportunity=found, kind=kind, reason=reason)

    def take_back(self) -> None:
        ids = list(Feedback.objects.values_list("pk", flat=True))
        Feedback.objects.filter(pk__in=self.random.sample(ids, min(3, len(ids)))).delete()

    def leave(self) -> None:
        Organisation.objects.filter(pk=self.random.choice(self.members).pk).update(
            is_member=self.random.choice([True, False])
        )

    def join(self) -> None:
        self.members.append(member(self.random.choice([*FIELDS]), len(self.members)))

    def forget(self) -> None:
        cache.clear()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_incremental_lists_equal_those_of_a_full_run_after_any_course_of_events(seed):
    life = Life(seed)
    filter_now()
    merged = 0
    for _ in range(12):
        for _ in range(life.random.randrange(1, 6)):
            life.step()
        merged += sum(not run.is_full for run in filter_now())
    kept = lists()
    assert merged >= 6, "most of these runs took in what was new"
    cache.clear()
    assert fresh_lists() == kept
    assert any(kept.values())


@pytest.mark.parametrize("kind", ["interested", "not_for_us", "saved", "opened"])
def test_edit_of_what_was_answered_moves_the_lists_as_a_full_run_would(kind):
    members, published = world(members=2, opportunities=20)
    liked = next(each for each in published if "membrane" in each.description)
    Feedback.objects.create(organisation=members[0], opportunity=liked, kind=kind)
    filter_now()
    Opportunity.objects.filter(pk=liked.pk).update(
        title="Bakery", summary="dairy bakery cooling", description="dairy conveyor slicing bakery", content_hash="new"
    )
    filter_now()
    kept = lists()
    cache.clear()
    assert fresh_lists() == kept


def test_full_lists_that_lose_and_gain_rows_equal_those_of_a_full_run():
    """More fits than a list keeps: what was cut off comes back when enough leaves."""
    members, _ = world(members=2, opportunities=0)
    timber = [opportunity("timber", seed, published=True) for seed in range(filtering.KEEP + 30)]
    filter_now()
    assert len(lists()[members[0].pk]) == filtering.KEEP
    assert members[0].match_lists.get().floor > 0
    for count in (3, 40, 60):
        Opportunity.objects.filter(pk__in=[each.pk for each in timber[:count]]).update(status="dismissed")
        opportunity("timber", 1000 + count, published=True)
        filter_now()
        assert lists() == fresh_lists()
    assert 60 < len(lists()[members[0].pk]) < filtering.KEEP, "the list is no longer cut: its tail came back"
    assert filter_runs.filter_pending() is None

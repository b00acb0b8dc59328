"""Affinities: who offers what somebody looks for comes first, the same however often it is worked out."""

import itertools

import pytest
from django.utils import timezone

from matchmaking import affinity, tasks
from matchmaking.actions import sign_up
from matchmaking.models import Affinity, ForbiddenPair, Participant, Round, ordered
from matchmaking.permissions import may_meet
from tests.factories.matchmaking import ParticipantFactory, RoundFactory
from tests.matchmaking.texts import fill

pytestmark = pytest.mark.django_db


def rows(round_: Round) -> list[tuple]:
    found = Affinity.objects.filter(a__round=round_).order_by("a", "b")
    return list(found.values_list("a", "b", "score", "reasons_a", "reasons_b"))


def of(one: Participant, other: Participant) -> Affinity | None:
    a, b = ordered(one, other)
    return Affinity.objects.filter(a=a, b=b).first()


@pytest.fixture
def round_() -> Round:
    """Somebody who looks for sensors, somebody who offers them, and two who have nothing to do with either."""
    round_ = RoundFactory()
    fill(round_, 12)
    return round_


def participant(round_: Round, offers: str, seeks: str, **facts: object) -> Participant:
    return ParticipantFactory(round=round_, offers=offers, seeks=seeks, **facts)


def test_who_offers_it_meets_who_looks_for_it_first(round_):
    buyer = participant(round_, "Oyster farms", "Turbidity sensors for harbours")
    seller = participant(round_, "Turbidity sensors for harbours", "Investors in Lisbon")
    rival = participant(round_, "Oyster farms", "Customers who buy cheese")

    affinity.compute(round_)

    best = Affinity.objects.of(buyer).order_by("-score").first()
    assert {best.a, best.b} == {buyer, seller}
    assert of(buyer, rival) is None, "two who offer the same are no match"


def test_reasons_are_sentences_to_each_of_the_two(round_):
    buyer = participant(round_, "Oyster farms", "Turbidity sensors for harbours")
    seller = participant(round_, "Turbidity sensors for harbours", "Investors in Lisbon")

    affinity.compute(round_)

    fit = of(buyer, seller)
    assert affinity.sentences(fit, buyer)[0] == (
        "They offer: turbidity sensors for harbours. You look for: turbidity sensors for harbours."
    )
    assert affinity.sentences(fit, seller)[0] == (
        "They look for: turbidity sensors for harbours. You offer: turbidity sensors for harbours."
    )


def test_both_directions_count_and_neither_side_has_an_advantage(round_):
    one = participant(round_, "Turbidity sensors", "Oyster farms")
    other = participant(round_, "Oyster farms", "Turbidity sensors")
    half = participant(round_, "Oyster farms", "Night trains")
    affinity.compute(round_)
    mutual, one_sided = of(one, other).score, of(one, half).score

    Participant.objects.filter(pk=one.pk).update(offers=other.offers, seeks=other.seeks)
    Participant.objects.filter(pk=other.pk).update(offers=one.offers, seeks=one.seeks)
    affinity.compute(round_)

    assert 0 < one_sided < mutual <= 1
    assert of(one, other).score == mutual, "who has the lower number makes no difference"


def test_no_more_than_three_reasons_and_none_twice(round_):
    affinity.compute(round_)

    told = [reasons for row in rows(round_) for reasons in row[3:]]
    assert len(told) >= 20
    assert max(map(len, told)) == 3
    assert all(len({code for code, _values in reasons}) == len(reasons) for reasons in told)


def test_twice_gives_the_same_rows_and_leaves_other_rounds_alone(round_):
    other = RoundFactory()
    fill(other, 6)
    affinity.compute(other)
    affinity.compute(round_)
    first, of_other = rows(round_), rows(other)

    affinity.compute(round_)

    assert first
    assert rows(round_) == first
    assert rows(other) == of_other


def test_summary_counts_but_is_never_quoted(round_):
    """It often says who it is, and a card without a name does not show it."""
    buyer = participant(round_, "Oyster farms", "Turbidity")
    seller = participant(round_, "Cables", "Investors", summary="Acme turbidity.")
    affinity.compute(round_)

    fit = of(buyer, seller)

    assert fit is not None
    told = affinity.sentences(fit, buyer) + affinity.sentences(fit, seller)
    assert told
    assert "acme" not in " ".join(told).lower()


def test_empty_profile_has_no_affinity(round_):
    empty = participant(round_, "", "", summary="", nace_codes=[])

    affinity.compute(round_)

    assert not Affinity.objects.of(empty).exists()


def test_round_of_one_has_none():
    round_ = RoundFactory()
    participant(round_, "Pumps", "Pumps")

    assert affinity.compute(round_) == 0


@pytest.mark.parametrize("meets", Round.Meets.values)
def test_only_pairs_that_may_meet_have_rows(round_, meets):
    Round.objects.filter(pk=round_.pk).update(meets=meets, side_a="Buyers", side_b="Sellers")
    round_.refresh_from_db()
    people = list(Participant.objects.filter(round=round_).order_by("pk"))
    for number, each in enumerate(people):
        each.side = ("a", "b", "")[number % 3]
        each.save(update_fields=["side"])
    twin = ParticipantFactory(round=round_, company=people[0].company, offers=people[1].seeks, seeks=people[1].offers)
    left = ParticipantFactory(round=round_, status="withdrawn", offers=people[1].seeks, seeks=people[1].offers)
    apart = ordered(people[0], people[1])
    ForbiddenPair.objects.create(a=apart[0], b=apart[1])

    affinity.compute(round_)

    people = list(Participant.objects.confirmed().filter(round=round_).order_by("pk"))
    for each in people:
        each.round = round_
    may = {
        (a.pk, b.pk) for a, b in itertools.combinations(people, 2)
        if Participant.objects.who_may_meet(a).filter(pk=b.pk).exists()
    }  # fmt: skip
    assert may == {(a.pk, b.pk) for a, b in itertools.combinations(people, 2) if may_meet(a, b)}
    found = {row[:2] for row in rows(round_)}
    assert found
    assert found <= may - {(apart[0].pk, apart[1].pk)}
    assert not any(left.pk in pair for pair in found)
    assert (people[0].pk, twin.pk) not in found


def test_rows_grow_with_the_participants_and_not_with_the_pairs():
    round_ = RoundFactory(meets="anyone")
    fill(round_, 60)

    affinity.compute(round_)

    count = Affinity.objects.filter(a__round=round_).count()
    assert 60 < count <= 60 * affinity.BEST < 60 * 59


def test_change_of_a_profile_asks_for_it_once_and_the_row_is_the_truth(round_, django_capture_on_commit_callbacks):
    people = list(Participant.objects.filter(round=round_).select_related("round"))
    with django_capture_on_commit_callbacks() as sent:
        sign_up.change_profile(participant=people[0], offers="Turbidity sensors")
        sign_up.change_profile(participant=people[0], phone="+46 70 111 22 33")
    assert len(sent) == 1, "a mobile number changes no affinity"
    round_.refresh_from_db()
    assert round_.affinity_is_due

    tasks.affinities_due()

    round_.refresh_from_db()
    assert not round_.affinity_is_due
    first = rows(round_)
    assert first
    Affinity.objects.all().delete()
    tasks.affinity(round_.pk)
    assert rows(round_) == [], "nothing has changed since: nothing is done"


def test_change_during_the_work_is_not_forgotten(round_, monkeypatch):
    Round.objects.filter(pk=round_.pk).update(affinity_asked_at=timezone.now())
    worked_out = affinity.compute

    def changed_meanwhile(found: Round) -> int:
        Round.objects.filter(pk=found.pk).update(affinity_asked_at=timezone.now())
        return worked_out(found)

    monkeypatch.setattr(affinity, "compute", changed_meanwhile)
    affinity.refresh(round_.pk)

    round_.refresh_from_db()
    assert round_.affinity_is_due

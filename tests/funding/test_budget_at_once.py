"""Two secretaries award the last money of a funder at the same moment, a thousand times: no budget is ever broken."""

from functools import partial

import pytest
from django.db.models import Sum

from core.models import AuditEvent, Mail
from funding.actions import appeals, reserve
from funding.models import Award, Decision, Letter
from tests.funding.decisions_ground import fund, judged, judged_call, keep, reject, tell
from tests.racing import side_by_side

pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 1000


@pytest.mark.slow
def test_two_awards_never_break_a_budget_between_them(manager):
    call = judged_call()
    one, other = judged(call, 5, 60_000, 30_000), judged(call, 5, 50_000, 10_000)
    tried = []

    def between(done: int) -> None:
        sums = Award.objects.values("funder__name").annotate(sum=Sum("amount_eur")).values_list("funder__name", "sum")
        tried.append((done, dict(sums).get("Havsfonden", 0)))
        Award.objects.all().delete()
        Decision.objects.all().delete()

    side_by_side(TRIES, lambda: fund(one, manager), lambda: fund(other, manager), between=between)

    assert len(tried) == TRIES
    assert {done for done, _sum in tried} == {1}
    assert {total for _done, total in tried} <= {50_000, 60_000}


def test_two_orders_of_funders_do_not_wait_for_each_other_for_ever(manager):
    """Both hold the funders in the order of their numbers, whatever the order of the partners."""
    call = judged_call()
    one, other = judged(call, 5, 20_000, 10_000), judged(call, 5, 20_000, 10_000)
    first, second = call.funders.order_by("position")
    other.partners.filter(is_lead=True).update(funder=second)
    other.partners.filter(is_lead=False).update(funder=first)
    done = []

    side_by_side(20, lambda: fund(one, manager), lambda: fund(other, manager), between=done.append)

    assert done == [2] * 20


def test_decisions_are_made_known_once(manager):
    call = judged_call()
    reject(judged(call, 3, 20_000), manager)

    side_by_side(1, *[lambda: tell(call, manager)] * 2, between=lambda done: None)

    assert AuditEvent.objects.filter(action="funding.decisions_made_known").count() == 1
    assert (Letter.objects.count(), Mail.objects.filter(kind="funding-decision").count()) == (1, 1)


def test_decision_and_making_known_wait_for_each_other(manager):
    """A decision that comes while the letters go out is either in them or refused."""
    call = judged_call()
    application = judged(call, 5, 20_000)
    reject(application, manager)

    side_by_side(1, lambda: tell(call, manager), lambda: fund(application, manager), between=lambda done: None)

    decision = Decision.objects.get()
    assert Letter.objects.get().kind == decision.outcome


def test_free_money_goes_to_one_of_two_on_the_reserve_list(manager):
    call = judged_call()
    funded, first, second = judged(call, 5, 90_000), judged(call, 4, 60_000), judged(call, 4, 60_000)
    fund(funded, manager)
    keep(first, 1, manager)
    keep(second, 2, manager)
    tell(call, manager)
    reserve.give_up(award=Award.objects.get(), why="The company was sold.", by=manager)
    rows = [Decision.objects.get(application=each) for each in (first, second)]

    acts = [lambda row=row: reserve.move_up(decision=row, reasons="Money came free.", by=manager) for row in rows]
    counts = []
    side_by_side(1, *acts, between=counts.append)

    assert counts == [1]
    assert Decision.objects.get(application=first).outcome == "funded"
    assert Award.objects.standing().aggregate(sum=Sum("amount_eur"))["sum"] == 60_000


def test_appeal_filed_twice_at_once_is_one(manager, owner, organisation):
    call = judged_call()
    reject(judged(call, 3, 20_000, lead=organisation), manager)
    tell(call, manager)
    decision = Decision.objects.get()

    act = partial(appeals.file, decision=decision, words="The score is wrong.", by=owner)
    side_by_side(1, act, act, between=lambda done: None)

    assert AuditEvent.objects.filter(action="funding.appeal_filed").count() == 1
    assert Mail.objects.filter(key__startswith="funding-appeal:").count() == 1

"""Appeals: once, in time by the clock of the server, answered with a letter; and the reserve list moves up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import appeals, reserve
from funding.models import Appeal, Award, Decision, Letter
from funding.windows import appeal_ends, appeal_until
from tests.funding.decisions_ground import asked_in_full, fund, judged, judged_call, keep, reject, tell

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call(appeal_days=21, time_zone="Europe/Tallinn")


@pytest.fixture
def decision(call, manager, organisation, owner):
    reject(judged(call, 4, 40_000, lead=organisation), manager)
    tell(call, manager)
    return Decision.objects.get()


def file(decision, by, **more):
    return appeals.file(decision=decision, words="The second reviewer read an older file.", by=by, **more)


def test_window_ends_with_the_last_day_in_the_zone_of_the_call(call, manager):
    """Told at 23:30 UTC, when Tallinn has the next day already; 21 days later the clocks have changed."""
    reject(judged(call, 4, 40_000), manager)
    tell(call, manager, at=datetime(2026, 10, 10, 22, 30, tzinfo=UTC))
    decision = Decision.objects.get()

    assert appeal_ends(decision) == datetime(2026, 11, 1, 22, 0, tzinfo=UTC)
    assert appeal_until(decision) == "1 November 2026, 23:59, Tallinn (UTC+02:00)"


def test_last_second_is_in_time_and_the_next_is_not(decision, owner):
    ends = appeal_ends(decision)

    with pytest.raises(Refused, match="Appeals were possible until"):
        file(decision, owner, at=ends)
    assert file(decision, owner, at=ends - timedelta(seconds=1)).status == "filed"


def test_appeal_is_acknowledged_and_filed_once(decision, owner):
    first = file(decision, owner)

    assert appeals.file(decision=decision, words="Once more.", by=owner).pk == first.pk
    assert Appeal.objects.get().words == "The second reviewer read an older file."
    mail = Mail.objects.get(key__startswith="funding-appeal:")
    assert mail.to == owner.email
    assert "older file" in mail.text
    assert "Tallinn" in mail.text


def test_nothing_is_appealed_before_it_is_known(call, manager, organisation, owner):
    reject(judged(call, 4, 40_000, lead=organisation), manager)

    with pytest.raises(Refused, match="not made known yet"):
        file(Decision.objects.get(), owner)


@pytest.mark.parametrize("who", ["viewer", "colleague", "outsider", "manager", "evaluator"])
def test_only_owners_of_the_lead_appeal(decision, request, who):
    with pytest.raises(PermissionDenied):
        file(decision, request.getfixturevalue(who))


def test_dismissed_appeal_has_a_letter_and_the_decision_stands(decision, owner, manager):
    appeal = appeals.dismiss(appeal=file(decision, owner), answer="Both had the newest file.", by=manager)

    assert (appeal.status, appeal.answered_by) == ("dismissed", manager)
    letter = Letter.objects.get(kind="dismissed")
    assert "Both had the newest file." in letter.text
    decision.refresh_from_db()
    assert (decision.outcome, decision.reasons) == ("rejected", "The money does not reach it.")


def test_upheld_appeal_changes_the_decision_with_a_trail_and_a_letter(decision, owner, manager):
    amounts = asked_in_full(decision.application)
    appeals.uphold(appeal=file(decision, owner), answer="You are right.", outcome="funded", amounts=amounts, by=manager)

    decision.refresh_from_db()
    assert (decision.outcome, decision.awards.get().amount_eur) == ("funded", 40_000)
    event = AuditEvent.objects.get(action="funding.decided_on_appeal")
    assert (event.details["before"]["outcome"], event.details["after"]["outcome"]) == ("rejected", "funded")
    assert Letter.objects.filter(kind="funded").get().text.count("You are right.") == 1
    assert Appeal.objects.get().status == "upheld"


def test_appeal_cannot_be_upheld_with_money_that_is_not_there(call, manager, organisation, owner):
    fund(judged(call, 5, 80_000), manager)
    lost = judged(call, 4, 40_000, lead=organisation)
    reject(lost, manager)
    tell(call, manager)
    appeal = file(Decision.objects.get(application=lost), owner)

    with pytest.raises(Refused, match="EUR 20,000 too much"):
        appeals.uphold(
            appeal=appeal, answer="You are right.", outcome="funded", amounts=asked_in_full(lost), by=manager
        )
    appeal.refresh_from_db()
    assert appeal.status == "filed"
    assert Letter.objects.filter(decision__application=lost).count() == 1


def test_answer_is_given_once_by_the_secretary_and_has_words(decision, owner, manager):
    appeal = file(decision, owner)
    with pytest.raises(PermissionDenied):
        appeals.dismiss(appeal=appeal, answer="No.", by=owner)
    with pytest.raises(Refused, match="Write the answer"):
        appeals.dismiss(appeal=appeal, answer=" ", by=manager)
    appeals.dismiss(appeal=appeal, answer="No.", by=manager)
    with pytest.raises(Refused, match="answered already"):
        appeals.uphold(appeal=appeal, answer="Yes.", outcome="reserve", reserve_place=1, by=manager)


@pytest.fixture
def waiting(call, manager):
    """One is funded by both funders; the first in the list asks of both, the second of the first funder alone."""
    fund(judged(call, 5, 90_000, 40_000), manager)
    first, second = judged(call, 4, 60_000, 45_000), judged(call, 4, 50_000)
    keep(first, 1, manager)
    keep(second, 2, manager)
    tell(call, manager)
    return [Decision.objects.get(application=each) for each in (first, second)]


def give_up(name, by):
    return reserve.give_up(award=Award.objects.get(funder__name=name), why="It found other money.", by=by)


def test_next_whose_funders_can_all_pay_moves_up(waiting, manager):
    first, second = waiting
    give_up("Havsfonden", manager)

    with pytest.raises(Refused, match=f"not its turn: {second.application.reference} comes first"):
        reserve.move_up(decision=first, reasons="Money came free.", by=manager)
    moved = reserve.move_up(decision=second, reasons="Money came free.", by=manager)
    assert (moved.outcome, moved.reserve_place, moved.awards.get().amount_eur) == ("funded", None, 50_000)
    assert Letter.objects.filter(decision=second).count() == 2
    with pytest.raises(Refused, match="No funder has enough money"):
        reserve.move_up(decision=first, reasons="Money came free.", by=manager)


def test_joint_project_moves_up_when_both_funders_have_money(waiting, manager):
    give_up("Havsfonden", manager)
    give_up("Mere Fond", manager)

    assert reserve.move_up(decision=waiting[0], reasons="Money came free.", by=manager).awards.count() == 2
    with pytest.raises(Refused, match="not on the reserve list any more"):
        reserve.move_up(decision=waiting[0], reasons="Once more.", by=manager)


def test_award_is_given_up_once_with_a_reason(waiting, manager, owner):
    award = Award.objects.get(funder__name="Mere Fond")
    with pytest.raises(Refused, match="Say why"):
        reserve.give_up(award=award, why=" ", by=manager)
    with pytest.raises(PermissionDenied):
        reserve.give_up(award=award, why="x", by=owner)
    reserve.give_up(award=award, why="It found other money.", by=manager)
    reserve.give_up(award=award, why="Again.", by=manager)

    assert AuditEvent.objects.filter(action="funding.award_given_up").count() == 1
    award.refresh_from_db()
    assert award.why_given_up == "It found other money."


def test_before_the_decisions_are_known_nothing_is_given_up(call, manager):
    award = fund(judged(call, 5, 10_000), manager).awards.get()

    with pytest.raises(Refused, match="Change the decision instead"):
        reserve.give_up(award=award, why="x", by=manager)


def test_who_withdrew_does_not_move_up(waiting, manager):
    second = waiting[1]
    second.application.status, second.application.withdrawn_at = "withdrawn", timezone.now()
    second.application.save()
    give_up("Havsfonden", manager)

    with pytest.raises(Refused, match="withdrawn"):
        reserve.move_up(decision=second, reasons="Money came free.", by=manager)

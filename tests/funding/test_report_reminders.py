"""Reports that are due: a mail a month before, a week before and when they are late, each once."""

from datetime import timedelta

import pytest

from core.models import Mail
from funding import report_reminders
from funding.actions import granting, grants
from funding.models import GrantReport
from tests.factories.funding import GrantFactory
from tests.funding.grants_ground import award_for, today

pytestmark = pytest.mark.django_db


def mails() -> list[tuple[str, str]]:
    return list(Mail.objects.filter(kind="grant-report-reminder").order_by("pk").values_list("to", "subject"))


@pytest.fixture
def report(manager, owner, viewer, organisation) -> GrantReport:
    award = award_for(organisation)
    type(award.partner.application).objects.update(title="Pumps for <Tartu>")
    grant = granting.grant(award=award, by=manager)
    return grants.plan_report(grant=grant, kind="interim", due_on=today() + timedelta(days=31), by=manager)


def test_three_mails_each_once_to_those_who_answer_for_the_beneficiary(report, owner, time_machine):
    due, seen = report.due_on, []
    for days in (31, 30, 29, 7, 3, 0, -1, -2, -31):
        time_machine.move_to(due - timedelta(days=days))
        for _ in range(2):
            report_reminders.remind()
        seen.append(len(mails()))
    assert seen == [0, 1, 1, 2, 2, 2, 3, 3, 3]
    assert {to for to, _ in mails()} == {owner.email}, "a viewer writes no report"
    assert mails()[-1][1].endswith("Your report was due: " + report.grant.title)


def test_what_is_handed_in_or_ended_is_not_reminded_of(report):
    GrantReport.objects.update(due_on=today(), status="handed_in")
    report_reminders.remind()
    GrantReport.objects.update(status="due")
    type(report.grant).objects.update(status="ended", ended_on=today(), kept_eur=0)
    report_reminders.remind()
    assert mails() == []


def test_another_day_reminds_anew(report, manager):
    GrantReport.objects.update(due_on=today() + timedelta(days=7))
    report_reminders.remind()
    grants.move_report(report=report, due_on=today() + timedelta(days=6), by=manager)
    report_reminders.remind()
    assert len(mails()) == 2


def test_contact_of_a_beneficiary_without_an_account_is_told_where_to_send_it(manager):
    grant = GrantFactory(award__partner__email="kart@partner.example")
    grants.plan_report(grant=grant, kind="final", due_on=today() + timedelta(days=5), by=manager)
    report_reminders.remind()
    mail = Mail.objects.get(kind="grant-report-reminder")
    assert mail.to == "kart@partner.example"
    assert "Send it to calls@cluster.example." in mail.text
    assert "/funding/" not in mail.text

"""What became of the sample's funded projects: granted, agreed on, reported and paid."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from cluster_portal.sample.call_days import Days
from funding.actions import granting, grants
from funding.models import Award, FundingCall, Grant, GrantReport, Milestone
from members.models import Membership, Organisation, User

SIGNED_AFTER, STARTS_AFTER = timedelta(days=11), timedelta(days=20)
REPORT_AFTER = timedelta(weeks=4)  # the last day of the project
HANDED_IN_BEFORE, ACCEPTED_AFTER, PAID_AFTER = timedelta(days=5), timedelta(days=9), timedelta(days=16)
DUE_SOON = timedelta(days=12)
SHARES = {"On signing": Decimal("0.4"), "After the interim report": Decimal("0.4"), "After the final report": None}

Told = dict[str, Any]


def grant(call: FundingCall, told: Told, *, days: Days, today: date, by: User) -> None:
    """Each award on the planned day; then as far as its project is."""
    name_partners(call, by=by)
    _granted, refused = granting.grant_all(call=call, on=days.granting_on, by=by)
    if refused:
        raise RuntimeError(f"The sample could not grant {refused}.")
    rows = {each["title"]: each for each in told["application"]}
    for number, each in enumerate(Grant.objects.filter(award__funder__call=call).order_by("pk"), start=1):
        row = rows[each.award.partner.application.title]
        if row.get("status"):
            live(each, row, number, today=today, by=by)


def name_partners(call: FundingCall, *, by: User) -> None:
    """Who is funded and not on the portal yet is put there."""
    for award in Award.objects.filter(funder__call=call).select_related("partner").order_by("pk"):
        if award.partner.organisation is None:
            granting.add_as_organisation(part=award.partner, by=by)


def live(grant: Grant, told: Told, number: int, *, today: date, by: User) -> None:
    """Signed, begun, and reported and paid as far as its time is."""
    starts_on = grant.granted_on + STARTS_AFTER
    ends_on = starts_on + relativedelta(months=told["months"])
    grants.agree(
        grant=grant,
        agreement_number=f"{grant.award.partner.application.call.code}-A{number:02}",
        signed_on=grant.granted_on + SIGNED_AFTER,
        starts_on=starts_on,
        ends_on=ends_on,
        by=by,
    )
    half = starts_on + (ends_on - starts_on) / 2
    is_completed = told["status"] == Grant.Status.COMPLETED
    interim_on = half if is_completed else today + DUE_SOON
    milestones(grant, starts_on, half, ends_on, today=today, by=by)
    interim = grants.plan_report(grant=grant, kind=GrantReport.Kind.INTERIM, due_on=interim_on, by=by)
    final = grants.plan_report(grant=grant, kind=GrantReport.Kind.FINAL, due_on=ends_on + REPORT_AFTER, by=by)
    plan_payments(
        grant, {"On signing": None, "After the interim report": interim, "After the final report": final}, by=by
    )
    pay(grant, grant.granted_on + SIGNED_AFTER + PAID_AFTER, by=by)
    if is_completed:
        for report, words, spent in ((interim, told["interim"], Decimal("0.5")), (final, told["report"], Decimal(1))):
            accept(report, words, spent, by=by)
            pay(grant, report.due_on + PAID_AFTER, after=report, by=by)
    else:
        begin(interim, told["report"])


def milestones(grant: Grant, starts_on: date, half: date, ends_on: date, *, today: date, by: User) -> None:
    """Three, of which those in the past were reached."""
    for name, due_on in (("First partner meeting", starts_on + timedelta(weeks=3)), ("Half of the test", half),
                         ("Results shown", ends_on)):  # fmt: skip
        milestone: Milestone = grants.add_milestone(grant=grant, name=name, due_on=due_on, by=by)
        if due_on < today:
            grants.reach_milestone(milestone=milestone, on=due_on, by=by)


def plan_payments(grant: Grant, after: dict[str, GrantReport | None], *, by: User) -> None:
    """Three, which make the whole award."""
    left = grant.award.amount_eur
    for name, share in SHARES.items():
        amount = left if share is None else (grant.award.amount_eur * share).quantize(Decimal(1))
        left -= amount
        report = after[name]
        due_on = (report.due_on if report else grant.granted_on + SIGNED_AFTER) + PAID_AFTER
        grants.plan_payment(grant=grant, name=name, amount_eur=amount, due_on=due_on, after=report, by=by)


def pay(grant: Grant, on: date, *, by: User, after: GrantReport | None = None) -> None:
    """The payments that follow a report, or none."""
    for payment in grant.payments.filter(after=after, paid_on=None):
        grants.pay(payment=payment, on=on, bank_reference=f"HB {payment.pk:06}", by=by)


def accept(report: GrantReport, words: str, spent: Decimal, *, by: User) -> None:
    """Written and handed in by the beneficiary, or by the cluster team for one that has nobody here; accepted."""
    writer = writer_of(report.grant.organisation) or by
    costs = sum((each.amount_eur for each in report.grant.award.partner.costs.all()), Decimal(0))
    grants.write_report(report=report, words=words, spent_eur=(costs * spent).quantize(Decimal(1)), by=writer)
    grants.hand_in_report(report=report, by=writer)
    grants.accept_report(report=report, by=by)
    at = timezone.make_aware(datetime.combine(report.due_on - HANDED_IN_BEFORE, time(14, 5)))
    GrantReport.objects.filter(pk=report.pk).update(handed_in_at=at, settled_at=at + ACCEPTED_AFTER)


def begin(report: GrantReport, words: str) -> None:
    """The lead has written a first paragraph."""
    writer = writer_of(report.grant.organisation)
    if writer and report.grant.award.partner.is_lead:
        grants.write_report(report=report, words=words, spent_eur=None, by=writer)


def writer_of(organisation: Organisation) -> User | None:
    """Who answers for it, if anybody does."""
    owners: Iterable[Membership] = organisation.memberships.filter(role=Membership.Role.OWNER).select_related("user")
    return next((each.user for each in owners), None)

"""What the pages of grants show, in a constant number of queries."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, Count, DecimalField, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.ladder import Rung
from core.templatetags.portal import money
from funding import aid
from funding.asking import as_handed_in
from funding.models import Award, Decision, Funder, FundingCall, Grant, GrantReport, Milestone, Payment
from funding.permissions import can_report
from members.models import User

ZERO = Value(Decimal(0), DecimalField(max_digits=14, decimal_places=2))
LATE = "late"
STATES = [*Grant.Status.choices, (LATE, gettext_lazy("Something is late"))]
ROWS = ("award__funder", "award__partner__application__call", "organisation")


def grants(user: User) -> QuerySet[Grant]:
    """Those that a person may see, newest first, with what was paid and what is due next."""
    paid = Q(payments__paid_on__isnull=False)
    owed = GrantReport.objects.owed().filter(grant=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    return (
        Grant.objects.visible_to(user)
        .select_related(*ROWS)
        .annotate(
            paid=Coalesce(Sum("payments__amount_eur", filter=paid & Q(payments__is_recovery=False)), ZERO)
            - Coalesce(Sum("payments__amount_eur", filter=paid & Q(payments__is_recovery=True)), ZERO),
            next_report=Subquery(owed),
        )
        .order_by("-granted_on", "-pk")
    )


def narrowed(found: QuerySet[Grant], *, words: str, call: FundingCall | None, state: str) -> QuerySet[Grant]:
    """By words in names, by call and by state."""
    for word in (words or "").split():
        found = found.filter(
            Q(organisation__name__unaccent__icontains=word)
            | Q(agreement_number__icontains=word)
            | Q(title__unaccent__icontains=word)
        )
    if call:
        found = found.filter(award__funder__call=call)
    if state == LATE:
        return found.filter(pk__in=late_grants())
    return found.filter(status=state) if state else found


def late_grants() -> QuerySet:
    """The ids of grants with a report, a milestone or a payment whose day has passed."""
    today = timezone.localdate()
    open_states = [Grant.Status.GRANTED, Grant.Status.RUNNING]
    late = (
        Q(reports__status__in=["due", "returned"], reports__due_on__lt=today, status__in=open_states)
        | Q(milestones__reached_on=None, milestones__due_on__lt=today, status__in=open_states)
        | Q(payments__paid_on=None, payments__due_on__lt=today)
    )
    return Grant.objects.filter(late).values("pk")


class Due(NamedTuple):
    """Something that is to be done by a day."""

    due_on: date
    label: str
    grant: Grant
    url: str
    is_late: bool


def due(user: User) -> list[Due]:
    """What the organisations of a person owe, the next first: reports."""
    today = timezone.localdate()
    rows = GrantReport.objects.owed().filter(grant__in=Grant.objects.visible_to(user)).order_by("due_on", "pk")
    rows = rows.select_related("grant__award__partner__application__call", "grant__organisation")
    return [
        Due(each.due_on, str(each.get_kind_display()), each.grant, each.get_absolute_url(), each.due_on < today)
        for each in rows
    ]


def late(user: User) -> list[Due]:
    """What is late of everybody, for the cluster team: reports, milestones and payments."""
    today = timezone.localdate()
    of_grant = {"grant__award__partner__application__call", "grant__organisation"}
    open_grants = Grant.objects.visible_to(user).filter(status__in=["granted", "running"])
    reports = GrantReport.objects.owed().filter(due_on__lt=today, grant__in=open_grants).select_related(*of_grant)
    payments = Payment.objects.filter(paid_on=None, due_on__lt=today, grant__in=Grant.objects.visible_to(user))
    milestones = Milestone.objects.filter(reached_on=None, due_on__lt=today, grant__in=open_grants)
    rows = [
        *((each, str(each.get_kind_display())) for each in reports),
        *((each, each.name) for each in payments.select_related(*of_grant)),
        *((each, each.name) for each in milestones.select_related(*of_grant)),
    ]
    found = [Due(each.due_on, label, each.grant, each.grant.get_absolute_url(), True) for each, label in rows]
    return sorted(found, key=lambda each: (each.due_on, each.grant.pk))


def waiting_reports() -> QuerySet[GrantReport]:
    """Handed in and not answered yet, those that wait longest first."""
    rows = GrantReport.objects.filter(status=GrantReport.Status.HANDED_IN).order_by("handed_in_at", "pk")
    return rows.select_related("grant__award__partner__application__call", "grant__organisation")


def money_of(grant: Grant) -> dict[str, Decimal]:
    """What a grant is worth, what is planned and paid of it, and what is left."""
    payments = list(grant.payments.all())
    out = [each for each in payments if not each.is_recovery]
    paid = sum((each.amount_eur for each in out if each.paid_on), Decimal(0))
    back = sum((each.amount_eur for each in payments if each.is_recovery and each.paid_on), Decimal(0))
    planned = sum((each.amount_eur for each in out), Decimal(0))
    return {"paid": paid - back, "left": grant.amount_eur - paid + back, "unplanned": grant.amount_eur - planned}


def page(grant: Grant, user: User) -> dict[str, object]:
    """One grant with all that hangs on it."""
    return {
        "grant": grant,
        "may_plan": user.is_manager and grant.is_open,
        "milestones": list(grant.milestones.all()),
        "reports": list(grant.reports.all()),
        "payments": list(grant.payments.select_related("after")),
        "money": money_of(grant),
        "facts": facts(grant),
        "may_report": can_report(user, grant),
        "today": timezone.localdate(),
    }


def facts(grant: Grant) -> list[dict[str, object]]:
    """What is known of a grant, as facts."""
    sums = money_of(grant)
    of = _("of %(amount)s") % {"amount": money(grant.award.amount_eur)} if grant.kept_eur is not None else ""
    rows = [
        (_("State"), grant.get_status_display()),
        (_("Funder"), grant.award.funder.name),
        (_("Granted"), money(grant.amount_eur), of),
        (_("Day of granting"), _day(grant.granted_on)),
        (_("Paid"), money(sums["paid"])),
        (_("Still to pay"), money(sums["left"])),
        (_("Agreement"), grant.agreement_number),
        (_("Signed"), _day(grant.signed_on)),
        (_("Starts"), _day(grant.starts_on)),
        (_("Ends"), _day(grant.ends_on)),
    ]
    return [{"label": label, "value": value, "note": "".join(note)} for label, value, *note in rows]


def _day(day: date | None) -> str:
    return aid.in_words(day) if day else ""


class Awarded(NamedTuple):
    """An award, and what stands against granting it today."""

    award: Award
    warnings: list[str]


def to_grant(call: FundingCall) -> list[Awarded]:
    """The awards of a call that are not granted yet, with their warnings."""
    today = timezone.localdate()
    awards = Award.objects.standing().filter(funder__call=call, grant=None, decision__outcome=Decision.Outcome.FUNDED)
    rows = awards.select_related("funder", "partner__organisation", "partner__application__call")
    found = list(rows.order_by("funder__position", "pk"))
    as_handed_in(each.partner.application for each in found)
    warnings = aid.warnings_by_award(found, today)
    return [Awarded(each, warnings[each.pk]) for each in found]


# --- money by funder --------------------------------------------------------------------------------------------------


def by_funder(call: FundingCall | None = None) -> list[Funder]:
    """Each funder with its budget, and what was awarded, granted, paid and spent of it.

    Spent is what the newest report of each grant says that was handed in, but no more than the grant.
    """
    funders = Funder.objects.exclude(call__status=FundingCall.Status.DRAFT).select_related("call")
    funders = (funders.filter(call=call) if call else funders).order_by("-call__deadline", "position", "pk")
    standing = Award.objects.standing().with_what_they_bind().filter(decision__outcome=Decision.Outcome.FUNDED)
    awarded = _sums(standing, "binds_eur", "funder")
    worth = Coalesce("kept_eur", "award__amount_eur")
    granted = _sums(Grant.objects.all(), worth, "award__funder")
    spent = Grant.objects.annotate(
        said=Max("reports__spent_eur", filter=Q(reports__status__in=["handed_in", "accepted"])),
        spent=Case(When(said__gt=worth, then=worth), default=F("said")),
    )
    spent_by = {}
    for pk, amount in spent.values_list("award__funder", "spent"):
        spent_by[pk] = spent_by.get(pk, Decimal(0)) + (amount or 0)
    payments = Payment.objects.made()
    out = _sums(payments.filter(is_recovery=False), "amount_eur", "grant__award__funder")
    back = _sums(payments.filter(is_recovery=True), "amount_eur", "grant__award__funder")
    counted = dict(Grant.objects.values_list("award__funder").annotate(n=Count("pk")))
    rows = list(funders)
    for each in rows:
        each.awarded, each.granted = awarded.get(each.pk, Decimal(0)), granted.get(each.pk, Decimal(0))
        each.paid = out.get(each.pk, Decimal(0)) - back.get(each.pk, Decimal(0))
        each.spent, each.grants = spent_by.get(each.pk, Decimal(0)), counted.get(each.pk, 0)
        each.left, each.to_pay = each.budget_eur - each.awarded, each.granted - each.paid
    return rows


def _sums(rows: QuerySet, amount: object, of: str) -> dict[int, Decimal]:
    return dict(rows.values_list(of).annotate(sum=Sum(amount)).order_by())


MONEY_HEAD = (
    gettext_lazy("Call"),
    gettext_lazy("Funder"),
    gettext_lazy("Country"),
    gettext_lazy("Budget, EUR"),
    gettext_lazy("Awarded, EUR"),
    gettext_lazy("Granted, EUR"),
    gettext_lazy("Grants"),
    gettext_lazy("Paid, EUR"),
    gettext_lazy("Spent, EUR"),
    gettext_lazy("Still to pay, EUR"),
    gettext_lazy("Left of the budget, EUR"),
)


def money_rows(call: FundingCall | None = None) -> Iterator[list[object]]:
    """The overview as lines of a table, with its head."""
    yield [str(each) for each in MONEY_HEAD]
    for each in by_funder(call):
        yield [each.call.name, each.name, each.member_state, each.budget_eur, each.awarded, each.granted, each.grants,
               each.paid, each.spent, each.to_pay, each.left]  # fmt: skip


# --- for the room above -----------------------------------------------------------------------------------------------


class GrantOutcome(NamedTuple):
    """How far a grant has come by itself, for the ladder of outcomes: a project once it runs."""

    grant_id: int
    organisation_id: int
    topic_id: int | None
    rung: str
    granted_on: date
    reached_on: date


def outcomes_of_grants() -> Iterator[GrantOutcome]:
    """Each grant with the rung that it proves: an opportunity when granted, a project once its agreement runs.

    One that ended early with nothing kept proves an opportunity and no more.
    """
    topic = F("award__decision__application__topic_id")
    for each in Grant.objects.annotate(topic=topic).order_by("pk").iterator(chunk_size=500):
        was_project = each.status in (Grant.Status.RUNNING, Grant.Status.COMPLETED) or bool(each.kept_eur)
        rung = Rung.PROJECT if was_project else Rung.OPPORTUNITY
        reached_on = (each.signed_on if was_project else None) or each.granted_on
        yield GrantOutcome(each.pk, each.organisation_id, each.topic, rung, each.granted_on, reached_on)

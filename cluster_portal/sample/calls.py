"""The sample cluster's funding calls: one in each phase, through the room's own actions.

What lies in the past is written while the deadline is still ahead, because an application is only written in an open
call; then the call has its real days, and is handed in, judged, decided and paid on them. Where an act takes a moment,
it is told the real one. What it dates by the clock is dated afterwards, past the actions, but for what the database
keeps as it is: the audit trail and the moments at which the ledger was entered tell when the sample was loaded.
"""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from cluster_portal.sample import CONTENT, call_aid, call_applications, call_grants, call_reviews
from cluster_portal.sample.call_days import ZONE, Days, days_of
from core.models import Mail
from funding import reminding, report_reminders, starts
from funding.actions import calls, publishing
from funding.models import FundingCall
from members.models import Organisation, User

CONTACT = "calls@havsbris.example"
WRITTEN_BEFORE = timedelta(weeks=6)  # before it opens
PUBLISHED_BEFORE = timedelta(days=4)
PAST = ("over", "decided", "review")
# Nobody outside of the pattern's second funder pays for less than these.
KINDS = [Organisation.Kind.CLUSTER, Organisation.Kind.COMPANY]

Told = dict[str, Any]


def content() -> Told:
    """The content file of the calls."""
    return tomllib.loads((CONTENT / "calls.toml").read_text(encoding="utf-8"))


def reviewers() -> list[Told]:
    """Who reviews, as people of the home cluster."""
    return [row | {"role": "reviewer"} for row in content()["reviewer"]]


@transaction.atomic
def load(*, today: date, by: User) -> None:
    """All calls, with what is declared and sought around them. Nobody is written to: these people do not exist."""
    told = content()
    call_aid.load(told["linked"], today=today, by=by)
    last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = sorted(told["call"], key=lambda each: each["opens"])
    for row in rows:
        if row["phase"] in PAST:
            past_call(row, told, today=today, by=by)
    # They name days of the time before the call had its own.
    Mail.objects.filter(pk__gt=last).delete()
    for row in rows:
        if row["phase"] not in PAST:
            coming_call(row, told, today=today, by=by)
    reminding.remind_due()
    report_reminders.remind()
    Mail.objects.filter(status=Mail.Status.QUEUED).update(status=Mail.Status.SENT, sent_at=timezone.now())


def past_call(told: Told, whole: Told, *, today: date, by: User) -> FundingCall:
    """Written, handed in before its deadline, and as far as its phase is."""
    days = days_of(told, today)
    now = timezone.now()
    ahead = days._replace(
        deadline=now + timedelta(weeks=1),
        review_until=now + timedelta(weeks=2),
        granting_on=today + timedelta(weeks=3),
    )
    call = set_up(told, ahead, by=by)
    publish(call, days, by=by)
    written = [
        call_applications.write(call, row, number, linked=whole["linked"], days=days)
        for number, row in enumerate(told["application"])
    ]
    FundingCall.objects.filter(pk=call.pk).update(**days.of_the_call)
    for application, at in written:
        call_applications.hand_in(application, at=at)
    call.refresh_from_db()
    call_reviews.judge(call, told, whole, days=days, by=by)
    if told["phase"] != "review":
        call_reviews.decide(call, told, days=days, by=by)
        call_grants.grant(call, told, days=days, today=today, by=by)
    if told["phase"] == "over":
        publishing.close(call=call, by=by)
    return call


def coming_call(told: Told, whole: Told, *, today: date, by: User) -> FundingCall:
    """Being written, announced, or open with what was begun and handed in."""
    days = days_of(told, today)
    call = set_up(told, days, by=by)
    if told["phase"] == "draft":
        return call
    publish(call, days, by=by)
    for number, row in enumerate(told.get("application", ())):
        application, at = call_applications.write(call, row, number, linked=whole["linked"], days=days)
        if row["state"] == "submitted":
            call_applications.hand_in(application, at=at)
    return call


def set_up(told: Told, days: Days, *, by: User) -> FundingCall:
    """From the pattern of a joint call, with the funders that the content names."""
    start = starts.joint_call()
    facts = {name: told[name] for name in ("name", "code", "aim", "text")}
    facts |= {"is_blind": told.get("blind", False), "lead_kinds": KINDS, "contact_email": CONTACT, "time_zone": ZONE}
    own, other = start.parts.funders
    funders = [
        (own if row["country"] == own["member_state"] else other)
        | {
            "name": row["name"],
            "member_state": row["country"],
            "budget_eur": Decimal(row["budget"]),
            "largest_grant_eur": Decimal(row["largest"]),
        }
        for row in told["funders"]
    ]
    return calls.add_call(
        by=by,
        activities=start.activities,
        categories=start.categories,
        start=starts.Parts(funders, start.parts.questions, start.parts.criteria),
        **{**start.basics, **facts, **days.of_the_call},
    )


def publish(call: FundingCall, days: Days, *, by: User) -> None:
    """Some days before it opens, but not before now."""
    at = min(days.opens_at - PUBLISHED_BEFORE, timezone.now())
    publishing.publish(call=call, by=by, at=at)
    FundingCall.objects.filter(pk=call.pk).update(created_at=at - WRITTEN_BEFORE)
    call.refresh_from_db()

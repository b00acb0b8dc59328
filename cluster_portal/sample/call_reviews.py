"""How the sample's applications are judged: who reviews, what they say, and what is decided."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cluster_portal.sample.call_applications import owner_of
from cluster_portal.sample.call_days import Days
from funding.actions import announcing, appeals, assignments, conflicts, decisions, discussion, reviews
from funding.actions import reviewers as people
from funding.conflicts import needs_whole_list
from funding.models import Application, Assignment, Decision, FundingCall, Remark, Reviewer, Score
from funding.reviewing import criteria_of
from members.models import User

ASSIGNED_AFTER, DECLARED_AFTER = timedelta(days=4), timedelta(days=6)
DONE_AFTER, NEXT_AFTER = timedelta(days=9), timedelta(hours=19)
DECIDED_BEFORE = timedelta(days=2)
APPEALED_AFTER = timedelta(days=6, hours=5)

Told = dict[str, Any]
Pairs = list[tuple[Application, str, list[int]]]


def judge(call: FundingCall, told: Told, whole: Told, *, days: Days, by: User) -> None:
    """Reviewers are brought, assigned and asked. Most have done their part, one has begun, one has not answered."""
    rows = {each["title"]: each for each in told["application"]}
    found = call.applications.order_by("number")
    pairs = [(each, key, scores) for each in found for key, scores in rows[each.title]["scores"].items()]
    panel = bring(call, whole["reviewer"], by=by)
    answered = [pair for pair in pairs if pair[2]]
    assign(call, answered, panel, by=by)
    declare(panel.values())
    for assignment in Assignment.objects.filter(reviewer__call=call).select_related("reviewer__user").order_by("pk"):
        scores = next(s for a, key, s in answered if a.pk == assignment.application_id
                      and panel[key].pk == assignment.reviewer_id)  # fmt: skip
        review(assignment, scores, whole["said"])
    # Asked once the others had declared: this one waits.
    assign(call, [pair for pair in pairs if not pair[2]], panel, by=by)
    for each in found:
        for key, words in rows[each.title].get("remark", {}).items():
            discussion.remark(application=each, words=words, by=panel[key].user)
    date_back(call, days)


def bring(call: FundingCall, told: Iterable[Told], *, by: User) -> dict[str, Reviewer]:
    """All of them, by their keys."""
    users = User.objects.in_bulk([row["email"] for row in told], field_name="email")
    return {
        row["key"]: people.bring(
            call=call,
            user=users[row["email"]],
            by=by,
            employer=row["employer"],
            expertise=row["expertise"],
            is_on_panel=row.get("panel", False),
        )
        for row in told
    }


def assign(call: FundingCall, pairs: Pairs, panel: dict[str, Reviewer], *, by: User) -> None:
    """By hand, and sent."""
    for application, key, _scores in pairs:
        assignments.assign(application=application, reviewer=panel[key], by=by)
    assignments.send(call=call, by=by)


def declare(panel: Iterable[Reviewer]) -> None:
    """Nothing binds any of them to who applies."""
    for reviewer in panel:
        if needs_whole_list(reviewer):
            conflicts.declare_interests(reviewer=reviewer, names=[], by=reviewer.user)
            continue
        for assignment in reviewer.assignments.all():
            conflicts.declare(assignment=assignment, has_conflict=False, by=reviewer.user)


def review(assignment: Assignment, scores: list[int], said: Told) -> None:
    """Scores with a sentence each; handed in when there is one for each criterion."""
    assignment.refresh_from_db()
    criteria = criteria_of(assignment.application)
    posted: dict[str, str] = {}
    for number, (criterion, score) in enumerate(zip(criteria, scores, strict=False)):
        posted[f"score-{criterion.pk}"] = str(score)
        posted[f"why-{criterion.pk}"] = said["criteria"][number][score - 1]
    is_whole = len(scores) == len(criteria)
    if is_whole:
        posted["sum"] = said["in_sum"][round(sum(scores) / len(scores)) - 1]
    saved = reviews.save(assignment=assignment, posted=posted, seen={}, by=assignment.reviewer.user, hand_in=is_whole)
    if saved.errors or saved.is_handed_in != is_whole:
        raise RuntimeError(f"The sample's review could not be written: {saved.errors} {saved.missing}")


def date_back(call: FundingCall, days: Days) -> None:
    """Assigned some days after the deadline, and written one after the other."""
    now, sent_at = timezone.now(), days.deadline + ASSIGNED_AFTER
    Reviewer.objects.filter(call=call).update(added_at=sent_at - timedelta(days=1))
    Reviewer.objects.filter(call=call).exclude(declared_at=None).update(declared_at=days.deadline + DECLARED_AFTER)
    rows = list(Assignment.objects.filter(reviewer__call=call).order_by("pk"))
    for number, row in enumerate(rows):
        done_at = min(now, days.deadline + DONE_AFTER + number * NEXT_AFTER)
        row.assigned_at = sent_at
        row.declared_at = row.declared_at and days.deadline + DECLARED_AFTER
        row.done_at = row.done_at and done_at
        Score.objects.filter(assignment=row).update(saved_at=done_at)
    Assignment.objects.bulk_update(rows, ["assigned_at", "declared_at", "done_at"])
    Remark.objects.filter(application__call=call).update(at=min(now, days.deadline + 2 * DONE_AFTER))


# Decisions


def decide(call: FundingCall, told: Told, *, days: Days, by: User) -> None:
    """Decided, made known, and appealed against where the content says so."""
    rows = {each["title"]: each for each in told["application"]}
    place = 0
    for application in call.applications.order_by("number"):
        row = rows[application.title]
        is_reserve = row["outcome"] == Decision.Outcome.RESERVE
        place += is_reserve
        decisions.decide(
            application=application,
            outcome=row["outcome"],
            reasons=row["reasons"],
            by=by,
            amounts=amounts(application) if row["outcome"] == Decision.Outcome.FUNDED else None,
            reserve_place=place if is_reserve else None,
            at=days.decided_at - DECIDED_BEFORE,
        )
    announcing.make_known(call=call, by=by, at=days.decided_at)
    for decision in Decision.objects.filter(application__call=call).select_related("application__lead"):
        if words := rows[decision.application.title].get("appeal"):
            person = owner_of(decision.application.lead)
            appeals.file(decision=decision, words=words, by=person, at=days.decided_at + APPEALED_AFTER)
    call.refresh_from_db()


def amounts(application: Application) -> dict[int, Decimal]:
    """What each partner asks for."""
    return {pk: amount for pk, amount in application.partners.values_list("pk", "grant_eur") if amount}

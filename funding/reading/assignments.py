"""What the team sees of who reviews what: reviewers, the board, and who could review one application."""

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding import assigning
from funding.asking import as_handed_in
from funding.conflicts import Ties, said
from funding.expertise import subjects_of
from funding.models import Application, Assignment, FundingCall, Reviewer
from funding.reading.scores import leanings_of
from funding.reviewing import bound_to, code_of
from members.models import Membership, User

Status = Assignment.Status
STATES = {
    Status.PROPOSED: ("quiet", gettext_lazy("Proposed, not sent")),
    Status.ASKED: ("look", gettext_lazy("Asked about conflicts")),
    Status.CONFLICT: ("stop", gettext_lazy("Conflict of interest")),
    Status.OPEN: ("busy", gettext_lazy("Reviews")),
    Status.DONE: ("good", gettext_lazy("Handed in")),
}


def reviewers(call: FundingCall) -> list[dict[str, object]]:
    """Everybody who reviews, or did: how far, how they lean, and who has lost the role half-way."""
    rows = call.reviewers.select_related("user", "funder", "call").annotate(
        done=Count("assignments", filter=Q(assignments__status=Status.DONE)),
        left=Count("assignments", filter=Q(assignments__status__in=[Status.ASKED, Status.OPEN])),
        proposed=Count("assignments", filter=Q(assignments__status=Status.PROPOSED)),
    )
    active = set(call.reviewers.active().values_list("pk", flat=True))
    leanings = leanings_of(call)
    is_late = bool(call.review_until and call.review_until < timezone.now())
    found = []
    for row in rows.order_by("left_at", "user__name", "user__email"):
        state, label = _stands(row, is_active=row.pk in active, is_late=is_late)
        found.append(
            {"reviewer": row, "state": state, "label": label, "leaning": leanings.get(row.pk),
             "has_lost_role": row.left_at is None and row.pk not in active}
        )  # fmt: skip
    return found


def _stands(row: Reviewer, *, is_active: bool, is_late: bool) -> tuple[str, str]:
    if row.left_at:
        return "quiet", _("Taken out")
    if not is_active:
        return "stop", _("Has lost the role")
    if row.left and is_late:
        return "look", _("Overdue")
    if row.left:
        return "busy", _("Reviewing")
    return ("good", _("All handed in")) if row.done else ("quiet", _("Nothing assigned"))


def is_anything_proposed(call: FundingCall) -> bool:
    """Whether an assignment waits to be looked at and sent."""
    return Assignment.objects.filter(reviewer__call=call, status=Status.PROPOSED).exists()


def candidates(call: FundingCall) -> QuerySet[User]:
    """Who may be brought in: people with the role who do not review for this call now."""
    roles = [Membership.Role.REVIEWER, Membership.Role.MANAGER]
    people = User.objects.filter(
        is_active=True, memberships__organisation__is_home=True, memberships__role__in=roles
    ).exclude(pk__in=call.reviewers.filter(left_at=None).values("user"))
    return people.distinct().order_by("name", "email")


def board(call: FundingCall, page: Page, user: User) -> list[dict[str, object]]:
    """Applications of a page with who reviews them, and whether that is enough; nothing of what binds the reader."""
    closed = bound_to(user, call)
    rows = (
        Assignment.objects.filter(application__in=[each.pk for each in page])
        .exclude(status=Status.WITHDRAWN)
        .select_related("reviewer__user")
        .order_by("assigned_at", "pk")
    )
    active = set(call.reviewers.active().values_list("pk", flat=True))
    others = active - set(call.reviewers.filter(user=user).values_list("pk", flat=True))
    by_application: dict[int, list[dict[str, object]]] = {}
    for row in rows:
        state, label = STATES[Status(row.status)]
        is_lost = row.reviewer_id not in active and row.status in (Status.ASKED, Status.OPEN, Status.PROPOSED)
        entry = {
            "row": row,
            "state": "stop" if is_lost else state,
            "label": _("Cannot review any more") if is_lost else label,
            "is_lost": is_lost,
            "may_take_back": row.status != Status.DONE,
            "may_open_again": row.status == Status.DONE and row.reviewer_id in others,
            "may_overrule": row.status == Status.CONFLICT and row.conflict_is_detected,
        }
        by_application.setdefault(row.application_id, []).append(entry)
    found = []
    for application in as_handed_in(page):
        is_closed = application.pk in closed
        entries = [] if is_closed else by_application.get(application.pk, [])
        counted = sum(each["row"].status in Assignment.COUNTED and not each["is_lost"] for each in entries)
        found.append(
            {"application": application, "code": code_of(application), "entries": entries,
             "is_closed": is_closed, "lacks": 0 if is_closed else max(call.reviews_each - counted, 0)}
        )  # fmt: skip
    return found


def choices(call: FundingCall, application: Application) -> list[dict[str, object]]:
    """Who could review one application: how well each fits, what each has to do, and what speaks against it."""
    rows = list(
        call.reviewers.active()
        .select_related("user", "call")
        .annotate(has=Count("assignments", filter=Q(assignments__status__in=Assignment.COUNTED), distinct=True))
    )
    taken = dict(application.assignments.exclude(status=Status.WITHDRAWN).values_list("reviewer", "status"))
    ties = Ties(call, rows, [application])
    fits = assigning.fits({each.pk: each.expertise for each in rows}, subjects_of([application]))
    found = [
        {
            "reviewer": each,
            "fit": fits[application.pk, each.pk],
            "percent": round(100 * fits[application.pk, each.pk].value),
            "has": each.has,
            "is_full": each.has >= each.most_applications,
            "ties": [said(tie) for tie in ties.of(each, application)],
            "is_final": any(tie.is_final for tie in ties.of(each, application)),
        }
        for each in rows
        if each.pk not in taken
    ]
    return sorted(found, key=lambda each: (bool(each["ties"]), each["is_full"], -each["percent"], each["has"]))


def sums(call: FundingCall) -> dict[str, int]:
    """How far the reviews of a call are, and what waits to be sent."""
    rows = Assignment.objects.filter(reviewer__call=call).values_list("status").annotate(n=Count("pk"))
    counts = dict(rows)
    applications = call.applications.handed_in().count()
    needed = applications * call.reviews_each
    return {
        "applications": applications,
        "needed": needed,
        "lacking": max(needed - sum(counts.get(status, 0) for status in Assignment.COUNTED), 0),
        "proposed": counts.get(Status.PROPOSED, 0),
        "waiting": counts.get(Status.ASKED, 0) + counts.get(Status.OPEN, 0),
        "done": counts.get(Status.DONE, 0),
        "conflicts": counts.get(Status.CONFLICT, 0),
    }

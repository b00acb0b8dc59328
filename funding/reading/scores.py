"""Scores of a call: totals, disagreement, how reviewers lean, the discussion of one application, and the export."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import AuditEvent
from funding import scoring
from funding.asking import as_handed_in
from funding.models import Application, Assignment, Criterion, FundingCall, ModeratedScore, Reviewer, Score
from funding.reading.reviews import application_context, shown_title
from funding.reviewing import as_criteria, code_of, criteria_of, hidden_from, in_review, totals
from members.models import User

Status = Assignment.Status


def _handed_in(call: FundingCall) -> list[tuple[int, int, int, int]]:
    rows = Score.objects.filter(assignment__reviewer__call=call, assignment__status=Status.DONE, value__isnull=False)
    return list(rows.values_list("assignment__reviewer", "assignment__application", "criterion", "value"))


def leanings_of(call: FundingCall) -> dict[int, scoring.Leaning]:
    """How each reviewer of a call scores beside the others."""
    return scoring.leanings(as_criteria(call.criteria.all()), _handed_in(call))


def by_application(call: FundingCall, user: User) -> list[dict[str, object]]:
    """Every application with its total, the highest first; where somebody reviews or is bound, it stays closed."""
    closed = hidden_from(user, call)
    found, names = totals(call), dict(call.criteria.values_list("pk", "name"))
    rows = call.applications.handed_in().select_related("call", "lead").prefetch_related("assignments", "submissions")
    made = [_line(each, found[each.pk], names, is_closed=each.pk in closed) for each in as_handed_in(rows)]
    return sorted(made, key=lambda row: (row["total"] is None, -(row["total"] or 0), row["application"].number))


def _line(
    application: Application, total: scoring.Total, names: dict[int, str], *, is_closed: bool
) -> dict[str, object]:
    statuses = [each.status for each in application.assignments.all()]
    return {
        "application": application,
        "code": code_of(application),
        "total": None if is_closed else total.total,
        "values": () if is_closed else total.values,
        "is_closed": is_closed,
        "done": 0 if is_closed else statuses.count(Status.DONE),
        "of": 0 if is_closed else sum(status in Assignment.COUNTED for status in statuses),
        "below": [] if is_closed else [names[key] for key in total.below],
        "apart": [] if is_closed else [names[key] for key in total.apart],
        "moderated": 0 if is_closed else sum(each.is_moderated for each in total.values),
    }


def for_panel(seat: Reviewer, user: User) -> list[dict[str, object]]:
    """The same for the panel, under the names that reviewers know, without what is closed to this person."""
    open_to = [row for row in by_application(seat.call, user) if not row["is_closed"]]
    return [row | {"title": shown_title(row["application"])} for row in open_to]


def discussion(application: Application, user: User) -> dict[str, object]:
    """The scores of one application side by side, what was said, and what was agreed on."""
    as_handed_in([application])
    criteria = criteria_of(application)
    reviews = list(
        application.assignments.filter(status=Status.DONE)
        .select_related("reviewer__user")
        .prefetch_related("scores")
        .order_by("done_at", "pk")
    )
    first = _handed_in_first(reviews)
    labels = {row.reviewer.user_id: _("Reviewer %(n)s") % {"n": at} for at, row in enumerate(reviews, 1)}
    moderated = {each.criterion_id: each for each in application.moderated_scores.all()}
    given = [{score.criterion_id: score for score in row.scores.all()} for row in reviews]
    pure = as_criteria(criteria)
    total = scoring.total_of(
        pure,
        [{key: score.value for key, score in each.items() if score.value is not None} for each in given],
        {key: each.value for key, each in moderated.items()},
        funders={each.funder_id for each in criteria if each.funder_id},
    )
    values = {each.criterion: each for each in total.values}
    who = [_who(row, labels, user) for row in reviews]
    rows = [
        {
            "criterion": criterion,
            "value": values[criterion.pk],
            "moderated": moderated.get(criterion.pk),
            "given": _given(criterion, one, given, who, [first.get(row.pk, {}) for row in reviews]),
        }
        for criterion, one in zip(criteria, pure, strict=True)
    ]
    return {
        "application": application,
        "call": application.call,
        "total": total,
        "rows": rows,
        "sums": [{"who": name, "words": row.words} for name, row in zip(who, reviews, strict=True) if row.words],
        "remarks": _remarks(application, labels, user),
        "may_write": in_review(application.call),
        "may_moderate": user.is_manager,
        "code": code_of(application),
        "title": application.title if user.is_manager else shown_title(application),
        **application_context(application),
    }


def _given(
    criterion: Criterion, one: scoring.Criterion, given: list[dict[int, Score]], who: list[str],
    first: list[dict[str, dict[str, str]]],
) -> list[dict[str, object]]:  # fmt: skip
    """What each reviewer gives for one criterion, with the score handed in first where it is another one now."""
    scores = [each.get(criterion.pk) for each in given]
    values = {at: score.value for at, score in enumerate(scores) if score and score.value is not None}
    far = scoring.outliers(one, values)
    return [
        {"who": name, "score": score, "is_far": at in far, "first": _other_than(score, before.get(criterion.name))}
        for at, (name, score, before) in enumerate(zip(who, scores, first, strict=True))
    ]


def _handed_in_first(reviews: list[Assignment]) -> dict[int, dict[str, dict[str, str]]]:
    """What each review held when it was handed in for the first time, by the names of the criteria."""
    events = AuditEvent.objects.filter(
        action="funding.review_handed_in",
        object_type=Assignment._meta.label_lower,
        object_id__in=[each.pk for each in reviews],
    )
    # The newest first, so that the oldest is what stays.
    rows = events.order_by("-at", "-pk").values_list("object_id", "details")
    return {int(pk): details.get("scores", {}) for pk, details in rows}


def _other_than(now: Score | None, first: dict[str, str] | None) -> str:
    """The first score where it is another one now."""
    if not first or now is None or first["score"] == str(now.value):
        return ""
    return first["score"]


def _who(row: Assignment, labels: dict[int, str], user: User) -> str:
    """The team reads names. Reviewers read numbers, so that words count and not who wrote them."""
    label = labels[row.reviewer.user_id]
    if row.reviewer.user_id == user.pk:
        return _("You")
    return str(row.reviewer.user) if user.is_manager else label


def _remarks(application: Application, labels: dict[int, str], user: User) -> list[dict[str, object]]:
    rows = application.remarks.select_related("by").prefetch_related("by__memberships__organisation")
    return [{"remark": each, "who": _speaker(each.by, labels, user)} for each in rows]


def _speaker(by: User | None, labels: dict[int, str], user: User) -> str:
    if by is None:
        return _("Somebody who has left")
    if by == user:
        return _("You")
    if user.is_manager:
        return str(by)
    if any(each.organisation.is_home and each.role == "manager" for each in by.memberships.all()):
        return _("Cluster team")
    return labels.get(by.pk, _("Panel"))


def export(call: FundingCall, user: User) -> Iterator[list[object]]:
    """Each score of each review that was handed in, and each moderated score, as lines of a spreadsheet."""
    yield [
        _("Application"), _("Code for reviewers"), _("Title"), _("Reviewer"), _("Criterion"), _("Weight"),
        _("Highest score"), _("Score"), _("Why"), _("Handed in"),
    ]  # fmt: skip
    closed = hidden_from(user, call)
    rows = (
        Score.objects.filter(assignment__reviewer__call=call, assignment__status=Status.DONE)
        .exclude(assignment__application__in=closed)
        .select_related("assignment__reviewer__user", "assignment__application__call", "criterion")
        .order_by("assignment__application__number", "assignment", "criterion__position", "criterion")
    )
    for each in rows:
        yield _exported(each.assignment.application, str(each.assignment.reviewer.user), each, each.assignment.done_at)
    agreed = ModeratedScore.objects.filter(application__in=call.applications.handed_in()).exclude(
        application__in=closed
    )
    for each in agreed.select_related("application__call", "criterion").order_by("application__number", "criterion"):
        yield _exported(each.application, _("Moderated"), each, each.at)


def _exported(application: Application, who: str, score: object, at: object) -> list[object]:
    criterion = score.criterion
    return [
        application.reference, code_of(application), application.title, who, criterion.name, criterion.weight,
        criterion.most, score.value, score.words, timezone.localtime(at).strftime("%Y-%m-%d %H:%M"),
    ]  # fmt: skip

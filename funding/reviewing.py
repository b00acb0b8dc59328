"""What holds for every review: when it can be written, by which criteria, and who sees the scores of others."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from funding import conflicts, scoring
from funding.asking import funders_of
from funding.models import Application, Assignment, Criterion, FundingCall, ModeratedScore, Remark, Reviewer
from members.models import User
from members.permissions import ALLOWED, Verdict, refused

CODE_LENGTH = 6
# No vowels and no signs that look like others: codes are read out in meetings and never spell a word.
CODE_SIGNS = "BCDFGHJKLMNPQRSTVWXZ23456789"


def code_of(application: Application) -> str:
    """What reviewers call an application. A reference counts in the order of writing, and applicants tell it around."""
    digest = int.from_bytes(salted_hmac("funding.reviewing", str(application.pk)).digest()[:8])
    signs = []
    for _place in range(CODE_LENGTH):
        digest, at = divmod(digest, len(CODE_SIGNS))
        signs.append(CODE_SIGNS[at])
    return "".join(signs)


def name_for_reviewers(application: Application) -> str:
    """The reference in an open call, a code in a blind one."""
    return code_of(application) if application.call.is_blind else application.reference


def application_of(call: FundingCall, code: str) -> Application | None:
    """The application of a call that has this code."""
    rows = call.applications.handed_in().select_related("call", "lead")
    return next((each for each in rows if code_of(each) == code.upper()), None)


def in_review(call: FundingCall) -> Verdict:
    """Reviews begin when nobody can change an application any more, and end with the decision."""
    if call.phase == FundingCall.Phase.REVIEW:
        return ALLOWED
    if call.phase == FundingCall.Phase.CANCELLED:
        return refused(_("The call is cancelled. Reviews stay as they are."))
    if is_over(call):
        return refused(_("The call is decided. Reviews stay as they are."))
    return refused(_("Reviews begin after the deadline, when applications can no longer change."))


def is_over(call: FundingCall) -> bool:
    """Whether no review is taken any more."""
    return call.phase in (FundingCall.Phase.DECIDED, FundingCall.Phase.OVER, FundingCall.Phase.CANCELLED)


def can_score(user: User, assignment: Assignment) -> Verdict:
    """The reviewer whose assignment it is, after declaring that nothing binds it, while the call is in review."""
    if not Assignment.objects.of(user).filter(pk=assignment.pk).exists():
        return refused(_("Only the reviewer writes the review."))
    if assignment.status not in (Assignment.Status.OPEN, Assignment.Status.DONE):
        return refused(_("Tell us first whether something binds you to the organisations that apply."))
    return in_review(assignment.reviewer.call)


def can_reopen(assignment: Assignment) -> Verdict:
    """A review that was handed in changes until the day that the call names, or until others can be read."""
    call = assignment.reviewer.call
    if not (may := in_review(call)):
        return may
    if call.review_until and timezone.now() > call.review_until:
        return refused(_("The time for reviews is over. What you handed in counts."))
    if is_discussed(assignment):
        return refused(_("The scores of others are open to you, so yours stay. The cluster team can open them again."))
    return ALLOWED


def is_discussed(assignment: Assignment) -> bool:
    """Whether there is something of others to be read beside this review."""
    others = Assignment.objects.filter(application=assignment.application_id).exclude(pk=assignment.pk)
    if others.filter(status=Assignment.Status.DONE).exists():
        return True
    of = {"application": assignment.application_id}
    return Remark.objects.filter(**of).exists() or ModeratedScore.objects.filter(**of).exists()


def sees_scores(user: User, application: Application) -> Verdict:
    """The team, the panel, and who has handed in the own review. Nobody whom something binds, or who still writes."""
    own = Assignment.objects.filter(reviewer__user=user, application=application).first()
    if is_bound_to(user, application):
        return refused(_("Something binds you to who applies, so this is closed to you."))
    if own and own.status in (Assignment.Status.ASKED, Assignment.Status.OPEN):
        return refused(_("You see the scores of others when your own review is handed in."))
    if user.is_manager:
        return ALLOWED
    if own and own.status == Assignment.Status.DONE and Assignment.objects.of(user).filter(pk=own.pk).exists():
        return ALLOWED
    return _as_panel(user, application)


def _as_panel(user: User, application: Application) -> Verdict:
    seat = Reviewer.objects.active().filter(user=user, call=application.call_id, is_on_panel=True).first()
    if seat is None:
        return refused(_("Only the team, the panel and those who have reviewed this application see its scores."))
    if seat.declared_at is None:
        return refused(_("Tell us first whether something binds you to the organisations that apply."))
    if conflicts.ties_of(seat, application):
        return refused(_("Something binds you to who applies, so this is closed to you."))
    return ALLOWED


def bound_to(user: User, call: FundingCall) -> set[int]:
    """Applications of a call that something binds a person to; of a panel member also what only the portal sees."""
    found = set(call.applications.binding(user).values_list("pk", flat=True))
    if user.is_manager:
        return found
    seat = call.reviewers.filter(user=user, is_on_panel=True).select_related("user", "call").first()
    rows = list(call.applications.handed_in()) if seat else []
    ties = conflicts.Ties(call, [seat], rows) if seat else None
    return found | {each.pk for each in rows if ties.of(seat, each)}


def is_bound_to(user: User, application: Application) -> bool:
    """Whether a person has a conflict of interest with one application."""
    return Application.objects.binding(user).filter(pk=application.pk).exists()


def named_to(user: User, application: Application) -> str:
    """The reference of an application, for a sentence to somebody of the team."""
    return str(_("one that is closed to you")) if is_bound_to(user, application) else application.reference


def hidden_from(user: User, call: FundingCall) -> set[int]:
    """Applications of which the person, also as a manager, may not see scores now: own reviews and what binds it."""
    own = Assignment.objects.filter(reviewer__user=user, reviewer__call=call).unfinished()
    return bound_to(user, call) | set(own.values_list("application_id", flat=True))


def criteria_of(application: Application) -> list[Criterion]:
    """What this application is judged by: the call's criteria, and those of each funder that would pay in it."""
    paying = funders_of([application])[application.pk]
    rows = application.call.criteria.select_related("funder")
    return [each for each in rows if each.funder_id is None or each.funder_id in paying]


def as_criteria(rows: Iterable[Criterion]) -> list[scoring.Criterion]:
    """Criteria as the pure room of scores reads them."""
    return [
        scoring.Criterion(
            key=each.pk, most=each.most, weight=each.weight, threshold=each.threshold, funder=each.funder_id
        )
        for each in rows
    ]


def totals(
    call: FundingCall, funder: int | None = None, *, application: Application | None = None
) -> dict[int, scoring.Total]:
    """The total of each application that was handed in, in a constant number of queries.

    `funder`: for the ranking of that funder, whose own criteria then count for it; without one the criteria of every
    funder that would pay in the application do. `application`: of this one alone.
    """
    criteria = as_criteria(call.criteria.all())
    handed_in = call.applications.handed_in()
    chosen = handed_in.filter(pk=application.pk) if application else handed_in
    applications = chosen.prefetch_related("moderated_scores", "assignments__scores")
    found, funders = {}, funders_of(applications)
    for each in applications:
        paying = funders[each.pk]
        reviews = [
            {score.criterion_id: score.value for score in row.scores.all() if score.value is not None}
            for row in each.assignments.all()
            if row.status == Assignment.Status.DONE
        ]
        agreed = {score.criterion_id: score.value for score in each.moderated_scores.all()}
        found[each.pk] = scoring.total_of(
            criteria, reviews, agreed, funders=paying if funder is None else {funder} & paying
        )
    return found

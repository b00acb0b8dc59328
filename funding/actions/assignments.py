"""Who reviews what: proposed or chosen by hand, changed, and sent."""

from collections import Counter

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import assigning, review_emails
from funding.actions.locks import held_call
from funding.conflicts import Ties, ties_of, why_not
from funding.expertise import subjects_of
from funding.models import Application, Assignment, FundingCall, Reviewer
from funding.permissions import can_decide, can_run_calls
from funding.reviewing import in_review
from members.models import User
from members.permissions import insist

Status = Assignment.Status


@transaction.atomic
def propose(*, call: FundingCall, by: User) -> dict[int, int]:
    """Fills what is missing with the best assignment, for the team to look at; nobody is told.

    What stands stays. Returns how many reviews each application still lacks, by its key.
    """
    current = _in_review(call, by)
    reviewers = list(current.reviewers.active().select_related("user", "call"))
    applications = list(current.applications.handed_in().select_related("lead", "call"))
    ties = Ties(current, reviewers, applications)
    rows = list(Assignment.objects.filter(reviewer__call=current))
    active = {each.pk for each in reviewers}
    # Who has lost the role hands nothing in any more: that review is missing.
    coming = [row for row in rows if row.status == Status.DONE or row.reviewer_id in active]
    has = Counter(row.application_id for row in coming if row.status in Assignment.COUNTED)
    load = Counter(row.reviewer_id for row in rows if row.status in Assignment.COUNTED)
    fits = assigning.fits({each.pk: each.expertise for each in reviewers}, subjects_of(applications))
    bound = {(a.pk, r.pk) for a in applications for r in reviewers if ties.of(r, a)}
    found = assigning.propose(
        wanted={each.pk: max(current.reviews_each - has[each.pk], 0) for each in applications},
        room={each.pk: max(each.most_applications - load[each.pk], 0) for each in reviewers},
        load=load,
        fit={pair: fit.value for pair, fit in fits.items()},
        excluded=bound | {(row.application_id, row.reviewer_id) for row in rows},
    )
    Assignment.objects.bulk_create(
        Assignment(application_id=a, reviewer_id=r, status=Status.PROPOSED, fits_by=list(fits[a, r].because))
        for a, r in found.pairs
    )
    record(
        "funding.assignment_proposed", by=by, on=current, reviews=len(found.pairs), lacking=sum(found.short.values())
    )
    return dict(found.short)


@transaction.atomic
def assign(*, application: Application, reviewer: Reviewer, by: User, overrule: str = "") -> Assignment:
    """One reviewer for one application, by hand. Nobody is told before it is sent.

    A conflict of interest that the portal sees blocks it. `overrule`: why the team lets it pass all the same.
    """
    _in_review(application.call, by)
    insist(can_decide(by, application))
    current = Reviewer.objects.active().filter(pk=reviewer.pk, call=application.call_id).first()
    if current is None:
        raise Refused(_("%(name)s does not review for this call any more.") % {"name": reviewer})
    if not Application.objects.handed_in().filter(pk=application.pk).exists():
        raise Refused(_("This application is not handed in."))
    words = _overruled(ties_of(current, application), overrule)
    row = Assignment.objects.filter(application=application, reviewer=current).first()
    if row and row.status != Status.WITHDRAWN:
        raise Refused(_("%(name)s has this application already.") % {"name": reviewer})
    fits = assigning.fits({current.pk: current.expertise}, subjects_of([application]))
    row = row or Assignment(application=application, reviewer=current)
    row.status, row.overruled, row.assigned_at = Status.PROPOSED, words, timezone.now()
    row.conflict, row.conflict_is_detected, row.declared_at = "", False, None
    row.fits_by = list(fits[application.pk, current.pk].because)
    row.save()
    record("funding.assigned", by=by, on=row, application=application.reference, overruled=words)
    return row


def _overruled(ties: tuple, overrule: str) -> str:
    """The team's reason, where there is something to overrule; refuses where there is none, or nobody may."""
    if not ties:
        return ""
    if any(each.is_final for each in ties):
        raise Refused(_("%(why)s Nobody reviews the own application.") % {"why": why_not(ties)})
    if not overrule.strip():
        raise Refused(_("%(why)s Choose somebody else, or write why it may be all the same.") % {"why": why_not(ties)})
    return overrule.strip()


@transaction.atomic
def take_back(*, assignment: Assignment, by: User) -> None:
    """Takes an assignment back: a proposal is gone, scores that were begun are kept out of sight. Twice is once."""
    _in_review(assignment.application.call, by)
    insist(can_decide(by, assignment.application))
    row = Assignment.objects.select_for_update().filter(pk=assignment.pk).first()
    if row is None or row.status == Status.WITHDRAWN:
        return
    if row.status == Status.DONE:
        raise Refused(_("This review is handed in. It stays."))
    record("funding.assignment_taken_back", by=by, on=row, application=assignment.application.reference)
    if row.status == Status.PROPOSED:
        row.delete()
    else:
        Assignment.objects.filter(pk=row.pk).update(status=Status.WITHDRAWN)


@transaction.atomic
def send(*, call: FundingCall, by: User) -> int:
    """Sends every proposed assignment: one mail to each reviewer, however many there are. Returns how many went out.

    What the portal has learned since the proposal counts: a conflict that it sees now blocks.
    """
    current = _in_review(call, by)
    rows = list(
        Assignment.objects.select_for_update(of=["self"])
        .filter(reviewer__call=current, status=Status.PROPOSED)
        .select_related("reviewer__user", "reviewer__call", "application__call")
    )
    active = set(current.reviewers.active().values_list("pk", flat=True))
    ties = Ties(current, {row.reviewer for row in rows}, {row.application for row in rows})
    sent: dict[Reviewer, int] = {}
    for row in rows:
        found = ties.of(row.reviewer, row.application)
        if row.reviewer_id not in active:
            row.delete()
        elif found and not row.overruled:
            _block(row, why_not(found))
        else:
            Assignment.objects.filter(pk=row.pk).update(status=Status.ASKED, assigned_at=timezone.now())
            sent[row.reviewer] = sent.get(row.reviewer, 0) + 1
    if sent:
        event = record("funding.assignments_sent", by=by, on=current, reviews=sum(sent.values()), reviewers=len(sent))
        for reviewer, count in sent.items():
            review_emails.send_assigned(reviewer=reviewer, count=count, event=event.pk)
    return sum(sent.values())


def _block(row: Assignment, why: str) -> None:
    Assignment.objects.filter(pk=row.pk).update(status=Status.CONFLICT, conflict=why, conflict_is_detected=True)


@transaction.atomic
def overrule(*, assignment: Assignment, words: str, by: User) -> None:
    """Lets a conflict pass that the portal has seen, with the team's reason. What a reviewer declared stays."""
    _in_review(assignment.application.call, by)
    insist(can_decide(by, assignment.application))
    row = Assignment.objects.select_for_update(of=["self"]).select_related("reviewer__call").get(pk=assignment.pk)
    if row.status != Status.CONFLICT or not row.conflict_is_detected:
        raise Refused(_("Only a conflict that the portal has seen can be overruled."))
    if not words.strip():
        raise Refused(_("Write why it may be all the same."))
    _overruled(ties_of(row.reviewer, assignment.application), words)
    Assignment.objects.filter(pk=row.pk).update(status=Status.ASKED, overruled=words.strip(), declared_at=None)
    record("funding.conflict_overruled", by=by, on=row, conflict=row.conflict, why=words.strip())


@transaction.atomic
def remind(*, call: FundingCall, by: User) -> int:
    """Reminds who has reviews to write, each at most once a day. Returns how many mails went out."""
    current = _in_review(call, by)
    rows = current.reviewers.active().filter(assignments__in=Assignment.objects.unfinished())
    waiting = rows.annotate(left=Count("assignments")).select_related("user", "call")
    sent = [each for each in waiting if review_emails.send_reminder(reviewer=each, count=each.left)]
    if sent:
        record("funding.reviewers_reminded", by=by, on=current, reviewers=len(sent))
    return len(sent)


def _in_review(call: FundingCall, by: User) -> FundingCall:
    insist(can_run_calls(by))
    current = held_call(call)
    if not (may := in_review(current)):
        raise Refused(str(may.reason))
    return current

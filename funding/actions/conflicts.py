"""What reviewers say of what binds them to who applies. Before that, nothing of an application is shown."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding.actions.locks import held_call
from funding.conflicts import is_bound, names_in, needs_whole_list, ties_of, why_not
from funding.models import Assignment, Reviewer
from funding.reviewing import in_review
from members.models import User

Status = Assignment.Status


@transaction.atomic
def declare(*, assignment: Assignment, has_conflict: bool, words: str = "", by: User) -> Assignment:
    """A reviewer says of one application whether something binds it to who applies. Twice is once.

    The portal looks once more itself: what it sees blocks, unless the team has overruled it.
    """
    row = _own(assignment, by)
    if needs_whole_list(row.reviewer):
        raise Refused(_("This call asks once about all organisations that apply."))
    if row.status != Status.ASKED:
        return row
    if has_conflict:
        if not words.strip():
            raise Refused(_("Write in a few words what binds you."))
        _answer(row, Status.CONFLICT, words.strip(), by)
    else:
        _clear(row, by)
    return row


@transaction.atomic
def declare_interests(*, reviewer: Reviewer, names: Collection[str], words: str = "", by: User) -> int:
    """A reviewer of a blind call, or of a panel, says which of all organisations of the call it is bound to.

    Returns how many assignments were taken away by it. Which application is whose stays unsaid.
    """
    held_call(reviewer.call)
    current = Reviewer.objects.active().filter(pk=reviewer.pk, user=by).select_related("call", "user").first()
    if current is None:
        raise PermissionDenied
    if not (may := in_review(current.call)):
        raise Refused(str(may.reason))
    known = [each for each in names_in(current.call) if each in set(names)]
    Reviewer.objects.filter(pk=current.pk).update(
        interests=known, interests_words=words.strip(), declared_at=timezone.now()
    )
    current.refresh_from_db()
    record("funding.interests_declared", by=by, on=current, organisations=known)
    taken = 0
    sent = [Status.ASKED, Status.OPEN, Status.DONE]
    rows = current.assignments.select_for_update(of=["self"]).filter(status__in=sent)
    for row in rows.select_related("application__call"):
        row.reviewer = current
        if is_bound(current, row.application):
            # What is handed in stays for the team to judge; the words beside it say what has come to light.
            status = Status.DONE if row.status == Status.DONE else Status.CONFLICT
            _answer(row, status, _("Bound to: %(names)s") % {"names": ", ".join(known)}, by)
        elif row.status == Status.ASKED:
            _clear(row, by)
        taken += row.status == Status.CONFLICT
    return taken


def _own(assignment: Assignment, by: User) -> Assignment:
    rows = Assignment.objects.of(by).select_for_update(of=["self"]).select_related("reviewer__call", "reviewer__user")
    row = rows.select_related("application__call", "reviewer__call", "reviewer__user").filter(pk=assignment.pk).first()
    if row is None:
        raise PermissionDenied
    if not (may := in_review(row.reviewer.call)):
        raise Refused(str(may.reason))
    return row


def _clear(row: Assignment, by: User) -> None:
    ties = () if row.overruled else ties_of(row.reviewer, row.application)
    if ties:
        row.conflict_is_detected = True
        _answer(row, Status.CONFLICT, why_not(ties), by)
    else:
        _answer(row, Status.OPEN, "", by)


def _answer(row: Assignment, status: str, words: str, by: User) -> None:
    row.status, row.conflict, row.declared_at = status, words[:600], timezone.now()
    row.save(update_fields=["status", "conflict", "conflict_is_detected", "declared_at"])
    record("funding.conflict_declared", by=by, on=row, outcome=status, detected=row.conflict_is_detected)

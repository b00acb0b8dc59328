"""A reviewer's scores and words: saved as one goes, handed in, opened again until the time is over."""

from collections.abc import Mapping
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.numbers import whole_number
from funding import review_emails
from funding.actions.locks import held_call
from funding.models import Assignment, Criterion, Score
from funding.permissions import can_decide
from funding.reviewing import can_reopen, can_score, criteria_of, in_review
from members.models import User
from members.permissions import insist

Status = Assignment.Status
# What stands in the fields of a page: "score-7", "why-7" and "sum".
Fields = Mapping[str, str]


class Saved(NamedTuple):
    """What stands in the database now, what was wrong by the name of its field, and what is missing to hand it in."""

    fields: dict[str, str]
    errors: dict[str, str]
    missing: list[str]
    is_handed_in: bool


@transaction.atomic
def save(*, assignment: Assignment, posted: Fields, seen: Fields, by: User, hand_in: bool = False) -> Saved:
    """Keeps what fits of a page. Handed in, with all scores and words, it counts; a second time is once.

    `seen` is what the page was sent with: fields that the page has not changed stay as they are, so that two open
    tabs do not wipe each other's words. Where both have changed the same words, both are kept, one below the other.
    """
    current = _writable(assignment, by)
    if current.status == Status.DONE:
        raise Refused(_("This review is handed in. Open it again to change it."))
    criteria = criteria_of(current.application)
    stored = fields_of(current, criteria)
    errors: dict[str, str] = {}
    for name, value in _changed(posted, seen, stored).items():
        try:
            _keep(current, name, _merged(name, value, seen, stored), criteria)
        except Refused as refusal:
            errors[name] = str(refusal)
    now = fields_of(current, criteria)
    lacking = missing(now, criteria)
    handed_in = hand_in and not lacking and not errors
    if handed_in:
        Assignment.objects.filter(pk=current.pk).update(status=Status.DONE, done_at=timezone.now())
        given = {each.name: {"score": now[f"score-{each.pk}"], "why": now[f"why-{each.pk}"]} for each in criteria}
        application = current.application.reference
        record("funding.review_handed_in", by=by, on=current, application=application, scores=given, sum=now["sum"])
    return Saved(now, errors, lacking, handed_in)


@transaction.atomic
def reopen(*, assignment: Assignment, by: User) -> None:
    """A review that was handed in is written again, until the time is over. Twice is once."""
    current = _writable(assignment, by)
    if not (may := can_reopen(current)):
        raise Refused(str(may.reason))
    if Assignment.objects.filter(pk=current.pk, status=Status.DONE).update(status=Status.OPEN, done_at=None):
        record("funding.review_reopened", by=by, on=current, application=current.application.reference)


@transaction.atomic
def reopen_for_reviewer(*, assignment: Assignment, why: str, by: User) -> None:
    """The secretary lets a reviewer change what was handed in, for a reason that the record keeps. Twice is once.

    What was handed in first stands in the record, word for word.
    """
    insist(can_decide(by, assignment.application))
    call = held_call(assignment.application.call)
    if not (may := in_review(call)):
        raise Refused(str(may.reason))
    rows = Assignment.objects.select_for_update(of=["self"]).select_related("reviewer__user", "application")
    current = rows.get(pk=assignment.pk)
    current.reviewer.call = current.application.call = call
    if current.reviewer.user_id == by.pk:
        raise Refused(_("This is your own review. A colleague opens it again."))
    if not why.strip():
        raise Refused(_("Say why the review is opened again. The record keeps it."))
    if not Assignment.objects.filter(pk=current.pk, status=Status.DONE).update(status=Status.OPEN, done_at=None):
        return
    given = fields_of(current, criteria := criteria_of(current.application))
    scores = {each.name: given[f"score-{each.pk}"] for each in criteria}
    event = record(
        "funding.review_reopened_by_team", by=by, on=current, application=current.application.reference,
        why=why.strip(), scores_until_then=scores,
    )  # fmt: skip
    review_emails.send_reopened(reviewer=current.reviewer, why=why.strip(), event=event.pk)


def fields_of(assignment: Assignment, criteria: list[Criterion]) -> dict[str, str]:
    """What is kept of a review, by the names of the page's fields."""
    scores = {each.criterion_id: each for each in assignment.scores.all()}
    found = {"sum": Assignment.objects.values_list("words", flat=True).get(pk=assignment.pk)}
    for each in criteria:
        score = scores.get(each.pk)
        found[f"score-{each.pk}"] = "" if score is None or score.value is None else str(score.value)
        found[f"why-{each.pk}"] = score.words if score else ""
    return found


def missing(fields: Fields, criteria: list[Criterion]) -> list[str]:
    """The fields that must be filled before a review is handed in: a score and a reason for each criterion."""
    return [
        name for each in criteria for name in (f"score-{each.pk}", f"why-{each.pk}") if not fields.get(name, "").strip()
    ]


def _writable(assignment: Assignment, by: User) -> Assignment:
    call = held_call(assignment.application.call)
    rows = Assignment.objects.select_for_update(of=["self"]).select_related("reviewer", "application")
    current = rows.get(pk=assignment.pk)
    current.reviewer.call = current.application.call = call
    if not Assignment.objects.of(by).filter(pk=current.pk, reviewer__user=by).exists():
        raise PermissionDenied(_("You do not review this application any more. What you wrote is kept for the team."))
    if not (may := can_score(by, current)):
        raise Refused(str(may.reason))
    return current


def _told(value: str) -> str:
    """Words as a page sends them: lines ended in one way, nothing around them."""
    return "\n".join(value.replace("\x00", "").strip().splitlines())


def _changed(posted: Fields, seen: Fields, stored: Fields) -> dict[str, str]:
    known = {name: _told(value) for name, value in posted.items() if name in stored}
    return {name: value for name, value in known.items() if value != _told(seen.get(name, ""))}


def _merged(name: str, value: str, seen: Fields, stored: Fields) -> str:
    """The newer score counts. Of words that another tab has changed meanwhile, neither is lost."""
    there = _told(stored[name])
    if name.startswith("score-") or there in (value, _told(seen.get(name, ""))) or there in value or not value:
        return value
    return there if value in there else f"{there}\n\n{value}"


def _keep(assignment: Assignment, name: str, value: str, criteria: list[Criterion]) -> None:
    if name == "sum":
        Assignment.objects.filter(pk=assignment.pk).update(words=_within(value, Assignment, "words"))
        return
    kind, _dash, key = name.partition("-")
    criterion = next(each for each in criteria if str(each.pk) == key)
    if kind == "score":
        fact: dict[str, object] = {"value": _score(value, criterion)}
    else:
        fact = {"words": _within(value, Score, "words")}
    Score.objects.update_or_create(
        assignment=assignment, criterion=criterion, defaults=fact | {"saved_at": timezone.now()}
    )


def _score(value: str, criterion: Criterion) -> int | None:
    if not value:
        return None
    is_number = value == "0" or whole_number(value) > 0
    if not is_number or int(value) > criterion.most:
        raise Refused(_("Give a whole number from 0 to %(most)s.") % {"most": criterion.most})
    return int(value)


def _within(value: str, model: type, field: str) -> str:
    most = model._meta.get_field(field).max_length
    if len(value) > most:
        raise Refused(_("Not saved yet: use at most %(most)s characters, now %(n)s.") % {"most": most, "n": len(value)})
    return value

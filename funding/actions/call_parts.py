"""Funders, questions, criteria and documents of a call: they change while it is written, and never after."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.marks import insist_on_seen, mark_of
from funding.actions.calls import locked_draft
from funding.models import ActivityType, CallDocument, Correction, Criterion, Funder, FundingCall, Question
from funding.permissions import can_run_calls
from members.models import User
from members.permissions import insist

Part = TypeVar("Part", Funder, Question, Criterion)
MOST_DOCUMENTS = 20


@transaction.atomic
def save_funder(
    *, call: FundingCall, by: User, funder: Funder | None = None, seen: str = "",
    activity_types: Iterable[ActivityType] = (), **facts: object,
) -> Funder:  # fmt: skip
    """Adds a funder at the end, or changes one. No activity chosen: it pays for all of them."""
    current = locked_draft(call, by)
    row = _saved(Funder, current, funder, seen, facts)
    row.activity_types.set(activity_types)
    _note(row, by, is_new=funder is None)
    return row


@transaction.atomic
def save_question(
    *, call: FundingCall, by: User, question: Question | None = None, seen: str = "", **facts: object
) -> Question:
    """Adds a question at the end of the form, or changes one."""
    current = locked_draft(call, by)
    _insist_on_own_funder(current, facts)
    row = _saved(Question, current, question, seen, facts)
    _note(row, by, is_new=question is None)
    return row


@transaction.atomic
def save_criterion(
    *, call: FundingCall, by: User, criterion: Criterion | None = None, seen: str = "", **facts: object
) -> Criterion:
    """Adds a criterion at the end, or changes one."""
    current = locked_draft(call, by)
    _insist_on_own_funder(current, facts)
    row = _saved(Criterion, current, criterion, seen, facts)
    _note(row, by, is_new=criterion is None)
    return row


def _insist_on_own_funder(call: FundingCall, facts: dict[str, object]) -> None:
    funder = facts.get("funder")
    if isinstance(funder, Funder) and not call.funders.filter(pk=funder.pk).exists():
        raise Refused(_("This funder is not one of the call."))


def _saved(model: type[Part], call: FundingCall, before: Part | None, seen: str, facts: dict[str, object]) -> Part:
    if before is None:
        last = model.objects.filter(call=call).aggregate(last=Max("position"))["last"]
        row = model(call=call, position=0 if last is None else last + 1)
    else:
        row = _there(model, call, before)
        insist_on_seen(seen, mark_of(row))
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("There is one named %(name)s already.") % {"name": facts.get("name")}) from None
    return row


def _there(model: type[Part], call: FundingCall, part: Part) -> Part:
    row = model.objects.filter(call=call, pk=part.pk).first()
    if row is None:
        raise Refused(_("Somebody else removed this meanwhile."))
    return row


def _note(part: Part, by: User, *, is_new: bool) -> None:
    record(f"funding.{part._meta.model_name}_{'added' if is_new else 'changed'}", by=by, on=part, call=part.call.name)


@transaction.atomic
def remove(*, part: Part, by: User) -> None:
    """Takes it out of the call. A funder's own questions and criteria go with it. Twice is once."""
    current = locked_draft(part.call, by)
    for row in type(part).objects.filter(call=current, pk=part.pk):
        record(f"funding.{row._meta.model_name}_removed", by=by, on=row, call=current.name)
        row.delete()


@transaction.atomic
def move(*, part: Part, step: int, by: User) -> None:
    """Moves it so many places down, or up."""
    current = locked_draft(part.call, by)
    rows = list(type(part).objects.filter(call=current).order_by("position", "pk"))
    at = next((place for place, row in enumerate(rows) if row.pk == part.pk), None)
    if at is None:
        raise Refused(_("Somebody else removed this meanwhile."))
    rows.insert(max(at + step, 0), rows.pop(at))
    for position, row in enumerate(rows):
        row.position = position
    type(part).objects.bulk_update(rows, ["position"])
    record(f"funding.{part._meta.model_name}_moved", by=by, on=part, call=current.name)


@transaction.atomic
def add_document(*, call: FundingCall, name: str, file: File, content_type: str, by: User) -> CallDocument:
    """Adds a checked file. Once the call is published, its page says that it came later. Twice is once."""
    insist(can_run_calls(by))
    current = FundingCall.objects.select_for_update().get(pk=call.pk)
    if current.status in (FundingCall.Status.OVER, FundingCall.Status.CANCELLED):
        raise Refused(_("The call is over. Its documents stay as they are."))
    if current.documents.count() >= MOST_DOCUMENTS:
        raise Refused(_("There are %(n)s documents, which is as many as fit.") % {"n": MOST_DOCUMENTS})
    for row in current.documents.filter(name=name, size=file.size):
        if _same_content(row.file, file):
            return row
    last = current.documents.aggregate(last=Max("position"))["last"]
    document = CallDocument.objects.create(
        call=current,
        position=0 if last is None else last + 1,
        name=name,
        file=file,
        size=file.size,
        content_type=content_type,
    )
    if current.status != FundingCall.Status.DRAFT:
        Correction.objects.create(call=current, of=Correction.Of.DOCUMENT, after=name, by=by)
    record("funding.document_added", by=by, on=document, call=current.name)
    return document


def _same_content(kept: File, sent: File) -> bool:
    with kept.open("rb") as content:
        sent.seek(0)
        return content.read() == sent.read()


@transaction.atomic
def remove_document(*, document: CallDocument, by: User) -> None:
    """Takes a file out of a call that is being written. Twice is once."""
    current = locked_draft(document.call, by)
    for row in current.documents.filter(pk=document.pk):
        record("funding.document_removed", by=by, on=row, call=current.name)
        name, storage = row.file.name, row.file.storage
        row.delete()
        transaction.on_commit(lambda name=name, storage=storage: storage.delete(name))

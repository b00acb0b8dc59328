"""What a reviewer sees: the own list, and one application beside its criteria."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from io import BytesIO
from typing import BinaryIO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.codelists import countries
from core.numbers import whole_number
from funding import blinding
from funding.actions.reviews import fields_of, missing
from funding.anonymising import clean_pdf
from funding.blinding import Shown
from funding.conflicts import needs_whole_list
from funding.models import Application, Assignment, Attachment, Criterion, Reviewer
from funding.reviewing import can_reopen, code_of, criteria_of, in_review, is_over, name_for_reviewers
from members.models import Organisation, User

Status = Assignment.Status
STATES = {
    Status.ASKED: ("look", gettext_lazy("Say first whether something binds you")),
    Status.OPEN: ("busy", gettext_lazy("To be reviewed")),
    Status.DONE: ("good", gettext_lazy("Handed in")),
    Status.CONFLICT: ("quiet", gettext_lazy("Not yours: something binds you")),
}


def last_content(application: Application) -> dict[str, object]:
    """What was handed in last: the one that counts."""
    last = next(iter(application.submissions.all()), None)  # the rows stand with the last one first
    return last.content if last else {}


def shown_to_reviewers(application: Application) -> Shown:
    """An application as reviewers may see it, blind where the call is."""
    return blinding.shown(
        last_content(application), blind=application.call.is_blind, label=lambda n: _("Organisation %(n)s") % {"n": n}
    )


def read_by_reviewers(attachment: Attachment) -> BinaryIO:
    """A file as reviewers may read it. Raises NotCleaned, which handing in has ruled out."""
    file = attachment.file.open("rb")
    if not attachment.application.call.is_blind:
        return file
    with file:
        return BytesIO(clean_pdf(file.read()))


def own(user: User) -> list[dict[str, object]]:
    """A person's reviews by call, those still to be written and the next to be due first, and how far each is."""
    seats = Reviewer.objects.active().filter(user=user).select_related("call").order_by("call__review_until", "pk")
    rows = Assignment.objects.of(user).select_related("application__call", "reviewer__call")
    rows = rows.prefetch_related("scores", "application__submissions")
    by_seat: dict[int, list[Assignment]] = {}
    for row in rows:
        by_seat.setdefault(row.reviewer_id, []).append(row)
    found = [_seat(each, by_seat.get(each.pk, [])) for each in seats if each.pk in by_seat or each.is_on_panel]
    return sorted(found, key=lambda seat: seat["done"] == seat["total"])


def _seat(reviewer: Reviewer, rows: list[Assignment]) -> dict[str, object]:
    call = reviewer.call
    rows = [row for row in rows if row.status != Status.CONFLICT or not call.is_blind]
    rows.sort(key=lambda row: (row.status == Status.CONFLICT, row.status == Status.DONE, str(row.key)))
    over, done = is_over(call), sum(row.status == Status.DONE for row in rows)
    total = sum(row.status != Status.CONFLICT for row in rows)
    return {
        "call": call,
        "reviewer": reviewer,
        "done": done,
        "total": total,
        "over": str(in_review(call).reason) if over else "",
        "is_late": bool(not over and call.review_until and call.review_until < timezone.now() and done < total),
        "asks_for_list": not over
        and needs_whole_list(reviewer)
        and (reviewer.declared_at is None or any(row.status == Status.ASKED for row in rows)),
        "rows": [_row(row, blind_and_undeclared=needs_whole_list(reviewer), over=over) for row in rows],
    }


def _row(row: Assignment, *, blind_and_undeclared: bool, over: bool) -> dict[str, object]:
    state, label = STATES[Status(row.status)]
    if over and row.status in (Status.ASKED, Status.OPEN):
        state, label = "quiet", _("Not handed in")
    is_known = row.status in (Status.OPEN, Status.DONE)
    return {
        "assignment": row,
        "name": name_for_reviewers(row.application),
        "title": shown_title(row.application) if is_known else "",
        "state": state,
        "label": label,
        "scored": sum(score.value is not None for score in row.scores.all()),
        "is_known": is_known,
        "asks": row.status == Status.ASKED and not blind_and_undeclared and not over,
        "waits": row.status == Status.ASKED and not over,
    }


def shown_title(application: Application) -> str:
    """The title that reviewers read, without names in a blind call."""
    if application.call.is_blind:
        return shown_to_reviewers(application).title
    return last_content(application).get("title") or application.title


def page(assignment: Assignment, fields: Mapping[str, str] | None = None) -> dict[str, object]:
    """One application and its criteria. `fields`: what was typed, where it was not saved."""
    application = assignment.application
    criteria = criteria_of(application)
    stored = fields_of(assignment, criteria)
    lacking = missing(stored, criteria)
    told = fields if fields is not None else stored
    return {
        "assignment": assignment,
        "call": application.call,
        "name": name_for_reviewers(application),
        "code": code_of(application),
        "rows": [_criterion(each, told) for each in criteria],
        "words": told.get("sum", ""),
        "stored": stored,
        "progress": progress(lacking, criteria),
        "is_handed_in": assignment.status == Status.DONE,
        "may_reopen": can_reopen(assignment),
        "over": str(in_review(application.call).reason) if is_over(application.call) else "",
        "is_late": bool(application.call.review_until and application.call.review_until < timezone.now()),
        **application_context(application),
    }


def marked(rows: Iterable[Mapping[str, object]], names: Collection[str]) -> list[tuple[str, str]]:
    """Where something is missing or does not fit, to be led to: places of the page with their names."""
    found = [row["criterion"] for row in rows if row["score_name"] in names or row["why_name"] in names]
    return [(f"criterion-{each.pk}", each.name) for each in found] + ([("sum", _("In sum"))] if "sum" in names else [])


def progress(lacking: Iterable[str], criteria: list[Criterion]) -> dict[str, object]:
    """How many criteria have a score and a reason, and which have not."""
    open_keys = {whole_number(name.partition("-")[2]) for name in lacking}
    names = [each.name for each in criteria if each.pk in open_keys]
    return {"done": len(criteria) - len(names), "total": len(criteria), "missing": names}


def _criterion(criterion: Criterion, told: Mapping[str, str]) -> dict[str, object]:
    score = told.get(f"score-{criterion.pk}", "")
    anchors = {key: words for key, words in criterion.anchors.items() if words}
    return {
        "criterion": criterion,
        "score_name": f"score-{criterion.pk}",
        "why_name": f"why-{criterion.pk}",
        "score": score,
        "why": told.get(f"why-{criterion.pk}", ""),
        "scores": [
            {"value": str(value), "anchor": anchors.get(str(value), ""), "is_chosen": str(value) == score}
            for value in range(criterion.most + 1)
        ],
    }


def application_context(application: Application) -> dict[str, object]:
    """The application as reviewers read it, in words."""
    seen = shown_to_reviewers(application)
    names, kinds = countries(), dict(Organisation.Kind.choices)
    return {
        "seen": seen,
        "is_blind": application.call.is_blind,
        "answers": [_answer(each) for each in seen.answers],
        "parts": [
            {
                "part": each,
                "costs": [(name, Decimal(amount)) for name, amount in each.costs],
                "total": Decimal(each.total),
                "grant": None if each.grant is None else Decimal(each.grant),
                "own_money": None if each.own_money is None else Decimal(each.own_money),
                "country": names.get(each.country, each.country),
                "kind": kinds.get(each.kind, each.kind),
                "answers": [_answer(one) for one in each.answers],
            }
            for each in seen.parts
        ],
    }


def _answer(answer: blinding.Answer) -> dict[str, object]:
    value = answer.value
    if isinstance(value, bool):
        value = _("Yes") if value else _("No")
    many = value if isinstance(value, tuple) else ()
    return {"text": answer.text, "value": "" if many else value, "values": many}

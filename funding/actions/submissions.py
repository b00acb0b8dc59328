"""Handing in: checked, counted and kept word for word, by the server's clock, in one transaction."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.clocks import second_in
from funding import checklist, emails
from funding.actions.locks import TooLate, held, held_call
from funding.declarations import DECLARATIONS
from funding.models import Answer, Application, FundingCall, Partner, Submission
from funding.permissions import can_apply_for
from members.models import User
from members.permissions import insist

FORMAT = 1


class NotReady(Refused):
    """Something is missing, or does not fit; the points say what."""

    def __init__(self, points: list[checklist.Point]) -> None:
        super().__init__(_("It is not handed in: something is missing still."))
        self.points = points


@transaction.atomic
def submit(*, application: Application, by: User, seen: str = "", at: datetime | None = None) -> Submission:
    """Hands in what stands there now. The clock is read while the call is held, so a deadline cannot move under it.

    `seen` is the fingerprint of the open questions that the person has agreed to hand in with. `at`: the moment, for
    what was handed in before it came to the portal. Twice is once.
    """
    insist(can_apply_for(by, application.lead))
    call = held_call(application.call)
    current = held(application)
    current.call = call
    if current.status == Application.Status.SUBMITTED:
        return current.submissions.latest("number")
    now = at or timezone.now()
    _insist_on_time(call, current, now)
    points = checklist.checklist(current, moment=now)
    if blocking := [point for point in points if point.blocks]:
        raise NotReady(blocking)
    unknown = [point.text for point in points if point.verdict == "unknown"]
    if unknown and seen != checklist.fingerprint(points):
        raise Refused(_("Some rules cannot be decided yet. Read them, agree, and hand in once more."))
    return _hand_in(current, points, unknown, by, now)


def _insist_on_time(call: FundingCall, application: Application, now: datetime) -> None:
    if application.status == Application.Status.WITHDRAWN:
        raise Refused(_("The application was withdrawn."))
    if now > call.deadline:
        told = _("The deadline was %(deadline)s. It is %(now)s now, by the portal's clock.")
        clocks = {"deadline": second_in(call.deadline, call.time_zone), "now": second_in(now, call.time_zone)}
        raise TooLate(told % clocks)
    if call.status != FundingCall.Status.PUBLISHED or now < call.opens_at:
        raise TooLate(_("This call takes no applications now."))


def _hand_in(
    application: Application, points: list[checklist.Point], unknown: list[str], by: User, now: datetime
) -> Submission:
    number = application.submissions.count() + 1
    content = content_of(application) | {
        "submission": number,
        "at": now.isoformat(),
        "by": str(by),
        "handed_in_with_open_questions": unknown,
    }
    submission = Submission.objects.create(
        application=application,
        number=number,
        at=now,
        by=str(by),
        content=content,
        sha256=sha256_of(content),
        checks=[
            {"rule": point.rule, "verdict": point.verdict, "message": point.text, "source": point.source}
            for point in points
            if point.rule
        ],
    )
    Application.objects.filter(pk=application.pk).update(status=Application.Status.SUBMITTED, changed_at=now)
    record(
        "funding.application_submitted", by=by, on=application, organisation_id=application.lead_id,
        number=number, sha256=submission.sha256,
    )  # fmt: skip
    emails.send_receipt(submission=submission)
    return submission


def sha256_of(content: dict[str, object]) -> str:
    """Of the content as canonical JSON: keys in order, no spaces, UTF-8."""
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def content_of(application: Application) -> dict[str, object]:
    """The application word for word, as it stands. docs/funding.md tells its format."""
    partners = application.partners.taking_part().select_related("funder").order_by("position", "pk")
    rows = partners.prefetch_related("activity_types", "costs__category", "answers__question")
    return {
        "format": FORMAT,
        "call": {"code": application.call.code, "name": application.call.name},
        "reference": application.reference,
        "lead": application.lead.name,
        "title": application.title,
        "summary": application.summary,
        "months": application.months,
        "answers": _answers(application.answers.filter(partner=None).select_related("question")),
        "partners": [_partner(each) for each in rows],
        "attachments": [
            {
                "id": each.pk, "name": each.name, "content_type": each.content_type, "size": each.size,
                "sha256": each.sha256, "partner": each.partner_id, "question": each.question_id,
                "read_blind": bool(each.question and each.question.is_read_blind),
            }
            for each in application.attachments.kept().select_related("question").order_by("pk")
        ],
        "declarations": [str(words) for _key, words in DECLARATIONS],
    }  # fmt: skip


def _answers(answers: "list[Answer] | object") -> list[dict[str, object]]:
    rows = sorted(answers, key=lambda each: (each.question.position, each.question_id))
    return [
        {
            "question": each.question_id, "text": each.question.text, "kind": each.question.kind,
            "tells_who": each.question.tells_who, "value": each.value,
        }
        for each in rows
    ]  # fmt: skip


def _partner(partner: Partner) -> dict[str, object]:
    costs = sorted(partner.costs.all(), key=lambda each: (each.category.position, each.category_id))
    asked = {None, partner.funder_id}
    return {
        "id": partner.pk,
        "is_lead": partner.is_lead,
        "name": partner.name,
        "organisation": partner.organisation_id,
        "registration_number": partner.registration_number,
        "kind": partner.kind,
        "country": partner.country,
        "region": partner.region,
        "person": partner.person,
        "email": partner.email,
        "funder": {"id": partner.funder_id, "name": partner.funder.name} if partner.funder else None,
        "activities": [each.name for each in partner.activity_types.all()],
        "role": partner.role,
        "costs": [
            {"category": each.category_id, "name": each.category.name, "amount": str(each.amount_eur)} for each in costs
        ],
        "total": str(sum((each.amount_eur for each in costs), Decimal(0))),
        "grant": _text(partner.grant_eur),
        "own_money": _text(partner.own_money_eur),
        "other_money": _text(partner.other_money_eur),
        "answers": _answers([each for each in partner.answers.all() if each.question.funder_id in asked]),
        "figures": {
            "enterprise": partner.enterprise,
            "previous_grants": partner.previous_grants,
            "declared_aid": partner.declared_aid,
        },
        "confirmed_by": partner.answered_by,
        "confirmed_at": partner.declared_at.isoformat() if partner.declared_at else None,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)

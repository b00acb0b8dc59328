"""Requests to join, from outside, and their answers."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members import emails
from members.actions.invitations import invite
from members.actions.organisations import add_organisation
from members.models import Invitation, JoinRequest, Organisation, User
from members.permissions import can_manage, insist


@transaction.atomic
def request_to_join(*, email: str, **answers: str) -> tuple[JoinRequest, bool]:
    """Keeps a request and tells the managers; a second one of the same address waits with the first."""
    join_request, is_new = JoinRequest.objects.waiting().get_or_create(email=email.strip().lower(), defaults=answers)
    if is_new:
        record("members.asked_to_join", by=None, on=join_request)
        emails.send_join_request(join_request=join_request, to=User.objects.managers())
    return join_request, is_new


@transaction.atomic
def approve_join_request(
    *, join_request: JoinRequest, organisation: Organisation | None, new: Mapping[str, str] | None, role: str, by: User
) -> Invitation:
    """Says yes: the person gets an invitation to the organisation, or to a new one of the facts in `new`."""
    _decide(join_request, approved=True, by=by)
    organisation = organisation or add_organisation(**new, by=by)
    return invite(email=join_request.email, name=join_request.name, organisation=organisation, role=role, by=by)


@transaction.atomic
def decline_join_request(*, join_request: JoinRequest, sentence: str, by: User) -> JoinRequest:
    """Says no, with a sentence of one's own or without."""
    _decide(join_request, approved=False, by=by)
    emails.send_join_declined(join_request=join_request, sentence=sentence)
    return join_request


def _decide(join_request: JoinRequest, *, approved: bool, by: User) -> None:
    insist(can_manage(by))
    decided = JoinRequest.objects.waiting().filter(pk=join_request.pk)
    if not decided.update(approved=approved, decided_at=timezone.now(), decided_by=by):
        raise Refused(_("Somebody has answered this request already."))
    record("members.join_request_approved" if approved else "members.join_request_declined", by=by, on=join_request)

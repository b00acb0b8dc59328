"""Invitations: sent, renewed, withdrawn, taken up."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members import consents, emails
from members.actions.consents import give_consent
from members.actions.people import add_person
from members.models import Consent, Invitation, Membership, Organisation, User
from members.permissions import can_invite_to, insist, roles_in

INVITATION_VALID_FOR = timedelta(days=14)


@transaction.atomic
def invite(*, email: str, name: str, organisation: Organisation, role: str, by: User | None) -> Invitation:
    """Sends a link that is good for one use within 14 days. Who is invited already gets the same link once more.

    `by` is None when a command invites the first manager.
    """
    if by is not None:
        insist(can_invite_to(by, organisation))
    if role not in dict(roles_in(organisation)):
        raise Refused(_("This role does not exist in this organisation."))
    email = email.strip().lower()
    if Membership.objects.filter(organisation=organisation, user__email=email).exists():
        words = {"email": email, "organisation": organisation}
        raise Refused(_("%(email)s belongs to %(organisation)s already.") % words)
    invitation, is_new = Invitation.objects.unanswered().get_or_create(
        email=email,
        organisation=organisation,
        defaults={
            "key": secrets.token_urlsafe(32),
            "name": name,
            "role": role,
            "invited_by": by,
            "expires_at": timezone.now() + INVITATION_VALID_FOR,
        },
    )
    if not is_new:
        Invitation.objects.filter(pk=invitation.pk).update(role=role, name=name or invitation.name)
        invitation.refresh_from_db()
        return _renew(invitation, by=by)
    record("members.invited", by=by, on=invitation, organisation_id=organisation.pk, role=role)
    emails.send_invitation(invitation=invitation)
    return invitation


@transaction.atomic
def resend_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """Makes the link good for another 14 days and sends it again."""
    insist(can_invite_to(by, invitation.organisation))
    return _renew(invitation, by=by)


@transaction.atomic
def ask_for_new_link(*, invitation: Invitation) -> Invitation:
    """Whoever holds an ended link has it sent again, to the invited address and nowhere else. Twice is once."""
    return invitation if invitation.is_open else _renew(invitation, by=None)


def _renew(invitation: Invitation, *, by: User | None) -> Invitation:
    renewed = Invitation.objects.unanswered().filter(pk=invitation.pk)
    if not renewed.update(expires_at=timezone.now() + INVITATION_VALID_FOR):
        raise Refused(_("This invitation is accepted or withdrawn already."))
    invitation.refresh_from_db(fields=["expires_at"])
    record("members.invitation_renewed", by=by, on=invitation, organisation_id=invitation.organisation_id)
    emails.send_invitation(invitation=invitation)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> Invitation:
    """The link no longer opens anything. Twice is once."""
    insist(can_invite_to(by, invitation.organisation))
    withdrawn = Invitation.objects.unanswered().filter(pk=invitation.pk).update(withdrawn_at=timezone.now())
    invitation.refresh_from_db(fields=["accepted_at", "withdrawn_at"])
    if withdrawn:
        record("members.invitation_withdrawn", by=by, on=invitation, organisation_id=invitation.organisation_id)
    elif invitation.accepted_at:
        raise Refused(_("%(email)s has accepted already.") % {"email": invitation.email})
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, name: str, surveys: bool = False) -> tuple[User, bool]:
    """Takes the invitation up: the link proves the address. Returns the user, and whether it is a new one.

    `surveys`: the person agrees to be asked in surveys.
    """
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=timezone.now()):
        raise Refused(_("This link was used already, or its time has passed."))
    invitation.refresh_from_db(fields=["accepted_at"])
    is_new = not User.objects.filter(email=invitation.email).exists()
    user = add_person(
        email=invitation.email,
        name=name or invitation.name,
        organisation=invitation.organisation,
        role=invitation.role,
        by=None,
    )
    record("members.invitation_accepted", by=user, on=invitation, organisation_id=invitation.organisation_id)
    if surveys:
        give_consent(address=user.email, purpose=consents.SURVEYS, how=Consent.How.INVITATION, by=user)
    return user, is_new

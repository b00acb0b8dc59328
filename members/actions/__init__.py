"""Every write of the room: organisations and their profiles, people and their roles, invitations, requests to join."""

import secrets
from collections.abc import Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from celery import current_app
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import mail
from core.actions import Refused, record
from core.models import AuditEvent, MailStop
from core.slugs import free_slug
from members import consents, emails
from members.models import Consent, Invitation, JoinRequest, Membership, Organisation, Profile, User
from members.permissions import (
    can_change_people,
    can_edit_organisation,
    can_invite_to,
    can_manage,
    can_see_people,
    insist,
    roles_in,
)

INVITATION_VALID_FOR = timedelta(days=14)
# First words of the room's own addresses, which no organisation's address may be.
RESERVED_SLUGS = frozenset(
    {
        "accept",
        "codes",
        "consent",
        "export",
        "invitations",
        "invite",
        "join",
        "people",
        "profile",
        "requests",
        "settings",
        "undertakings",
    }
)
ONLY_MANAGERS_CHANGE = frozenset({"name", "kind", "is_member"})


# Organisations and profiles


@transaction.atomic
def add_organisation(*, name: str, kind: str, country: str, by: User | None, **facts: object) -> Organisation:
    """Adds an organisation with an empty profile. `by` is None when a command loads it."""
    if by is not None:
        insist(can_manage(by))
    slug = free_slug(Organisation, name, RESERVED_SLUGS)
    try:
        with transaction.atomic():
            organisation = Organisation.objects.create(name=name, slug=slug, kind=kind, country=country, **facts)
    except IntegrityError:
        raise Refused(_("There is an organisation named %(name)s already.") % {"name": name}) from None
    Profile.objects.create(organisation=organisation)
    record("members.organisation_added", by=by, on=organisation, organisation_id=organisation.pk)
    return organisation


@transaction.atomic
def change_organisation(*, organisation: Organisation, by: User, **facts: object) -> list[str]:
    """Changes facts of an organisation and returns which did change. Its name and kind are the managers' to change."""
    insist(can_edit_organisation(by, organisation))
    current = Organisation.objects.select_for_update().get(pk=organisation.pk)
    changed = _changed(current, facts)
    if ONLY_MANAGERS_CHANGE & set(changed):
        insist(can_manage(by))
    if changed:
        Organisation.objects.filter(pk=current.pk).update(**changed)
        # What an organisation may take part in hangs on its country, kind and size: the filter reads the version.
        Profile.objects.filter(organisation=current).update(version=F("version") + 1)
        record("members.organisation_changed", by=by, on=current, organisation_id=current.pk, fields=sorted(changed))
        _tell_of_new_profile()
    return sorted(changed)


@transaction.atomic
def change_profile(*, organisation: Organisation, by: User, **answers: object) -> list[str]:
    """Saves the answers given and leaves the others as they are; returns which did change."""
    insist(can_edit_organisation(by, organisation))
    current = Profile.objects.select_for_update().get(organisation=organisation)
    changed = _changed(current, answers)
    if changed:
        Profile.objects.filter(pk=current.pk).update(version=F("version") + 1, updated_at=timezone.now(), **changed)
        record("members.profile_changed", by=by, on=current, organisation_id=organisation.pk, fields=sorted(changed))
        _tell_of_new_profile()
    return sorted(changed)


def _tell_of_new_profile() -> None:
    """Whoever works from profiles looks at once. Which task that is, the roof says: this room knows no higher one."""
    # Robust: that work finds the new version by itself in time, so a broker that is away only delays it.
    transaction.on_commit(lambda: current_app.send_task(settings.PROFILE_CHANGED_TASK, countdown=1), robust=True)


def _changed(current: Organisation | Profile, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if getattr(current, name) != value}


def note_view(*, organisation: Organisation, by: User) -> None:
    """Notes that a manager has looked at an organisation's page, once a day: its people can see who did."""
    if not by.is_manager or organisation.is_home:
        return
    seen = AuditEvent.objects.filter(
        action="members.organisation_viewed",
        organisation_id=organisation.pk,
        actor_id=by.pk,
        at__date=timezone.localdate(),
    )
    if not seen.exists():
        record("members.organisation_viewed", by=by, on=organisation, organisation_id=organisation.pk)


def note_export(*, count: int, by: User) -> None:
    """Notes that a manager has taken the list of organisations along."""
    insist(can_manage(by))
    record("members.exported", by=by, on=by, count=count)


def note_download(*, organisation: Organisation, by: User) -> None:
    """Notes that somebody has taken all data of an organisation along."""
    insist(can_see_people(by, organisation))
    record("members.downloaded", by=by, on=organisation, organisation_id=organisation.pk)


# People


@transaction.atomic
def add_person(*, email: str, name: str, organisation: Organisation, role: str, by: User | None) -> User:
    """The person of this address, new or known, with a role in the organisation. The address must be proved already.

    A person who is there already keeps the role.
    """
    email = email.strip().lower()
    user, is_new = User.objects.get_or_create(email=email, defaults={"name": name})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    has_primary = EmailAddress.objects.filter(user=user, primary=True).exists()
    EmailAddress.objects.update_or_create(
        user=user,
        email=email,
        defaults={"verified": True},
        create_defaults={"verified": True, "primary": not has_primary},
    )
    membership, joined = Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    if joined:
        record("members.person_joined", by=by or user, on=membership, organisation_id=organisation.pk, role=role)
    return user


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: User) -> Membership:
    """Gives a person another role. The last owner of a company, and the last manager, stay what they are."""
    organisation = _locked(membership.organisation)
    insist(can_change_people(by, organisation))
    if role not in dict(roles_in(organisation)):
        raise Refused(_("This role does not exist in this organisation."))
    if role != membership.role:
        _keep_one_in_charge(membership)
        old, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        record("members.role_changed", by=by, on=membership, organisation_id=organisation.pk, old=old, new=role)
    return membership


@transaction.atomic
def remove_person(*, membership: Membership, by: User) -> None:
    """Ends a person's membership; the account stays. Twice is once."""
    organisation = _locked(membership.organisation)
    insist(can_change_people(by, organisation))
    current = Membership.objects.filter(pk=membership.pk).first()
    if current is None:
        return
    _keep_one_in_charge(current)
    record("members.person_removed", by=by, on=current, organisation_id=organisation.pk)
    current.delete()


def _locked(organisation: Organisation) -> Organisation:
    """The organisation's row, held until the end: two people cannot remove each other as the last owner."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _keep_one_in_charge(membership: Membership) -> None:
    in_charge = {Membership.Role.OWNER, Membership.Role.MANAGER}
    others = Membership.objects.filter(organisation=membership.organisation_id, role=membership.role)
    if membership.role in in_charge and not others.exclude(pk=membership.pk).exists():
        words = {"name": membership.user, "role": membership.get_role_display().lower()}
        raise Refused(_("%(name)s is the only %(role)s. Give somebody else this role first.") % words)


@transaction.atomic
def rename(*, user: User, name: str, by: User) -> None:
    """A person changes the own name."""
    if user != by:
        raise PermissionDenied
    if user.name != name:
        user.name = name
        user.save(update_fields=["name"])
        record("members.renamed", by=by, on=user)


@transaction.atomic
def stop_mail(*, user: User, kind: str) -> None:
    """Mails of this kind go to the person no more; what still waits is not sent either."""
    if not MailStop.objects.filter(address=user.email, kind=kind).exists():
        mail.stop(address=user.email, kind=kind)
        record("members.mail_stopped", by=user, on=user, kind=kind)


@transaction.atomic
def start_mail_again(*, user: User, kind: str) -> bool:
    """Mails of this kind go to the person again; returns whether they had been stopped."""
    stopped, _by_model = MailStop.objects.filter(address=user.email, kind=kind).delete()
    if stopped:
        record("members.mail_started_again", by=user, on=user, kind=kind)
    return bool(stopped)


# What people agree to


@transaction.atomic
def give_consent(*, address: str, purpose: str, how: str, by: User | None) -> bool:
    """Notes that the holder of an address agrees, by the words that are asked now. Twice is once.

    Only the holder says so: `by` is the user of that address, or None where a signed link has proved the address.
    """
    address = _own_address(address, by)
    consent, is_new = Consent.objects.holding(purpose).get_or_create(
        address=address,
        defaults={"purpose": purpose, "wording": consents.newest(purpose), "how": how},
    )
    if is_new:
        record("members.consent_given", by=by, on=consent, purpose=purpose, wording=consent.wording, how=how)
    return is_new


@transaction.atomic
def withdraw_consent(*, address: str, purpose: str, how: str, by: User | None) -> bool:
    """Takes a consent back from now on; returns whether there was one. Twice is once."""
    address = _own_address(address, by)
    consent = Consent.objects.holding(purpose).select_for_update().filter(address=address).first()
    if consent is None:
        return False
    Consent.objects.filter(pk=consent.pk).update(withdrawn_at=timezone.now(), withdrawn_how=how)
    record("members.consent_withdrawn", by=by, on=consent, purpose=purpose, how=how)
    return True


def _own_address(address: str, by: User | None) -> str:
    address = address.strip().lower()
    if by is not None and by.email != address:
        raise PermissionDenied
    return address


# Invitations


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


# Requests to join


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

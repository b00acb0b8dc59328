"""People and their roles, what they are called, and which mails they want."""

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core import mail
from core.actions import Refused, record
from core.models import MailStop
from members.models import Membership, Organisation, User
from members.permissions import can_change_people, insist, roles_in


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
    organisation = locked(membership.organisation)
    insist(can_change_people(by, organisation))
    if role not in dict(roles_in(organisation)):
        raise Refused(_("This role does not exist in this organisation."))
    if role != membership.role:
        keep_one_in_charge(membership)
        old, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        record("members.role_changed", by=by, on=membership, organisation_id=organisation.pk, old=old, new=role)
    return membership


@transaction.atomic
def remove_person(*, membership: Membership, by: User) -> None:
    """Ends a person's membership; the account stays. Twice is once."""
    organisation = locked(membership.organisation)
    insist(can_change_people(by, organisation))
    current = Membership.objects.filter(pk=membership.pk).first()
    if current is None:
        return
    keep_one_in_charge(current)
    record("members.person_removed", by=by, on=current, organisation_id=organisation.pk)
    current.delete()


def locked(organisation: Organisation) -> Organisation:
    """The organisation's row, held until the end: two people cannot remove each other as the last owner."""
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def keep_one_in_charge(membership: Membership) -> None:
    """Refuses to let the last owner of a company, or the last manager, go or become something else."""
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


def note_own_download(*, by: User) -> None:
    """Notes that a person has taken along what is held on it."""
    record("members.own_data_downloaded", by=by, on=by)

"""What a person may do with an organisation: an answer and its reason, for the button and for the refusal alike."""

from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Membership, Organisation, User


class Verdict(NamedTuple):
    """May it be done, and if not, why."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(allowed=True)


def refused(reason: str | Promise) -> Verdict:
    """No, and why."""
    return Verdict(allowed=False, reason=reason)


def insist(verdict: Verdict) -> None:
    """Raises PermissionDenied with the reason, which the 403 page shows, when the verdict is no."""
    if not verdict:
        raise PermissionDenied(verdict.reason)


def _role_in(user: User, organisation: Organisation) -> str:
    return next((m.role for m in user.all_memberships if m.organisation_id == organisation.pk), "")


def can_edit_organisation(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of the organisation, and managers on their behalf."""
    if user.is_manager or _role_in(user, organisation) in {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return refused(_("Only owners and editors of the organisation change its profile."))


def can_invite_to(user: User, organisation: Organisation) -> Verdict:
    """Managers invite anywhere; an owner invites colleagues."""
    if user.is_manager or _role_in(user, organisation) == Membership.Role.OWNER:
        return ALLOWED
    return refused(_("Only owners of the organisation invite colleagues."))


def can_answer_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors answer opportunities for their organisation; viewers and managers only read."""
    if _role_in(user, organisation) in {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return refused(_("Only owners and editors of the organisation answer for it."))


def can_manage(user: User) -> Verdict:
    """Managers of the home cluster."""
    return ALLOWED if user.is_manager else refused(_("This page is for cluster managers."))


def can_see_organisations(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED


def belongs_to(user: User, organisation: Organisation) -> bool:
    """Has a role there, whichever."""
    return bool(_role_in(user, organisation))


def can_see_people(user: User, organisation: Organisation) -> Verdict:
    """People see their colleagues; managers see everybody."""
    if user.is_manager or _role_in(user, organisation):
        return ALLOWED
    return refused(_("Only people of the organisation see their colleagues."))


def can_change_people(user: User, organisation: Organisation) -> Verdict:
    """Who may invite may also change a role and remove a person."""
    return can_invite_to(user, organisation)


def can_list(user: User, organisation: Organisation) -> Verdict:
    """What everybody may read of a member is said by its owners; nobody agrees on their behalf."""
    if not organisation.is_member or organisation.is_home:
        return refused(_("The public directory is for members of the cluster."))
    if _role_in(user, organisation) == Membership.Role.OWNER:
        return ALLOWED
    return refused(_("Only owners of the organisation say what everybody may read of it."))


def can_take_off_list(user: User, organisation: Organisation) -> Verdict:
    """Whoever may edit it, and managers when a member asks them to."""
    return can_edit_organisation(user, organisation)


def roles_in(organisation: Organisation) -> list[tuple[str, str]]:
    """The roles that a person can have there, as choices: the home cluster has its own."""
    roles = Membership.HOME_ROLES if organisation.is_home else Membership.MEMBER_ROLES
    return [(role.value, role.label) for role in roles]

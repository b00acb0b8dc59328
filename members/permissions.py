"""What a person may do with an organisation: an answer and its reason, for the button and for the refusal alike."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import Membership, Organisation, User


class Verdict(NamedTuple):
    """May it be done, and if not, why."""

    allowed: bool
    reason: str | Promise = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def _role_in(user: User, organisation: Organisation) -> str:
    return next((m.role for m in user.all_memberships if m.organisation_id == organisation.pk), "")


def can_edit_organisation(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of the organisation, and managers on their behalf."""
    if user.is_manager or _role_in(user, organisation) in {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return Verdict(False, _("Only owners and editors of the organisation change its profile."))


def can_invite_to(user: User, organisation: Organisation) -> Verdict:
    """Managers invite anywhere; an owner invites colleagues."""
    if user.is_manager or _role_in(user, organisation) == Membership.Role.OWNER:
        return ALLOWED
    return Verdict(False, _("Only owners of the organisation invite colleagues."))


def can_answer_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors answer opportunities for their organisation; viewers and managers only read."""
    if _role_in(user, organisation) in {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return Verdict(False, _("Only owners and editors of the organisation answer for it."))


def can_manage(user: User) -> Verdict:
    """Managers of the home cluster."""
    return ALLOWED if user.is_manager else Verdict(False, _("This page is for cluster managers."))

"""What a person may do in the room of the programme, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from members.models import Membership, Organisation, User
from members.permissions import ALLOWED, Verdict, can_manage, refused


def may_enter(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED


def can_run_the_programme(user: User) -> Verdict:
    """Managers of the home cluster write the strategy, offer services and plan activities."""
    return can_manage(user)


def can_ask_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of a member ask for services and sign up for it; managers on their behalf."""
    roles = {m.role for m in user.all_memberships if m.organisation_id == organisation.pk}
    if user.is_manager or roles & {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return refused(_("Only owners and editors of the organisation do this for it."))

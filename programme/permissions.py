"""What a person may do in the room of the programme, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from members.models import Membership, Organisation, User
from members.permissions import ALLOWED, Verdict, can_manage, refused
from programme.models import Activity, Registration

MAY_ACT = frozenset({Membership.Role.OWNER, Membership.Role.EDITOR})


def may_enter(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED


def can_run_the_programme(user: User) -> Verdict:
    """Managers of the home cluster write the strategy, offer services and plan activities."""
    return can_manage(user)


def can_see_services(user: User) -> Verdict:
    """The cluster team and people of members: services are for members."""
    if user.is_manager or any(m.organisation.is_member for m in user.all_memberships):
        return ALLOWED
    return refused(_("Services are for members of the cluster."))


def can_ask_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of a member ask for services and sign up for it; managers on their behalf."""
    if user.is_manager or _acts_for(user, organisation.pk):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation do this for it."))


def can_judge(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of the member say whether it helped: never the team, whose work it is."""
    if _acts_for(user, organisation.pk):
        return ALLOWED
    return refused(_("Only the member itself says whether it helped."))


def can_lead(user: User, activity: Activity) -> Verdict:
    """Owners and editors of the company that leads an activity see who comes and write words; managers, too."""
    if user.is_manager or _acts_for(user, activity.lead_id):
        return ALLOWED
    return refused(_("Only the cluster team and the company that leads this activity do this."))


def can_register(user: User, organisation: Organisation, email: str) -> Verdict:
    """Owners and editors sign anybody of their organisation up; viewers themselves; managers whom they like."""
    if user.is_manager:
        return ALLOWED
    if not organisation.is_member or organisation.is_home:
        return refused(_("Members of the cluster sign up here. Write to the cluster team to come along."))
    if _acts_for(user, organisation.pk):
        return ALLOWED
    if email == user.email and any(m.organisation_id == organisation.pk for m in user.all_memberships):
        return ALLOWED
    return refused(_("Only owners and editors sign up somebody else of the organisation."))


def can_unregister(user: User, registration: Registration) -> Verdict:
    """Who may have signed somebody up may take it back."""
    if user.is_manager or user.email == registration.email or _acts_for(user, registration.organisation_id):
        return ALLOWED
    return refused(_("Only owners and editors cancel for somebody else of the organisation."))


def _acts_for(user: User, organisation_id: int | None) -> bool:
    return any(m.organisation_id == organisation_id and m.role in MAY_ACT for m in user.all_memberships)

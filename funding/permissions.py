"""What a person may do with a call, an application or a grant, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from funding.models import Application, Assignment, FundingCall
from members.models import Membership, Organisation, User
from members.permissions import ALLOWED, Verdict, can_manage, refused


def can_run_calls(user: User) -> Verdict:
    """Managers of the home cluster are the secretary of every call."""
    return can_manage(user)


def can_apply_for(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of an organisation apply for it, managers do not."""
    roles = {m.role for m in user.all_memberships if m.organisation_id == organisation.pk}
    if roles & {Membership.Role.OWNER, Membership.Role.EDITOR} and not organisation.is_home:
        return ALLOWED
    return refused(_("Only owners and editors of the organisation apply for it."))


def can_write(user: User, application: Application) -> Verdict:
    """Owners and editors of the lead write, until it is handed in, withdrawn, or the deadline has passed."""
    if not (may := can_apply_for(user, application.lead)):
        return may
    if application.call.phase != FundingCall.Phase.OPEN:
        return refused(_("The deadline has passed. What was handed in before it counts."))
    if application.status == Application.Status.SUBMITTED:
        return refused(_("It is handed in. Choose “Amend” to change it."))
    if application.status == Application.Status.WITHDRAWN:
        return refused(_("It was withdrawn."))
    return ALLOWED


def is_on_panel(user: User, call: FundingCall) -> bool:
    """Sits on the panel of this call, and still has the role."""
    return call.reviewers.active().filter(user=user, is_on_panel=True).exists()


def can_see_ranking(user: User, call: FundingCall) -> Verdict:
    """The secretary and the call's panel."""
    if user.is_manager or is_on_panel(user, call):
        return ALLOWED
    return refused(_("The ranking is for the cluster team and the panel of this call."))


def can_discuss(user: User, application: Application) -> Verdict:
    """Whoever sees the ranking, unless there is a conflict of interest with this application."""
    if not (may := can_see_ranking(user, application.call)):
        return may
    if application.assignments.filter(reviewer__user=user, status=Assignment.Status.CONFLICT).exists():
        return refused(_("You have a conflict of interest with this application."))
    return ALLOWED


def can_appeal(user: User, application: Application) -> Verdict:
    """Owners of the lead appeal for the consortium."""
    roles = {m.role for m in user.all_memberships if m.organisation_id == application.lead_id}
    if Membership.Role.OWNER in roles and not application.lead.is_home:
        return ALLOWED
    return refused(_("Only owners of the lead appeal for the consortium."))

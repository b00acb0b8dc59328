"""What a person may do with a call, an application or a grant, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from funding.models import Application, FundingCall, Grant
from funding.reviewing import is_bound_to
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


def can_see_ranking(user: User, call: FundingCall) -> Verdict:
    """The secretary, and the call's panel once it has told what binds it."""
    if user.is_manager:
        return ALLOWED
    seat = call.reviewers.active().filter(user=user, is_on_panel=True).first()
    if seat is None:
        return refused(_("The ranking is for the cluster team and the panel of this call."))
    if seat.declared_at is None:
        return refused(_("Tell us first whether something binds you to the organisations that apply."))
    return ALLOWED


def can_decide(user: User, application: Application) -> Verdict:
    """The secretary, but nobody who has a conflict of interest with this application, or is of who applies."""
    if not (may := can_run_calls(user)):
        return may
    own = [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]
    if own and application.partners.taking_part().filter(organisation__in=own).exists():
        return refused(_("Your own organisation takes part in this application. A colleague decides."))
    if is_bound_to(user, application):
        return refused(_("You have a conflict of interest with this application. A colleague decides."))
    return ALLOWED


def can_appeal(user: User, application: Application) -> Verdict:
    """Owners of the lead appeal for the consortium."""
    roles = {m.role for m in user.all_memberships if m.organisation_id == application.lead_id}
    if Membership.Role.OWNER in roles and not application.lead.is_home:
        return ALLOWED
    return refused(_("Only owners of the lead appeal for the consortium."))


def can_review(user: User) -> Verdict:
    """People with the role of a reviewer, and managers: each still sees only what is assigned."""
    if user.is_reviewer or user.is_manager:
        return ALLOWED
    return refused(_("This page is for reviewers of funding calls."))


def can_report(user: User, grant: Grant) -> Verdict:
    """Owners and editors of the beneficiary write its reports; managers those of one that has nobody here."""
    if user.is_manager and not grant.organisation.memberships.exists():
        return ALLOWED
    if can_apply_for(user, grant.organisation):
        return ALLOWED
    return refused(_("Only owners and editors of the organisation write its reports."))


def can_see_grants(user: User) -> Verdict:
    """Managers, and people of an organisation: theirs."""
    if user.is_manager or user.own_membership:
        return ALLOWED
    return refused(_("Grants are for those who have one."))


def can_look_for_partners(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors for their own organisation; managers for the home cluster, which may lead, and on behalf."""
    return ALLOWED if user.is_manager else can_apply_for(user, organisation)


def may_enter(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED

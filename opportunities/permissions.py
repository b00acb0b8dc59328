"""What a person may do with an opportunity, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from members.models import Organisation, User
from members.permissions import ALLOWED, Verdict, can_answer_for
from opportunities.models import Opportunity


def can_be_answered(opportunity: Opportunity) -> Verdict:
    """Published and still open."""
    if opportunity.status != Opportunity.Status.PUBLISHED:
        return Verdict(False, _("This opportunity was withdrawn by the cluster team."))
    if not opportunity.is_open:
        return Verdict(False, _("The last day to answer has passed."))
    return ALLOWED


def can_answer(user: User, organisation: Organisation) -> Verdict:
    """Owners and editors of a member answer for it."""
    if not organisation.is_member:
        return Verdict(False, _("Your organisation is not a member of the cluster."))
    return can_answer_for(user, organisation)


ONLY_MEMBERS = Verdict(False, _("This page is for members of the cluster."))


def may_read_feeds(user: User) -> Verdict:
    """People of a member have a feed of their own."""
    return ALLOWED if user.own_membership else ONLY_MEMBERS


def may_search(user: User) -> Verdict:
    """Managers and people of a member: for everybody else there is nothing to find."""
    membership = user.own_membership
    return ALLOWED if user.is_manager or (membership and membership.organisation.is_member) else ONLY_MEMBERS

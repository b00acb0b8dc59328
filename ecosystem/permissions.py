"""What a person may do with a partner, the pool and a shortlist, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from ecosystem.models import Partnership, Shortlist, ShortlistCard
from ecosystem.querysets import own_of
from members.models import User
from members.permissions import ALLOWED, Verdict, can_answer_for, can_manage, refused


def may_enter(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED


def can_run_partners(user: User) -> Verdict:
    """Managers keep the list of partners, their agreements and the pool."""
    return can_manage(user)


def can_speak_for(user: User, partnership: Partnership) -> Verdict:
    """Owners and editors of a partner answer, bring opportunities in and say who interests them."""
    return can_answer_for(user, partnership.organisation)


def can_run_list(user: User, shortlist: Shortlist) -> Verdict:
    """Managers, but nobody who belongs to the partner: it would see who stands behind a card."""
    if not (may := can_manage(user)):
        return may
    if shortlist.partnership.organisation_id in own_of(user):
        return refused(_("You belong to this partner. A colleague works on its shortlists."))
    return ALLOWED


def can_run_card(user: User, card: ShortlistCard) -> Verdict:
    """The same, and nobody whose own company it is: choosing oneself is no introduction by the cluster."""
    if not (may := can_run_list(user, card.shortlist)):
        return may
    if card.organisation_id in own_of(user):
        return refused(_("This is your own organisation. A colleague does this."))
    return ALLOWED

"""What a person may do with a round, beyond what `visible_to` shows."""

from django.utils.translation import gettext_lazy as _

from matchmaking.models import Participant, Round
from members.models import Membership, Organisation, User
from members.permissions import ALLOWED, Verdict, can_manage, refused


def may_enter(user: User) -> Verdict:
    """Evaluators see figures and reviewers what is assigned to them, unless they are of an organisation themselves."""
    if user.is_confined:
        return refused(_("Evaluators and reviewers do not see who is who."))
    return ALLOWED


def can_run_rounds(user: User) -> Verdict:
    """Managers of the home cluster set rounds up, schedule them and lead the day."""
    return can_manage(user)


def can_bring_companies(user: User, round_: Round, cluster: Organisation) -> Verdict:
    """Managers for the home cluster, owners and editors of a partner for their own, as long as people sign up."""
    if user.is_manager:
        return ALLOWED
    roles = {m.role for m in user.all_memberships if m.organisation_id == cluster.pk}
    if not roles & {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return refused(_("Only owners and editors of the partner bring companies."))
    if not round_.takes_sign_ups:
        return refused(_("The time to sign up is over. Ask the cluster team."))
    return ALLOWED


def can_look_after(user: User, cluster: Organisation) -> Verdict:
    """Managers, and owners and editors of the partner, for the companies that it brings."""
    roles = {m.role for m in user.all_memberships if m.organisation_id == cluster.pk}
    if user.is_manager or roles & {Membership.Role.OWNER, Membership.Role.EDITOR}:
        return ALLOWED
    return refused(_("Only the cluster team, and owners and editors of the partner, change who takes part."))


def can_choose(round_: Round) -> Verdict:
    """Whether participants may still fill in ballots, ask and answer."""
    if round_.status == Round.Status.OPEN and not round_.takes_choices:
        return refused(_("The time to choose is over. The timetable is being made."))
    if not round_.takes_choices:
        return refused(_("This round takes no choices now."))
    return ALLOWED


def may_meet(one: Participant, other: Participant) -> bool:
    """Whether the rules of their round let two participants meet: what `who_may_meet` asks the database, for a pair."""
    round_ = one.round
    same_company = one.company == other.company or (
        one.organisation_id and one.organisation_id == other.organisation_id
    )
    if one.pk == other.pk or one.round_id != other.round_id or same_company:
        return False
    if round_.meets == Round.Meets.OTHER_CLUSTER:
        return one.cluster_id != other.cluster_id
    if round_.meets == Round.Meets.OTHER_SIDE:
        return not one.side or one.side != other.side
    return True

"""What spends effort cites a goal, or says why it serves none."""

from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members.models import User
from members.permissions import insist
from programme.models import Aimed, Goal
from programme.permissions import can_run_the_programme


def insist_on_citable(goal: Goal | None, before: int | None = None) -> None:
    """Raises Refused for a goal that new work cannot serve; what was cited before stays as it is.

    The goal is held until the end, so that nobody deletes it at the same moment.
    """
    if goal is None or goal.pk == before:
        return
    held = Goal.objects.citable().select_for_update(of=("self",), no_key=True)
    if not held.filter(pk=goal.pk):
        said = _("The goal “%(goal)s” was given up, or its strategy is over. Choose another.") % {"goal": goal}
        raise Refused(said, field="goal")


@transaction.atomic
def aim(*, at: Aimed, goal: Goal | None, why_no_goal: str, by: User) -> bool:
    """Says which goal something serves, or why none. Whether that was new: twice is once."""
    insist(can_run_the_programme(by))
    if goal is not None and why_no_goal:
        raise Refused(_("Choose a goal, or say why there is none: not both."), field="why_no_goal")
    current = type(at).objects.select_for_update(of=("self",)).get(pk=at.pk)
    if (current.goal_id, current.why_no_goal) == (goal.pk if goal else None, why_no_goal):
        return False
    insist_on_citable(goal, current.goal_id)
    at.goal, at.why_no_goal = goal, why_no_goal
    type(at).objects.filter(pk=at.pk).update(goal=goal, why_no_goal=why_no_goal)
    record("programme.aimed", by=by, on=at, goal=goal.pk if goal else None, why_no_goal=why_no_goal)
    return True

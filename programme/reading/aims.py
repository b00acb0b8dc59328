"""Which goal something serves, as one of its facts."""

from django.urls import reverse
from django.utils.translation import gettext as _

from programme.models import Aimed


def fact(thing: Aimed) -> dict[str, object]:
    """For managers: the goal with its page, the reason for none, or that nothing is said yet."""
    if thing.goal is not None:
        url = reverse("programme:goal", args=[thing.goal_id])
        note = _("given up since") if thing.goal.given_up_at else ""
        return {"label": _("Goal"), "value": thing.goal.name, "url": url, "note": note}
    if thing.why_no_goal:
        return {"label": _("Goal"), "value": _("It serves none"), "url": "", "note": thing.why_no_goal}
    return {"label": _("Goal"), "value": _("Not said yet"), "url": "", "note": ""}

"""What spends effort cites a goal, or says that it has none."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programme.models.strategies import Goal


class Aimed(models.Model):
    """Something that takes the cluster's hours or money. Without a goal and without a reason, nothing was said yet."""

    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("goal that it serves")
    )
    why_no_goal = models.CharField(_("or: why it serves none"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(goal=None) | Q(why_no_goal=""), name="%(app_label)s_%(class)s_goal_or_reason"
            ),
        ]

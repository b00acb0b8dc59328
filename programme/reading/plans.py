"""Action plans: one member's steps, and how far each plan is."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Organisation
from programme.models import ActionItem, Service
from programme.reading.services import needs_of


def plan(organisation: Organisation) -> dict[str, object]:
    """The steps, what is late among them, and needs that no open step answers."""
    steps = list(organisation.action_items.select_related("request__service").order_by("due_on", "pk"))
    offered: dict[str, list[Service]] = {}
    for each in Service.objects.filter(is_offered=True).order_by("name"):
        offered.setdefault(each.gap, []).append(each)
    open_steps = [each for each in steps if each.done_on is None]
    covered = {each.gap for each in open_steps}
    return {
        "organisation": organisation,
        "open_steps": [_row(each, offered) for each in open_steps],
        "done_steps": sorted((each for each in steps if each.done_on), key=lambda each: each.done_on, reverse=True),
        "uncovered": [need for gap, need in needs_of(organisation).items() if gap not in covered],
        "today": timezone.localdate(),
    }


def _row(step: ActionItem, offered: dict[str, list[Service]]) -> dict[str, object]:
    return {
        "step": step,
        "is_late": step.due_on is not None and step.due_on < timezone.localdate(),
        "services": [] if step.request else offered.get(step.gap, []),
    }


def plans() -> QuerySet[Organisation]:
    """Members with their steps: open, late, done. Those with late steps come first."""
    is_open = Q(action_items__done_on=None, action_items__isnull=False)
    late = is_open & Q(action_items__due_on__lt=timezone.localdate())
    rows = Organisation.objects.members().annotate(
        n_open=Count("action_items", filter=is_open),
        n_late=Count("action_items", filter=late),
        n_done=Count("action_items", filter=Q(action_items__done_on__isnull=False)),
    )
    return rows.order_by("-n_late", "-n_open", "name", "pk")


def as_file(members: QuerySet[Organisation]) -> Iterator[list[object]]:
    """Each step of these members, by member and day."""
    yield [
        _("Member"),
        _("Step"),
        _("Gap"),
        _("Who does it"),
        _("By"),
        _("Done on"),
        _("Service asked for"),
        _("State"),
    ]
    steps = ActionItem.objects.filter(organisation__in=members.order_by().values("pk"))
    rows = steps.select_related("organisation", "request__service").order_by("organisation__name", "due_on", "pk")
    for each in rows.iterator(chunk_size=500):
        asked = each.request
        yield [
            each.organisation.name, each.what, each.get_gap_display(), each.who, each.due_on, each.done_on,
            asked.service.name if asked else "", asked.get_status_display() if asked else "",
        ]  # fmt: skip

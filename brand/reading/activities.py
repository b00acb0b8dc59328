"""Activities as everybody may read them: what, when, where. Who takes part is not told."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clocks import span_in
from core.mail import absolute
from members.models import Listing
from programme.models import Activity
from programme.querysets import ActivityQuerySet
from programme.reading.activities import cost, last_day, where

MOST = 60
PAST_SHOWN = timedelta(days=365)


def coming() -> list[Activity]:
    """What has not ended, the next first."""
    return list(Activity.objects.public().coming()[:MOST])


def past() -> list[Activity]:
    """What took place in the last year, the latest first."""
    since = timezone.now() - PAST_SHOWN
    return list(
        Activity.objects.public().past().filter(starts_at__gte=since).exclude(status=Activity.Status.CANCELLED)[:MOST]
    )


def named(slug: str) -> ActivityQuerySet:
    """The activity of an address, if it is public."""
    public = Activity.objects.public().filter(slug=slug)
    return public.select_related("lead").prefetch_related("hosts__organisation")


def row(activity: Activity) -> dict[str, Any]:
    """One line of a list."""
    return {
        "activity": activity,
        "url": reverse("brand:activity", args=[activity.slug]),
        "day": activity.starts_at.astimezone(activity.zone).date(),
        "when": span_in(activity.starts_at, activity.ends_at, activity.time_zone),
        "where": where(activity),
        "cancelled": activity.status == Activity.Status.CANCELLED,
    }


def facts(activity: Activity) -> list[dict[str, Any]]:
    """When, where and with whom. A lead company is named when it stands in the public directory."""
    listed = _listed([activity.lead_id] if activity.lead_id else [])
    lead = activity.lead.name if activity.lead and activity.lead_id in listed else ""
    hosts = sorted(each.organisation.name for each in activity.hosts.all())
    return [
        {"label": _("When"), "value": span_in(activity.starts_at, activity.ends_at, activity.time_zone)},
        {"label": _("Where"), "value": ", ".join(filter(None, (activity.venue, where(activity))))},
        {"label": _("Led by"), "value": lead},
        {"label": _("Hosts"), "value": ", ".join(hosts)},
        {"label": _("Cost"), "value": cost(activity)},
        {"label": _("Sign up until"), "value": last_day(activity)},
    ]


def _listed(pks: Collection[int]) -> set[int]:
    if not pks:
        return set()
    return set(Listing.objects.public().filter(organisation__in=pks).values_list("organisation", flat=True))


def address(activity: Activity) -> str:
    """The full address of its page."""
    return absolute(reverse("brand:activity", args=[activity.slug]))

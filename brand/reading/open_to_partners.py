"""What partners elsewhere may join: opportunities that a manager opened to them, and our own funding calls."""

from typing import Any

from django.utils import timezone

from core.clocks import moment_in
from core.templatetags.portal import countries
from funding.models import FundingCall
from opportunities.models import Opportunity

MOST = 100


def opportunities() -> list[dict[str, Any]]:
    """Title, kind, place, last day, and the team's own words: nothing of the source's text."""
    found = Opportunity.objects.open_to_partners().select_related("source").soonest()[:MOST]
    return [
        {
            "title": each.title,
            "kind": each.kind,
            "label": each.kind_label,
            "countries": countries(each.countries),
            "deadline": each.deadline,
            "starts_at": each.starts_at,
            "words": each.for_partners,
            "url": each.url,
            "source": each.source.name,
        }
        for each in found
    ]


def calls() -> list[dict[str, Any]]:
    """The cluster's calls that are open or announced, the next deadline first."""
    now = timezone.now()
    found = FundingCall.objects.public().filter(status=FundingCall.Status.PUBLISHED, deadline__gte=now)
    return [
        {"call": each, "until": moment_in(each.deadline, each.time_zone), "is_open": each.opens_at <= now}
        for each in found.order_by("deadline", "pk")[:MOST]
    ]

"""The open calls as other portals read them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone

from core.mail import absolute
from funding.filters import CallFilter
from funding.models import Funder, FundingCall

VERSION = 1
MOST = 200


def open_calls(chosen: CallFilter) -> tuple[dict[str, object], datetime]:
    """The feed, and when something in it changed last: a call was published, opened, corrected or ended.

    It is narrowed and ordered as the list of calls is, by the same words in the address.
    """
    now = timezone.now()
    published = FundingCall.objects.filter(status=FundingCall.Status.PUBLISHED)
    found = chosen.ordered(chosen.narrowed(published.filter(deadline__gte=now)))
    calls = found.prefetch_related("funders__activity_types", "activity_types", "corrections")[:MOST]
    feed = {
        "version": VERSION,
        "home": absolute(reverse("funding:list")),
        "calls": [_call(each) for each in calls],
    }
    return feed, _changed_at(now)


def _changed_at(now: datetime) -> datetime:
    """Moments that have come: one of tomorrow has changed nothing yet."""
    come = FundingCall.objects.aggregate(
        published=Max("published_at"),
        opened=Max("opens_at", filter=Q(opens_at__lte=now, status="published")),
        closed=Max("deadline", filter=Q(deadline__lt=now)),
        corrected=Max("corrections__at"),
    )
    return max((each for each in come.values() if each), default=now)


def _at(moment: datetime | None, zone: ZoneInfo) -> str | None:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else None


def _call(call: FundingCall) -> dict[str, object]:
    zone, url = call.zone, absolute(call.get_absolute_url())
    return {
        "id": f"{settings.SITE_URL.rstrip('/')}#call-{call.pk}",
        "code": call.code,
        "name": call.name,
        "aim": call.aim,
        "status": call.phase.value,
        "opens_at": _at(call.opens_at, zone),
        "deadline": _at(call.deadline, zone),
        "time_zone": call.time_zone,
        "granting_on": call.granting_on.isoformat(),
        "published_at": _at(call.published_at, zone),
        "changed_at": _at(max((each.at for each in call.corrections.all()), default=call.published_at), zone),
        "budget_eur": str(sum(each.budget_eur for each in call.funders.all())),
        "activities": [each.name for each in call.activity_types.all()],
        "eligibility": {
            "organisations_at_least": call.least_organisations,
            "organisations_at_most": call.most_organisations,
            "countries_at_least": call.least_countries,
            "smes_at_least": call.least_smes,
            "lead_kinds": call.lead_kinds,
            "one_consortium_only": call.one_consortium_only,
            "months_at_least": call.shortest_months,
            "months_at_most": call.longest_months,
        },
        "funders": [_funder(each) for each in call.funders.all()],
        "contact_email": call.contact_email,
        "links": {"page": url, "check": absolute(reverse("funding:check_call", args=[call.slug]))},
    }


def _funder(funder: Funder) -> dict[str, object]:
    return {
        "name": funder.name,
        "country": funder.member_state,
        "regions": funder.regions,
        "budget_eur": str(funder.budget_eur),
        "kinds": funder.kinds,
        "sizes": funder.sizes,
        "activities": [each.name for each in funder.activity_types.all()],
        "smallest_grant_eur": None if funder.smallest_grant_eur is None else str(funder.smallest_grant_eur),
        "largest_grant_eur": None if funder.largest_grant_eur is None else str(funder.largest_grant_eur),
        "rate": str(funder.rate),
        "rates_by_size": funder.rates,
        "de_minimis": funder.is_de_minimis,
    }

"""The sample cluster's activities: what was, what comes, one that is called off and one that is being planned."""

import tomllib
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cluster_portal.sample import CONTENT
from cluster_portal.sample.round_steps import chance
from core import zones
from core.models import Mail
from members.models import Membership, Organisation, User
from programme.actions import activities, attendance, registrations
from programme.models import Activity, Goal

FRIDAY = 5
# Of those with a place, one in so many did not come.
STAYED_AWAY = 6
# The actions refuse what lies in the past: what was is planned ahead first, and moved back with its list.
AHEAD = timedelta(days=3650)

Told = dict[str, Any]


@transaction.atomic
def load(*, today: date, by: User) -> None:
    """All of them. Nobody is written to: these people do not exist."""
    content = tomllib.loads((CONTENT / "activities.toml").read_text(encoding="utf-8"))
    for told in content["activity"]:
        last = Mail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        activity = _planned(told, today=today, by=by)
        if told["state"] != "draft":
            activities.publish(activity=activity, by=by)
            _sign_up(activity, told["members"], by=by)
        if told["state"] == "cancelled":
            activities.cancel(activity=activity, why=told["cancelled"], by=by)
        if told["state"] == "over":
            _move_back(activity)
            _take_stock(activity, told, by=by)
            Mail.objects.filter(pk__gt=last).delete()  # they name the days on which it was not
    Mail.objects.filter(status=Mail.Status.QUEUED).update(status=Mail.Status.SENT, sent_at=timezone.now())


def _planned(told: Told, *, today: date, by: User) -> Activity:
    zone = ZoneInfo(told["time_zone"])
    first = today + timedelta(days=told["days"])
    if first.isoweekday() + told["length"] - 1 > FRIDAY:
        first += timedelta(days=8 - first.isoweekday())  # the Monday after
    last = first + timedelta(days=told["length"] - 1)
    starts_at = _moment(first, told["from"], zone)
    ahead = AHEAD if told["state"] == "over" else timedelta()
    activity = activities.add_activity(
        **{name: told[name] for name in ("name", "kind", "aim", "time_zone", "country", "venue", "hours")},
        ways_abroad=told["ways"],
        text=told["text"].strip(),
        starts_at=starts_at + ahead,
        ends_at=_moment(last, told["to"], zone) + ahead,
        register_until=starts_at - timedelta(days=7) + ahead,
        places=told.get("places"),
        cost_eur=told["cost"],
        support_eur=told["support"],
        money_eur=told["money"],
        lead=Organisation.objects.filter(name=told.get("lead", "")).first(),
        goal=Goal.objects.citable().filter(name=told.get("goal", "")).first(),
        why_no_goal=told.get("why", ""),
        by=by,
    )
    for host in told["hosts"]:
        organisation = Organisation.objects.get(name=host["name"])
        activities.add_host(activity=activity, organisation=organisation, does=host["does"], by=by)
    return activity


def _moment(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return zones.moment(datetime.combine(day, time.fromisoformat(clock)), zone)


def _sign_up(activity: Activity, members: list[str], *, by: User) -> None:
    """The first person of each company, by the own button where there is one; in the order of the content."""
    for name in members:
        company = Organisation.objects.get(name=name)
        found = company.memberships.select_related("user").exclude(role=Membership.Role.VIEWER).order_by("pk").first()
        address = f"office@{company.slug}.example"
        person, email = (str(found.user), found.user.email) if found else (company.name, address)
        registrations.register(
            activity=activity, organisation=company, person=person, email=email, by=found.user if found else by
        )


def _move_back(activity: Activity) -> None:
    days = {name: F(name) - AHEAD for name in ("starts_at", "ends_at", "register_until")}
    Activity.objects.filter(pk=activity.pk).update(**days)
    activity.refresh_from_db()
    activity.registrations.update(registered_at=activity.register_until - timedelta(days=20))
    activities.close_ended()


def _take_stock(activity: Activity, told: Told, *, by: User) -> None:
    """Who was there, what was paid, and what came of it."""
    for registration in activity.registrations.registered().order_by("pk"):
        registration.activity = activity
        was_there = chance(activity.name + registration.email).randrange(STAYED_AWAY) > 0
        attendance.mark(registration=registration, attended=was_there, by=by)
        if was_there and activity.support_eur:
            attendance.pay_support(registration=registration, amount=activity.support_eur, by=by)
    activities.write_words(activity=activity, by=by, text=activity.text, results=told["results"].strip())

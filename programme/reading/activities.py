"""How an activity is shown: when and where, who leads and hosts, what is left of its places, and one's own part."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clocks import moment_in, span_in
from core.codelists import countries
from core.templatetags.portal import money
from members.models import Membership, Organisation, User
from programme.models import Activity, Goal, Registration, WayAbroad
from programme.permissions import MAY_ACT, can_register, can_unregister
from programme.querysets import ActivityQuerySet
from programme.suggesting import Suggestion, suggest


def lacking(activity: Activity) -> str:
    """In words that an activity has no lead company, no partner, or neither; needs the hosts."""
    has_hosts = bool(activity.hosts.all())
    if activity.lead_id is None and not has_hosts:
        return _("No company leads this, and no partner hosts it.")
    if activity.lead_id is None:
        return _("No company leads this.")
    return "" if has_hosts else _("No partner hosts this.")


def row(activity: Activity) -> dict[str, object]:
    """One line of the list."""
    return {
        "activity": activity,
        "day": activity.starts_at.astimezone(activity.zone).date(),
        "when": span_in(activity.starts_at, activity.ends_at, activity.time_zone),
        "where": where(activity),
        "who": ", ".join(filter(None, (_lead(activity), *_hosts(activity)))),
        "lacking": lacking(activity) if activity.status != Activity.Status.CANCELLED else "",
        "places": _shortly(activity) if activity.takes_registrations else "",
    }


def _lead(activity: Activity) -> str:
    """Who leads; visitors read the name of a company that has agreed to it."""
    if activity.lead is None:
        return ""
    return activity.lead.name if getattr(activity, "lead_is_public", True) else _("a member of the cluster")


def where(activity: Activity) -> str:
    """The country, or that it is online."""
    return countries().get(activity.country, activity.country) or _("Online")


def places(activity: Activity) -> str:
    """What is left, in words; needs the counts."""
    if activity.places is None:
        return _("Room for all who like to come")
    left = activity.places - activity.taken
    words = {"left": left, "places": activity.places}
    if left > 0:
        return ngettext("%(left)s of %(places)s places left", "%(left)s of %(places)s places left", left) % words
    if activity.takes_registrations:
        return _("All places are taken (%(places)s). Who signs up now waits for one.") % words
    return _("All places are taken (%(places)s).") % words


def is_full(activity: Activity) -> bool:
    """Whether the next one who signs up waits for a place; needs the counts."""
    return activity.places is not None and activity.taken >= activity.places


def _shortly(activity: Activity) -> str:
    return _("full, with a waiting list") if is_full(activity) else places(activity)


def _hosts(activity: Activity) -> list[str]:
    return sorted(host.organisation.name for host in activity.hosts.all())


def key_facts(activity: Activity) -> list[dict[str, object]]:
    """When and where, and whether there is room: what somebody asks first."""
    return [
        {"label": _("When"), "value": span_in(activity.starts_at, activity.ends_at, activity.time_zone)},
        {"label": _("Where"), "value": ", ".join(filter(None, (activity.venue, where(activity))))},
        {"label": _("Places"), "value": _room(activity)},
        {"label": _("Sign up until"), "value": last_day(activity)},
    ]


def last_day(activity: Activity) -> str:
    """Until when members sign up; nothing where they do not any more."""
    return moment_in(activity.register_until, activity.time_zone) if activity.takes_registrations else ""


def _room(activity: Activity) -> str:
    if activity.status == Activity.Status.OVER:
        came = activity.registrations.expected().count()
        return ngettext("%(n)s took part", "%(n)s took part", came) % {"n": came}
    return places(activity) if activity.status != Activity.Status.CANCELLED else ""


def facts(activity: Activity) -> list[dict[str, object]]:
    """Who leads and hosts, and what it costs."""
    hosts = sorted(activity.hosts.all(), key=lambda host: host.organisation.name)
    hosted = [f"{host.organisation.name} ({host.does})" if host.does else host.organisation.name for host in hosts]
    ways = [str(WayAbroad(way).label) for way in activity.ways_abroad]
    return [
        {"label": _("Led by"), "value": _lead(activity) or _("No company yet")},
        {"label": _("Hosts"), "value": ", ".join(hosted) or _("No partner yet")},
        {"label": _("Cost"), "value": cost(activity)},
        {"label": _("Ways abroad"), "value": ", ".join(ways)},
    ]


def cost(activity: Activity) -> str:
    """What a participant pays, and what the cluster pays of it."""
    if not activity.cost_eur:
        return _("Nothing")
    words = {"cost": money(activity.cost_eur), "support": money(activity.support_eur), "rest": money(activity.paid_eur)}
    if not activity.support_eur:
        return _("%(cost)s for a participant") % words
    return _("%(cost)s for a participant: %(support)s from the cluster, %(rest)s from you.") % words


def team_facts(activity: Activity) -> list[dict[str, object]]:
    """What it takes from the cluster, and which goal it serves: for the team alone."""
    goal = activity.goal.name if activity.goal else activity.why_no_goal
    url = reverse("programme:goal", args=[activity.goal_id]) if activity.goal else ""
    return [
        {"label": _("Goal"), "value": goal or _("Not said yet"), "url": url},
        {"label": _("Hours of ours"), "value": f"{activity.hours.normalize():f}" if activity.hours else ""},
        {"label": _("Money of ours"), "value": money(activity.money_eur) if activity.money_eur else ""},
        {"label": _("Waiting list"), "value": str(activity.waiting) if activity.waiting else ""},
    ]


def goal_that_fits(activity: Activity) -> Suggestion | None:
    """A goal that seems to fit by the country and the lead company's sectors, as long as none was chosen."""
    if activity.goal_id or activity.why_no_goal:
        return None
    profile = getattr(activity.lead, "profile", None)
    sectors = profile.nace_codes if profile else []
    return suggest(Goal.objects.citable(), countries=filter(None, [activity.country]), nace_codes=sectors)


def own_part(activity: Activity, user: User) -> dict[str, object]:
    """The registrations that this person sees as the own organisation's, and for which organisations one tap does."""
    seen = Registration.objects.visible_to(user) if not user.is_manager else Registration.objects.none()
    rows = list(seen.coming().filter(activity=activity).select_related("organisation").order_by("registered_at", "pk"))
    waiting = list(activity.registrations.waiting().values_list("pk", flat=True)) if rows else []
    mine = {each.email for each in rows}
    companies = own_members(user)
    return {
        "own": [
            {
                "registration": each,
                "number": waiting.index(each.pk) + 1 if each.pk in waiting else None,
                "is_me": each.email == user.email,
                "may_cancel": bool(can_unregister(user, each)),
            }
            for each in rows
        ],
        "one_tap": [] if user.email in mine else [each for each in companies if can_register(user, each, user.email)],
        "may_bring": user.is_manager or bool(organisations_for(user)),
    }


def own_members(user: User) -> list[Organisation]:
    """The member companies that a person belongs to."""
    return [m.organisation for m in user.all_memberships if m.organisation.is_member and not m.organisation.is_home]


def organisations_for(user: User) -> list[Organisation]:
    """For which organisations a person signs others up, beside managers, who do it for all."""
    may = {m.organisation_id for m in user.all_memberships if Membership.Role(m.role) in MAY_ACT}
    return [each for each in own_members(user) if each.pk in may]


def as_file(activities: ActivityQuerySet) -> Iterator[list[object]]:
    """A line for each activity, with who came and what came of it; needs what `for_file` reads."""
    yield [
        _("Activity"), _("Kind"), _("From"), _("To"), _("Time zone"), _("Where"), _("Country"), _("Led by"), _("Hosts"),
        _("State"), _("Places"), _("Take part"), _("Were there"), _("Waiting list"), _("Cost, EUR"),
        _("Support paid, EUR"), _("Hours of ours"), _("Money of ours, EUR"), _("Goal"), _("Why it serves none"),
        _("What came of it"),
    ]  # fmt: skip
    for each in activities.iterator(chunk_size=200):
        yield [
            each.name, each.get_kind_display(), *_clocks(each), each.time_zone, each.venue, where(each),
            each.lead.name if each.lead else "", "; ".join(_hosts(each)), each.get_status_display(),
            "" if each.places is None else each.places, each.taken, each.came, each.waiting, each.cost_eur,
            each.paid or 0, each.hours, each.money_eur, each.goal.name if each.goal else "", each.why_no_goal,
            each.results,
        ]  # fmt: skip


def _clocks(activity: Activity) -> list[str]:
    return [f"{at.astimezone(activity.zone):%Y-%m-%d %H:%M}" for at in (activity.starts_at, activity.ends_at)]

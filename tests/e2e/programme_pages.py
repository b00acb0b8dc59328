"""The sample's strategy, services and activities in each state, and every page of them that can be read."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from cluster_portal.sample import strategy as sample
from members.models import Organisation, User
from programme import links, registration_links, service_links
from programme.models import Activity, Strategy
from tests.e2e.funding_pages import Path
from tests.factories.members import MembershipFactory, NeedsAssessmentFactory
from tests.factories.programme import (
    ActionItemFactory,
    ActivityFactory,
    GoalFactory,
    RegistrationFactory,
    ServiceFactory,
    ServiceRequestFactory,
)

OF_SERVICES = ("services", "matrix", "service_hours", "service_requests", "plans", "add_service")
OF_ACTIVITIES = ("activity", "edit", "words", "cancel", "remove", "hosts", "bring", "people")
# The same address shows each role something else.
LOOKED_AT_BY_ALL = {"activities", "activity", "services", "service", "service_requests", "service_request", "plan"}


def load_strategy(manager: User) -> Strategy:
    """As the sample cluster has it: anchored in its second version, with an objection to the first."""
    sample.load(today=timezone.localdate(), by=manager)
    return Strategy.objects.get()


def of_managers(strategy: Strategy) -> list[str]:
    """The pages that write it, and the one that counts."""
    at, goal = strategy.get_absolute_url(), strategy.goals.all()[0]
    kpi = goal.kpis.all()[0]
    parts = (
        "", "edit/", "consult/", "anchor/", "card/", "versions/?old=1", "versions/1/", "stakeholders/", "goals/new/",
    )  # fmt: skip
    return [
        "/programme/strategy/",
        "/programme/strategy/new/",
        *(at + part for part in parts),
        *(f"/programme/goals/{goal.pk}/{part}" for part in ("", "edit/", "give-up/", "indicators/new/")),
        f"/programme/indicators/{kpi.pk}/edit/",
        f"/evaluations/goals/?strategy={strategy.slug}",
    ]


def of_members(strategy: Strategy) -> list[str]:
    """What members read."""
    return ["/programme/strategy/", strategy.get_absolute_url(), f"{strategy.get_absolute_url()}card/"]


def by_link(strategy: Strategy) -> list[str]:
    """What those who are asked read: the newest version, one that was changed since, and a link that opens nothing."""
    asked = [strategy.endorsements.filter(number=number)[0] for number in (1, 2)]
    return [*(f"/programme/p/strategy/{links.token_of(each)}/" for each in asked), "/programme/p/strategy/cut-off/"]


def at(name: str, *args: object, query: dict[str, object] | None = None) -> Path:
    """An address of the room with its name."""
    return name, reverse(f"programme:{name}", args=args, query=query)


def load_room(*, manager: User, owner: User) -> tuple[list[Path], dict[str, User | None]]:
    """Services and activities in each state; returns the addresses, and the roles that look at them."""
    member = owner.own_membership.organisation
    partner = Organisation.objects.get(name="Emajõe Water Cluster")
    host = partner.memberships.filter(role="owner").first() or MembershipFactory(organisation=partner, role="owner")
    paths = [*_of_services(member, owner), *_of_activities(member, owner, partner)]
    return paths, {"manager": manager, "owner": owner, "host": host.user, "nobody": None}


def _of_services(member: Organisation, owner: User) -> Iterator[Path]:
    """One that is offered, one that was stopped; a request at each step; a plan with steps, and one without."""
    NeedsAssessmentFactory(organisation=member, year=timezone.localdate().year)
    offered, stopped = ServiceFactory(goal=GoalFactory()), ServiceFactory(is_offered=False)
    by = {"organisation": member, "asked_by": owner, "words": "Who buys there, and how do we reach them?"}
    done = ServiceRequestFactory(delivered=True, satisfied=5, satisfied_on=timezone.localdate(), **by)
    requests = [
        ServiceRequestFactory(service=offered, **by),
        ServiceRequestFactory(agreed=True, **by),
        ServiceRequestFactory(delivered=True, **by),
        ServiceRequestFactory(status="declined", answer="Our partner in Tartu knows more of it.", **by),
        done,
    ]
    step = ActionItemFactory(organisation=member, due_on=timezone.localdate())
    ActionItemFactory(organisation=member, done_on=timezone.localdate())
    yield from (
        at(name) for name in ("services", "matrix", "service_hours", "service_requests", "plans", "add_service")
    )
    yield from (at(name, each.slug) for each in (offered, stopped) for name in ("service", "edit_service"))
    yield from (at("service_request", each.pk) for each in requests)
    yield at("plan", member.slug)
    yield at("change_step", step.pk)
    yield at("helped", service_links.token_of(done))
    yield at("helped", "cut-off")


def _of_activities(member: Organisation, owner: User, partner: Organisation) -> Iterator[Path]:
    """A plan, one that is full, one that is over and one that is off; and what the link in a mail opens."""
    for activity in _activities(member):
        activity.hosts.create(organisation=partner, does="invites the buyers")
        names = OF_ACTIVITIES if activity.status != "cancelled" else ("activity",)
        for name in names:
            yield at(name if name == "activity" else f"activity_{name}", activity.slug)
        for registration in activity.registrations.all():
            yield at("registration", registration_links.token_of(registration))
    yield from (at(name) for name in ("activities", "activity_new"))
    yield at("activities", query={"when": "past"})
    yield at("activity", ActivityFactory(lead=None).slug)
    yield at("registration", "cut-off")


def _activities(member: Organisation) -> list[Activity]:
    draft, full, over = (
        ActivityFactory(lead=member, **state) for state in ({"draft": True}, {"places": 2}, {"over": True})
    )
    for activity, people in ((full, 2), (over, 3)):
        RegistrationFactory.create_batch(people, activity=activity, organisation=member)
    RegistrationFactory(activity=full, waiting=True)
    off = ActivityFactory(status="cancelled", why_cancelled="The ferry does not sail.")
    return [draft, full, over, off]

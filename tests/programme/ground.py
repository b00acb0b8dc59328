"""What the room's tests stand on: a strategy at each step of its way, people who sign up, and all who might look."""

from members.models import Organisation, User
from programme.actions import registrations, strategies
from programme.models import Activity, Registration, Strategy
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.programme import EndorsementFactory, GoalFactory, StrategyFactory


def draft(**facts) -> Strategy:
    """A draft with a goal and a key company on the list."""
    strategy = StrategyFactory(**facts)
    GoalFactory(strategy=strategy, name="Water in Finland")
    EndorsementFactory(strategy=strategy, number=1, asked_at=None, is_key_company=True, name="Klarflod")
    return strategy


def consulted(manager: User, **facts) -> Strategy:
    """It was put to the key company."""
    return strategies.put_to_stakeholders(strategy=draft(**facts), by=manager)


def anchored(manager: User, **facts) -> Strategy:
    """It holds, though the key company has not answered."""
    strategy = consulted(manager, **facts)
    strategies.anchor(strategy=strategy, why="The board decided so.", by=manager)
    strategy.refresh_from_db()
    return strategy


def member(role: str = "owner", *, organisation: Organisation | None = None) -> User:
    """Somebody of a member company."""
    return MembershipFactory(organisation=organisation or OrganisationFactory(), role=role).user


def partner() -> User:
    """The owner of a foreign cluster."""
    return MembershipFactory(organisation=OrganisationFactory(partner=True), role="owner").user


def signed_up(activity: Activity, user: User) -> Registration:
    """This person signs up by the button."""
    company = user.memberships.get().organisation
    return registrations.register(activity=activity, organisation=company, person=str(user), email=user.email, by=user)


def everybody(request, activity: Activity) -> dict[str, User | None]:
    """Each kind of person that there is, by name; None has no account."""
    lead = activity.lead
    named = ("manager", "evaluator", "owner", "colleague", "viewer", "outsider")
    people: dict[str, User | None] = {name: request.getfixturevalue(name) for name in named}
    home = people["manager"].memberships.get().organisation
    host = partner()
    activity.hosts.create(organisation=host.memberships.get().organisation)
    return people | {
        "lead owner": member("owner", organisation=lead),
        "lead editor": member("editor", organisation=lead),
        "lead viewer": member("viewer", organisation=lead),
        "host": host,
        "other partner": partner(),
        "reviewer": MembershipFactory(organisation=home, role="reviewer").user,
        "without an organisation": UserFactory(),
        "stranger": None,
    }

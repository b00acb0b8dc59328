"""What tests of activities stand on: people who sign up, and everybody who might look."""

from members.models import Organisation, User
from programme.actions import registrations
from programme.models import Activity, Registration
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory


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

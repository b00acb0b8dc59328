"""The catalogue: what managers offer, what members find first and why, and the matrix over the needs."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent
from members import needs
from members.models import Gap, Membership
from programme.actions import goals
from programme.actions import services as actions
from programme.models import Function, Service
from tests.factories.members import MembershipFactory, NeedsAssessmentFactory, OrganisationFactory
from tests.factories.programme import GoalFactory, ServiceFactory, ServiceRequestFactory
from tests.queries import assert_constant_queries

LIST, MATRIX, ADD = (reverse(f"programme:{name}") for name in ("services", "matrix", "add_service"))
TYPED = {"name": "First talk abroad", "gap": "mobilising", "function": "contacts", "what": "We open a door.",
         "hours": "6", "price_eur": "0", "why_no_goal": ""}  # fmt: skip


def needing(*gaps, of=None, year=None):
    """A member that needs help with these gaps and no other."""
    answers = {each.key: 5 if each.gap in gaps else 1 for each in needs.QUESTIONS}
    more = {"organisation": of} if of else {}
    return NeedsAssessmentFactory(answers=answers, year=year or timezone.localdate().year, **more)


def test_manager_adds_changes_and_stops_a_service(sign_in, manager):
    client = sign_in(manager)
    client.post(ADD, TYPED)
    found = Service.objects.get()
    client.post(reverse("programme:edit_service", args=[found.slug]), TYPED | {"hours": "8"})
    for _ in range(2):
        client.post(reverse("programme:stop_service", args=[found.slug]))
    found.refresh_from_db()

    assert (found.slug, found.hours, found.is_offered) == ("first-talk-abroad", 8, False)
    assert [*AuditEvent.objects.order_by("pk").values_list("action", flat=True)] == [
        "programme.service_added", "programme.service_changed", "programme.service_stopped",
    ]  # fmt: skip
    client.post(reverse("programme:offer_service", args=[found.slug]))
    assert Service.objects.get().is_offered


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("hours", "-1", "Write 0 or more."),
        ("hours", "1000000", "digits"),
        ("hours", "many", "Write a number, such as 40."),
        ("price_eur", "-5", "Write 0 or more."),
        ("gap", "weather", "Choose from the list."),
        ("name", "", "We need this."),
    ],
)
def test_a_service_that_does_not_fit_keeps_what_was_typed(field, value, reason, sign_in, manager):
    page = sign_in(manager).post(ADD, TYPED | {field: value}).content.decode()

    assert reason in page
    assert "We open a door." in page
    assert not Service.objects.exists()


def test_a_goal_that_was_given_up_stays_until_another_is_chosen(sign_in, manager):
    goal = GoalFactory(given_up_at=timezone.now(), why_given_up="Nobody buys there.")
    found = ServiceFactory(goal=goal)
    url = reverse("programme:edit_service", args=[found.slug])
    assert f'<option value="{goal.pk}" selected>' in sign_in(manager).get(url).content.decode()
    assert f'<option value="{goal.pk}"' not in sign_in(manager).get(ADD).content.decode()
    page = sign_in(manager).post(url, TYPED | {"goal": goal.pk, "why_no_goal": "None fits"}).content.decode()

    assert "You chose a goal. Leave this empty" in page
    sign_in(manager).post(url, TYPED | {"goal": goal.pk})
    assert Service.objects.get().goal == goal


def test_goals_that_can_be_cited_are_offered_with_their_strategy(sign_in, manager):
    goal = GoalFactory(name="<i>Water</i>")
    GoalFactory(strategy__over=True, name="Long gone")
    page = sign_in(manager).get(ADD).content.decode()
    sign_in(manager).post(ADD, TYPED | {"goal": goal.pk})

    assert f"&lt;i&gt;Water&lt;/i&gt; ({goal.strategy.name})" in page
    assert "Leave both empty when it is not decided." in page
    assert page.count('<option value="" selected>Choose one</option>') == 2
    assert "Long gone" not in page
    assert Service.objects.get().goal == goal


def test_a_goal_that_is_given_up_while_the_page_is_open_is_refused(sign_in, manager):
    goal = GoalFactory()
    client = sign_in(manager)
    client.get(ADD)
    goals.give_up(goal=goal, why="Nobody buys there.", by=manager)
    page = client.post(ADD, TYPED | {"goal": goal.pk}).content.decode()

    assert "Choose from the list." in page
    assert "We open a door." in page
    assert not Service.objects.exists()
    with pytest.raises(Refused, match="was given up"):
        actions.save_service(service=ServiceFactory.build(goal=goal), by=manager)


def test_a_name_is_given_once(sign_in, manager):
    ServiceFactory(name="First talk abroad")
    page = sign_in(manager).post(ADD, TYPED).content.decode()

    assert "already" in page
    assert Service.objects.count() == 1
    with pytest.raises(Refused, match="already"):
        actions.save_service(service=ServiceFactory.build(name="First talk abroad"), by=manager)


def test_addresses_of_the_room_are_kept_free(manager):
    saved = actions.save_service(service=ServiceFactory.build(name="Matrix", slug=""), by=manager)

    assert saved.slug == "matrix-2"


def test_members_find_what_fits_first_with_the_reason(sign_in, owner, organisation):
    year = timezone.localdate().year
    needing(Gap.MOBILISING, of=organisation, year=year - 1)
    for name, gap in (("Market desk", Gap.SENSING), ("Door opener", Gap.MOBILISING)):
        ServiceFactory(name=name, gap=gap)
    ServiceFactory(name="Old thing", gap=Gap.MOBILISING, is_offered=False)
    page = " ".join(sign_in(owner).get(LIST).content.decode().split())

    assert page.index("Door opener") < page.index("Everything else") < page.index("Market desk")
    assert f"You said in {year - 1} that you need help with “Being known and trusted abroad”" in page
    assert page.count("You said in") == 1
    assert "Old thing" not in page


def test_who_has_not_told_is_asked_and_sees_everything(sign_in, owner, organisation):
    ServiceFactory(name="Market desk")
    page = sign_in(owner).get(LIST).content.decode()

    assert "Tell us what you need" in page
    assert "Market desk" in page


def test_matrix_says_where_much_is_needed_and_nothing_offered(sign_in, manager):
    for _ in range(3):
        needing(Gap.MOBILISING)
    needing(Gap.OPERATIONALISING, year=timezone.localdate().year - 1)
    ServiceFactory(name="Door opener", gap=Gap.MOBILISING, function=Function.CONTACTS)
    ServiceFactory(name="Gone", gap=Gap.MOBILISING, function=Function.IDENTITY, is_offered=False)
    for n in range(3):
        ServiceFactory(name=f"Desk {n}", gap=Gap.SENSING, function=Function.MARKET)
    page = " ".join(sign_in(manager).get(MATRIX).content.decode().split())

    assert "3 of 3 members need this" in page
    assert page.count("Many need it, nothing is offered") == 2  # new markets and identity
    assert page.count("Much is offered, few need it") == 1
    assert "0 members need it" in page
    assert "Gone" not in page
    assert f"{ADD}?gap=mobilising&amp;function=identity" in page


def test_matrix_of_nobody_accuses_nothing(sign_in, manager):
    page = sign_in(manager).get(MATRIX).content.decode()

    assert "No member has told us yet" in page
    assert "Many need it" not in page


def test_words_of_a_service_are_words(sign_in, manager, owner):
    found = ServiceFactory(name="<script>x</script>", what="<b>bold</b>")
    for user in (manager, owner):
        page = sign_in(user).get(found.get_absolute_url()).content.decode()
        assert "<script>x" not in page
        assert "<b>bold" not in page


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator", "partner", "stranger"])
def test_only_managers_change_the_catalogue(request, sign_in, client, who, organisation):
    found = ServiceFactory()
    if who == "stranger":
        visitor = client
    else:
        user = (
            MembershipFactory(organisation=OrganisationFactory(partner=True), role=Membership.Role.OWNER).user
            if who == "partner"
            else request.getfixturevalue(who)
        )
        visitor = sign_in(user)
        with pytest.raises(PermissionDenied):
            actions.save_service(service=found, by=user)
        with pytest.raises(PermissionDenied):
            actions.set_offered(service=found, offered=False, by=user)
    for name in ("edit_service", "stop_service"):
        visitor.post(reverse(f"programme:{name}", args=[found.slug]), TYPED)
    visitor.post(ADD, TYPED)
    shown = found.name in visitor.get(LIST).content.decode()

    assert [*Service.objects.values_list("name", "is_offered")] == [(found.name, True)]
    assert shown is (who in ("owner", "viewer", "outsider"))
    assert "Gap" not in visitor.get(MATRIX).content.decode()


def test_catalogue_asks_as_often_for_many(sign_in, owner, organisation):
    needing(Gap.SENSING, of=organisation)
    client = sign_in(owner)

    def make():
        ServiceRequestFactory(organisation=organisation, service__provider=OrganisationFactory(partner=True))

    assert_constant_queries(
        lambda: client.get(LIST), make, at_most=12, shows=lambda page: page.content.decode().count("two-part")
    )

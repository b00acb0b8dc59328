"""The programme in real browsers: from the strategy to the yearly report, and from a need to what came of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from cluster_portal.sample import load
from members.models import User
from programme.models import Registration
from tests.e2e import programme_managing as managing
from tests.e2e import programme_using as using
from tests.e2e.funding_applying import fits, mailed
from tests.factories.programme import ActivityFactory, ServiceFactory
from tests.processes import Running

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

Visit = Callable[..., Page]


@pytest.fixture
def people(transactional_db) -> dict[str, User]:
    """The sample's people by the start of their addresses."""
    load.organisations()
    return {user.email.partition(".")[0]: user for user in User.objects.all()}


def test_from_the_strategy_to_the_yearly_report(visit: Visit, worker: Running, people: dict[str, User]) -> None:
    desk = visit(people["ylva"], "/programme/strategy/")
    strategy = managing.write_strategy(desk)
    managing.endorse(visit(None, managing.consult(desk, strategy), **PHONE))
    managing.anchor(desk, strategy)
    managing.cite_the_goal(desk)
    managing.spend_hours(desk, people["saga"].own_membership.organisation)
    managing.review(desk, strategy)

    managing.a_quarter_passes()
    reader = visit(None, managing.report(desk), **PHONE)
    expect(reader.get_by_role("heading", name="Effort and results by goal")).to_be_visible()
    expect(reader.get_by_text(managing.GOAL).first).to_be_visible()
    fits(reader)


def test_from_a_need_to_what_came_of_it(visit: Visit, worker: Running, people: dict[str, User]) -> None:
    saga, elif_ = people["saga"], people["elif"]
    member = saga.own_membership.organisation
    service = ServiceFactory(name="Door opener for Finland", gap="mobilising", function="contacts")
    activity = ActivityFactory(name="Mission to Turku", places=1, lead=member)

    phone = visit(saga, f"/members/{member.slug}/needs/", **PHONE)
    using.tell_needs(phone, member)
    request = using.ask_for_service(phone, service.name)
    desk = visit(people["ylva"], f"/programme/services/requests/{request.pk}/")
    managing.agree(desk)
    managing.deliver(desk)
    using.say_that_it_helped(visit(None, using.path_of_helped(saga.email), **PHONE), request)
    using.tell_what_came(visit(None, using.three_months_pass(request, saga.email), **PHONE))

    using.sign_up(phone, activity)
    other = visit(elif_, "/programme/activities/", **PHONE)
    using.wait_for_a_place(other, activity)
    using.cancel(phone, activity)
    mailed("activity-registration:registered", elif_.email)
    other.reload()
    expect(other.get_by_role("button", name="Cancel")).to_be_visible()
    assert Registration.objects.get(email=elif_.email).status == "registered"

"""A funding call in real browsers, from the idea to the payment: secretary, applicants, partner, reviewers, panel."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from cluster_portal.sample import load
from funding.models import Application, FundingCall
from members.models import User
from tests.e2e import funding_applying as applying
from tests.e2e import funding_judging as judging
from tests.factories.funding import ApplicationFactory, SubmissionFactory
from tests.funding.review_ground import content_of
from tests.processes import Running

pytestmark = pytest.mark.slow
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}

Visit = Callable[..., Page]


@pytest.fixture
def people(transactional_db) -> dict[str, User]:
    """The sample's people by the start of their addresses."""
    load.organisations()
    return {user.email.partition(".")[0]: user for user in User.objects.all()}


def test_from_the_idea_to_the_payment(visit: Visit, worker: Running, people: dict[str, User]) -> None:
    desk = visit(people["ylva"], "/funding/")
    call = applying.publish_call(desk)
    applying.check_eligibility(visit(None, "/funding/", **PHONE))

    phone = visit(people["saga"], "/funding/", **PHONE)
    application = applying.write_application(phone, call)
    applying.confirm_part(visit(None, applying.invite_partner(phone), **PHONE))
    applying.hand_in(phone, application)
    other = handed_in_elsewhere(call, people["elif"])
    applying.come_too_late(phone, application)

    nils, eva, rolf, petra = (
        judging.reviewer_user(name) for name in ("Nils Nära", "Eva Expert", "Rolf Reader", "Petra Panel")
    )
    judging.bring_in(desk, call, nils, eva, rolf)
    judging.assign(desk, application, nils, eva)
    judging.refuse_for_conflict(visit(nils, "/funding/reviews/"), application, nils)
    judging.review(visit(eva, "/funding/reviews/"), "5444")
    judging.assign(desk, application, rolf)
    judging.review(visit(rolf, "/funding/reviews/"), "2334")
    judging.moderate(desk, call)
    judging.bring_in(desk, call, petra, on_panel=True)
    judging.see_ranking(visit(petra, "/funding/reviews/"))

    judging.decide(desk, application, "Funded")
    judging.decide(desk, other, "Not eligible")
    judging.make_known(desk, call)
    judging.read_decision(phone, "Funded")
    unlucky = visit(people["elif"], "/funding/", **PHONE)
    judging.read_decision(unlucky, "Not eligible")
    judging.appeal(unlucky)
    judging.dismiss(desk, call, "elif")

    granted = judging.grant(desk, call)
    judging.report(phone)
    judging.accept_and_pay(desk, granted)
    judging.see_statement(phone)
    judging.climb_ladder(desk, granted)


def handed_in_elsewhere(call: FundingCall, owner: User) -> Application:
    """Another member's application, which nobody in this journey writes."""
    lead = owner.own_membership.organisation
    application = ApplicationFactory(call=call, lead=lead, title="Algae to feed", status="submitted", number=99)
    SubmissionFactory(application=application, content=content_of(application))
    return application

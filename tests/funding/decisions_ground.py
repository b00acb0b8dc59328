"""A call whose reviews are in, for tests of decisions, letters, appeals and the record."""

from decimal import Decimal

from funding.actions import announcing, decisions
from funding.models import Appeal, Application, Decision, FundingCall
from members.models import Membership, User
from tests.factories.funding import (
    ApplicationFactory,
    AssignmentFactory,
    CriterionFactory,
    FunderFactory,
    FundingCallFactory,
    PartnerFactory,
    ReviewerFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory


def judged_call(**more: object) -> FundingCall:
    """In review, two funders with EUR 100,000 and EUR 50,000, one criterion with a threshold of 3 of 5."""
    call = FundingCallFactory(in_review=True, reviews_each=1, **more)
    FunderFactory(call=call, name="Havsfonden", budget_eur=100_000, position=1)
    FunderFactory(call=call, name="Mere Fond", member_state="EE", budget_eur=50_000, position=2)
    CriterionFactory(call=call, threshold=3)
    return call


def judged(call: FundingCall, score: int, *asks: int, lead: object = None, **more: object) -> Application:
    """An application with a score from one reviewer; its lead asks of the first funder, its partner of the second."""
    given = {"lead": lead} if lead else {}
    application = ApplicationFactory(call=call, submitted=True, own_part__email="lead@lead.example", **given, **more)
    funders = list(call.funders.order_by("position"))
    lead_part = application.partners.get(is_lead=True)
    lead_part.funder, lead_part.grant_eur = funders[0], asks[0]
    lead_part.save()
    for amount in asks[1:]:
        PartnerFactory(application=application, confirmed=True, funder=funders[1], grant_eur=amount)
    done = AssignmentFactory(reviewer=a_reviewer(call), application=application, done=True)
    done.scores.create(criterion=call.criteria.get(), value=score)
    return application


def a_reviewer(call: FundingCall, **more: object):
    """Somebody with the role, who reviews for this call."""
    return ReviewerFactory(call=call, user=reviewer_user(), **more)


def reviewer_user() -> User:
    """An account with the role of a reviewer at the home cluster."""
    home = Membership.objects.filter(organisation__is_home=True).first()
    organisation = home.organisation if home else OrganisationFactory(home=True)
    user = UserFactory()
    MembershipFactory(user=user, organisation=organisation, role=Membership.Role.REVIEWER)
    return user


def asked_in_full(application: Application) -> dict[int, Decimal]:
    """Each partner gets what it asks."""
    return {each.pk: each.grant_eur for each in application.partners.exclude(grant_eur=None)}


def fund(application: Application, by: User, **more: object) -> Decision:
    """Funded in full."""
    said = {"outcome": "funded", "reasons": "Clear benefit.", "amounts": asked_in_full(application)} | more
    return decisions.decide(application=application, by=by, **said)


def reject(application: Application, by: User, **more: object) -> Decision:
    """Not funded."""
    said = {"outcome": "rejected", "reasons": "The money does not reach it."} | more
    return decisions.decide(application=application, by=by, **said)


def keep(application: Application, place: int, by: User) -> Decision:
    """On the reserve list."""
    return decisions.decide(
        application=application, outcome="reserve", reasons="Good, but the money ends.", reserve_place=place, by=by
    )


def tell(call: FundingCall, by: User, **more: object) -> int:
    """Makes all decisions known."""
    return announcing.make_known(call=call, by=by, **more)


def decided_paths(lead: object, by: User) -> dict[str, dict[str, str | int]]:
    """What the addresses of a decided call name, for the sweeps over all pages."""
    call = judged_call()
    application = judged(call, 4, 40_000, lead=lead)
    decision = fund(application, by)
    tell(call, by)
    appeal = Appeal.objects.create(decision=decision, words="Look again.")
    named = {
        "slug": call.slug,
        "number": appeal.decision.application.number,
        "kind": "funded",
        "reference": application.reference,
    }
    starts = ("appeal", "answer_a", "decide", "decision", "forget_letter", "letter_t", "letters", "make_known",
              "move_up", "rank", "reserve", "trail")  # fmt: skip
    return {
        "funding:letter_pdf": {"pk": decision.letters.get().pk},
        "funding:give_up": {"slug": call.slug, "pk": decision.awards.get().pk},
        **{f"funding:{start}": named for start in starts},
    }

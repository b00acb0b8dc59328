"""A call in review: two applications that were handed in, two reviewers, and what a page of scores sends."""

import json
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from funding.models import Application, Assignment, Criterion, FundingCall, Reviewer
from members.models import Membership, Organisation, User
from tests.client import CheckingClient
from tests.factories.funding import (
    ApplicationFactory,
    AssignmentFactory,
    CriterionFactory,
    FundingCallFactory,
    ReviewerFactory,
    SubmissionFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory


@dataclass
class Ground:
    """What most tests of reviews start from. Nothing is assigned yet."""

    call: FundingCall
    ferries: Application
    timber: Application
    eva: Reviewer
    rolf: Reviewer
    impact: Criterion
    quality: Criterion


def ground(home: Organisation, *, blind: bool = False) -> Ground:
    """Reviews are due in five days; each application needs one."""
    call = FundingCallFactory(
        in_review=True, is_blind=blind, reviews_each=1, review_until=timezone.now() + timedelta(days=5), code="BWX"
    )
    return Ground(
        call=call,
        impact=CriterionFactory(call=call, name="Impact", weight=2, threshold=3),
        quality=CriterionFactory(call=call, name="Quality"),
        ferries=handed_in(call, "Nordlys Marine", "Charging of ferries"),
        timber=handed_in(call, "Granbacken Wood", "Houses of timber"),
        eva=reviewer(call, home, "Eva Expert", expertise=["ferry"]),
        rolf=reviewer(call, home, "Rolf Reader", expertise=["timber"]),
    )


def handed_in(call: FundingCall, name: str, title: str) -> Application:
    """An application of one organisation, with what it handed in."""
    lead = OrganisationFactory(name=name)
    application = ApplicationFactory(
        call=call, lead=lead, title=title, summary=f"{name} begins.", status=Application.Status.SUBMITTED
    )
    SubmissionFactory(application=application, content=content_of(application))
    return application


def content_of(application: Application) -> dict[str, object]:
    """As much of a submission's content as reviewers are shown."""
    part = application.partners.get()
    return {
        "reference": application.reference,
        "lead": part.name,
        "title": application.title,
        "summary": application.summary,
        "months": 12,
        "answers": [
            {"text": "Who are you?", "kind": "long_text", "tells_who": True, "value": f"We are {part.name}"},
            {"text": "What changes?", "kind": "long_text", "tells_who": False, "value": "Much."},
        ],
        "partners": [
            {
                "name": part.name, "is_lead": True, "kind": "company", "country": "SE", "person": "Anna Andersson",
                "email": "anna@applicant.example", "role": "Builds.", "total": "1000.00", "grant": "500.00",
                "costs": [{"name": "Staff", "amount": "1000.00"}], "organisation": part.organisation_id,
            }
        ],
        "attachments": [],
    }  # fmt: skip


def reviewer(call: FundingCall, home: Organisation, name: str, **facts: object) -> Reviewer:
    """Somebody with the home role who reviews for the call."""
    user = UserFactory(name=name, email=f"{name.split()[0].lower()}@reviewer.example")
    MembershipFactory(user=user, organisation=home, role=Membership.Role.REVIEWER)
    return ReviewerFactory(call=call, user=user, **facts)


def opened(application: Application, row: Reviewer, **facts: object) -> Assignment:
    """Assigned, and declared free of conflicts."""
    return AssignmentFactory(application=application, reviewer=row, open=True, **facts)


def handed(application: Application, row: Reviewer, **scores: int) -> Assignment:
    """A review that was handed in, with scores by the criterion's name."""
    made = AssignmentFactory(application=application, reviewer=row, done=True)
    for criterion in application.call.criteria.all():
        value = scores.get(criterion.name.lower(), 3)
        made.scores.create(criterion=criterion, value=value, words=f"Because of {value}, says {row.user}.")
    return made


def lose_role(user: User) -> None:
    """What a manager does on the page of the home cluster's people."""
    user.memberships.filter(organisation__is_home=True).delete()


def url(name: str, *arguments: object) -> str:
    """An address of the room."""
    return reverse(f"funding:{name}", args=arguments)


def send(
    client: CheckingClient, row: Assignment, fields: dict[str, str], *, seen: dict[str, str] | None = None,
    hand_in: bool = False, htmx: bool = False,
) -> HttpResponse:  # fmt: skip
    """What the page of a review posts."""
    data = fields | {"seen": json.dumps(seen or {})} | ({"hand_in": "1"} if hand_in else {})
    return client.post(url("review", row.key), data, headers={"HX-Request": "true"} if htmx else {})


def whole(g: Ground, score: int = 4) -> dict[str, str]:
    """All scores and reasons."""
    criteria = (g.impact, g.quality)
    return {f"score-{each.pk}": str(score) for each in criteria} | {f"why-{each.pk}": "Good." for each in criteria}

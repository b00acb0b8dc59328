"""What tests of calls share: the facts of a call as a form sends them, and a call that is ready to be published."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from funding.models import FundingCall
from tests.factories.funding import (
    CostCategoryFactory,
    CriterionFactory,
    FunderFactory,
    FundingCallFactory,
    QuestionFactory,
)

ZONE = ZoneInfo("Europe/Tallinn")


def page(name, *arguments):
    return reverse(f"funding:{name}", args=arguments)


def typed_at(days, hour=13):
    return (
        (timezone.now().astimezone(ZONE) + timedelta(days=days)).replace(hour=hour, minute=0).strftime("%Y-%m-%dT%H:%M")
    )


def basics(**more):
    """What the page of basics sends."""
    return {
        "name": "Blue pilots 2027",
        "code": "bp27",
        "aim": "Pilots on both sides of the sea.",
        "text": "Who may apply, and for what.",
        "contact_email": "calls@cluster.example",
        "time_zone": "Europe/Tallinn",
        "opens_at": typed_at(5, 9),
        "deadline": typed_at(60),
        "review_until": typed_at(90),
        "granting_on": (timezone.localdate() + timedelta(days=120)).isoformat(),
        "appeal_days": "21",
        "least_organisations": "3",
        "least_countries": "2",
        "least_smes": "1",
        "lead_kinds": ["cluster"],
        "activities": "Pilots\nFairs",
        "categories": "Staff: wages\nTravel",
        "reviews_each": "2",
    } | more


def funder_facts(**more):
    """What the page of a funder sends."""
    return {
        "name": "Havsfonden",
        "member_state": "SE",
        "budget_eur": "200000",
        "rate": "50",
        "largest_grant_eur": "60000",
        "is_de_minimis": "on",
    } | more


def ready(**facts) -> FundingCall:
    """A draft with all that publishing asks for."""
    words = {"text": "Who may apply, and for what.", "review_until": timezone.now() + timedelta(days=30)}
    call = FundingCallFactory(**{"draft": True} | words | facts)
    FunderFactory(call=call, name="Havsfonden", budget_eur=Decimal(200_000))
    CostCategoryFactory(call=call, name="Staff")
    QuestionFactory(call=call, text="What will you try out?")
    CriterionFactory(call=call, name="Benefit")
    return call

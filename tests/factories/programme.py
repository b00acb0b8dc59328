"""The strategy, services and activities: minimal by default, states as traits."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from members.models import Gap
from programme import models
from tests.factories.members import OrganisationFactory


class StrategyFactory(DjangoModelFactory):
    """A draft for this year and the next two. Traits: consulted, anchored."""

    class Meta:
        model = models.Strategy

    name = factory.Sequence(lambda n: f"Strategy {n}")
    slug = factory.LazyAttribute(lambda strategy: slugify(strategy.name))
    starts_on = factory.LazyFunction(lambda: date(timezone.localdate().year, 1, 1))
    ends_on = factory.LazyFunction(lambda: date(timezone.localdate().year + 2, 12, 31))
    vision = "Clean water around the Baltic Sea, made here."

    class Params:
        consulted = factory.Trait(status=models.Strategy.Status.CONSULTED, number=1)
        anchored = factory.Trait(
            consulted=True,
            status=models.Strategy.Status.ANCHORED,
            anchored_at=factory.LazyFunction(timezone.now),
            anchored_number=1,
        )
        over = factory.Trait(anchored=True, status=models.Strategy.Status.OVER)


class GoalFactory(DjangoModelFactory):
    """A goal of an anchored strategy."""

    class Meta:
        model = models.Goal

    strategy = factory.SubFactory(StrategyFactory, anchored=True)
    name = factory.Sequence(lambda n: f"Goal {n}")
    markets = ["FI"]
    hours = 200
    money_eur = Decimal(30_000)


class KPIFactory(DjangoModelFactory):
    """Twenty new partners by the end of the strategy."""

    class Meta:
        model = models.KPI

    goal = factory.SubFactory(GoalFactory)
    name = factory.Sequence(lambda n: f"Indicator {n}")
    target = Decimal(20)
    due_on = factory.LazyAttribute(lambda kpi: kpi.goal.strategy.ends_on)
    source = "Outcomes of the portal"


class EndorsementFactory(DjangoModelFactory):
    """A key company that was asked."""

    class Meta:
        model = models.Endorsement

    strategy = factory.SubFactory(StrategyFactory, consulted=True)
    name = factory.Sequence(lambda n: f"Stakeholder {n}")
    person = "Somebody"
    email = factory.Sequence(lambda n: f"stakeholder{n}@stakeholder.example")
    number = 1
    asked_at = factory.LazyFunction(timezone.now)


class ServiceFactory(DjangoModelFactory):
    """Offered by the cluster, without a goal so far."""

    class Meta:
        model = models.Service

    name = factory.Sequence(lambda n: f"Service {n}")
    slug = factory.LazyAttribute(lambda service: slugify(service.name))
    gap = Gap.SENSING
    function = models.Function.MARKET
    what = "Two hours on a market of your choice."
    hours = Decimal(4)


class ServiceRequestFactory(DjangoModelFactory):
    """Asked for. Traits: agreed, delivered."""

    class Meta:
        model = models.ServiceRequest

    service = factory.SubFactory(ServiceFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Params:
        agreed = factory.Trait(
            status=models.ServiceRequest.Status.AGREED,
            agreed_at=factory.LazyFunction(timezone.now),
            agreed_hours=Decimal(4),
        )
        delivered = factory.Trait(
            agreed=True,
            status=models.ServiceRequest.Status.DELIVERED,
            delivered_on=factory.LazyFunction(timezone.localdate),
            delivered_hours=Decimal(5),
        )


class ActivityFactory(DjangoModelFactory):
    """A published mission in a month with room for ten, led by a member. Traits: draft, over."""

    class Meta:
        model = models.Activity

    name = factory.Sequence(lambda n: f"Activity {n}")
    slug = factory.LazyAttribute(lambda activity: slugify(activity.name))
    kind = models.Activity.Kind.MISSION
    aim = "Meet utilities in Finland."
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))
    ends_at = factory.LazyAttribute(lambda activity: activity.starts_at + timedelta(days=2))
    register_until = factory.LazyAttribute(lambda activity: activity.starts_at - timedelta(days=7))
    time_zone = "Europe/Helsinki"
    places = 10
    lead = factory.SubFactory(OrganisationFactory)
    status = models.Activity.Status.PUBLISHED

    class Params:
        draft = factory.Trait(status=models.Activity.Status.DRAFT)
        over = factory.Trait(
            status=models.Activity.Status.OVER, starts_at=factory.LazyFunction(lambda: timezone.now() - timedelta(40))
        )


class RegistrationFactory(DjangoModelFactory):
    """Somebody who takes part. Trait: waiting."""

    class Meta:
        model = models.Registration

    activity = factory.SubFactory(ActivityFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.Sequence(lambda n: f"Participant {n}")
    email = factory.Sequence(lambda n: f"participant{n}@company.example")
    status = models.Registration.Status.REGISTERED

    class Params:
        waiting = factory.Trait(status=models.Registration.Status.WAITING)

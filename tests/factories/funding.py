"""Funding calls, applications, reviews and grants: minimal by default, states as traits."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from funding import models
from tests.factories.members import OrganisationFactory, UserFactory
from tests.factories.opportunities import OpportunityFactory


class FundingCallFactory(DjangoModelFactory):
    """A call that is open for ten more days, without a funder. Traits: draft, announced, in_review, decided."""

    class Meta:
        model = models.FundingCall

    name = factory.Sequence(lambda n: f"Call {n}")
    slug = factory.LazyAttribute(lambda call: slugify(call.name))
    code = factory.Sequence(lambda n: f"C{n}")
    aim = "Small projects of companies and clusters from both sides of the Baltic Sea."
    contact_email = "calls@cluster.example"
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=20))
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=10))
    time_zone = "Europe/Stockholm"
    granting_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=90))
    status = models.FundingCall.Status.PUBLISHED

    class Params:
        draft = factory.Trait(status=models.FundingCall.Status.DRAFT)
        announced = factory.Trait(opens_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=5)))
        in_review = factory.Trait(deadline=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)))
        decided = factory.Trait(
            in_review=True,
            status=models.FundingCall.Status.DECIDED,
            decided_at=factory.LazyFunction(timezone.now),
        )


class FunderFactory(DjangoModelFactory):
    """Pays in all of Sweden, for anybody, up to EUR 60,000 a partner and half of the costs."""

    class Meta:
        model = models.Funder
        skip_postgeneration_save = True

    call = factory.SubFactory(FundingCallFactory)
    name = factory.Sequence(lambda n: f"Funder {n}")
    member_state = "SE"
    budget_eur = Decimal(200_000)
    largest_grant_eur = Decimal(60_000)
    rate = Decimal("0.5")


class ActivityTypeFactory(DjangoModelFactory):
    """Something that projects may do."""

    class Meta:
        model = models.ActivityType

    call = factory.SubFactory(FundingCallFactory)
    name = factory.Sequence(lambda n: f"Activity {n}")


class CostCategoryFactory(DjangoModelFactory):
    """A row of the budget table."""

    class Meta:
        model = models.CostCategory

    call = factory.SubFactory(FundingCallFactory)
    name = factory.Sequence(lambda n: f"Category {n}")


class QuestionFactory(DjangoModelFactory):
    """A long text that the consortium must write."""

    class Meta:
        model = models.Question

    call = factory.SubFactory(FundingCallFactory)
    text = factory.Sequence(lambda n: f"Question {n}")
    most_words = 300


class CallDocumentFactory(DjangoModelFactory):
    """A small PDF."""

    class Meta:
        model = models.CallDocument

    call = factory.SubFactory(FundingCallFactory)
    name = factory.Sequence(lambda n: f"Document {n}")
    file = factory.django.FileField(data=b"%PDF-1.7", filename="document.pdf")
    content_type = "application/pdf"
    size = 8


class CriterionFactory(DjangoModelFactory):
    """Judged from 0 to 5."""

    class Meta:
        model = models.Criterion

    call = factory.SubFactory(FundingCallFactory)
    name = factory.Sequence(lambda n: f"Criterion {n}")
    asks = "What changes for the companies?"
    anchors = factory.LazyFunction(lambda: {"0": "Nothing.", "3": "Something.", "5": "Much."})


class ApplicationFactory(DjangoModelFactory):
    """A draft of a lead with its own part in it. Trait: submitted (with one submission)."""

    class Meta:
        model = models.Application
        skip_postgeneration_save = True

    call = factory.SubFactory(FundingCallFactory)
    number = factory.Sequence(lambda n: n + 1)
    lead = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Project {n}")
    own_part = factory.RelatedFactory(
        "tests.factories.funding.PartnerFactory",
        factory_related_name="application",
        organisation=factory.SelfAttribute("..lead"),
        name=factory.SelfAttribute("..lead.name"),
        country=factory.SelfAttribute("..lead.country"),
        is_lead=True,
        confirmed=True,
    )

    class Params:
        submitted = factory.Trait(
            status=models.Application.Status.SUBMITTED,
            submission=factory.RelatedFactory(
                "tests.factories.funding.SubmissionFactory", factory_related_name="application"
            ),
        )


class PartnerFactory(DjangoModelFactory):
    """A company abroad that was not invited yet. Traits: invited, confirmed, declined."""

    class Meta:
        model = models.Partner

    application = factory.SubFactory(ApplicationFactory)
    name = factory.Sequence(lambda n: f"Partner {n}")
    country = "EE"
    email = factory.Sequence(lambda n: f"partner{n}@partner.example")

    class Params:
        invited = factory.Trait(status=models.Partner.Status.INVITED, invited_at=factory.LazyFunction(timezone.now))
        confirmed = factory.Trait(
            status=models.Partner.Status.CONFIRMED,
            answered_at=factory.LazyFunction(timezone.now),
            answered_by="Somebody of the partner",
        )
        declined = factory.Trait(status=models.Partner.Status.DECLINED, answered_at=factory.LazyFunction(timezone.now))


class SubmissionFactory(DjangoModelFactory):
    """The first one, with nothing in it."""

    class Meta:
        model = models.Submission

    application = factory.SubFactory(ApplicationFactory)
    number = 1
    by = "Somebody of the lead"
    content = factory.LazyFunction(dict)
    sha256 = "0" * 64


class ReviewerFactory(DjangoModelFactory):
    """Somebody with the role of a reviewer."""

    class Meta:
        model = models.Reviewer

    call = factory.SubFactory(FundingCallFactory)
    user = factory.SubFactory(UserFactory)


class AssignmentFactory(DjangoModelFactory):
    """Asked whether there is a conflict. Traits: open, done, conflicted."""

    class Meta:
        model = models.Assignment

    reviewer = factory.SubFactory(ReviewerFactory)
    application = factory.SubFactory(ApplicationFactory, call=factory.SelfAttribute("..reviewer.call"), submitted=True)

    class Params:
        open = factory.Trait(status=models.Assignment.Status.OPEN, declared_at=factory.LazyFunction(timezone.now))
        done = factory.Trait(
            status=models.Assignment.Status.DONE,
            declared_at=factory.LazyFunction(timezone.now),
            done_at=factory.LazyFunction(timezone.now),
        )
        conflicted = factory.Trait(
            status=models.Assignment.Status.CONFLICT,
            declared_at=factory.LazyFunction(timezone.now),
            conflict="We work together.",
        )


class DecisionFactory(DjangoModelFactory):
    """Funded."""

    class Meta:
        model = models.Decision

    application = factory.SubFactory(ApplicationFactory, submitted=True)
    outcome = models.Decision.Outcome.FUNDED
    reasons = "Clear benefit for the companies."


class AwardFactory(DjangoModelFactory):
    """EUR 20,000 for a confirmed partner."""

    class Meta:
        model = models.Award

    decision = factory.SubFactory(DecisionFactory)
    partner = factory.SubFactory(
        PartnerFactory, application=factory.SelfAttribute("..decision.application"), confirmed=True
    )
    funder = factory.SubFactory(FunderFactory, call=factory.SelfAttribute("..decision.application.call"))
    amount_eur = Decimal(20_000)


class GrantFactory(DjangoModelFactory):
    """Granted today to a member."""

    class Meta:
        model = models.Grant

    award = factory.SubFactory(AwardFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.LazyAttribute(lambda grant: str(grant.award.partner.application))
    granted_on = factory.LazyFunction(timezone.localdate)


class AidFactory(DjangoModelFactory):
    """EUR 20,000 that a member has declared."""

    class Meta:
        model = models.Aid

    organisation = factory.SubFactory(OrganisationFactory)
    beneficiary = factory.SelfAttribute("organisation.name")
    member_state = "SE"
    authority = "Regional fund"
    amount_eur = Decimal(20_000)
    granted_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))
    source = models.Aid.Source.DECLARED


class PartnerSearchFactory(DjangoModelFactory):
    """A member looks for partners for a published topic. Trait: closed."""

    class Meta:
        model = models.PartnerSearch

    topic = factory.SubFactory(OpportunityFactory, published=True)
    organisation = factory.SubFactory(OrganisationFactory)
    brings = "A test site with running water."
    seeks = "Somebody who measures nitrate."

    class Params:
        closed = factory.Trait(status=models.PartnerSearch.Status.CLOSED, closed_at=factory.LazyFunction(timezone.now))


class SearchReplyFactory(DjangoModelFactory):
    """Asked, and not answered yet. Trait: interested."""

    class Meta:
        model = models.SearchReply

    search = factory.SubFactory(PartnerSearchFactory)
    organisation = factory.SubFactory(OrganisationFactory)

    class Params:
        interested = factory.Trait(
            status=models.SearchReply.Status.INTERESTED,
            words="We would like to.",
            answered_at=factory.LazyFunction(timezone.now),
        )

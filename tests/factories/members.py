"""People and organisations: minimal by default, states as traits."""

from datetime import timedelta

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from members import models


class UserFactory(DjangoModelFactory):
    """A person without memberships or password."""

    class Meta:
        model = models.User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@company.example")
    name = factory.Sequence(lambda n: f"Person {n}")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **_kwargs: object) -> None:
        self.set_password(extracted)
        if create:
            self.save(update_fields=["password"])


class ProfileFactory(DjangoModelFactory):
    """A profile without answers; `full` answers all five questions."""

    class Meta:
        model = models.Profile

    organisation = factory.SubFactory("tests.factories.members.OrganisationFactory", profile=None)

    class Params:
        full = factory.Trait(
            summary="Robots that sort timber by quality.",
            offers="Vision systems for sawmills\nRobot cells",
            seeks="Partners for trials\nSuppliers of grippers",
            technologies=["machine vision"],
            nace_codes=["28.9", "62.10"],
            markets=["FI", "DE"],
            languages=["en", "sv"],
            kinds=["partnering", "funding"],
            hours_a_month=10,
            cofinance_eur_a_year=40_000,
            trl_min=5,
            trl_max=8,
            certificates=["ISO 9001"],
        )


class OrganisationFactory(DjangoModelFactory):
    """A member company with an empty profile. Traits: home, partner, intermediary, full (profile and figures)."""

    class Meta:
        model = models.Organisation
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Company {n}")
    slug = factory.LazyAttribute(lambda organisation: slugify(organisation.name)[:80])
    country = "SE"
    profile = factory.RelatedFactory(ProfileFactory, factory_related_name="organisation")

    class Params:
        home = factory.Trait(name="Havsbris Cluster", kind="cluster", is_home=True, is_member=False)
        partner = factory.Trait(kind="cluster", is_member=False, country="EE")
        intermediary = factory.Trait(kind="intermediary", is_member=False)
        full = factory.Trait(
            headcount=24,
            turnover_eur=3_100_000,
            balance_eur=1_900_000,
            nuts="SE213",
            website="https://company.example",
            profile__full=True,
        )


class MembershipFactory(DjangoModelFactory):
    """An owner of a company."""

    class Meta:
        model = models.Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    role = models.Membership.Role.OWNER


class InvitationFactory(DjangoModelFactory):
    """An open invitation of an owner. Traits: expired, accepted, withdrawn."""

    class Meta:
        model = models.Invitation

    key = factory.Sequence(lambda n: f"key-{n}-of-an-invitation")
    email = factory.Sequence(lambda n: f"invited{n}@company.example")
    organisation = factory.SubFactory(OrganisationFactory)
    role = models.Membership.Role.OWNER
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)))
        accepted = factory.Trait(accepted_at=factory.LazyFunction(timezone.now))
        withdrawn = factory.Trait(withdrawn_at=factory.LazyFunction(timezone.now))


class JoinRequestFactory(DjangoModelFactory):
    """A request to join that waits for an answer."""

    class Meta:
        model = models.JoinRequest

    name = factory.Sequence(lambda n: f"Applicant {n}")
    email = factory.Sequence(lambda n: f"applicant{n}@company.example")
    organisation_name = factory.Sequence(lambda n: f"Applying company {n}")


class ConsentFactory(DjangoModelFactory):
    """Somebody agreed to be asked in surveys. Trait: withdrawn."""

    class Meta:
        model = models.Consent

    address = factory.Sequence(lambda n: f"agreed{n}@company.example")
    purpose = models.Consent.Purpose.SURVEYS
    wording = 1
    how = models.Consent.How.INVITATION

    class Params:
        withdrawn = factory.Trait(
            withdrawn_at=factory.LazyFunction(timezone.now), withdrawn_how=models.Consent.How.SETTINGS
        )


class NeedsAssessmentFactory(DjangoModelFactory):
    """A member's needs of a year, of which nothing is said yet."""

    class Meta:
        model = models.NeedsAssessment

    organisation = factory.SubFactory(OrganisationFactory)
    year = factory.LazyFunction(lambda: timezone.localdate().year)

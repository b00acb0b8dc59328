"""Questionnaires, waves, who is asked and what they answered: minimal by default, states as traits."""

from datetime import date, timedelta

import factory
from django.utils import timezone
from django.utils.text import slugify
from factory.django import DjangoModelFactory

from evaluations import models
from evaluations.instrument import as_data, shipped
from evaluations.reports.content import digest
from tests.evaluations.report_content import content as report_content
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import OpportunityFactory

KEY = b"a key of thirty-two bytes, or so"


class QuestionnaireFactory(DjangoModelFactory):
    """A family without versions."""

    class Meta:
        model = models.Questionnaire

    name = factory.Sequence(lambda n: f"Questionnaire {n}")
    slug = factory.LazyAttribute(lambda questionnaire: slugify(questionnaire.name))


class VersionFactory(DjangoModelFactory):
    """A published version. Trait: draft."""

    class Meta:
        model = models.QuestionnaireVersion

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    number = factory.LazyAttribute(lambda version: version.questionnaire.versions.count() + 1)
    status = models.QuestionnaireVersion.Status.PUBLISHED
    content = factory.LazyFunction(lambda: as_data(shipped()["t1"]))
    published_at = factory.LazyFunction(timezone.now)

    class Params:
        draft = factory.Trait(status=models.QuestionnaireVersion.Status.DRAFT, published_at=None)


class WaveFactory(DjangoModelFactory):
    """A wave that is open for answers. Traits: planned, closed."""

    class Meta:
        model = models.Wave

    version = factory.SubFactory(VersionFactory)
    name = factory.Sequence(lambda n: f"Wave {n}")
    slug = factory.LazyAttribute(lambda wave: slugify(wave.name))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))
    status = models.Wave.Status.OPEN
    key = KEY
    opened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))

    class Params:
        planned = factory.Trait(status=models.Wave.Status.PLANNED, key=None, opened_at=None)
        closed = factory.Trait(
            status=models.Wave.Status.CLOSED,
            key=None,
            opened_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=30)),
            closes_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)),
            closed_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2)),
        )


class InviteeFactory(DjangoModelFactory):
    """A member company that was asked and has not answered."""

    class Meta:
        model = models.Invitee

    wave = factory.SubFactory(WaveFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    company = factory.LazyAttribute(lambda invitee: invitee.organisation.name)
    email = factory.Sequence(lambda n: f"survey{n}@company.example")
    size_class = "small"
    country = "SE"
    section = "C"


class ResponseFactory(DjangoModelFactory):
    """A complete response of a small Swedish manufacturer, first steps abroad. Trait: half_way."""

    class Meta:
        model = models.Response

    wave = factory.SubFactory(WaveFactory, closed=True)
    is_complete = True
    size_class = "small"
    country = "SE"
    section = "C"
    experience = models.Segment.Experience.FIRST_STEPS

    class Params:
        half_way = factory.Trait(is_complete=False)


class OutcomeFactory(DjangoModelFactory):
    """A member was interested a quarter of a year ago, and a lasting contact came of it. Trait: of_meeting."""

    class Meta:
        model = models.Outcome

    source = models.Outcome.Source.INTEREST
    organisation = factory.SubFactory(OrganisationFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)
    source_key = factory.LazyAttribute(lambda outcome: f"interest:{outcome.organisation.pk}:{outcome.opportunity.pk}")
    months = 3
    rung = models.Rung.CONTACT
    size_class = "small"
    country = "SE"
    began_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=92))
    told_on = factory.LazyFunction(timezone.localdate)

    class Params:
        of_meeting = factory.Trait(
            source=models.Outcome.Source.MEETING, source_key=factory.Sequence(lambda n: f"seat:{n}"), opportunity=None
        )


class FollowUpFactory(DjangoModelFactory):
    """A member is asked today what came of an interest of three months ago."""

    class Meta:
        model = models.FollowUp

    organisation = factory.SubFactory(OrganisationFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)
    months = 3
    email = "asked@company.example"
    began_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=92))


class JourneyFactory(DjangoModelFactory):
    """A member was shown something yesterday, at the first place."""

    class Meta:
        model = models.Journey

    organisation = factory.SubFactory(OrganisationFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)
    size_class = "small"
    rank = 1
    reason = "shared_words"
    shown_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))


class ReportFactory(DjangoModelFactory):
    """A finished public report for funders, with content made by hand. Traits: in_house, queued."""

    class Meta:
        model = models.Report

    kind = models.Report.Kind.YEARLY
    title = "Working across borders in 2026"
    year = 2026
    cut_off = date(2026, 12, 31)
    content = factory.LazyAttribute(lambda report: report_content(report.kind))
    versions = factory.LazyAttribute(lambda report: {"content": digest(report.content)})
    status = models.Report.Status.DONE
    finished_at = factory.LazyFunction(timezone.now)

    class Params:
        in_house = factory.Trait(audience="house")
        queued = factory.Trait(status=models.Report.Status.QUEUED, content={}, versions={}, finished_at=None)


class ReportLinkFactory(DjangoModelFactory):
    """A link that opens for two more weeks. Traits: ended, withdrawn."""

    class Meta:
        model = models.ReportLink

    report = factory.SubFactory(ReportFactory)
    label = "Regional fund"
    key = factory.Sequence(lambda n: f"a-key-of-its-own-{n}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))

    class Params:
        ended = factory.Trait(expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)))
        withdrawn = factory.Trait(withdrawn_at=factory.LazyFunction(timezone.now))

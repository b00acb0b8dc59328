"""Sources, opportunities and answers: minimal by default, states as traits; and files as people send them."""

import csv
import hashlib
import io
from datetime import timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from opportunities import imports, models
from opportunities.feeds import Kind, Record
from tests.factories.members import OrganisationFactory, UserFactory


class SourceFactory(DjangoModelFactory):
    """A place for tables. Trait: read_daily (it has an address)."""

    class Meta:
        model = models.Source

    name = factory.Sequence(lambda n: f"Source {n}")
    slug = factory.Sequence(lambda n: f"source-{n}")
    format = models.Source.Format.CSV

    class Params:
        read_daily = factory.Trait(
            url="https://feeds.example/news.csv", next_fetch_at=factory.LazyFunction(timezone.now)
        )


class OpportunityFactory(DjangoModelFactory):
    """A funding topic in the inbox, closing in six weeks. Traits: published, dismissed, closed, partnering, event."""

    class Meta:
        model = models.Opportunity

    source = factory.SubFactory(SourceFactory)
    reference = factory.Sequence(lambda n: f"eu-topic-{n}")
    kind = models.Opportunity.Kind.FUNDING
    title = factory.Sequence(lambda n: f"Robots for sorting timber, topic {n}")
    summary = "Machine vision and robot cells in sawmills."
    countries = factory.LazyFunction(lambda: ["FI"])
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=42))
    deadlines = factory.LazyAttribute(lambda row: [row.deadline.isoformat()] if row.deadline else [])
    closes_at = factory.SelfAttribute("deadline")
    content_hash = factory.LazyAttribute(lambda row: hashlib.sha256(f"{row.title}{row.summary}".encode()).hexdigest())

    class Params:
        published = factory.Trait(
            status=models.Opportunity.Status.PUBLISHED, curated_at=factory.LazyFunction(timezone.now)
        )
        dismissed = factory.Trait(
            status=models.Opportunity.Status.DISMISSED, curated_at=factory.LazyFunction(timezone.now)
        )
        closed = factory.Trait(deadline=factory.LazyFunction(lambda: timezone.now() - timedelta(days=1)))
        partnering = factory.Trait(kind="partnering", partnering_type="BR")
        event = factory.Trait(
            kind="event", starts_at=factory.LazyFunction(lambda: timezone.now() + timedelta(days=30)), deadline=None
        )


class FeedbackFactory(DjangoModelFactory):
    """A member that is interested. Traits: not_for_us (wrong topic), saved, opened, handed_over."""

    class Meta:
        model = models.Feedback

    organisation = factory.SubFactory(OrganisationFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)
    user = factory.SubFactory(UserFactory)
    kind = models.Feedback.Kind.INTERESTED

    class Params:
        not_for_us = factory.Trait(kind="not_for_us", reason="topic")
        saved = factory.Trait(kind="saved")
        opened = factory.Trait(kind="opened")
        handed_over = factory.Trait(kind="handed_over", sentence="You know these people.")


class ShowingFactory(DjangoModelFactory):
    """It stood first in a member's feed yesterday, for words in common."""

    class Meta:
        model = models.Showing

    organisation = factory.SubFactory(OrganisationFactory)
    opportunity = factory.SubFactory(OpportunityFactory, published=True)
    channel = models.Showing.Channel.FEED
    first_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=1))
    first_rank = 1
    first_reasons = factory.LazyFunction(lambda: ["shared_words"])
    last_at = factory.SelfAttribute("first_at")
    last_rank = factory.SelfAttribute("first_rank")
    last_reasons = factory.SelfAttribute("first_reasons")


def record(number: int = 1, **fields: object) -> Record:
    """A record as a feed reads it."""
    told = {"external_id": f"TOPIC-{number}", "kind": Kind.FUNDING, "title": f"Topic {number}", "raw": f"raw {number}"}
    return Record(**{**told, **fields})


def table(rows: int, *, first: int = 1, refused: int = 0, **cells: str) -> bytes:
    """A CSV file of so many good rows and, after them, rows without a title."""
    text = io.StringIO()
    writer = csv.DictWriter(text, ["Reference", "Title", "Deadline", "Country", *cells])
    writer.writeheader()
    for number in range(first, first + rows + refused):
        title = f"Water reuse at plant {number}" if number < first + rows else ""
        writer.writerow(
            {"Reference": f"R-{number}", "Title": title, "Deadline": "2199-05-01", "Country": "Finland"} | cells
        )
    return text.getvalue().encode()


def import_run(data: bytes, *, source: models.Source | None = None, file_name: str = "a.csv") -> models.ImportRun:
    """An import that waits to be executed."""
    return imports.start(source=source or SourceFactory(), file=ContentFile(data), file_name=file_name, by=None)


def imported(data: bytes, *, source: models.Source | None = None, file_name: str = "a.csv") -> models.ImportRun:
    """An import that has been executed."""
    run = import_run(data, source=source, file_name=file_name)
    imports.execute(run.pk)
    run.refresh_from_db()
    return run

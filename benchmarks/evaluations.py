"""How long the figures of a wave take, and each of their pages: 2,000 members, 10 waves, 100,000 outcomes.

    python -m benchmarks.evaluations

Works on servers and a database of its own. One wave is prepared for real; the tables of the others are copies
of its own, as large as theirs would be.
"""

import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import django

RUN_DIR = tempfile.mkdtemp(prefix="evaluations-")
os.environ |= {"PORTAL_RUN_DIR": RUN_DIR, "DJANGO_SETTINGS_MODULE": "cluster_portal.settings"}
django.setup()

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from core.embedded import Services
from evaluations import preparations
from evaluations.instrument import as_data, shipped
from evaluations.models import Invitee, Outcome, Preparation, Publication, Response, Rung, Wave
from evaluations.tabulating import GROUPS
from members.models import Membership
from tests.factories.evaluations import QuestionnaireFactory, VersionFactory, WaveFactory
from tests.factories.members import MembershipFactory, OrganisationFactory

MEMBERS, WAVES, OUTCOMES, ANSWERED, ROUNDS = 2_000, 10, 100_000, 0.35, 15
GROUPS_OF = {
    "size_class": (["micro", "small", "medium", "large"], [55, 28, 14, 3]),
    "country": (["SE", "FI", "EE", "LV", "LT", "DK", "DE", "PL"], [40, 18, 12, 8, 6, 6, 6, 4]),
    "section": (["C", "J", "M", "E", "F", "G"], [34, 22, 18, 12, 8, 6]),
    "experience": (["first_steps", "some", "experienced"], [40, 35, 25]),
}


def main() -> None:
    """Builds, measures and prints."""
    with Services(Path(RUN_DIR), quick_and_unsafe=True):
        call_command("migrate", verbosity=0)
        waves = list(_waves())
        newest = waves[-1]
        began = time.perf_counter()
        preparation = preparations.start(wave=newest, by=None)
        preparations.execute(preparation.pk)
        seconds = time.perf_counter() - began
        assert Preparation.objects.get(pk=preparation.pk).status == Preparation.Status.DONE
        made = list(Publication.objects.filter(wave=newest))
        print(f"A preparation: {seconds:.0f} s for {len(made)} tables of {newest.responses.count():,} answers")
        _copies(made, waves[:-1])
        _outcomes()
        _pages(newest)


def _waves() -> Iterator[Wave]:
    chance = random.Random(5)
    content = as_data(shipped()["t1"])
    version = VersionFactory(questionnaire=QuestionnaireFactory(), content=content)
    for number in range(WAVES):
        firms = [{name: chance.choices(*GROUPS_OF[name])[0] for name in GROUPS} for _ in range(MEMBERS)]
        counted = Counter(tuple(firm.values()) for firm in firms)
        frame = [dict(zip(GROUPS, spot, strict=True)) | {"n": n} for spot, n in counted.items()]
        closed = timezone.now() - timedelta(days=365 * (WAVES - number))
        wave = WaveFactory(version=version, closed=True, closed_at=closed, frame=frame)
        Invitee.objects.bulk_create(
            Invitee(wave=wave, company=f"Company {place}", email=f"c{place}@company.example", **firm)
            for place, firm in enumerate(firms)
        )
        answered = firms[: int(MEMBERS * ANSWERED)]
        Response.objects.bulk_create(
            Response(wave=wave, is_complete=True, answers=_answers(chance), **firm) for firm in answered
        )
        yield wave


def _answers(chance: random.Random) -> dict[str, object]:
    found: dict[str, object] = {}
    for question in shipped()["t1"].questions:
        options = [option.key for option in question.options if not option.alone]
        if question.kind == "matrix":
            found[question.key] = {row.key: chance.choice(options) for row in question.rows}
        elif question.kind == "multiple":
            found[question.key] = [option for option in options if chance.random() < 0.35][:3] or options[:1]
        elif question.kind == "single":
            found[question.key] = chance.choice(options)
    return found


def _copies(made: list[Publication], waves: list[Wave]) -> None:
    for wave in waves:
        for row in made:
            row.pk, row.wave, row.preparation = None, wave, None
        Publication.objects.bulk_create(made)


def _outcomes() -> None:
    organisations = OrganisationFactory.create_batch(50)
    chance = random.Random(6)
    Outcome.objects.bulk_create(
        (
            Outcome(
                source="meeting",
                source_key=f"seat:{place}",
                organisation=chance.choice(organisations),
                rung=chance.choice(Rung.values),
                told_on=timezone.localdate() - timedelta(days=chance.randrange(2_000)),
            )
            for place in range(OUTCOMES)
        ),
        batch_size=5_000,
    )


def _pages(newest: Wave) -> None:
    client = Client(headers={"host": "localhost"})
    home = OrganisationFactory(home=True)
    client.force_login(MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user)
    wave = f"/evaluations/results/{newest.slug}/"
    series = f"/evaluations/series/{newest.version.questionnaire.slug}/"
    paths = ["/evaluations/", wave, f"{wave}barriers/", f"{wave}helped/", series, "/evaluations/benchmarks/"]
    for path in [*paths, f"{wave}figures.csv", f"{wave}figures.xlsx"]:
        client.get(path)
        took = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            response = client.get(path)
            took.append(1000 * (time.perf_counter() - began))
        kilobytes = len(response.content) / 1024
        print(f"{path}: {statistics.median(took):.0f} ms, {kilobytes:.0f} kB, {response.status_code}")


if __name__ == "__main__":
    main()

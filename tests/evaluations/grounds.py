"""Closed waves with answers, and their prepared tables: a ground that tests of results and reports stand on.

Preparing takes seconds: what was made of the same answers once is kept for the next test of the process.
"""

import random
from datetime import timedelta
from functools import cache
from typing import Any

from django.utils import timezone

from evaluations import preparations
from evaluations.models import Invitee, Preparation, Publication, Wave
from tests.factories.evaluations import (
    InviteeFactory,
    QuestionnaireFactory,
    ResponseFactory,
    VersionFactory,
    WaveFactory,
)

BARRIERS = ("time", "money", "skills", "contacts")
STEPS = ("not", "a_little", "much")
SIZES = {"micro": 48, "small": 30, "medium": 18, "large": 4}


def words(text: str) -> dict[str, str]:
    return {"en": text}


def options(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "text": words(f"Option {key}")} for key in keys]


def content(**changes: Any) -> dict[str, Any]:
    """A questionnaire with one question of each kind that is counted; `changes` of the question on barriers."""
    barriers = {
        "key": "barriers",
        "kind": "multiple",
        "most": 3,
        "facet": "barriers",
        "text": words("What holds you back?"),
        "options": options(*BARRIERS),
    }
    helped = {
        "key": "helped",
        "kind": "matrix",
        "facet": "helped",
        "text": words("What helped?"),
        "options": options(*STEPS),
        "rows": options("knowledge", "funding"),
    }
    results = {
        "key": "results",
        "kind": "single",
        "facet": "results",
        "optional": True,
        "text": words("How far did you come?"),
        "options": options("nothing", "contact", "sales"),
    }
    why = {"key": "why", "kind": "text", "optional": True, "text": words("Why?")}
    return {
        "title": words("Invented survey"),
        "languages": ["en"],
        "label": words("Invented for tests."),
        "questions": [barriers | changes, helped, results, why],
    }


def answers(chance: random.Random, size: str, lift: float = 0.0) -> dict[str, Any]:
    """What a company says: small ones name time more often."""
    likely = {"time": (0.8 if size == "micro" else 0.4) + lift, "money": 0.5, "skills": 0.2, "contacts": 0.35}
    named = [key for key in BARRIERS if chance.random() < likely[key]][:3] or ["time"]
    said = {
        "barriers": named,
        "helped": {row: chance.choices(STEPS, [1, 2, 4])[0] for row in ("knowledge", "funding")},
        "why": f"Because of reason {chance.random()}",
    }
    if chance.random() < 0.8:
        said["results"] = chance.choices(["nothing", "contact", "sales"], [3, 5, 2])[0]
    return said


def closed_wave(
    *,
    sizes: dict[str, int] | None = None,
    seed: int = 1,
    lift: float = 0.0,
    days_ago: int = 2,
    version: Any = None,
    **fields: Any,
) -> Wave:
    """A closed wave of which twice as many were asked as answered; so many answers of each size class."""
    sizes = SIZES if sizes is None else sizes
    chance = random.Random(seed)
    closed = timezone.now() - timedelta(days=days_ago)
    frame = [{"size_class": size, "country": "SE", "section": "C", "n": 2 * n} for size, n in sizes.items()]
    if version is None:
        version = VersionFactory(questionnaire=QuestionnaireFactory(), content=content())
    wave = WaveFactory(version=version, closed=True, closed_at=closed, frame=frame, **fields)
    for size, n in sizes.items():
        for _ in range(n):
            ResponseFactory(wave=wave, size_class=size, answers=answers(chance, size, lift))
    asked = [
        InviteeFactory.build(
            wave=wave, organisation=None, company=f"Company {place}", size_class=size, has_answered=place % 2 == 0
        )
        for size, n in sizes.items()
        for place in range(2 * n)
    ]
    Invitee.objects.bulk_create(asked)
    ResponseFactory(wave=wave, half_way=True, answers={"barriers": ["skills"]})
    return wave


def prepared(**named: Any) -> Wave:
    """A closed wave with its tables, made through the preparation, or as one made them before of the same answers."""
    wave = closed_wave(**named)
    key = repr(sorted((name, value) for name, value in named.items() if name in ("sizes", "seed", "lift")))
    if (kept := _kept().get(key)) is not None and not named.get("version"):
        Publication.objects.bulk_create(Publication(wave=wave, **row) for row in kept)
        return wave
    prepare(wave)
    rows = Publication.objects.filter(wave=wave).order_by("pk")
    _kept()[key] = list(rows.values("audience", "subject", "dimensions", "filters", "table", "figures"))
    return wave


def prepare(wave: Wave) -> Preparation:
    """Makes the tables of a closed wave now."""
    preparation = preparations.start(wave=wave, by=None)
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()
    assert preparation.status == Preparation.Status.DONE, preparation.error
    return preparation


@cache
def _kept() -> dict[str, list[dict[str, Any]]]:
    return {}

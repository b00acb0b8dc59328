"""Attempts to recover what is hidden, by everything that the room gives: none of them succeeds.

The attackers read tables, files, reports and links as their readers do. In-house readers read what is public too.
"""

import random
from functools import cache
from itertools import combinations

import pytest
from django.urls import reverse

from core.actions import Refused
from evaluations import custom_tables
from evaluations.actions import queries
from evaluations.models import Publication, Query, Wave
from evaluations.recoding import NO_ANSWER
from evaluations.tabulating import RESPONSE
from members.models import Membership
from tests.evaluations import grounds
from tests.evaluations.attackers import Programme, shown, tried
from tests.factories.members import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db
ANSWERS = {
    "barriers": [*grounds.BARRIERS, NO_ANSWER],
    "results": ["nothing", "contact", "sales", NO_ANSWER],
}
SIZES = {"micro": 44, "small": 27, "medium": 17}
EXPERIENCES = ("first_steps", "some", "experienced")


def spread(wave: Wave, seed: int) -> None:
    """Different groups for each response, so that there are small ones."""
    chance = random.Random(seed)
    for response in wave.responses.complete().order_by("pk"):
        response.experience = chance.choices(EXPERIENCES, [5, 3, 1])[0]
        response.country = chance.choices(["SE", "FI"], [4, 1])[0]
        response.save(update_fields=["experience", "country"])


@pytest.fixture
def wave() -> Wave:
    """Closed, of 88 firms in small groups, with its tables; made once for all tests."""
    wave = grounds.closed_wave(sizes=SIZES, seed=5, name="Members", slug="members")
    spread(wave, 7)
    if _tables():
        Publication.objects.bulk_create(Publication(wave=wave, **row) for row in _tables())
    else:
        grounds.prepare(wave)
        rows = Publication.objects.filter(wave=wave).order_by("pk")
        _tables().extend(rows.values("audience", "subject", "dimensions", "filters", "table", "figures"))
    return wave


@cache
def _tables() -> list[dict]:
    return []


@pytest.fixture
def colluding(home, evaluator) -> list:
    """Two evaluators who show each other everything."""
    other = UserFactory(name="Egon Evaluator", email="egon@cluster.example")
    MembershipFactory(user=other, organisation=home, role=Membership.Role.EVALUATOR)
    return [evaluator, other]


def ask(wave, by, subject, dimensions=(), **filters) -> Query | None:
    try:
        query = queries.ask(wave=wave, subject=subject, dimensions=dimensions, filters=filters, by=by)
    except Refused:
        return None
    custom_tables.execute(query.pk)
    query.refresh_from_db()
    return query


def given(wave: Wave, *, audience: str, subjects: tuple[str, ...]) -> list[Publication]:
    """What readers of an audience have of some subjects and the sizes; in-house readers have what is public too."""
    rows = Publication.objects.filter(wave=wave, subject__in=[RESPONSE, *subjects])
    return list(rows if audience == "house" else rows.filter(audience="public"))


def attack(wave: Wave, audience: str, *subjects: str) -> tuple[int, list]:
    """How many figures are hidden from this audience, and those that an attacker recovers."""
    figures = shown(given(wave, audience=audience, subjects=subjects))
    # What is shown somewhere is not hidden any more: a public reader's gap may be an in-house reader's figure.
    open_ = {(each.subject, each.answer, each.groups) for each in figures if each.n is not None}
    kept = [each for each in figures if each.n is not None or (each.subject, each.answer, each.groups) not in open_]
    threshold = wave.fewest_in_house if audience == "house" else wave.fewest_in_public
    answers = {name: ANSWERS[name] for name in subjects}
    recovered = []
    # That noughts are shown narrows what is hidden by one at each end, and no table can take that back.
    for least, width in ((0, threshold), (1, threshold - 2)):
        recovered += Programme(kept, wave, answers, several={"barriers"}, least=least).closer(width)
    return sum(each.n is None for each in kept), recovered


# --- the tables that every wave has


@pytest.mark.parametrize("audience", ["public", "house"])
@pytest.mark.parametrize("subject", ["barriers", "results"])
def test_totals_and_other_tables_of_a_question_recover_nothing(wave, audience, subject):
    hidden, recovered = attack(wave, audience, subject)

    assert hidden >= 2
    assert recovered == []


@pytest.mark.parametrize("audience", ["public", "house"])
def test_tables_of_two_questions_together_recover_nothing(wave, audience):
    hidden, recovered = attack(wave, audience, "barriers", "results")

    assert hidden >= 2
    assert recovered == []


def test_nothing_hidden_in_house_is_shown_in_public(wave):
    house, public = (
        {(each.subject, each.answer, each.groups): each.n for each in shown(rows)}
        for rows in (Publication.objects.filter(audience="house"), Publication.objects.filter(audience="public"))
    )
    both = house.keys() & public.keys()

    assert len(both) >= 20
    assert [key for key in both if house[key] is None and public[key] is not None] == []
    assert [key for key in both if None not in (house[key], public[key]) and house[key] != public[key]] == []


def test_trying_every_population_of_small_waves_recovers_nothing():
    tried_cells = 0
    for sizes, seed in (((30, 14), 1), ((26, 17), 2), ((24, 22), 1)):
        wave = grounds.closed_wave(sizes=dict(zip(("micro", "small"), sizes, strict=True)), seed=seed)
        grounds.prepare(wave)
        made = Publication.objects.get(wave=wave, audience="house", subject="results", dimensions=["size_class"])
        if made.table["withheld"]:
            continue
        for least, width in ((0, wave.fewest_in_house), (1, wave.fewest_in_house - 2)):
            for key, values in tried(made.table, least=least).items():
                assert max(values) - min(values) >= width, key
                tried_cells += 1

    assert tried_cells >= 4


# --- asking for more


FILTERS = [
    *({"size_class": [one]} for one in SIZES),
    *({"size_class": list(two)} for two in combinations(SIZES, 2)),
    *({"experience": [one]} for one in EXPERIENCES),
    {"country": ["SE"]},
    {"size_class": ["micro"], "experience": ["first_steps"]},
    {"size_class": ["micro", "small"], "country": ["SE"]},
]


@pytest.mark.parametrize("subject", ["barriers", "results"])
def test_filters_and_their_differences_recover_nothing(wave, colluding, subject):
    asked = [ask(wave, colluding[place % 2], subject, **each) for place, each in enumerate(FILTERS)]

    assert sum(each is not None and each.publication is not None for each in asked) >= 3
    assert attack(wave, "house", subject)[1] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_two_evaluators_who_ask_in_any_order_recover_nothing(wave, colluding, seed):
    chance = random.Random(seed)
    wanted = [
        (subject, dimensions, filters)
        for subject in ANSWERS
        for dimensions, filters in (
            (["size_class", "experience"], {}),
            (["size_class", "country"], {}),
            (["experience", "country"], {}),
            (["size_class", "experience", "country"], {}),
            (["experience"], {"size_class": ["micro"]}),
            (["experience"], {"size_class": ["micro", "small"]}),
            (["size_class"], {"country": ["SE"]}),
        )
    ]
    chance.shuffle(wanted)
    asked = [ask(wave, chance.choice(colluding), subject, dimensions, **f) for subject, dimensions, f in wanted]

    given_, refused = (
        [each for each in asked if each is not None and bool(each.publication) is whether] for whether in (True, False)
    )
    assert {each.status for each in refused} <= {Query.Status.FAILED}
    assert len(given_) + len(refused) >= 10
    assert attack(wave, "house", *ANSWERS)[1] == []


def test_history_of_others_is_not_read(sign_in, wave, colluding):
    one, other = colluding
    query = ask(wave, one, "results", size_class=["micro", "small"])
    client = sign_in(other)

    assert reverse("evaluations:table", args=[query.pk]) not in client.get(reverse("evaluations:queries")).text
    for name in ("table", "table_csv", "table_xlsx"):
        assert client.get(reverse(f"evaluations:{name}", args=[query.pk])).status_code == 404

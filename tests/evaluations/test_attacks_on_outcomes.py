"""Attempts to recover hidden outcomes: queries, the quarter's own tables and reports together give nothing."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from core.actions import Refused
from evaluations import custom_tables, preparations, quarters
from evaluations.actions import queries
from evaluations.forms.reports import ends_of_quarters
from evaluations.gathering import outcomes as of_reports
from evaluations.models import Preparation, Publication, Query
from evaluations.models.waves import FEWEST_IN_HOUSE, FEWEST_IN_PUBLIC
from evaluations.quarters import Quarter
from evaluations.tabulating import NO_ANSWER
from tests.evaluations.attackers import Programme, shown
from tests.factories.evaluations import OutcomeFactory
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db
RUNGS = ("knowledge", "contact", "sales")
HEADCOUNTS = {"micro": (5, 26), "small": (20, 18), "medium": (100, 12)}
GROUPS = {"size_class": [*HEADCOUNTS], "source": ["", "interest", "meeting"]}
WANTED = [
    (["size_class", "source"], {}),
    (["source"], {"size_class": ["micro"]}),
    (["source"], {"size_class": ["micro", "small"]}),
    (["size_class"], {"source": ["meeting"]}),
    ([], {"size_class": ["micro", "small"]}),
    ([], {"size_class": ["small"]}),
    ([], {"source": ["", "interest"]}),
]


@pytest.fixture
def quarter(home) -> Quarter:
    """The quarter that ended last, of 56 companies in small groups, with its tables."""
    found, chance = Quarter.of(ends_of_quarters(timezone.localdate())[0]), random.Random(3)
    for headcount, n in HEADCOUNTS.values():
        for company in OrganisationFactory.create_batch(n, headcount=headcount, turnover_eur=1, balance_eur=1):
            if chance.random() < 0.7:
                OutcomeFactory(
                    organisation=company, of_meeting=chance.random() < 0.4, attribution="",
                    rung=chance.choices(RUNGS, [5, 4, 1])[0], told_on=found.first + timedelta(days=3),
                )  # fmt: skip
    preparation = Preparation.objects.create(wave=None, cut_off=found.last)
    preparations.execute(preparation.pk)
    return found


def ask(quarter: Quarter, by, dimensions, filters) -> Query | None:
    try:
        query = queries.ask(
            wave=None, subject=f"outcomes:{quarter.name}", dimensions=dimensions, filters=filters, by=by
        )
    except Refused:
        return None
    custom_tables.execute(query.pk)
    query.refresh_from_db()
    return query


def attack(quarter: Quarter, audience: str) -> tuple[int, list]:
    """How many figures are hidden from this audience, and those that an attacker recovers."""
    subjects = (f"outcomes:{quarter.name}", f"sizes:{quarter.name}")
    rows = Publication.objects.filter(wave=None, subject__in=subjects)
    figures = shown(rows if audience == "house" else rows.filter(audience="public"))
    open_ = {(each.subject, each.answer, each.groups) for each in figures if each.n is not None}
    kept = [each for each in figures if each.n is not None or (each.subject, each.answer, each.groups) not in open_]
    threshold = FEWEST_IN_HOUSE if audience == "house" else FEWEST_IN_PUBLIC
    answers = {subjects[0]: [*quarters.OUTCOMES.categories, NO_ANSWER]}
    recovered = []
    for least, width in ((0, threshold), (1, threshold - 2)):
        recovered += Programme(kept, GROUPS, answers, several=set(), least=least).closer(width)
    return sum(each.n is None for each in kept), recovered


@pytest.mark.parametrize("audience", ["house", "public"])
def test_tables_of_a_quarter_together_recover_nothing(quarter, audience):
    hidden, recovered = attack(quarter, audience)
    assert hidden >= 2
    assert recovered == []


@pytest.mark.parametrize("seed", [1, 2])
def test_queries_in_any_order_beside_the_quarter_recover_nothing(quarter, evaluator, manager, seed):
    chance, wanted = random.Random(seed), [*WANTED]
    chance.shuffle(wanted)
    asked = [ask(quarter, chance.choice([evaluator, manager]), *each) for each in wanted]
    assert sum(each is not None and each.publication is not None for each in asked) >= 2
    hidden, recovered = attack(quarter, "house")
    assert hidden >= 2
    assert recovered == []


def test_report_shows_the_quarter_and_no_query_of_it(quarter, evaluator):
    before = {audience: of_reports.table(quarter.last, audience) for audience in ("house", "public")}
    for each in WANTED:
        ask(quarter, evaluator, *each)
    for audience, made in before.items():
        assert of_reports.table(quarter.last, audience) == made
        assert made.dimensions == []
        assert set(made.filters) == {"quarter"}


def test_public_never_shows_what_is_hidden_in_house(quarter, evaluator):
    for each in WANTED:
        ask(quarter, evaluator, *each)
    house, public = (
        {(each.subject, each.answer, each.groups): each.n for each in shown(Publication.objects.filter(audience=name))}
        for name in ("house", "public")
    )
    assert [key for key in house.keys() & public.keys() if house[key] is None and public[key] is not None] == []

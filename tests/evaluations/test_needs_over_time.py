"""Needs by year for evaluators: companies counted once a year, protected like every other figure."""

from datetime import date

import pytest
from django.urls import reverse
from lxml import html

from evaluations import preparations, quarters
from evaluations.models import Preparation, Publication
from evaluations.quarters import Quarter
from members import needs
from members.models import Gap
from tests.factories.members import NeedsAssessmentFactory, OrganisationFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("evaluations:needs")
YEAR = date.today().year - 1  # noqa: DTZ011 - the year before this one, wherever the clock stands


def telling(n, *, mobilising, year=YEAR):
    """So many small companies that say the same of doors and partners, and nothing of anything else."""
    answers = {each.key: mobilising for each in needs.QUESTIONS if each.gap == Gap.MOBILISING}
    for _ in range(n):
        company = OrganisationFactory(headcount=20, turnover_eur=1, balance_eur=1)
        NeedsAssessmentFactory(organisation=company, year=year, answers=answers)


def made(year=YEAR):
    preparation = Preparation.objects.create(wave=None, cut_off=Quarter(year, 4).last)
    preparations.execute(preparation.pk)
    preparation.refresh_from_db()
    assert preparation.status == Preparation.Status.DONE, preparation.error


def lines(client, gap):
    """Each line of a gap's table with its cells."""
    page = html.document_fromstring(client.get(PAGE).content)
    rows = page.xpath(f"//section[@aria-labelledby='needs-{gap}']//tbody/tr")
    return {row.xpath("string(th)"): [cell.text_content().strip() for cell in row.xpath("td")] for row in rows}


def test_a_company_counts_by_the_mean_of_its_own_answers(home):
    telling(1, mobilising=4)
    telling(1, mobilising=3)
    telling(1, mobilising=5, year=YEAR - 1)

    assert sorted(quarters.needed_in(YEAR, Gap.MOBILISING).values()) == ["needed", "not_needed"]
    assert quarters.needed_in(YEAR, Gap.SENSING) == {}


def test_years_stand_below_each_other_by_size(sign_in, evaluator):
    telling(12, mobilising=5)
    telling(9, mobilising=1)
    made()
    found = lines(sign_in(evaluator), "mobilising")

    assert list(found) == [str(YEAR)]
    cells = found[str(YEAR)]
    assert cells[0] == "22"  # with the outsider's company, which told nothing
    assert cells[2] == "12"


def test_small_numbers_are_not_shown(sign_in, evaluator):
    telling(2, mobilising=5)
    telling(9, mobilising=1)
    made()
    cells = lines(sign_in(evaluator), "mobilising")[str(YEAR)]

    assert cells[2] == "too few to show"
    assert "2" not in cells


def test_needs_are_counted_with_the_last_quarter_alone(home):
    telling(6, mobilising=5)
    preparation = Preparation.objects.create(wave=None, cut_off=Quarter(YEAR, 3).last)
    preparations.execute(preparation.pk)

    assert not Publication.objects.filter(subject__startswith="needs_").exists()


def test_before_the_first_year_the_page_says_when_it_comes(sign_in, manager):
    assert "No year is counted yet" in sign_in(manager).get(PAGE).content.decode()


def test_members_do_not_read_it(sign_in, owner):
    telling(12, mobilising=5)
    made()

    page = sign_in(owner).get(PAGE)
    assert page.status_code == 403
    assert "Need help" not in page.content.decode()

"""Pages of results: what they say, what they never say, and who may look."""

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import Publication
from evaluations.statistics import findings
from tests.evaluations import grounds
from tests.factories.evaluations import VersionFactory, WaveFactory
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def charts(response) -> dict[str, dict]:
    found = re.findall(r'<script id="data-([\w-]+)" type="application/json">(.*?)</script>', response.content.decode())
    return {name: json.loads(data) for name, data in found}


def test_home_tells_the_findings_of_the_newest_wave(sign_in, evaluator):
    grounds.prepared(days_ago=400, name="Old survey")
    newest = grounds.prepared(seed=2, name="New survey")
    page = text(sign_in(evaluator).get("/evaluations/"))

    assert "<h2>New survey</h2>" in page
    named = sum("time" in said["barriers"] for said in newest.responses.complete().values_list("answers", flat=True))
    assert f"“Option time” is the barrier most named, by {findings.of_ten(named / 100)} of 10 companies" in page
    assert f"/evaluations/results/{newest.slug}/barriers/" in page
    assert "Old survey" in page


def test_wave_page_shows_each_question_with_n_rate_and_notes(sign_in, manager):
    wave = grounds.prepared()
    page = text(sign_in(manager).get(f"/evaluations/results/{wave.slug}/"))

    assert "“Option time” is the barrier most named, by 7 of 10 companies" in page
    assert "n = 100 companies, response rate 50 %" in page
    assert "Each company could name up to 3, so the shares add up to more than 100 %." in page
    assert "The lines show the 95 % interval for all 200 companies." in page
    assert "Invented for tests." in page
    assert re.search(r'<th scope="row">Option time</th>.*?>72</td>.*?>100</td>.*?>72 %</td>.*?65 to 78 %', page)
    assert "Because of reason" not in page, "texts are never shown"


def test_chart_holds_what_the_table_holds(sign_in, manager):
    wave = grounds.prepared()
    chart = charts(sign_in(manager).get(f"/evaluations/results/{wave.slug}/"))["barriers"]

    assert chart["labels"] == ["Option time", "Option money", "Option contacts", "Option skills"]
    (series,) = chart["series"]
    assert series["values"] == [0.72, 0.55, 0.31, 0.16]
    assert series["text"] == ["72 %", "55 %", "31 %", "16 %"]
    assert 0.65 < series["low"][0] < 0.66


def test_question_page_breaks_down_and_says_what_is_too_few(sign_in, manager):
    wave = grounds.prepared()
    response = sign_in(manager).get(f"/evaluations/results/{wave.slug}/barriers/?by=size_class")
    page = text(response)

    assert "Too few answers to show: Large, Medium." in page
    assert 'Micro<br><span class="quiet-text">n = 48</span>' in page
    assert "too few to show" in page
    by = charts(response)["by"]
    assert [series["name"] for series in by["series"]] == ["Micro, n = 48", "Small, n = 30"]
    assert [value for series in by["series"] for value in series["values"]].count(None) == 1, "skills in small"


def test_question_page_sets_weighted_beside_unweighted(sign_in, manager):
    wave = grounds.prepared()
    page = text(sign_in(manager).get(f"/evaluations/results/{wave.slug}/barriers/"))

    assert "The weights cover 156 of 200 companies. Left out, too few answers: large, medium." in page.replace(
        "Large", "large"
    ).replace("Medium", "medium")
    assert re.search(r"Option time</th>.{0,80}72 %</td>.{0,60}77 %</td>.{0,80}70 to 83 %", page)
    assert re.search(r"Option skills</th>.{0,80}16 %</td>.{0,60}too few to show</td>", page)


def test_hidden_counts_stand_nowhere_in_any_page_or_file(sign_in, manager):
    """The raw counts of the small cells, looked for in everything that is shown of their row."""
    wave = grounds.prepared()
    client = sign_in(manager)
    row = Publication.objects.get(wave=wave, audience="house", subject="barriers", dimensions=["size_class"])
    hidden = [key for *key, n, _why in row.table["cells"] if n is None and key[0]]
    assert hidden
    csv = client.get(f"/evaluations/results/{wave.slug}/barriers/figures.csv").getvalue().decode()
    for answer, group in hidden:
        lines = [
            line
            for line in csv.splitlines()
            if f"Option {answer}" in line and f",{(group or '').capitalize()}," in line
        ]
        if group:
            assert [line.split(",")[6:] for line in lines] == [["", "", "", "", "", "too few to show"]]


def test_benchmark_stands_beside_with_year_base_and_source(sign_in, manager):
    wave = grounds.prepared()
    page = text(sign_in(manager).get(f"/evaluations/results/{wave.slug}/results/"))

    assert '<span class="beside-value">71 %</span> New knowledge, partners and international opportunities' in page
    assert "2017. SMEs that took part in the projects of 2016 and 2017, n not stated." in page
    assert "2017. base not stated, n not stated." in page
    assert "BSR Stars Innovation Express 2015, evaluation</a>" in page


def test_change_since_the_wave_before_is_told_with_its_test(sign_in, manager):
    before = grounds.prepared(days_ago=300, name="First survey")
    wave = grounds.closed_wave(seed=2, lift=-0.35, version=before.version)
    grounds.prepare(wave)
    client = sign_in(manager)
    page = text(client.get(f"/evaluations/results/{wave.slug}/barriers/"))
    series = text(client.get(f"/evaluations/series/{before.version.questionnaire.slug}/"))

    assert "Since First survey" in page
    assert re.search(r"Option time</th>.*?72 %</td>.*?fell clearly", page)
    assert "no clear change" in page
    assert re.search(r'Option time</th><td class="num" data-label="[^"]+"><span>72 %', series)


def test_changed_words_stand_in_the_series_and_break_no_silence(sign_in, manager):
    before = grounds.prepared(days_ago=300)
    family = before.version.questionnaire
    changed = grounds.content(text=grounds.words("What holds your company back?"))
    wave = grounds.closed_wave(version=VersionFactory(questionnaire=family, content=changed), name="Second survey")
    grounds.prepare(wave)
    client = sign_in(manager)
    series = text(client.get(f"/evaluations/series/{family.slug}/"))
    page = text(client.get(f"/evaluations/results/{wave.slug}/barriers/"))

    assert "The wording changed in Second survey. Read the two sides with care." in series
    assert "Before: “What holds you back?” Now: “What holds your company back?”" in series
    assert "The wording changed, so the two waves are not tested against each other." in page


def test_wave_too_small_says_so_and_shows_nothing(sign_in, manager):
    wave = grounds.prepared(sizes={"micro": 3})
    page = text(sign_in(manager).get(f"/evaluations/results/{wave.slug}/"))

    assert len(re.findall("<h2[^>]*>Too few answers to say anything</h2>", page)) == 3
    assert "n = 3" not in page
    assert not re.search(r">\s*(33|67|100) %", page)


def test_figures_that_are_not_made_yet_are_told_and_made(sign_in, manager, evaluator):
    wave = grounds.closed_wave(sizes={"micro": 12})
    path = f"/evaluations/results/{wave.slug}/"
    assert "Make the figures" not in text(sign_in(evaluator).get(path))
    client = sign_in(manager)
    assert "Make the figures" in text(client.get(path))

    client.post(f"{path}prepare/")
    running = text(client.get(path))
    assert "The figures are being made and protected" in running
    assert 'hx-trigger="every 3s"' in running
    assert wave.preparations.get().started_by == manager


@pytest.mark.parametrize("path", ["", "barriers/", "figures.csv", "figures.xlsx", "barriers/figures.csv"])
def test_running_wave_shows_no_results(sign_in, manager, path):
    wave = WaveFactory(version=VersionFactory(content=grounds.content()))

    assert sign_in(manager).get(f"/evaluations/results/{wave.slug}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["results/{slug}/", "results/{slug}/barriers/", "results/{slug}/figures.csv", "benchmarks/", "method/"]
)
def test_members_see_no_figures(sign_in, owner, path):
    wave = grounds.prepared()
    response = sign_in(owner).get(f"/evaluations/{path.format(slug=wave.slug)}")

    assert response.status_code == 403
    assert "Figures are for cluster managers and evaluators." in text(response)


def test_evaluator_makes_no_figures(sign_in, evaluator):
    wave = grounds.closed_wave(sizes={"micro": 12})
    response = sign_in(evaluator).post(f"/evaluations/results/{wave.slug}/prepare/")

    assert response.status_code == 403
    assert not wave.preparations.exists()


def test_question_that_is_not_counted_has_no_page(sign_in, manager):
    wave = grounds.prepared()
    client = sign_in(manager)

    for key in ("why", "nothing"):
        assert client.get(f"/evaluations/results/{wave.slug}/{key}/").status_code == 404
        assert client.get(f"/evaluations/results/{wave.slug}/{key}/figures.xlsx").status_code == 404


def test_home_asks_the_same_whatever_there_is(sign_in, manager):
    newest = grounds.prepared()
    client, long_ago = sign_in(manager), timezone.now() - timedelta(days=700)

    assert_constant_queries(
        lambda: client.get("/evaluations/"),
        lambda: WaveFactory(closed=True, version=newest.version, closed_at=long_ago),
        at_most=14,
        shows=lambda page: page.content.decode().count("closed on") - 1,
    )


def test_wave_page_asks_the_same_however_many_questions_there_are(sign_in, manager):
    """All tables are read at once."""
    wave = grounds.prepared()
    client = sign_in(manager)
    path = f"/evaluations/results/{wave.slug}/"
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)

    assert sum("evaluations_publication" in query["sql"] for query in queries) == 1
    assert len(queries) <= 14

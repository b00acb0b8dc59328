"""A wave of 35 answers: steps and groups stand together, in each table and page, and nothing hidden comes out."""

import random
from collections import Counter
from functools import cache

import pytest
from django.urls import reverse
from lxml import html

from evaluations import preparations
from evaluations.models import Publication, Wave
from evaluations.models.publications import Audience
from evaluations.reading import response
from evaluations.reading.series import series
from evaluations.reading.sheet import Sheet
from evaluations.recoding import JOIN, NO_ANSWER
from evaluations.tabulating import RESPONSE
from tests.evaluations import grounds
from tests.evaluations.attackers import Programme, shown
from tests.factories.evaluations import QuestionnaireFactory, VersionFactory
from tests.factories.members import OrganisationFactory

pytestmark = pytest.mark.django_db
STEPS = ("one", "two", "three", "four", "five")
LINES = ("knowledge", "funding")
TOP, ALL_OTHERS = "four+five", "one+two+three+unused+no_answer"


def content() -> dict:
    found = grounds.content()
    found["questions"] = [each for each in found["questions"] if each["key"] == "helped"]
    found["questions"][0] |= {
        "options": grounds.options(*STEPS),
        "outside": grounds.options("unused")[0],
        "rows": grounds.options(*LINES),
        "optional": True,
    }
    return found


def closed(sizes: dict[str, int], *, evenly: bool = False, version=None, **named) -> Wave:
    """Closed, with answers of five steps; some have not used it, some are silent."""
    version = version or VersionFactory(questionnaire=QuestionnaireFactory(), content=content())
    wave = grounds.closed_wave(sizes=sizes, version=version, **named)
    chance = random.Random(3)
    for place, answer in enumerate(wave.responses.complete().order_by("size_class", "pk")):
        said = {line: chance.choices([*STEPS, "unused"], [1, 2, 3, 7, 4, 2])[0] for line in LINES}
        if evenly:
            said = dict.fromkeys(LINES, ("one", "three", "five")[place % 3])
        answer.answers = {"helped": {line: step for line, step in said.items() if evenly or chance.random() < 0.95}}
        answer.save(update_fields=["answers"])
    return wave


@pytest.fixture
def wave() -> Wave:
    """Of 35 answers, with its tables; made once for all tests."""
    wave = closed({"micro": 14, "small": 9, "medium": 9, "large": 3}, name="Small", slug="small")
    if _kept():
        rows, wave.recoding = _kept()
        wave.save(update_fields=["recoding"])
        Publication.objects.bulk_create(Publication(wave=wave, **row) for row in rows)
    else:
        grounds.prepare(wave)
        rows = Publication.objects.filter(wave=wave).order_by("pk")
        wave.refresh_from_db()
        rows = list(rows.values("audience", "subject", "dimensions", "filters", "table", "figures"))
        _kept().extend([rows, wave.recoding])
    return wave


@cache
def _kept() -> list:
    return []


def table(wave: Wave, audience: str, subject: str, *dimensions: str) -> dict:
    return Publication.objects.get(wave=wave, audience=audience, subject=subject, dimensions=[*dimensions]).table


def test_each_audience_has_one_way_of_showing_and_it_is_kept(wave):
    assert wave.recoded(Audience.HOUSE).scales == {"helped": ("one+two+three", TOP)}
    assert wave.recoded(Audience.PUBLIC).scales == {"helped": (ALL_OTHERS, TOP)}
    assert wave.recoded(Audience.HOUSE).groups == wave.recoded(Audience.PUBLIC).groups == {"size_class": "halves"}

    for audience, boxes in (("house", {"one+two+three", TOP, "unused", NO_ANSWER}), ("public", {ALL_OTHERS, TOP})):
        made = Publication.objects.filter(wave=wave, audience=audience).exclude(subject=RESPONSE)
        assert made.count() >= 4
        for each in made:
            assert {row[0] for row in each.table["cells"]} == {*boxes, None}


def test_what_is_out_is_not_shown_in_another_way_later(wave):
    before = wave.recoding
    for answer in range(70):
        wave.responses.create(
            is_complete=True, size_class="micro", answers={"helped": {"knowledge": "five"}, "n": answer}
        )

    preparations.start(wave=wave, by=None)
    wave.refresh_from_db()

    assert wave.recoding == before


def test_choice_does_not_look_at_what_was_said():
    one = closed({"micro": 20, "small": 15})
    other = closed({"micro": 20, "small": 15})
    for answer in other.responses.complete():
        answer.answers = {"helped": dict.fromkeys(LINES, "five")}
        answer.save(update_fields=["answers"])

    for each in (one, other):
        preparations.start(wave=each, by=None)
        each.refresh_from_db()

    assert one.recoding == other.recoding
    assert one.recoding["house"]["scales"]


def test_counts_are_those_of_the_answers(wave):
    said = Counter(each.answers["helped"].get("knowledge") for each in wave.responses.complete())
    high = said["four"] + said["five"]

    public = {row[0]: row[1] for row in table(wave, "public", "helped:knowledge")["cells"]}
    assert public == {TOP: high, ALL_OTHERS: 35 - high, None: 35}
    sizes = {row[0]: row[1] for row in table(wave, "house", RESPONSE, "size_class")["cells"]}
    assert sizes == {"micro+small": 23, "medium+large": 12, None: 35}
    groups = Publication.objects.get(wave=wave, audience="house", subject=RESPONSE, dimensions=["size_class"]).figures
    assert {row["group"]: (row["asked"], row["population"]) for row in groups["groups"]} == {
        "micro+small": (46, 46),
        "medium+large": (24, 24),
    }


@pytest.mark.parametrize("audience", ["house", "public"])
def test_attackers_who_hold_both_audiences_recover_nothing(wave, audience):
    rows = Publication.objects.filter(wave=wave, subject__in=[RESPONSE, "helped:knowledge"])
    rows = rows if audience == "house" else rows.filter(audience="public")
    figures = shown(rows)
    open_ = {(each.answer, each.groups) for each in figures if each.n is not None}
    kept = [each for each in figures if each.n is not None or (each.answer, each.groups) not in open_]
    answers = {"helped:knowledge": [*STEPS, "unused", NO_ANSWER]}
    threshold = wave.fewest_in_house if audience == "house" else wave.fewest_in_public

    assert any(each.n is None for each in kept)
    assert any(each.answer and JOIN in each.answer and each.n is not None for each in kept)
    for least, width in ((0, threshold), (1, threshold - 2)):
        assert Programme(kept, wave, answers, several=set(), least=least).closer(width) == []


def test_public_shows_nothing_that_in_house_readers_cannot_work_out(wave):
    for line in LINES:
        house = {row[0]: row[1] for row in table(wave, "house", f"helped:{line}")["cells"]}
        public = {row[0]: row[1] for row in table(wave, "public", f"helped:{line}")["cells"]}

        assert public[TOP] in (None, house[TOP])
        assert public[ALL_OTHERS] is None or house[TOP] is not None


def test_pages_say_what_stands_together_and_why(sign_in, evaluator, wave):
    client = sign_in(evaluator)
    text = " ".join(html.document_fromstring(client.get(reverse("evaluations:results", args=["small"])).text)
                    .xpath("string(//main)").split())  # fmt: skip
    page = html.document_fromstring(client.get(reverse("evaluations:question_results", args=["small", "helped"])).text)
    question = " ".join(page.xpath("string(//main)").split())

    assert "Few companies answered, so steps of scales stand together." in text
    assert "so groups stand together, by size of company." in text
    assert "Micro and small" in text
    assert "Option four or Option five" in question
    assert "Option one, Option two or Option three" in question
    assert "Mean" not in question


def test_breakdown_is_by_groups_that_stand_together_and_says_so(sign_in, evaluator):
    sizes = {"micro": 16, "small": 10, "medium": 18, "large": 5}
    grounds.prepare(closed(sizes, evenly=True, name="Fifty", slug="fifty"))

    page = html.document_fromstring(
        sign_in(evaluator).get(reverse("evaluations:question_results", args=["fifty", "helped"])).text
    )

    (table_,) = [each for each in page.xpath("//table") if each.xpath("string(caption)") == "By size of company"]
    heads = [" ".join(each.text_content().split()) for each in table_.xpath(".//thead//th")]
    assert heads[1:] == ["Medium and largen = 23", "Micro and smalln = 26"]
    text = " ".join(page.xpath("string(//main)").split())
    assert "Few companies answered, so groups stand together. Each alone would be too small to show." in text
    assert "Shown: how many say “Option four or Option five”." in text
    shares = table_.xpath(".//tbody//td/text()[1]")
    assert any(each.strip().endswith("%") for each in shares), shares


def test_title_names_the_line_with_the_most_upper_halves(wave):
    sheet = Sheet(wave)
    (question,) = sheet.questions
    figure = sheet.figure(question)
    best = max(figure["bars"], key=lambda bar: bar["value"] or 0)

    assert figure["title"].startswith(f"“{best['label']}” helped most: ")
    assert figure["title"].endswith("say “Option four or Option five”")
    assert {row["label"] for row in figure["boxes"]["rows"]} == {"Option knowledge", "Option funding"}


def test_shares_of_a_box_are_of_those_who_gave_a_step(wave):
    sheet = Sheet(wave)
    figures = sheet.figures_of(sheet.subjects[0])
    cells = {row[0]: row[1] for row in table(wave, "house", "helped:knowledge")["cells"]}
    of_all = None in (cells["unused"], cells[NO_ANSWER])
    n = 35 if of_all else 35 - cells["unused"] - cells[NO_ANSWER]

    assert {row["n"] for row in figures["shares"]} == {n}
    assert {row["answer"] for row in figures["shares"]} <= {TOP, "one+two+three"}


def test_series_compare_waves_in_the_coarsest_way_of_them(wave):
    large = closed({"micro": 60, "small": 40}, version=wave.version, days_ago=400, name="Large", slug="large")
    grounds.prepare(large)
    large.refresh_from_db()
    assert large.recoding["house"]["scales"] == {}

    (question,) = series(wave.version.questionnaire)["questions"]

    assert question["box"] == "Option four or Option five"
    said = Counter(each.answers["helped"].get("knowledge") for each in large.responses.complete())
    steps = sum(said[step] for step in STEPS)
    shown_ = question["rows"][0]["cells"][0]
    assert shown_["hidden"] or shown_["value"] == pytest.approx((said["four"] + said["five"]) / shown_["n"])
    assert shown_["hidden"] or shown_["n"] in (steps, 100)
    assert question["chart"]["top"] is None


def test_last_state_of_the_running_page_shows_nothing_else_than_the_tables():
    """Subtracting one from the other gives nothing: each group that the page shows is shown there, with that count."""
    OrganisationFactory(home=True)
    wave = closed({"micro": 30, "small": 12, "medium": 9, "large": 2})
    running = {each["caption"]: each["rows"] for each in response.tables(wave)}
    grounds.prepare(wave)

    cells = {row[0]: row[1] for row in table(wave, "house", RESPONSE, "size_class")["cells"]}
    names = {"micro": "Micro", "small": "Small", "medium": "Medium", "micro+small": "Micro and small",
             "medium+large": "Medium and large"}  # fmt: skip
    by_size = {row[0]["value"]: row[2]["value"] for row in running["By size"]}
    compared = [(by_size[name], cells[key]) for key, name in names.items() if key in cells]

    assert len(compared) >= 2
    assert [pair for pair in compared if isinstance(pair[0], int) and pair[0] != pair[1]] == []
    assert any(isinstance(pair[0], int) for pair in compared)

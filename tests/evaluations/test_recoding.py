"""How finely a wave is shown: which steps and groups stand together, and what follows from a table that does not."""

import pytest

from core import codelists
from evaluations import recoding
from evaluations.disclosure import Table, protect
from evaluations.disclosure.types import Cell
from evaluations.recoding import NO_ANSWER, Recoding

FIVE = ("1", "2", "3", "4", "5")
FOUR = ("not", "little", "much", "very")


FRAME = [
    {"size_class": size, "country": country, "section": section, "experience": experience, "n": 1}
    for size in ("micro", "small", "medium", "large")
    for country in ("SE", "FI", "EE", "US", "")
    for section in "ACFJK"
    for experience in ("first_steps", "some", "experienced")
]


def chosen(answers: int, **changes: object) -> Recoding:
    asked = {"answers": answers, "threshold": 5, "scales": {"q": (FOUR, ("unused",))}, "frame": FRAME, "home": "SE"}
    return recoding.chosen(**asked | changes)


@pytest.mark.parametrize(
    ("steps", "outside", "ways"),
    [
        (FIVE, (), [FIVE, ("1+2", "3", "4+5"), ("1+2+3", "4+5"), ("1+2+3+no_answer", "4+5")]),
        (FOUR, ("unused",), [FOUR, ("not+little", "much+very"), ("not+little+unused+no_answer", "much+very")]),
        (FIVE[:3], (), [FIVE[:3], ("1+2", "3"), ("1+2+no_answer", "3")]),
        (FIVE[:2], (), [FIVE[:2]]),
    ],
)
def test_scales_become_halves_and_then_the_upper_half_against_the_rest(steps, outside, ways):
    assert list(recoding.ways(steps, outside)) == ways


@pytest.mark.parametrize(
    ("answers", "boxes"),
    [(50, None), (49, ("not+little", "much+very")), (30, ("not+little", "much+very")),
     (29, ("not+little+unused+no_answer", "much+very")), (1, ("not+little+unused+no_answer", "much+very"))],
)  # fmt: skip
def test_scales_are_as_fine_as_twice_the_threshold_for_each_answer_allows(answers, boxes):
    assert chosen(answers).scales.get("q") == boxes


@pytest.mark.parametrize(
    ("answers", "groups"),
    [
        (100, {}),
        (99, {"country": "regions", "section": "a10"}),  # regions: Nordic, EU, elsewhere, and not known
        (80, {"country": "regions", "section": "a10"}),
        (79, {"country": "home:SE", "section": "a3", "size_class": "halves"}),
        (59, {"country": "home:SE", "section": "a3", "size_class": "halves", "experience": "any"}),
        (1, {"country": "home:SE", "section": "a3", "size_class": "halves", "experience": "any"}),
    ],
)
def test_groups_are_as_fine_as_four_times_the_threshold_for_each_allows(answers, groups):
    assert chosen(answers).groups == groups


def test_higher_threshold_needs_more_answers():
    assert "q" in chosen(99, threshold=10).scales
    assert "q" not in chosen(100, threshold=10).scales


def test_without_a_country_of_the_cluster_regions_are_the_coarsest():
    assert chosen(1, home="").groups["country"] == "regions"


@pytest.mark.parametrize(
    ("level", "value", "group"),
    [
        ("", "EE", "EE"),
        ("regions", "FI", "nordic"),
        ("regions", "EE", "eu"),
        ("regions", "UA", "other"),
        ("home:SE", "SE", "home"),
        ("home:SE", "FI", "abroad"),
        ("home:SE", "", ""),
        ("a10", "D", "B+C+D+E"),
        ("a3", "V", "G+H+I+J+K+L+M+N+O+P+Q+R+S+T+U+V"),
        ("halves", "small", "micro+small"),
        ("any", "some", "some+experienced"),
    ],
)
def test_groups_are_those_of_a_coarser_standard(level, value, group):
    assert recoding.broader(level, value) == group


def test_every_section_is_in_one_group_of_each_level():
    sections = sorted(codelists.nace())
    sections = [code for code in sections if len(code) == 1]

    for level in ("a10", "a3"):
        assert sorted("".join(recoding.AGGREGATES[level]).replace("+", "")) == sections


def test_what_is_kept_comes_back():
    found = chosen(35)

    assert Recoding.of(found.as_json()) == found
    assert Recoding.of({}) == Recoding()


# --- from a finer table


def protected(counts: dict[str, int], *, threshold: int = 5):
    return protect(Table(("answer",), {(key,): n for key, n in counts.items()}, threshold))


def test_boxes_are_sums_of_what_is_shown():
    table = protected({"1": 7, "2": 8, "3": 9, "4": 10, "5": 11, NO_ANSWER: 0})

    found = recoding.folded(table, ("1+2+3", "4+5"))

    assert {key[0]: cell.n for key, cell in found.cells.items()} == {"1+2+3": 24, "4+5": 21, NO_ANSWER: 0, None: 45}


def test_boxes_with_a_hidden_part_are_hidden_unless_the_rest_tells_them():
    table = protected({"1": 2, "2": 7, "3": 3, "4": 10, "5": 11, NO_ANSWER: 0})
    hidden = {key[0] for key, cell in table.cells.items() if cell.n is None}
    assert {"1", "3"} <= hidden <= {"1", "2", "3"}

    halves = recoding.folded(table, ("1+2", "3", "4+5"))
    rest = recoding.folded(table, ("1+2+3", "4+5"))

    assert halves.cells["1+2",] == halves.cells["3",] == Cell(None, "primary")
    assert halves.cells["4+5",] == Cell(21)
    assert rest.cells["1+2+3",] == Cell(12)


def test_boxes_of_boxes_are_the_same_as_of_steps():
    table = protected({"1": 7, "2": 8, "3": 9, "4": 10, "5": 11, "unused": 6, NO_ANSWER: 0})
    coarse = ("1+2+3+unused+no_answer", "4+5")

    once = recoding.folded(table, coarse)
    twice = recoding.folded(recoding.folded(table, ("1+2", "3", "4+5")), coarse)

    assert once.cells == twice.cells
    assert once.cells["1+2+3+unused+no_answer",] == Cell(30)

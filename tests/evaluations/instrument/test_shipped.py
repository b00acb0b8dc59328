"""The templates: complete in three languages, short, and labelled as what they are."""

import pytest

from evaluations.instrument import lacking, minutes, seconds, shipped
from evaluations.instrument.types import RUNGS
from tests.evaluations.instrument.questions import made, question, when


def test_there_are_six_in_order():
    assert list(shipped()) == ["t1", "t2", "t3", "t4", "t5", "t6"]


@pytest.mark.parametrize("name", shipped())
def test_each_is_complete_in_three_languages_and_labelled(name):
    template = shipped()[name]

    assert template.languages == ("en", "sv", "de")
    assert lacking(template) == ()
    for texts in (template.intro, template.thanks, template.label):
        assert set(texts) == {"en", "sv", "de"}


def test_the_reconstructed_one_says_so():
    label = shipped()["t1"].label

    assert label["en"].startswith("Reconstructed from the slides of a talk, not verbatim")
    assert "inte ordagrant" in label["sv"]
    assert "nicht im Wortlaut" in label["de"]


def test_the_main_one_takes_two_minutes_at_most():
    assert seconds(shipped()["t1"]) <= 120
    assert minutes(shipped()["t1"]) == 2


def test_its_results_climb_the_ladder():
    results = shipped()["t1"].question("results")

    assert tuple(each.rung for each in results.options if not each.alone) == RUNGS
    assert [each.key for each in results.options if each.alone] == ["nothing"]


@pytest.mark.parametrize(
    ("longer", "shorter"),
    [
        (question("q", "text"), question("q", "text", optional=True)),
        (question("q", "matrix"), question("q", "single")),
        (question("q", "multiple", most=2), question("q", "multiple", most=1)),
        (question("q", "number"), question("q", "single", text={"en": "Q"})),
    ],
)
def test_more_to_do_takes_longer(longer, shorter):
    assert seconds(made(longer)) > seconds(made(shorter))


def test_a_conditional_question_counts_for_half():
    first = question("first")
    alone = seconds(made(first))

    assert seconds(made(first, question("more", when=when("first", "a")))) - alone == pytest.approx(
        (seconds(made(first, question("more"))) - alone) / 2
    )

"""What the ten answers of a needs assessment say of the three gaps."""

from decimal import Decimal

from members.models import Gap
from members.needs import QUESTIONS, gaps_of


def test_ten_questions_tell_of_three_gaps():
    assert len({question.key for question in QUESTIONS}) == 10
    assert {question.gap for question in QUESTIONS} == set(Gap)


def test_a_gap_is_the_mean_of_its_answers():
    answers = {
        "opportunities": 5,
        "market": 4,
        "knowledge": 4,
        "partnering": 5,
        "money": 1,
        "investors": 2,
        "people": 3,
    }

    assert gaps_of(answers) == {Gap.SENSING: Decimal("4.5"), Gap.OPERATIONALISING: Decimal(2)}


def test_nothing_said_tells_of_no_gap():
    assert gaps_of({}) == {}

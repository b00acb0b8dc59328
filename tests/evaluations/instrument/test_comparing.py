"""Two versions side by side: what changed, and on which questions waves may be compared."""

import pytest

from evaluations.instrument import compare, shipped
from tests.evaluations.instrument.questions import made, option, question, when

BASE = question("barriers", "multiple", "time", "money", "rules", most=2)


def only(before, after, **more):
    (change,) = compare(made(before), made(after))
    return change


def test_a_version_is_the_same_as_itself():
    for questionnaire in shipped().values():
        assert {(each.state, each.comparable) for each in compare(questionnaire, questionnaire)} == {("same", "yes")}


def test_changed_words_are_shown_and_the_series_goes_on():
    change = only(BASE, BASE | {"text": {"en": "What stops you?"}})

    assert (change.state, change.comparable, change.reasons) == ("wording", "with_care", ("wording",))
    (wording,) = change.wordings
    assert (wording.part, wording.language, wording.before, wording.after) == (
        "text",
        "en",
        "About barriers?",
        "What stops you?",
    )


def test_words_of_an_option_are_named_with_it():
    reworded = [option("time"), option("money") | {"text": {"en": "Too little money"}}, option("rules")]
    change = only(BASE, BASE | {"options": reworded})

    assert (change.state, change.comparable, change.reasons) == ("wording", "with_care", ("option_wording",))
    assert [each.part for each in change.wordings] == ["option money"]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (BASE, BASE | {"options": [*BASE["options"], option("skills")]}, "options_added"),
        (BASE, BASE | {"options": BASE["options"][:2]}, "options_gone"),
        (BASE, BASE | {"most": 1}, "most"),
        (BASE, question("barriers", "single", "time", "money", "rules"), "kind"),
        (question("q", "scale", "a", "b"), question("q", "scale", "b", "a"), "steps"),
        (question("q", "matrix"), question("q", "matrix", outside=option("not_used")), "steps"),
        (
            question("q", "multiple", options=[option("a", rung="contact"), option("b")]),
            question("q", "multiple", options=[option("a", rung="sales"), option("b")]),
            "rung",
        ),
        (question("q", "number", unit={"en": "hours"}), question("q", "number", unit={"en": "days"}), "unit"),
    ],
)
def test_what_moves_answers_breaks_the_series(before, after, reason):
    change = only(before, after)

    assert (change.state, change.comparable) == ("options", "never")
    assert reason in change.reasons


def test_another_order_of_steps_is_told_once():
    assert only(question("q", "scale", "a", "b"), question("q", "scale", "b", "a")).reasons == ("steps",)


def test_another_condition_asks_other_companies():
    first = question("first")
    before, after = made(first, BASE), made(first, BASE | {"when": when("first", "a")})

    assert [(each.key, each.comparable, each.reasons) for each in compare(before, after)] == [
        ("first", "yes", ()),
        ("barriers", "never", ("when",)),
    ]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (BASE, BASE | {"options": BASE["options"][::-1]}, "order"),
        (BASE, BASE | {"optional": True}, "optional"),
        (question("q", "number", minimum=0), question("q", "number", minimum=1), "limits"),
        (question("q", "text"), question("q", "text", help={"en": "A sentence."}), "help"),
    ],
)
def test_what_may_move_answers_is_told(before, after, reason):
    change = only(before, after)

    assert (change.comparable, change.reasons) == ("with_care", (reason,))


def test_rows_of_a_matrix_are_compared_where_both_ask_them():
    before = question("q", "matrix", rows=[option("r1"), option("r2")])
    after = question("q", "matrix", rows=[option("r2"), option("r3")])
    change = only(before, after)

    assert (change.comparable, change.reasons) == ("with_care", ("rows_added", "rows_gone"))
    assert (change.rows, change.added, change.gone) == (("r2",), ("r3",), ("r1",))


def test_new_and_dropped_questions_stand_in_no_series():
    changes = compare(made(question("old"), question("kept")), made(question("new"), question("kept")))

    assert [(each.key, each.state, each.comparable) for each in changes] == [
        ("new", "new", "never"),
        ("kept", "same", "yes"),
        ("old", "gone", "never"),
    ]


def test_another_language_changes_nothing_for_those_who_had_theirs():
    one = made(question("q", "text"))
    texts = {"en": "About q?", "sv": "Om q?"}
    two = made(question("q", "text", text=texts), languages=["en", "sv"], title={"en": "A title", "sv": "En rubrik"})

    assert [each.state for each in compare(one, two)] == ["same"]

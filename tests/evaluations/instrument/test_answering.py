"""Answers: who is asked what, what fits, and what is said where it does not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instrument import ERRORS, BadAnswers, asked, checked, permission, shipped
from tests.evaluations.instrument.questions import made, option, question, when


def errors(questionnaire, raw, **more):
    with pytest.raises(BadAnswers) as raised:
        checked(questionnaire, raw, **more)
    return {key: (error.code, dict(error.values)) for key, error in raised.value.errors.items()}


def test_each_kind_is_kept_as_json_holds_it():
    asking = made(
        question("one"),
        question("many", "multiple", "a", "b", "c"),
        question("step", "scale", outside=option("not_used")),
        question("grid", "matrix"),
        question("hours", "number", minimum=0),
        question("words", "text"),
        question("may", "consent", about="words"),
    )
    raw = {
        "one": "a",
        "many": ["c", "a"],
        "step": "not_used",
        "grid": {"r2": "b", "r1": "a"},
        "hours": " 1 200 ",
        "words": "  First\r\nsecond\x00 \ud800 ",
        "may": "without_name",
    }

    assert checked(asking, raw) == {
        "one": "a",
        "many": ["a", "c"],
        "step": "not_used",
        "grid": {"r1": "a", "r2": "b"},
        "hours": 1200,
        "words": "First\nsecond ?",
        "may": "without_name",
    }


@pytest.mark.parametrize(
    ("asking", "raw", "error"),
    [
        (question("q"), None, ("missing", {})),
        (question("q"), "  ", ("missing", {})),
        (question("q"), "c", ("unknown_option", {"option": "c"})),
        (question("q"), ["a"], ("wrong_shape", {})),
        (question("q", "multiple"), "a", ("wrong_shape", {})),
        (question("q", "multiple"), ["a", "a"], ("twice", {"option": "a"})),
        (question("q", "multiple", most=1), ["a", "b"], ("too_many", {"given": 2, "most": 1})),
        (
            question("q", "multiple", options=[option("a", alone=True), option("b")]),
            ["a", "b"],
            ("alone", {"option": "a"}),
        ),
        (question("q", "matrix"), {"r1": "a"}, ("missing_rows", {"rows": ["r2"]})),
        (question("q", "matrix"), {"r1": ""}, ("missing", {})),
        (question("q", "matrix"), {"r9": "a"}, ("unknown_row", {"row": "r9"})),
        (question("q", "matrix"), {"r1": "z", "r2": "a"}, ("unknown_option", {"option": "z"})),
        (question("q", "matrix"), "a", ("wrong_shape", {})),
        (question("q", "number"), "1,5", ("not_whole", {})),
        (question("q", "number"), "²", ("not_whole", {})),
        (question("q", "number"), "9" * 5000, ("not_whole", {})),
        (question("q", "number"), 1.5, ("wrong_shape", {})),
        (question("q", "number", minimum=1), "0", ("below", {"minimum": 1})),
        (question("q", "number", maximum=9), "10", ("above", {"maximum": 9})),
        (question("q", "text"), "x" * 2001, ("too_long", {"given": 2001, "most": 2000})),
        (question("q", "text"), {"a": "b"}, ("wrong_shape", {})),
    ],
)
def test_what_does_not_fit_is_told_for_its_question(asking, raw, error):
    asking = made(asking, question("other", optional=True))

    assert errors(asking, {"q": raw, "other": "b"}) == {"q": error}


def test_what_fits_is_kept_beside_the_errors():
    with pytest.raises(BadAnswers) as raised:
        checked(made(question("good"), question("bad")), {"good": "a", "bad": "z", "nowhere": "a"})

    assert raised.value.answers == {"good": "a"}
    assert str(raised.value).splitlines() == [
        "nowhere: There is no such question.",
        "bad: z is none of the answers.",
    ]


def test_half_an_answer_may_lack_and_may_not_be_wrong():
    asking = made(question("one"), question("grid", "matrix"), question("hours", "number"))

    assert checked(asking, {"grid": {"r1": "a", "r2": ""}}, complete=False) == {"grid": {"r1": "a"}}
    assert errors(asking, {"hours": "many"}, complete=False) == {"hours": ("not_whole", {})}


def test_optional_questions_may_stay_open():
    asking = made(*(question(kind, kind, optional=True) for kind in ("single", "multiple", "matrix", "number", "text")))

    assert checked(asking, {}) == {}
    assert checked(asking, {"matrix": {"r2": "b"}, "number": "0"}) == {"matrix": {"r2": "b"}, "number": 0}


def keys(questions):
    return [each.key for each in questions]


def test_conditions_ask_all_or_any():
    two = [{"question": "one", "options": ["a"]}, {"question": "many", "options": ["b", "c"]}]
    asking = made(
        question("one"),
        question("many", "multiple", "a", "b", "c"),
        question("all", when={"conditions": two}),
        question("any", when={"conditions": two, "any": True}),
    )

    assert keys(asked(asking, {})) == ["one", "many"]
    assert keys(asked(asking, {"one": "a", "many": ["a"]})) == ["one", "many", "any"]
    assert keys(asked(asking, {"one": "a", "many": ["a", "c"]})) == ["one", "many", "all", "any"]


def test_an_answer_to_a_question_that_is_not_asked_counts_for_nothing():
    asking = made(
        question("first"), question("second", when=when("first", "a")), question("third", when=when("second", "b"))
    )
    changed_their_mind = {"first": "b", "second": "b", "third": "a"}

    assert keys(asked(asking, changed_their_mind)) == ["first"]
    assert checked(asking, changed_their_mind) == {"first": "b"}


def test_a_condition_without_options_waits_for_any_answer():
    asking = made(question("words", "text", optional=True), question("next", when=when("words")))

    assert checked(asking, {"words": "  ", "next": "a"}) == {}
    assert errors(asking, {"words": "Good"}) == {"next": ("missing", {})}


def test_words_are_quoted_only_as_far_as_somebody_allowed():
    asking = shipped()["t1"]

    assert permission(asking, {"quote": "Good"}, "quote") == "no"
    assert permission(asking, {"quote": "Good", "quote_permission": "with_company"}, "quote") == "with_company"
    assert permission(made(question("words", "text")), {"words": "Good"}, "words") == "no"


VALUES = st.none() | st.integers() | st.text(max_size=6) | st.sampled_from(["micro", "time", "nothing", "no"])
RAW = st.dictionaries(
    st.sampled_from([*(each.key for each in shipped()["t1"].questions), "nowhere"]),
    VALUES | st.lists(VALUES, max_size=4) | st.dictionaries(st.sampled_from(["funding", "contacts"]), VALUES),
)


@given(RAW, st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_is_handed_in_is_kept_or_told_and_what_is_kept_stays(raw, complete):
    asking = shipped()["t1"]
    try:
        kept = checked(asking, raw, complete=complete)
        errors = {}
    except BadAnswers as bad:
        kept, errors = bad.answers, bad.errors
    assert all(error.code in ERRORS and str(error) for error in errors.values())
    assert checked(asking, kept, complete=False) == kept
    assert set(kept) <= set(keys(asked(asking, kept)))

"""Reading questionnaires: what is faulty is told in full, and nothing else happens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.instrument import TEMPLATES, BadInstrument, Fault, as_data, lacking, read, shipped
from tests.evaluations.instrument.questions import data, made, option, question, when


def faults(found: object, *, draft: bool = False) -> list[tuple[str, str]]:
    with pytest.raises(BadInstrument) as raised:
        read(found, draft=draft)
    assert all(str(each) for each in raised.value.faults)
    return [(each.question, each.code) for each in raised.value.faults]


def faults_of(found: object, *, draft: bool) -> tuple[Fault, ...]:
    try:
        read(found, draft=draft)
    except BadInstrument as bad:
        return bad.faults
    return ()


def told(found: object) -> str:
    with pytest.raises(BadInstrument) as raised:
        read(found)
    return str(raised.value)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (question(key="Bad key"), "bad_key"),
        (question(kind="essay"), "unknown_kind"),
        (question(facet="weather"), "unknown_facet"),
        (question(kind="text", facet="barriers"), "facet_of_other_kind"),
        (question("barriers", "single", "a", "a"), "option_twice"),
        (question(kind="matrix", rows=[option("r"), option("r")]), "row_twice"),
        (question(kind="text", most=2), "not_for_kind"),
        (question(kind="single", outside=option("none")), "not_for_kind"),
        (question(kind="single", options=[option("a", alone=True), option("b")]), "not_for_kind"),
        (question(kind="multiple", most=0), "most_too_small"),
        (question(kind="number", minimum=5, maximum=4), "minimum_above_maximum"),
        (question(kind="number", maximum=10**12), "too_large"),
        (question(kind="multiple", options=[option("a", rung="fame"), option("b")]), "unknown_rung"),
        (question(kind="consent", options=[option("no"), option("yes")]), "permissions"),
        (question(kind="consent", about="nothing"), "about_missing"),
        (question(when=when("nowhere")), "condition_missing"),
        (question(when={"conditions": []}), "condition_empty"),
        (question(text={"en": "x" * 401}), "too_long"),
        (question(text={"en": "x", "sv": "y"}), "other_language"),
        (question(text={"en": "x\x00"}), "bad_characters"),
        (question(text={"en": "\ud800"}), "bad_characters"),
        (question(text="About?"), "not_an_object"),
        (question(text={"en": 7}), "not_a_text"),
        (question(options="a, b"), "not_a_list"),
        (question(kind="multiple", most="three"), "not_a_number"),
        (question(kind="multiple", most=True), "not_a_number"),
        (question(optional="yes"), "not_a_yes_or_no"),
        (question(colour="red"), "unknown_field"),
        (question("barriers", "single", *(f"o{n}" for n in range(10_000))), "too_many_options"),
        (question(kind="matrix", rows=[option(f"r{n}") for n in range(61)]), "too_many_rows"),
    ],
)
def test_what_contradicts_itself_is_no_draft_either(broken, code):
    found = faults(data(broken), draft=True)

    assert {code} == {each for _question, each in found}
    assert {key for key, _code in found} == {broken["key"]}


@pytest.mark.parametrize(
    ("lacks", "code"),
    [
        (data(question(text={})), "missing"),
        (data(question(), title={"en": "  "}), "missing"),
        (data(question(help={"sv": "Hjälp"}), languages=["en", "sv"]), "missing"),
        (data(question("helped", "matrix", rows=[{"key": "r1"}])), "missing"),
        (data(question("barriers", "single", "a")), "too_few_options"),
        (data(question("barriers", "multiple", most=3)), "most_above_options"),
        (data(question("helped", "matrix", rows=[])), "no_rows"),
        (data(question("may", "consent")), "no_about"),
        (data(question("size_class", facet="size_class")), "size_classes"),
        (data(question("results", "multiple", facet="results")), "no_rung"),
        (data() | {"questions": []}, "no_questions"),
    ],
)
def test_what_is_unfinished_is_a_draft_and_no_more(lacks, code):
    draft = read(lacks, draft=True)

    assert code in {each.code for each in lacking(draft)}
    assert code in {each for _question, each in faults(lacks)}
    assert read(as_data(draft), draft=True) == draft


def test_conditions_look_back_only_and_at_what_can_be_chosen():
    first = question("first", "text")
    second = question("second", when=when("third"))
    third = question("third", when=when("first", "a"))
    fourth = question("fourth", when=when("third", "nowhere"))

    assert faults(data(first, second, third, fourth)) == [
        ("second", "condition_later"),
        ("third", "condition_kind"),
        ("fourth", "condition_option"),
    ]
    assert faults(data(question("alone", when=when("alone", "a")))) == [("alone", "condition_later")]


def test_every_fault_is_listed_with_the_question_it_is_in():
    words = told(data(question("one", "single", "a", "a"), question("one", "multiple", "a", "b", most=5)))

    assert words.splitlines() == [
        "Question one: The option a occurs twice.",
        "Question one: Another question has the same key.",
        "Question one: 5 choices are allowed, but there are only 2 options.",
    ]


def test_languages_are_codes_named_once():
    assert faults(data(languages=[]))[0] == ("", "no_language")
    assert ("", "language_twice") in faults(data(languages=["en", "en"]))
    assert ("", "bad_language") in faults(data(languages=["en", "English"]))
    assert ("", "too_many_languages") in faults(data(languages=["en", *(f"a{x}" for x in "abcdefghij")]), draft=True)


def test_too_many_questions_are_one_fault():
    assert faults(data(*(question(f"q{n}") for n in range(101))), draft=True) == [("", "too_many_questions")]


def test_words_fall_back_to_the_first_language_that_has_them():
    found = read(data(languages=["en", "sv"], thanks={"sv": "Tack"}), draft=True)

    assert found.words(found.title, "sv") == "A title"
    assert found.words(found.thanks, "de") == "Tack"


def test_data_without_what_says_nothing_comes_back_as_it_was():
    whole = made(
        question("size_class", "single", "micro", "small", "medium", "large", facet="size_class"),
        question("helped", "matrix", outside=option("not_used"), facet="helped", optional=True),
        question("hours", "number", unit={"en": "hours"}, minimum=0, maximum=168),
        question("words", "text", help={"en": "A sentence."}, facet="quote"),
        question("may", "consent", about="words", when=when("words") | {"any": True}),
        intro={"en": "Hello"},
        label={"en": "Invented"},
    )

    assert read(as_data(whole)) == whole
    assert "minimum" not in as_data(whole)["questions"][0]
    assert as_data(whole)["questions"][2]["minimum"] == 0


@pytest.mark.parametrize("name", shipped())
def test_shipped_templates_come_back_as_they_were(name):
    assert read(as_data(shipped()[name])) == shipped()[name]


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["key", "kind", "text", "options", "rows", "when", "en", "questions", "languages", "most"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(st.sampled_from([*data(), "intro"]), JUNK, st.sampled_from([*question(), "rows", "when", "outside"]), JUNK)
@settings(max_examples=300, deadline=None)
def test_whatever_is_handed_in_is_read_or_told(field, junk, own_field, own_junk):
    for found in (junk, data() | {field: junk}, data(question() | {own_field: own_junk})):
        for draft in (True, False):
            faults = faults_of(found, draft=draft)
            assert all(each.code in TEMPLATES and str(each) for each in faults)

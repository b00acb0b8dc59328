"""A question of each kind: how it is asked, what is kept of the answer, and how it is shown."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from funding.forms.questions import field_of, shown, stored, words_in
from funding.models import Question

OPTIONS = ["Pilot", "Fair, abroad"]


def question(kind, **facts) -> Question:
    return Question(**{"kind": kind, "text": "What will you do?", "options": OPTIONS} | facts)


def asked(of: Question, typed: object, *, complete: bool = True) -> forms.Form:
    class Asks(forms.Form):
        answer = field_of(of, complete=complete)

    files = {"answer": typed} if isinstance(typed, SimpleUploadedFile) else {}
    return Asks({"answer": typed}, files)


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "words"),
    [
        ("short_text", " Pumps ", "Pumps", "Pumps"),
        ("long_text", "One\nTwo", "One\nTwo", "One\nTwo"),
        ("number", "12500.50", "12500.5", "12,500.5"),
        ("number", "100", "100", "100"),
        ("amount", "12500.5", "12500.50", "EUR 12,500.50"),
        ("amount", "12500", "12500.00", "EUR 12,500"),
        ("date", "2027-05-03", "2027-05-03", "3 May 2027"),
        ("choice", "Fair, abroad", "Fair, abroad", "Fair, abroad"),
        ("choices", ["Pilot", "Fair, abroad"], ["Pilot", "Fair, abroad"], "Pilot, Fair, abroad"),
        ("yes_no", "True", True, "Yes"),
        ("yes_no", "False", False, "No"),
        ("link", "klarflod.example/pumps", "https://klarflod.example/pumps", "https://klarflod.example/pumps"),
    ],
)
def test_an_answer_is_kept_as_json_and_comes_back_into_its_field(kind, typed, kept, words):
    of = question(kind)
    form = asked(of, typed)

    assert form.is_valid(), form.errors
    assert stored(of, form.cleaned_data["answer"]) == kept
    assert shown(of, kept) == words
    again = str(type(form)(initial={"answer": kept})["answer"])
    for each in kept if isinstance(kept, list) else [kept]:
        assert str(each).split("\n")[0] in again
    if kind in {"choice", "choices", "yes_no"}:
        assert again.count("checked") == (len(kept) if isinstance(kept, list) else 1)


def test_a_file_is_kept_by_its_name():
    of = question("file")
    form = asked(of, SimpleUploadedFile("plan.pdf", b"%PDF-1.7"))

    assert form.is_valid(), form.errors
    assert stored(of, form.cleaned_data["answer"]) == "plan.pdf"


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("number", "many"),
        ("number", "1e400"),
        ("number", "NaN"),
        ("amount", "-1"),
        ("amount", "0.001"),
        ("amount", "10000000000"),
        ("date", "2027-02-29"),
        ("choice", "Something else"),
        ("choices", ["Pilot", "Something else"]),
        ("yes_no", "perhaps"),
        ("link", "javascript:alert(1)"),
        ("link", "ftp://klarflod.example/plan"),
        ("short_text", "x" * 301),
        ("short_text", "a\x00b"),
        ("long_text", "x" * 20_001),
    ],
)
def test_what_is_no_such_answer_is_refused_in_a_draft_too(kind, typed):
    assert "answer" in asked(question(kind), typed).errors
    assert "answer" in asked(question(kind), typed, complete=False).errors


@pytest.mark.parametrize("kind", [each for each in Question.Kind if each != "file"])
def test_only_what_must_be_answered_is_asked_for_and_never_in_a_draft(kind):
    must, may = question(kind), question(kind, is_required=False)

    assert asked(must, "").errors["answer"] == ["We need this."]
    for form in (asked(may, ""), asked(must, "", complete=False)):
        assert form.is_valid()
        assert stored(must, form.cleaned_data["answer"]) is None
    assert shown(must, None) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one", 1), ("one – two", 2), ("one, two\n\nthree", 3), ("zero-emission pumps", 2), (" ... ", 0)],
)
def test_words_have_a_letter_or_a_digit(text, words):
    assert words_in(text) == words


def test_a_limit_of_words_is_said_and_kept_when_it_is_handed_in():
    of = question("long_text", most_words=3, help="Be short.")

    assert field_of(of).help_text == "Be short. 3 words at most."
    assert asked(of, "one two – three").is_valid()
    assert asked(of, "one two three four five").errors["answer"] == ["5 words, 3 at most: 2 words too many."]
    assert asked(of, "one two three four").errors["answer"] == ["4 words, 3 at most: 1 word too many."]
    assert asked(of, "one two three four", complete=False).is_valid(), "a draft loses no word"


def test_words_of_the_secretary_are_no_markup():
    of = question("choice", text="<b>Why</b>", help="<script>", options=["<i>A</i>"])
    page = asked(of, "").as_p()

    for markup in ("<b>", "<script>", "<i>"):
        assert markup not in page


def test_kinds_of_python_are_kept_as_text():
    assert stored(question("date"), date(2027, 5, 3)) == "2027-05-03"
    assert stored(question("number"), Decimal("1E+3")) == "1000"
    assert stored(question("yes_no"), False) is False

"""The form that asks a questionnaire: what it shows, what it takes, and what it says beside a field."""

import json

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from lxml import html

from evaluations.forms.answers import AnswerForm
from evaluations.instrument import shipped
from tests.evaluations.instrument.questions import made, option, question, when

T1 = shipped()["t1"]
WHOLE = (
    "q-size_class=small&q-barriers=time&q-barriers=money&q-helped-market_information=much&q-helped-knowledge=much"
    "&q-helped-markets=not_used&q-helped-contacts=very_much&q-helped-visibility=a_little&q-helped-funding=not_at_all"
    "&q-role=scout&q-results=contact&q-results=knowledge"
)


def asking(questionnaire, typed=None, **more) -> AnswerForm:
    data = None if typed is None else QueryDict(typed)
    return AnswerForm(data, **{"questionnaire": questionnaire, "language": "en"} | more)


def shown(form: AnswerForm) -> html.HtmlElement:
    parts = [render_to_string("evaluations/_question.html", {"item": item}) for item in form.asked()]
    return html.fromstring(f"<form>{''.join(parts)}</form>")


def texts(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def test_whole_answers_come_out_as_they_are_kept():
    form = asking(T1, WHOLE)

    assert form.is_valid()
    assert form.answers["barriers"] == ["time", "money"]
    assert form.answers["results"] == ["knowledge", "contact"]
    assert form.answers["helped"]["markets"] == "not_used"
    assert "quote_permission" not in form.answers


def test_what_is_missing_is_said_at_its_field_and_the_rest_is_kept():
    form = asking(T1, WHOLE.replace("&q-role=scout", "").replace("&q-helped-funding=not_at_all", ""))

    assert not form.is_valid()
    assert form.errors == {"q-role": ["Give an answer."], "q-helped-funding": ["Give an answer."]}
    assert form.answers["size_class"] == "small"
    page = shown(form)
    assert page.xpath("//*[@id='id_q-helped-funding_error']/ancestor::fieldset[1]/legend/text()") == [
        "Access to funding"
    ]
    assert page.xpath("//input[@name='q-size_class'][@checked]/@value") == ["small"]


def test_half_way_may_lack_and_may_not_be_wrong():
    assert asking(T1, "q-size_class=micro", complete=False).is_valid()

    form = asking(T1, "q-size_class=giant&q-role=scout", complete=False)
    assert form.errors == {"q-size_class": ["Choose one of the answers shown."]}
    assert form.answers == {"role": ["scout"]}


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ("q-barriers=time&q-barriers=money&q-barriers=skills&q-barriers=contacts", "q-barriers", "Choose up to 3."),
        ("q-barriers=time&q-barriers=nothing", "q-barriers", "“Nothing holds us back” stands alone."),
        (f"q-quote={'x' * 2001}", "q-quote", "This has 2001 characters. Use up to 2000."),
        ("q-quote=Good", "q-quote_permission", "Give an answer."),
    ],
)
def test_what_does_not_fit_is_said_in_words(typed, field, said):
    form = asking(T1, typed)

    assert form.errors[field][0].startswith(said)


def test_numbers_are_told_how_to_be_written():
    hours = made(question("hours", "number", minimum=0, maximum=60, unit={"en": "hours a month"}))

    assert asking(hours, "q-hours=about 5").errors["q-hours"] == ["Write a whole number in digits, such as 12."]
    assert asking(hours, "q-hours=61").errors["q-hours"] == ["The largest number here is 60."]
    page = shown(asking(hours, "q-hours=61"))
    assert page.xpath("//input[@name='q-hours']/@value") == ["61"]
    assert texts(page, "//*[@id='id_q-hours_helptext']") == ["In hours a month."]


def test_each_language_has_its_own_words_and_what_lacks_falls_back():
    assert texts(shown(asking(T1, language="sv")), "//legend")[0] == "Hur många arbetar i företaget?"
    assert asking(T1, language="fi").language == "en"


def test_answers_given_before_are_filled_in():
    before = {"size_class": "micro", "barriers": ["time"], "helped": {"funding": "much"}, "quote": "Good & short"}
    page = shown(asking(T1, answers=before))

    assert page.xpath("//input[@checked]/@value") == ["micro", "time", "much"]
    assert page.xpath("//textarea")[0].text_content().strip() == "Good & short"


def test_conditions_are_said_in_words_and_told_to_the_script():
    form = asking(
        made(
            question("first"),
            question("grid", "matrix"),
            question("second", when={"conditions": [*when("first", "a", "b")["conditions"], {"question": "grid"}]}),
        )
    )
    page = shown(form)

    assert texts(page, "//*[@class='question-when']") == [
        "Only if: “About first?” is answered with “A” or “B” and you answered “About grid?”."
    ]
    (condition,) = page.xpath("//@data-shown-when")
    assert json.loads(condition) == {
        "any": False,
        "conditions": [
            {"names": ["q-first"], "values": ["a", "b"]},
            {"names": ["q-grid-r1", "q-grid-r2"], "values": []},
        ],
    }


def test_what_managers_write_is_never_markup():
    evil = "<script>alert(1)</script>"
    page = made(
        question("one", text={"en": evil}, help={"en": evil}, options=[option("a", text={"en": evil}), option("b")]),
        question("many", "multiple", help={"en": evil}),
        question("grid", "matrix", help={"en": evil}, rows=[option("r", text={"en": evil})]),
        question("words", "text", help={"en": evil}, when=when("one", "a")),
    )
    found = shown(asking(page))

    assert found.xpath("//script") == []
    assert found.text_content().count(evil) == 9


def test_limits_are_said_where_the_question_does_not_say_them():
    assert texts(shown(asking(made(question("q", "multiple", most=2)))), "//div[@class='help']") == ["Choose up to 2."]
    assert texts(shown(asking(made(question("q", "multiple", most=1)))), "//div[@class='help']") == ["Choose 1."]


def test_keys_like_names_of_a_form_do_no_harm():
    form = asking(made(question("asked"), question("errors", "text"), question("fields")), "q-asked=a&q-fields=b")

    assert form.errors == {"q-errors": ["Give an answer."]}
    assert len(list(form.asked())) == 3


@pytest.mark.parametrize("typed", [WHOLE, "q-size_class=giant"], ids=["whole", "faulty"])
def test_taps_are_written_as_their_widgets_would_write_them(typed):
    form = asking(T1, typed)
    form.is_valid()
    written = {(tap.get("name"), tap.get("value")): dict(tap.attrib) for tap in shown(form).xpath("//label/input")}

    taps = [choice for item in form.asked() for field in (item["rows"] or [item["field"]]) for choice in field
            if field.use_fieldset]  # fmt: skip
    assert len(taps) >= 50
    for tap in taps:
        own = html.fromstring(tap.tag())
        assert written[own.get("name"), own.get("value")] == dict(own.attrib)

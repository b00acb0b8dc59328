"""Writing a draft in the pages: questions, options, conditions, languages, and what is said when it does not fit."""

import pytest
from lxml import html

from evaluations import instrument
from evaluations.actions import questionnaires as actions
from evaluations.models import Questionnaire
from tests.evaluations.instrument.questions import made, option, question, when

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def family(manager) -> Questionnaire:
    content = made(
        question("first", text={"en": "Which first?"}),
        question("second", "multiple", "time", "money", "rules", most=2, when=when("first", "a")),
        question("words", "text"),
    )
    return actions.add_questionnaire(name="Own", content=content, by=manager)


@pytest.fixture
def client(sign_in, manager):
    return sign_in(manager)


def content(family) -> instrument.Questionnaire:
    return instrument.read(family.versions.latest("number").content, draft=True)


def text(response) -> str:
    return " ".join(html.document_fromstring(response.content).find(".//main").text_content().split())


def typed(response, **changes: object) -> dict[str, object]:
    """Every control of the page's form as it stands, with changes."""
    page = html.document_fromstring(response.content)
    form = next(each for each in page.forms if "seen" in each.fields)
    values: dict[str, object] = {}
    for name, value in form.form_values():
        values.setdefault(name, []).append(value)
    return values | changes


def at(key: str) -> str:
    return f"/evaluations/questionnaires/own/draft/questions/{key}/"


def test_a_question_comes_out_of_its_page_as_it_went_in(client, family):
    before = content(family)
    for key in ("first", "second", "words"):
        saved = client.post(at(key), typed(client.get(at(key))))
        assert saved.headers["Location"] == "/evaluations/questionnaires/own/draft/"

    assert content(family) == before


@pytest.mark.parametrize("name", instrument.shipped())
def test_every_question_of_every_template_survives_its_page(client, manager, name):
    template = instrument.shipped()[name]
    family = actions.add_questionnaire(name="Own", content=template, template=name, by=manager)
    for each in template.questions:
        client.post(at(each.key), typed(client.get(at(each.key))))

    assert content(family) == template


def test_options_are_added_reordered_reworded_and_removed(client, family):
    page = client.get(at("second"))
    changes = {
        "options-0-text-en": "Lack of time",
        "options-0-ORDER": "9",
        "options-1-DELETE": "on",
        "options-3-text-en": "A new one!",
        "options-4-text-en": "A new one!",
        "most": "2",
    }
    client.post(at("second"), typed(page, **changes))

    options = content(family).question("second").options
    assert [(each.key, each.text["en"]) for each in options] == [
        ("rules", "Rules"),
        ("time", "Lack of time"),
        ("a_new_one", "A new one!"),
        ("a_new_one_2", "A new one!"),
    ]


def test_saving_for_more_options_comes_back_with_room(client, family):
    page = client.post(at("second"), typed(client.get(at("second")), more="1"), follow=True)

    assert page.request["PATH_INFO"] == at("second")
    assert "options-6-text-en" in page.content.decode()


def test_each_kind_can_be_added_and_gets_a_name_of_its_words(client, family):
    for kind in instrument.KINDS:
        path = f"/evaluations/questionnaires/own/draft/add/?kind={kind}"
        client.post(path, typed(client.get(path), **{"text-en": f"New {kind}?", "options-0-text-en": "Yes"}))

    added = content(family).questions[3:]
    assert [(each.key, each.kind) for each in added] == [(f"new_{kind}", kind) for kind in instrument.KINDS]
    assert [each.key for each in content(family).question("new_consent").options] == list(instrument.PERMISSIONS)
    assert content(family).question("new_single").options[0].key == "yes"
    assert client.get("/evaluations/questionnaires/own/draft/add/?kind=essay").status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text-en": " "}, "Question in English: We need this."),
        ({"most": "9"}, "9 choices are allowed, but there are only 3 options."),
        ({"most": "0"}, "1"),
        ({"options-1-key": "time"}, "The option time occurs twice."),
        ({"options-1-key": "No key"}, "needs a short name"),
        ({"options-0-ORDER": "first"}, "whole number"),
        ({"options-TOTAL_FORMS": "10000"}, "60"),
        ({"options-TOTAL_FORMS": "none"}, "The options did not arrive whole."),
        ({"when": ["third:a"]}, "Ask it only after these answers: Choose from th"),
        ({"options-0-text-en": "x" * 201}, "200"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(client, family, changes, said):
    before = content(family)
    page = client.post(at("second"), typed(client.get(at("second")), **{"help-en": "Typed before"} | changes))

    assert page.status_code == 200
    assert said in text(page)
    assert "Typed before" in text(page)
    assert content(family) == before


def test_an_option_that_a_condition_needs_is_not_removed(client, family):
    page = client.post(at("first"), typed(client.get(at("first")), **{"options-0-DELETE": "on"}))

    assert "Question second: Its condition needs the option a of first, which is not there." in text(page)
    assert len(content(family).question("first").options) == 2


def test_conditions_are_ticked_and_looked_at_only_backwards(client, family):
    page = client.get(at("words"))
    offered = html.document_fromstring(page.content).xpath("//input[@name='when']/@value")
    assert offered == ["first:*", "first:a", "first:b", "second:*", "second:time", "second:money", "second:rules"]
    assert "when" not in client.get(at("first")).context["form"].fields

    client.post(at("words"), typed(page, when=["first:a", "first:b", "second:*"], any="any"))

    found = content(family).question("words").when
    assert found.any
    assert [(each.question, each.options) for each in found.conditions] == [("first", ("a", "b")), ("second", ())]
    assert "Only if" in text(client.get("/evaluations/questionnaires/own/draft/"))


def test_two_who_edit_at_once_are_told(client, family):
    mine, theirs = client.get(at("words")), client.get(at("words"))
    client.post(at("words"), typed(theirs, **{"text-en": "Theirs?"}))
    page = client.post(at("words"), typed(mine, **{"text-en": "Mine?"}))

    assert "Somebody else changed this question meanwhile." in text(page)
    assert "Mine?" in text(page)
    assert content(family).question("words").text["en"] == "Theirs?"


def test_languages_stand_side_by_side_with_what_is_missing(client, family):
    path = "/evaluations/questionnaires/own/draft/texts/"
    page = client.get(path)
    client.post(path, typed(page, languages=["en", "sv"], **{"intro-en": "Hello", "first": "en"}))

    assert content(family).languages == ("en", "sv")
    draft = text(client.get("/evaluations/questionnaires/own/draft/"))
    assert "English: complete Swedish: 10 texts are missing" in draft
    assert "Words are missing in Swedish: question, option a, option b." in draft
    assert "It can be published as soon as nothing is missing above." in draft
    assert "text-sv" in client.get(at("words")).content.decode()
    wrong = client.post(path, typed(client.get(path), first="de"))
    assert "Choose one of the languages that you ticked." in text(wrong)


def test_questions_move_and_go_by_posts(client, family):
    client.post(f"{at('words')}move/", {"way": "up"})
    refused = client.post(f"{at('first')}remove/", follow=True)
    client.post(f"{at('words')}remove/")

    assert "needs the question first, which is not there" in text(refused)
    assert [each.key for each in content(family).questions] == ["first", "second"]
    for path in (f"{at('first')}move/", f"{at('first')}remove/"):
        assert client.get(path).status_code == 405


def test_a_draft_is_published_and_begun_anew(client, family):
    ready = client.get("/evaluations/questionnaires/own/draft/")
    assert "Publish version 1" in text(ready)
    published = client.post("/evaluations/questionnaires/own/draft/publish/", follow=True)
    assert "it never changes" in text(published)
    assert client.get("/evaluations/questionnaires/own/draft/").status_code == 404
    again = client.post("/evaluations/questionnaires/own/draft/publish/", follow=True)
    assert "There is no draft." in text(again)

    begun = client.post("/evaluations/questionnaires/own/begin/", follow=True)
    assert "Draft of version 2" in text(begun)
    thrown = client.post("/evaluations/questionnaires/own/draft/discard/", follow=True)
    assert thrown.request["PATH_INFO"] == "/evaluations/questionnaires/own/"
    assert [each.number for each in family.versions.all()] == [1]


def test_a_first_draft_thrown_away_leads_back_to_the_list(client, family):
    page = client.post("/evaluations/questionnaires/own/draft/discard/", follow=True)

    assert page.request["PATH_INFO"] == "/evaluations/questionnaires/"
    assert not Questionnaire.objects.exists()


def test_words_of_questions_are_never_markup_in_the_editor(client, manager):
    evil = question("evil", text={"en": EVIL}, help={"en": EVIL}, options=[option("a", text={"en": EVIL}), option("b")])
    content = made(evil, question("next", when=when("evil", "a")), title={"en": EVIL}, intro={"en": EVIL})
    actions.add_questionnaire(name="Own", content=content, by=manager)

    for path in (
        "/evaluations/questionnaires/own/draft/",
        at("evil"),
        at("next"),
        "/evaluations/questionnaires/own/1/",
    ):
        assert EVIL not in client.get(path).content.decode()


@pytest.mark.parametrize("who", ["owner", "evaluator", "outsider"])
def test_others_write_nothing(sign_in, request, who, family):
    before, other = content(family), sign_in(request.getfixturevalue(who))
    room = "/evaluations/questionnaires/"
    tried = [at("first"), f"{at('first')}remove/", f"{at('words')}move/"]
    tried += [f"{room}own/draft/{part}" for part in ("texts/", "add/?kind=text", "publish/", "discard/")]
    tried += [f"{room}own/begin/", f"{room}own/name/", f"{room}new/", f"{room}new/file/"]

    for path in tried:
        page = other.post(path, {"text-en": "Mine?", "name": "Mine", "start": "t1"})
        assert (page.status_code, "Only cluster managers run surveys." in page.content.decode()) == (403, True), path
    assert content(family) == before
    assert [each.name for each in Questionnaire.objects.all()] == ["Own"]

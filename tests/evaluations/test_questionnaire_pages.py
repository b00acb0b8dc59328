"""The pages of questionnaires: the list, versions, previews, files and two versions side by side."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import html

from evaluations import instrument
from evaluations.actions import questionnaires as actions
from evaluations.models import Questionnaire
from tests.evaluations.instrument.questions import data, made, option, question
from tests.factories.evaluations import QuestionnaireFactory, VersionFactory, WaveFactory
from tests.queries import assert_constant_queries

ROOM = "/evaluations/questionnaires/"
T6 = instrument.shipped()["t6"]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def family(manager) -> Questionnaire:
    return actions.add_questionnaire(name="After the event", content=T6, template="t6", by=manager)


def text(response) -> str:
    return " ".join(html.document_fromstring(response.content).find(".//main").text_content().split())


def test_the_list_shows_templates_as_what_they_are_and_the_teams_own(sign_in, manager, family):
    page = text(sign_in(manager).get(ROOM))

    assert "Reconstructed from the slides of a talk, not verbatim" in page
    assert page.count("Make your own") >= 6
    assert "Not published began as T60 waves After the event" in page


def test_evaluators_read_what_is_published_and_nothing_else(sign_in, evaluator, manager, family):
    published = VersionFactory()
    VersionFactory(questionnaire=published.questionnaire, draft=True)
    client = sign_in(evaluator)
    page = text(client.get(ROOM))

    assert published.questionnaire.name in page
    assert "After the event" not in page
    assert "Make your own" not in page
    assert client.get(f"{ROOM}{family.slug}/").status_code == 404
    assert client.get(f"{ROOM}{family.slug}/1/").status_code == 404
    assert client.get(f"{ROOM}{published.questionnaire.slug}/1/").status_code == 200
    assert "Draft" not in text(client.get(f"{ROOM}{published.questionnaire.slug}/"))
    refused = client.get(f"{ROOM}{family.slug}/draft/")
    assert (refused.status_code, "Only cluster managers run surveys." in refused.content.decode()) == (403, True)


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider"])
def test_members_see_no_questionnaires(sign_in, request, who, family):
    client = sign_in(request.getfixturevalue(who))
    for path in (ROOM, f"{ROOM}templates/t1/", f"{ROOM}{family.slug}/", f"{ROOM}{family.slug}/1/file/", f"{ROOM}new/"):
        page = client.get(path)
        assert page.status_code == 403, path
        assert "After the event" not in page.content.decode()


def test_lists_ask_the_database_as_often_whatever_their_length(sign_in, manager):
    client = sign_in(manager)

    assert_constant_queries(
        lambda: client.get(ROOM),
        lambda: WaveFactory(version=VersionFactory()),
        at_most=12,
        shows=lambda page: len(page.context["page"].object_list),
    )


def test_versions_ask_the_database_as_often_whatever_their_number(sign_in, manager):
    client, family = sign_in(manager), QuestionnaireFactory()

    assert_constant_queries(
        lambda: client.get(f"{ROOM}{family.slug}/"),
        lambda: WaveFactory(version=VersionFactory(questionnaire=family, published_by=manager)),
        at_most=12,
        shows=lambda page: len(page.context["versions"]),
    )


def test_a_questionnaire_is_made_from_a_template_or_from_nothing(sign_in, manager):
    client = sign_in(manager)
    assert client.get(f"{ROOM}new/?template=t3").context["form"].initial["start"] == "t3"

    made_from = client.post(f"{ROOM}new/", {"name": "Abroad", "purpose": "Yearly", "start": "t3"})
    client.post(f"{ROOM}new/", {"name": "Own", "start": "empty"})

    assert made_from.headers["Location"] == f"{ROOM}abroad/draft/"
    abroad, own = Questionnaire.objects.order_by("name")
    assert (abroad.template, abroad.purpose, own.template) == ("t3", "Yearly", "")
    assert instrument.read(abroad.versions.get().content) == instrument.shipped()["t3"]
    assert "Add a question." in text(client.get(f"{ROOM}own/draft/"))


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays(sign_in, manager, family):
    page = sign_in(manager).post(f"{ROOM}new/", {"name": "After the event", "purpose": "Again", "start": "t1"})

    assert "already exists" in text(page)
    assert page.context["form"]["purpose"].value() == "Again"
    assert Questionnaire.objects.count() == 1


def test_a_preview_is_what_those_who_answer_see_and_keeps_nothing(sign_in, manager, family):
    client = sign_in(manager)
    path = f"{ROOM}{family.slug}/1/"

    assert "Var ni nöjda med det?" in text(client.get(f"{path}?language=sv"))
    assert "Give an answer." in text(client.post(path, {"q-expected": "jobs"}))
    fits = text(client.post(path, {"q-satisfied": "yes", "q-expected": "jobs"}))
    assert "These answers fit This is a preview: nothing was kept." in fits
    assert client.get(f"{path}?language=xx").context["form"].language == "en"
    assert client.get(f"{ROOM}{family.slug}/9/").status_code == 404


def test_a_template_can_be_looked_at(sign_in, evaluator):
    client = sign_in(evaluator)

    assert "What holds you back most" in text(client.get(f"{ROOM}templates/t1/"))
    assert client.get(f"{ROOM}templates/t9/").status_code == 404


def test_what_was_exported_is_read_again(sign_in, manager, family):
    client = sign_in(manager)
    file = client.get(f"{ROOM}{family.slug}/1/file/")
    assert file.headers["Content-Disposition"] == 'attachment; filename="after-the-event-1.json"'
    assert "Hur" not in file.content.decode().partition("Var ni nöjda")[0]

    upload = SimpleUploadedFile("q.json", file.content)
    client.post(f"{ROOM}new/file/", {"name": "Copy", "file": upload})
    assert instrument.read(Questionnaire.objects.get(name="Copy").versions.get().content) == T6


TOO_MANY = json.dumps(data(question("q", "single", *(f"o{n}" for n in range(10_000))))).encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty. Choose another one."),
        (b"not json", "This is no JSON file: line 1, column 1."),
        (b"\xff\xfe\x00", "This is no JSON file."),
        (b"[" * 100_000, "This is no JSON file."),
        (b"[]", "The questionnaire must be an object"),
        (json.dumps(data(question("q", "single", "a", "a"))).encode(), "Question q: The option a occurs twice."),
        (json.dumps(data(question("q", "essay"))).encode(), "Question q: essay is no kind of question."),
        (TOO_MANY, "Question q: There are 10000 options. Use up to 60."),
        (b" " * (1024 * 1024 + 1), "The file is larger than 1.0\xa0MB."),
        (json.dumps(data(*[question("q", "essay")] * 99)).encode(), "There are 167 more faults."),
        (json.dumps(data(question(EVIL))).encode(), "needs a short name"),
    ],
)
def test_a_file_that_does_not_fit_is_told_what_is_wrong(sign_in, manager, content, said):
    upload = SimpleUploadedFile("q.json", content)
    page = sign_in(manager).post(f"{ROOM}new/file/", {"name": "Copy", "purpose": "Kept", "file": upload})

    assert said in html.document_fromstring(page.content).text_content()
    assert page.context["form"]["purpose"].value() == "Kept"
    assert not Questionnaire.objects.exists()


def test_two_versions_stand_side_by_side(sign_in, manager):
    barriers = question("barriers", "multiple", "time", "money", "rules")
    old = made(question("first"), barriers)
    changed = barriers | {"options": [*barriers["options"], option("skills")]}
    new = made(question("first", text={"en": f"Other words {EVIL}?"}), changed)
    family = QuestionnaireFactory()
    for content in (old, new):
        VersionFactory(questionnaire=family, content=instrument.as_data(content))
    page = sign_in(manager).get(f"{ROOM}{family.slug}/compare/")
    words = text(page)

    assert "Compare with care: the change is shown beside the figures" in words
    assert "About first? Other words" in words
    assert "Not in one series Options were added. Added: Skills" in words
    assert EVIL not in page.content.decode()
    assert (page.context["old"].number, page.context["new"].number) == (1, 2)
    swapped = sign_in(manager).get(f"{ROOM}{family.slug}/compare/?old=2&new=1")
    assert (swapped.context["old"].number, swapped.context["new"].number) == (1, 2)
    same = sign_in(manager).get(f"{ROOM}{family.slug}/compare/?old=1&new=1")
    assert "Waves can be compared" in text(same)
    assert "Not in one series" not in text(same)


def test_one_version_has_nothing_beside_it(sign_in, manager, family):
    client = sign_in(manager)

    assert "There is one version only" in text(client.get(f"{ROOM}{family.slug}/compare/"))
    assert "There is one version only" in text(client.get(f"{ROOM}{family.slug}/compare/?old=1&new=²"))


def test_names_are_changed_and_shown_as_text(sign_in, manager, family):
    client = sign_in(manager)
    page = client.post(f"{ROOM}{family.slug}/name/", {"name": EVIL, "purpose": EVIL}, follow=True)

    assert text(page).count(EVIL) >= 2
    QuestionnaireFactory(name="Taken")
    again = client.post(f"{ROOM}{family.slug}/name/", {"name": "Taken", "purpose": ""})
    assert "already exists" in text(again)

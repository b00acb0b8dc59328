"""Writing questionnaires: who may, what is refused, what the trail says, and that a published version stays."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core.actions import Refused
from core.models import AuditEvent
from evaluations import instrument
from evaluations.actions import questionnaires as actions
from evaluations.models import Questionnaire, QuestionnaireVersion
from tests.evaluations.instrument.questions import made, question, when
from tests.factories.evaluations import QuestionnaireFactory, VersionFactory, WaveFactory

T6 = instrument.shipped()["t6"]


@pytest.fixture
def family(manager) -> Questionnaire:
    return actions.add_questionnaire(name="After the event", content=T6, template="t6", by=manager)


def content(family: Questionnaire) -> instrument.Questionnaire:
    return instrument.read(family.versions.latest("number").content, draft=True)


def told(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=f"evaluations.{action}"))


def test_a_questionnaire_begins_as_a_draft_of_its_template(family, manager):
    draft = family.versions.get()

    assert (family.slug, family.template, draft.status, draft.number) == ("after-the-event", "t6", "draft", 1)
    assert content(family) == T6
    assert told("questionnaire_added")[0].actor_id == manager.pk


def test_names_are_given_once_and_addresses_stay_free(family, manager):
    with pytest.raises(Refused, match="named After the event already"):
        actions.add_questionnaire(name="After the event", content=T6, by=manager)

    assert actions.add_questionnaire(name="After the event!", content=T6, by=manager).slug == "after-the-event-2"
    assert actions.add_questionnaire(name="New", content=T6, by=manager).slug == "new-2"
    with pytest.raises(Refused, match="already"):
        actions.rename(questionnaire=family, name="New", purpose="", by=manager)


def test_renaming_twice_is_told_once(family, manager):
    assert actions.rename(questionnaire=family, name="Events", purpose="Yearly", by=manager)
    family.refresh_from_db()
    assert not actions.rename(questionnaire=family, name="Events", purpose="Yearly", by=manager)

    assert len(told("questionnaire_renamed")) == 1


@pytest.mark.parametrize("who", ["owner", "viewer", "evaluator", "outsider"])
def test_only_managers_write(who, family, request):
    user = request.getfixturevalue(who)
    attempts = [
        lambda: actions.add_questionnaire(name="Mine", content=T6, by=user),
        lambda: actions.rename(questionnaire=family, name="Mine", purpose="", by=user),
        lambda: actions.save_words(questionnaire=family, texts={}, languages=("en",), seen="", by=user),
        lambda: actions.save_question(questionnaire=family, question=T6.questions[0], by=user),
        lambda: actions.move_question(questionnaire=family, key="satisfied", step=1, by=user),
        lambda: actions.remove_question(questionnaire=family, key="expected", by=user),
        lambda: actions.publish(questionnaire=family, by=user),
        lambda: actions.begin_version(questionnaire=family, by=user),
        lambda: actions.discard_draft(questionnaire=family, by=user),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()

    assert content(family) == T6
    assert Questionnaire.objects.count() == 1


def test_questions_are_added_changed_moved_and_removed(family, manager):
    new = made(question("more", "text", text={"en": "What else?"})).questions[0]
    actions.save_question(questionnaire=family, question=new, by=manager)
    actions.move_question(questionnaire=family, key="more", step=-1, by=manager)
    seen = actions.mark_of_question(content(family), "expected")
    optional = replace(content(family).question("expected"), optional=True)
    actions.save_question(questionnaire=family, question=optional, key="expected", seen=seen, by=manager)
    actions.remove_question(questionnaire=family, key="what_lacked", by=manager)

    assert [(each.key, each.optional) for each in content(family).questions] == [
        ("satisfied", False),
        ("more", False),
        ("expected", True),
    ]
    assert [each.details["what"] for each in told("draft_changed")] == ["more", "more", "expected", "what_lacked"]


def test_moving_the_last_one_down_changes_nothing_and_tells_nothing(family, manager):
    actions.move_question(questionnaire=family, key="expected", step=1, by=manager)
    actions.move_question(questionnaire=family, key="nowhere", step=1, by=manager)

    assert content(family) == T6
    assert told("draft_changed") == []


def test_what_another_question_needs_stays_before_it(family, manager):
    with pytest.raises(Refused, match="what_lacked: Its condition needs the question satisfied, which is not there"):
        actions.remove_question(questionnaire=family, key="satisfied", by=manager)
    with pytest.raises(Refused, match="which comes later"):
        actions.move_question(questionnaire=family, key="what_lacked", step=-1, by=manager)

    assert content(family) == T6


def test_two_who_edit_the_same_question_do_not_overwrite_each_other(family, manager):
    seen = actions.mark_of_question(T6, "expected")
    optional = replace(T6.question("expected"), optional=True)
    actions.save_question(questionnaire=family, question=optional, key="expected", seen=seen, by=manager)

    with pytest.raises(Refused, match="Somebody else changed this question meanwhile"):
        actions.save_question(
            questionnaire=family, question=T6.question("expected"), key="expected", seen=seen, by=manager
        )
    actions.remove_question(questionnaire=family, key="expected", by=manager)
    with pytest.raises(Refused, match="removed this question meanwhile"):
        actions.save_question(questionnaire=family, question=optional, key="expected", seen=seen, by=manager)


def test_texts_are_saved_and_a_dropped_language_goes_everywhere(family, manager):
    seen = actions.mark_of_words(T6)
    texts = {"title": {"en": "How was it?", "sv": "Hur var det?"}}
    actions.save_words(questionnaire=family, texts=texts, languages=("sv", "en"), seen=seen, by=manager)

    assert content(family).languages == ("sv", "en")
    assert content(family).title == texts["title"]
    assert content(family).intro["sv"] == T6.intro["sv"]
    assert set(content(family).question("satisfied").text) == {"sv", "en"}
    with pytest.raises(Refused, match="Somebody else changed these texts"):
        actions.save_words(questionnaire=family, texts=texts, languages=("en",), seen=seen, by=manager)


def test_publishing_fixes_the_version(family, manager):
    version = actions.publish(questionnaire=family, by=manager)

    assert (version.status, version.published_by) == ("published", manager)
    assert told("version_published")[0].details["number"] == 1
    for attempt in (
        lambda: actions.publish(questionnaire=family, by=manager),
        lambda: actions.remove_question(questionnaire=family, key="expected", by=manager),
        lambda: actions.discard_draft(questionnaire=family, by=manager),
    ):
        with pytest.raises(Refused, match="A published version never changes"):
            attempt()
    assert len(told("version_published")) == 1


@pytest.mark.parametrize(
    "change",
    [
        "content = '{}'",
        "number = 9",
        "status = 'draft'",
        "published_at = now()",
        "questionnaire_id = questionnaire_id + 1",
        "published_by_id = NULL, content = '{}'",
    ],
)
def test_the_database_itself_keeps_a_published_version(change, manager):
    version = VersionFactory()
    QuestionnaireFactory(id=version.questionnaire_id + 1)
    as_it_was = QuestionnaireVersion.objects.values().get()

    with (
        pytest.raises(DatabaseError, match="A published version of a questionnaire never changes"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE evaluations_questionnaireversion SET {change} WHERE id = %s", [version.pk])  # noqa: S608

    assert QuestionnaireVersion.objects.values().get() == as_it_was


def test_the_database_keeps_it_from_being_deleted_and_lets_a_draft_go(db):
    published, draft = VersionFactory(), VersionFactory(draft=True)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM evaluations_questionnaireversion WHERE id = %s", [published.pk])
    draft.delete()

    assert list(QuestionnaireVersion.objects.all()) == [published]


def test_who_published_can_be_forgotten(family, manager):
    version = actions.publish(questionnaire=family, by=manager)
    QuestionnaireVersion.objects.filter(pk=version.pk).update(published_by=None)

    assert QuestionnaireVersion.objects.get().published_by is None


def test_an_unfinished_draft_is_not_published(family, manager):
    unfinished = made(question("empty", "text")).questions[0]
    actions.save_question(questionnaire=family, question=unfinished, by=manager)

    with pytest.raises(Refused, match="not ready yet: Question empty: Words are missing in Swedish: question"):
        actions.publish(questionnaire=family, by=manager)
    assert family.versions.get().status == "draft"


def test_a_new_version_begins_as_the_newest_and_must_differ(family, manager):
    with pytest.raises(Refused, match="There is a draft already"):
        actions.begin_version(questionnaire=family, by=manager)
    first = actions.publish(questionnaire=family, by=manager)
    second = actions.begin_version(questionnaire=family, by=manager)

    assert (second.number, second.status, second.content) == (2, "draft", first.content)
    with pytest.raises(Refused, match="Nothing differs from version 1"):
        actions.publish(questionnaire=family, by=manager)


def test_a_wave_that_runs_keeps_what_it_asks(family, manager):
    wave = WaveFactory(version=actions.publish(questionnaire=family, by=manager))
    actions.begin_version(questionnaire=family, by=manager)
    actions.remove_question(questionnaire=family, key="expected", by=manager)
    actions.publish(questionnaire=family, by=manager)

    wave.refresh_from_db()
    assert wave.version.number == 1
    assert instrument.read(wave.version.content) == T6


def test_a_draft_is_thrown_away_and_with_it_what_was_never_published(family, manager):
    other = actions.add_questionnaire(name="Other", content=T6, by=manager)
    actions.publish(questionnaire=other, by=manager)
    actions.begin_version(questionnaire=other, by=manager)

    actions.discard_draft(questionnaire=family, by=manager)
    actions.discard_draft(questionnaire=other, by=manager)

    assert list(Questionnaire.objects.all()) == [other]
    assert [each.number for each in other.versions.all()] == [1]
    assert len(told("draft_discarded")) == 2


def test_a_draft_that_a_wave_is_planned_with_stays(family, manager):
    WaveFactory(version=family.versions.get(), planned=True)

    with pytest.raises(Refused, match="A wave is being set up with this draft"):
        actions.discard_draft(questionnaire=family, by=manager)


def test_what_is_broken_never_becomes_a_draft(manager):
    twice = made(question("one"))
    broken = replace(twice, questions=(*twice.questions, *twice.questions))
    with pytest.raises(Refused, match="Question one: Another question has the same short name"):
        actions.add_questionnaire(name="Broken", content=broken, by=manager)

    looking_ahead = made(question("one"), question("two"))
    family = actions.add_questionnaire(name="Fine", content=looking_ahead, by=manager)
    ahead = made(question("two"), question("one", when=when("two"))).questions[1]
    seen = actions.mark_of_question(looking_ahead, "one")
    with pytest.raises(Refused, match="needs the question two, which comes later"):
        actions.save_question(questionnaire=family, question=ahead, key="one", seen=seen, by=manager)

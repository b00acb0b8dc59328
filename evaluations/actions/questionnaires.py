"""Writing questionnaires: a draft changes until it is published, a published version never again."""

import hashlib
import json
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.slugs import free_slug
from evaluations import instrument, words
from evaluations.models import Questionnaire, QuestionnaireVersion
from evaluations.permissions import can_run_waves
from members.models import User
from members.permissions import insist

# First words of the room's own addresses, which no questionnaire's address may be.
RESERVED_SLUGS = frozenset({"new", "templates"})
Status = QuestionnaireVersion.Status


@transaction.atomic
def add_questionnaire(
    *, name: str, purpose: str = "", template: str = "", content: instrument.Questionnaire, by: User
) -> Questionnaire:
    """Begins a family of versions with a draft. `template`: the shipped one that `content` came from, if any."""
    insist(can_run_waves(by))
    slug = free_slug(Questionnaire, name, RESERVED_SLUGS)
    try:
        with transaction.atomic():
            questionnaire = Questionnaire.objects.create(
                name=name, slug=slug, purpose=purpose, template=template, created_by=by
            )
    except IntegrityError:
        raise Refused(_("There is a questionnaire named %(name)s already.") % {"name": name}) from None
    questionnaire.versions.create(number=1, content=instrument.as_data(_unbroken(content)))
    record("evaluations.questionnaire_added", by=by, on=questionnaire, template=template)
    return questionnaire


@transaction.atomic
def rename(*, questionnaire: Questionnaire, name: str, purpose: str, by: User) -> bool:
    """Changes what the team calls it, and what it is for. What is asked stays. True if something changed."""
    insist(can_run_waves(by))
    if (questionnaire.name, questionnaire.purpose) == (name, purpose):
        return False
    try:
        with transaction.atomic():
            Questionnaire.objects.filter(pk=questionnaire.pk).update(name=name, purpose=purpose)
    except IntegrityError:
        raise Refused(_("There is a questionnaire named %(name)s already.") % {"name": name}) from None
    record("evaluations.questionnaire_renamed", by=by, on=questionnaire)
    return True


# The draft


def mark_of(part: object) -> str:
    """Tells whether a part of a draft is still what somebody saw: a page carries it, and the action compares."""
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()[:16]


def mark_of_question(content: instrument.Questionnaire, key: str) -> str:
    """The mark of one question; blank for one that is not there."""
    data = instrument.as_data(content).get("questions", [])
    return next((mark_of(each) for each in data if each["key"] == key), "")


def mark_of_words(content: instrument.Questionnaire) -> str:
    """The mark of the questionnaire's own texts and languages."""
    return mark_of({name: part for name, part in instrument.as_data(content).items() if name != "questions"})


@transaction.atomic
def save_words(
    *, questionnaire: Questionnaire, texts: Mapping[str, instrument.Texts], languages: tuple[str, ...],
    seen: str, by: User,
) -> None:  # fmt: skip
    """Other texts of its own, and other languages. Words in a language that is dropped go with it."""
    draft = _locked_draft(questionnaire, by)
    content = instrument.read(draft.content, draft=True)
    if seen != mark_of_words(content):
        raise Refused(_("Somebody else changed these texts meanwhile. Open the page again to see them."))
    _save(draft, instrument.with_words(content, texts, languages), by=by, what="texts")


@transaction.atomic
def save_question(
    *, questionnaire: Questionnaire, question: instrument.Question, key: str = "", seen: str = "", by: User
) -> None:
    """Adds a question at the end, or changes the one of this key if it still is as it was `seen`."""
    draft = _locked_draft(questionnaire, by)
    content = instrument.read(draft.content, draft=True)
    if key and content.question(key) is None:
        raise Refused(_("Somebody else removed this question meanwhile."))
    if key and seen != mark_of_question(content, key):
        raise Refused(_("Somebody else changed this question meanwhile. Open the page again to see it."))
    _save(draft, instrument.with_question(content, question, instead_of=key), by=by, what=question.key)


@transaction.atomic
def move_question(*, questionnaire: Questionnaire, key: str, step: int, by: User) -> None:
    """Moves a question so many places down, or up. It stays behind what its condition looks at."""
    draft = _locked_draft(questionnaire, by)
    _save(draft, instrument.moved(instrument.read(draft.content, draft=True), key, step), by=by, what=key)


@transaction.atomic
def remove_question(*, questionnaire: Questionnaire, key: str, by: User) -> None:
    """Takes a question out. Refused while another one's condition or permission needs it."""
    draft = _locked_draft(questionnaire, by)
    _save(draft, instrument.without_question(instrument.read(draft.content, draft=True), key), by=by, what=key)


@transaction.atomic
def publish(*, questionnaire: Questionnaire, by: User) -> QuestionnaireVersion:
    """Fixes the draft: waves can ask it from now on, and nobody can change it."""
    draft = _locked_draft(questionnaire, by)
    content = instrument.read(draft.content, draft=True)
    lacking = instrument.lacking(content)
    if lacking:
        raise Refused(_("It is not ready yet: %(fault)s") % {"fault": words.fault_in_full(lacking[0])})
    before = questionnaire.versions.filter(status=Status.PUBLISHED).order_by("-number").first()
    if before is not None and before.content == draft.content:
        raise Refused(_("Nothing differs from version %(number)s.") % {"number": before.number})
    draft.status, draft.published_at, draft.published_by = Status.PUBLISHED, timezone.now(), by
    draft.save(update_fields=["status", "published_at", "published_by"])
    record("evaluations.version_published", by=by, on=questionnaire, number=draft.number)
    return draft


@transaction.atomic
def begin_version(*, questionnaire: Questionnaire, by: User) -> QuestionnaireVersion:
    """A new draft that begins as the newest published version. Waves that run keep the version they ask."""
    insist(can_run_waves(by))
    versions = questionnaire.versions.select_for_update().order_by("-number")
    newest = versions.first()
    if newest is None or newest.status == Status.DRAFT:
        raise Refused(_("There is a draft already."))
    version = questionnaire.versions.create(number=newest.number + 1, content=newest.content)
    record("evaluations.version_begun", by=by, on=questionnaire, number=version.number)
    return version


@transaction.atomic
def discard_draft(*, questionnaire: Questionnaire, by: User) -> None:
    """Throws the draft away; the questionnaire too when nothing of it was ever published."""
    draft = _locked_draft(questionnaire, by)
    if draft.waves.exists():
        raise Refused(_("A wave is being set up with this draft. Give it another version first."))
    record("evaluations.draft_discarded", by=by, on=questionnaire, number=draft.number)
    draft.delete()
    if not questionnaire.versions.exists():
        questionnaire.delete()


def _locked_draft(questionnaire: Questionnaire, by: User) -> QuestionnaireVersion:
    """The draft's row, held until the end: of two who edit at once, the second builds on the first."""
    insist(can_run_waves(by))
    draft = questionnaire.versions.select_for_update().filter(status=Status.DRAFT).first()
    if draft is None:
        raise Refused(_("There is no draft. A published version never changes: begin a new one."))
    return draft


def _save(draft: QuestionnaireVersion, content: instrument.Questionnaire, *, by: User, what: str) -> None:
    data = instrument.as_data(_unbroken(content))
    if data != draft.content:
        draft.content = data
        draft.save(update_fields=["content"])
        record("evaluations.draft_changed", by=by, on=draft.questionnaire, what=what)


def _unbroken(content: instrument.Questionnaire) -> instrument.Questionnaire:
    faults = list(instrument.broken(content))
    if faults:
        raise Refused(" ".join(words.fault_in_full(each) for each in faults[:3]))
    return content

"""Words of an application, saved as they are typed. Nothing that somebody typed is lost, whoever typed over it."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.numbers import whole_number
from funding.actions.locks import open_part, writable
from funding.actions.trail import of_part
from funding.actions.unconfirming import ask_again
from funding.forms.questions import field_of, stored
from funding.models import Answer, Application, Partner, Question, Revision
from members.models import User

Value = str | list[str]
LONGEST = 50_000  # characters
OWN_FIELDS = {"title": 160, "summary": 3000, "months": 3}
FIELDS_OF_A_PART = {"role": 2000}
JUST_NOW = 60  # seconds


@dataclass(frozen=True, slots=True)
class Saved:
    """What a field holds from now on. `aside`: the words that were typed over an older state, kept beside it."""

    head: Revision | None
    aside: Revision | None = None


@transaction.atomic
def save(
    *, application: Application, field: str, value: Value, based_on: int, by: User, page: str = "",
    partner: Partner | None = None,
) -> Saved:  # fmt: skip
    """Saves a field of the consortium, or of one partner's part as the lead writes it.

    `based_on` is the state that the words were typed on. When others have saved since, the words are set aside.
    """
    current = writable(application, by=by)
    partner = _held_part(current, partner, field)
    saved = _keep(current, partner, field, value, based_on, by=str(by), page=page)
    if saved.head and saved.aside is None:
        _ask_again(partner, by)
    return saved


def _held_part(application: Application, partner: Partner | None, field: str) -> Partner | None:
    """The partner's row as it is now, if the lead may write this field of it."""
    if partner is None:
        return None
    insist_on_own(partner, field)
    current = application.partners.select_for_update(no_key=True).filter(pk=partner.pk).first()
    if current is None:
        raise Refused(_("This partner is not in the consortium any more."))
    current.application = application
    return current


def _ask_again(partner: Partner | None, by: User) -> None:
    if partner is not None:
        ask_again(partner, by=by, what=[_("what it does in the project")])


def insist_on_own(partner: Partner, field: str) -> None:
    """Of another organisation the lead says what it does; the rest the partner says by its own link."""
    if not partner.is_lead and field not in FIELDS_OF_A_PART:
        raise Refused(_("Only the partner itself answers this."))


@transaction.atomic
def save_part(*, partner: Partner, field: str, value: Value, based_on: int, signed: str, page: str = "") -> Saved:
    """The same by the partner itself, through its link."""
    current = open_part(partner)
    saved = _keep(current.application, current, field, value, based_on, by=signed, page=page)
    if saved.head and saved.aside is None:
        ask_again(current, by=None, what=[])
    return saved


def _keep(
    application: Application, partner: Partner | None, field: str, value: Value, based_on: int, *, by: str, page: str
) -> Saved:
    question = question_of(application, partner, field)
    value = _as_kept(value, most=(OWN_FIELDS | FIELDS_OF_A_PART).get(field, LONGEST))
    states = application.revisions.of(field, partner)
    head = states.taken_over().order_by("-pk").first()
    if value == (head.value if head else _as_kept(held_value(application, partner, field, question))):
        return Saved(head)
    page = _plain(page)
    row = Revision(application=application, partner=partner, field=field, value=value, by=by, page=page)
    if _others_since(states, based_on, page):
        return _set_aside(row, states, head, based_on)
    if head and head.page == page and page and _only_adds(head, value):
        head.delete()
    row.save()
    _take_over(application, partner, field, question, value)
    return Saved(row)


def _others_since(states: "Revision.objects", based_on: int, page: str) -> bool:
    """Whether anybody else has saved since the state that the words were typed on; a page goes on from its own."""
    since = states.taken_over().filter(pk__gt=based_on)
    return since.exclude(page=page).exists() if page else since.exists()


def _set_aside(row: Revision, states: "Revision.objects", head: Revision | None, based_on: int) -> Saved:
    """Kept beside the newer words, once; what was not changed since it was read is nobody's words."""
    read = states.filter(pk=based_on).first()
    if row.value == (read.value if read else ""):
        return Saved(head)
    waiting = states.to_choose().filter(page=row.page).order_by("-pk").first() if row.page else None
    if waiting and (waiting.value == row.value or _only_adds(waiting, row.value)):
        Revision.objects.filter(pk=waiting.pk).update(value=row.value, at=timezone.now())
        waiting.refresh_from_db()
        return Saved(head, aside=waiting)
    if same := states.to_choose().filter(value=row.value).first():
        return Saved(head, aside=same)
    row.is_set_aside = True
    row.save()
    return Saved(head, aside=row)


def _only_adds(before: Revision, value: Value) -> bool:
    """Whether the new words hold all of those saved a moment ago: no state is lost when they take their place."""
    old = before.value
    if not isinstance(old, str) or not isinstance(value, str):
        return False
    if (timezone.now() - before.at).total_seconds() > JUST_NOW or len(value) < len(old):
        return False
    ahead = next((n for n, (a, b) in enumerate(zip(old, value, strict=False)) if a != b), len(old))
    return value.endswith(old[ahead:])


def _take_over(
    application: Application, partner: Partner | None, field: str, question: Question | None, value: Value
) -> None:
    now = timezone.now()
    Application.objects.filter(pk=application.pk).update(changed_at=now)
    if question is not None:
        where = {"application": application, "partner": partner, "question": question}
        if value in ("", []):
            Answer.objects.filter(**where).delete()
        else:
            Answer.objects.update_or_create(**where, defaults={"value": fitting(question, value)})
    elif field == "role":
        Partner.objects.filter(pk=partner.pk).update(role=value)
    elif field == "months":
        Application.objects.filter(pk=application.pk).update(months=whole_number(value) or None)
    else:
        Application.objects.filter(pk=application.pk).update(**{field: value})


def fitting(question: Question, value: Value) -> object:
    """The answer as it is kept: in its own form where it fits the question, as it was typed where it does not yet."""
    try:
        return stored(question, field_of(question, complete=False).clean(value))
    except ValidationError:
        return value


def question_of(application: Application, partner: Partner | None, field: str) -> Question | None:
    """The question that a field answers, None for the application's own fields. Refused: there is no such field."""
    name, _colon, pk = field.partition(":")
    if name == "question":
        asked_of = Question.AskedOf.PARTNER if partner else Question.AskedOf.CONSORTIUM
        asked = application.call.questions.filter(pk=whole_number(pk), asked_of=asked_of).exclude(kind="file").first()
        if asked:
            return asked
    elif field in (FIELDS_OF_A_PART if partner else OWN_FIELDS):
        return None
    raise Refused(_("This question is not asked any more. Load the page again."))


def held_value(application: Application, partner: Partner | None, field: str, question: Question | None) -> object:
    """What the field holds where no state of it was saved yet."""
    if question is not None:
        answer = Answer.objects.filter(application=application, partner=partner, question=question).first()
        return answer.value if answer else ""
    return getattr(partner if field in FIELDS_OF_A_PART else application, field) or ""


def _as_kept(value: object, *, most: int = LONGEST) -> Value:
    """As it is compared: lines ended in one way, a list in its order, anything else as its words."""
    if isinstance(value, list):
        return [_plain(str(each)) for each in value]
    text = _plain(str(value).replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > most:
        told = _("This is too long to be saved: %(n)s characters, %(most)s at most.")
        raise Refused(told % {"n": len(text), "most": most})
    return text


def _plain(text: str) -> str:
    """Without the sign that no database keeps."""
    return text.replace("\x00", "")


@transaction.atomic
def choose(*, application: Application, aside: Revision, take: bool, by: User) -> None:
    """Settles words that were set aside: they take the place of what the field holds, or stay in its history."""
    current = writable(application, by=by)
    partner = _held_part(current, aside.partner, aside.field)
    if _choose(current, aside, take=take, by=str(by)):
        _ask_again(partner, by)
    record("funding.words_chosen", by=by, on=current, field=aside.field, took=take)


@transaction.atomic
def choose_in_part(*, partner: Partner, aside: Revision, take: bool, signed: str) -> None:
    """The same by the partner itself."""
    current = open_part(partner)
    if _choose(current.application, aside, take=take, by=signed):
        ask_again(current, by=None, what=[])
    of_part("funding.words_chosen", current, by=None, field=aside.field, took=take)


def _choose(application: Application, aside: Revision, *, take: bool, by: str) -> bool:
    """Whether the field holds other words from now on."""
    if not Revision.objects.to_choose().filter(pk=aside.pk).update(settled_at=timezone.now()) or not take:
        return False
    question = question_of(application, aside.partner, aside.field)
    same = {"application": application, "partner": aside.partner, "field": aside.field, "value": aside.value}
    Revision.objects.create(**same, by=by)
    _take_over(application, aside.partner, aside.field, question, aside.value)
    return True


@transaction.atomic
def restore(*, application: Application, revision: Revision, seen: int, by: User) -> None:
    """An earlier state of a field becomes the newest one; what it replaces stays in the history.

    `seen` is the state that the page showed as the newest: over words that came since nothing is restored.
    """
    current = writable(application, by=by)
    partner = _held_part(current, revision.partner, revision.field)
    head = current.revisions.of(revision.field, revision.partner).taken_over().order_by("-pk").first()
    if head and head.value == revision.value:
        return
    if head and head.pk != seen:
        told = _("%(who)s has written something newer meanwhile. Nothing was changed: look at it first.")
        raise Refused(told % {"who": head.by})
    question = question_of(current, revision.partner, revision.field)
    same = {"application": current, "partner": revision.partner, "field": revision.field, "value": revision.value}
    Revision.objects.create(**same, by=str(by))
    _take_over(current, revision.partner, revision.field, question, revision.value)
    _ask_again(partner, by)
    record("funding.words_restored", by=by, on=current, field=revision.field)

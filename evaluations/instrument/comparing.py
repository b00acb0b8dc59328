"""What two versions of a questionnaire have in common, and on which questions waves may be compared."""

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.instrument.types import MATRIX, SCALE, Option, Question, Questionnaire, Texts

SAME, WORDING, OPTIONS, NEW, GONE = "same", "wording", "options", "new", "gone"
# Whether results of the two versions may stand in one series: as they are, with the change told beside, or not at all.
YES, WITH_CARE, NEVER = "yes", "with_care", "never"

# Why a series is broken, or needs a word beside it.
BREAKS = ("kind", "most", "steps", "options_added", "options_gone", "rung", "when", "unit")
CARE = ("wording", "help", "option_wording", "order", "rows_added", "rows_gone", "optional", "limits")


@dataclass(frozen=True, slots=True)
class Wording:
    """One text that reads differently. `part`: text, help, unit, "option <key>" or "row <key>"."""

    part: str
    language: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One question in both versions. `rows`: of a matrix, the keys that may be compared: those that both ask about."""

    key: str
    state: str
    comparable: str
    reasons: tuple[str, ...] = ()
    old: Question | None = None
    new: Question | None = None
    wordings: tuple[Wording, ...] = ()
    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def compare(old: Questionnaire, new: Questionnaire) -> tuple[Change, ...]:
    """Every question of either version, in the order of the new one, those that are gone at the end.

    Added or dropped options move answers between the others, and another limit of choices does so too; another
    condition asks other companies. Such a series is broken. Words alone do not break it, but are to be shown.
    """
    found = [_change(old.question(each.key), each, old, new) for each in new.questions]
    gone = [each for each in old.questions if new.question(each.key) is None]
    return (*found, *(Change(each.key, GONE, NEVER, old=each) for each in gone))


def _change(before: Question | None, after: Question, old: Questionnaire, new: Questionnaire) -> Change:
    if before is None:
        return Change(after.key, NEW, NEVER, new=after)
    languages = [each for each in old.languages if each in new.languages]
    wordings = tuple(_wordings(before, after, languages))
    reasons = tuple(dict.fromkeys([*_breaks(before, after), *_care(before, after), *_worded(wordings)]))
    comparable = YES
    if reasons:
        comparable = NEVER if set(reasons) & set(BREAKS) else WITH_CARE
    only_words = set(reasons) <= {"wording", "help", "option_wording"}
    state = SAME if not reasons else WORDING if only_words else OPTIONS
    added, gone = _differing(before, after)
    rows = tuple(each.key for each in after.rows if each.key in {row.key for row in before.rows})
    return Change(after.key, state, comparable, reasons, before, after, wordings, added, gone, rows)


def _wordings(before: Question, after: Question, languages: list[str]) -> Iterator[Wording]:
    earlier: dict[str, Texts] = {part: texts for part, texts, _needed in before.texts()}
    for part, texts, _needed in after.texts():
        if part not in earlier:
            continue
        for language in languages:
            was, now = earlier[part].get(language, ""), texts.get(language, "")
            if was != now:
                yield Wording(part, language, was, now)


def _worded(wordings: tuple[Wording, ...]) -> Iterator[str]:
    for wording in wordings:
        part = wording.part.partition(" ")[0]
        yield {"text": "wording", "help": "help", "unit": "unit"}.get(part, "option_wording")


def _breaks(before: Question, after: Question) -> Iterator[str]:
    if before.kind != after.kind:
        yield "kind"
    if before.most != after.most:
        yield "most"
    if before.when != after.when:
        yield "when"
    was, now = _keys(before.choices), _keys(after.choices)
    if before.kind in (SCALE, MATRIX):
        if was != now:
            yield "steps"
    else:
        if set(now) - set(was):
            yield "options_added"
        if set(was) - set(now):
            yield "options_gone"
    rungs = {each.key: each.rung for each in before.options}
    if any(rungs.get(each.key, each.rung) != each.rung for each in after.options):
        yield "rung"


def _care(before: Question, after: Question) -> Iterator[str]:
    was, now = _keys(before.options), _keys(after.options)
    if before.kind not in (SCALE, MATRIX) and was != now and set(was) == set(now):
        yield "order"
    was, now = _keys(before.rows), _keys(after.rows)
    if set(now) - set(was):
        yield "rows_added"
    if set(was) - set(now):
        yield "rows_gone"
    if was != now and set(was) == set(now):
        yield "order"
    if before.optional != after.optional:
        yield "optional"
    if (before.minimum, before.maximum) != (after.minimum, after.maximum):
        yield "limits"


def _differing(before: Question, after: Question) -> tuple[tuple[str, ...], tuple[str, ...]]:
    was = _keys((*before.choices, *before.rows))
    now = _keys((*after.choices, *after.rows))
    return tuple(key for key in now if key not in was), tuple(key for key in was if key not in now)


def _keys(options: tuple[Option, ...]) -> tuple[str, ...]:
    return tuple(each.key for each in options)

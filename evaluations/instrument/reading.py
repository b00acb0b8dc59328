"""A questionnaire from what JSON and TOML hold, and back."""

import unicodedata
from collections.abc import Callable, Mapping
from reprlib import repr as shortened
from typing import Any, TypeVar

from evaluations.instrument.faults import BadInstrument, Fault
from evaluations.instrument.sound import broken, unfinished
from evaluations.instrument.types import Condition, Option, Question, Questionnaire, Texts, When

Row = Mapping[str, Any]
Part = TypeVar("Part")
_OWN = {"title", "languages", "intro", "thanks", "label", "questions"}
_QUESTION = {
    *("key", "kind", "text", "help", "options", "rows", "outside", "most", "unit", "minimum", "maximum"),
    *("about", "optional", "when", "facet"),
}
_OPTION = {"key", "text", "alone", "rung"}


def read(data: object, *, draft: bool = False) -> Questionnaire:
    """The questionnaire that `data` (dicts, lists, texts, numbers) describes.

    Raises BadInstrument with every fault that was found. A draft may lack what it still needs to be published.
    """
    questionnaire = _Reader().questionnaire(data)
    found = [*broken(questionnaire), *([] if draft else unfinished(questionnaire))]
    if found:
        raise BadInstrument(found)
    return questionnaire


def lacking(questionnaire: Questionnaire) -> tuple[Fault, ...]:
    """What stands between a draft and its publication."""
    return (*broken(questionnaire), *unfinished(questionnaire))


def as_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """What `read` reads; fields that say nothing are left out."""
    return _filled(
        {
            "title": dict(questionnaire.title),
            "languages": list(questionnaire.languages),
            "intro": dict(questionnaire.intro),
            "thanks": dict(questionnaire.thanks),
            "label": dict(questionnaire.label),
            "questions": [_question_data(each) for each in questionnaire.questions],
        }
    )


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in (None, "", {}, []) and value is not False}


def _option_data(option: Option) -> dict[str, Any]:
    return _filled({"key": option.key, "alone": option.alone, "rung": option.rung}) | {"text": dict(option.text)}


def _question_data(question: Question) -> dict[str, Any]:
    when = question.when
    return _filled(
        {
            "key": question.key,
            "kind": question.kind,
            "facet": question.facet,
            "text": dict(question.text),
            "help": dict(question.help),
            "optional": question.optional,
            "options": [_option_data(each) for each in question.options],
            "rows": [_option_data(each) for each in question.rows],
            "outside": None if question.outside is None else _option_data(question.outside),
            "most": question.most,
            "unit": dict(question.unit),
            "minimum": question.minimum,
            "maximum": question.maximum,
            "about": question.about,
            "when": when
            and {
                "any": when.any,
                "conditions": [{"question": each.question, "options": list(each.options)} for each in when.conditions],
            },
        }
    )


def _can_be_kept(character: str) -> bool:
    """No control character, no half of a pair of surrogates."""
    return character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cs")


class _Reader:
    """Reads one questionnaire and gathers the faults of shape; what is faulty is left out until they are raised."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._question = ""  # the key of the question that is being read

    def questionnaire(self, data: object) -> Questionnaire:
        row = self._row(data, "The questionnaire", _OWN)
        found = Questionnaire(
            title=self._texts(row, "title"),
            languages=self._names(row, "languages"),
            intro=self._texts(row, "intro"),
            thanks=self._texts(row, "thanks"),
            label=self._texts(row, "label"),
            questions=self._list(row, "questions", self._read_question),
        )
        if self._faults:
            raise BadInstrument(self._faults)
        return found

    def _read_question(self, data: object, place: int) -> Question:
        self._question = str(place)
        key = data.get("key") if isinstance(data, dict) else None
        self._question = key if isinstance(key, str) and key else str(place)
        row = self._row(data, f"Question {place}", _QUESTION)
        question = Question(
            key=self._text(row, "key"),
            kind=self._text(row, "kind"),
            text=self._texts(row, "text"),
            help=self._texts(row, "help"),
            options=self._list(row, "options", self._option),
            rows=self._list(row, "rows", self._option),
            outside=None if row.get("outside") is None else self._option(row["outside"], 1),
            most=self._whole(row, "most"),
            unit=self._texts(row, "unit"),
            minimum=self._whole(row, "minimum"),
            maximum=self._whole(row, "maximum"),
            about=self._text(row, "about"),
            optional=self._yes(row, "optional"),
            when=None if row.get("when") is None else self._when(row["when"]),
            facet=self._text(row, "facet"),
        )
        self._question = ""
        return question

    def _option(self, data: object, place: int) -> Option:
        row = self._row(data, f"Option {place}", _OPTION)
        return Option(
            self._text(row, "key"), self._texts(row, "text"), self._yes(row, "alone"), self._text(row, "rung")
        )

    def _when(self, data: object) -> When:
        row = self._row(data, "when", {"any", "conditions"})
        return When(self._list(row, "conditions", self._condition), self._yes(row, "any"))

    def _condition(self, data: object, place: int) -> Condition:
        row = self._row(data, f"Condition {place}", {"question", "options"})
        return Condition(self._text(row, "question"), self._names(row, "options"))

    def _row(self, data: object, name: str, known: set[str]) -> Row:
        if not isinstance(data, dict):
            self._fault("not_an_object", name, data)
            return {}
        for field in data:
            if field not in known:
                self._faults.append(Fault("unknown_field", self._question, {"name": str(field)[:60]}))
        return data

    def _list(self, row: Row, name: str, read_one: Callable[[object, int], Part]) -> tuple[Part, ...]:
        found = row.get(name, [])
        if not isinstance(found, list):
            self._fault("not_a_list", name, found)
            return ()
        return tuple(read_one(each, place) for place, each in enumerate(found, start=1))

    def _names(self, row: Row, name: str) -> tuple[str, ...]:
        found = row.get(name, [])
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            self._fault("not_a_list", name, found)
            return ()
        return tuple(found)

    def _texts(self, row: Row, name: str) -> Texts:
        found = row.get(name, {})
        if not isinstance(found, dict):
            self._fault("not_an_object", name, found)
            return {}
        for words in found.values():
            if not isinstance(words, str):
                self._fault("not_a_text", name, words)
                return {}
            if not all(map(_can_be_kept, words)):
                self._faults.append(Fault("bad_characters", self._question, {"name": name}))
                return {}
        return {str(language): words for language, words in found.items() if words.strip()}

    def _text(self, row: Row, name: str) -> str:
        found = row.get(name, "")
        if not isinstance(found, str):
            self._fault("not_a_text", name, found)
            return ""
        return found

    def _whole(self, row: Row, name: str) -> int | None:
        found = row.get(name)
        if found is not None and (not isinstance(found, int) or isinstance(found, bool)):
            self._fault("not_a_number", name, found)
            return None
        return found

    def _yes(self, row: Row, name: str) -> bool:
        found = row.get(name, False)
        if not isinstance(found, bool):
            self._fault("not_a_yes_or_no", name, found)
            return False
        return found

    def _fault(self, code: str, name: str, found: object) -> None:
        self._faults.append(Fault(code, self._question, {"name": name, "found": shortened(found)}))

"""Small questionnaires for tests, as data."""

from typing import Any

from evaluations.instrument import Questionnaire, read


def option(key: str, **more: object) -> dict[str, Any]:
    return {"key": key, "text": {"en": key.title()}} | more


def question(key: str = "barriers", kind: str = "single", *keys: str, **more: object) -> dict[str, Any]:
    """A question with these options; a and b where it needs some and none are given."""
    chosen = keys or (("a", "b") if kind in ("single", "multiple", "scale", "matrix") else ())
    if kind == "consent":
        chosen = ("no", "without_name", "with_company")
    data: dict[str, Any] = {"key": key, "kind": kind, "text": {"en": f"About {key}?"}}
    if chosen:
        data["options"] = [option(each) for each in chosen]
    if kind == "matrix":
        data["rows"] = [option("r1"), option("r2")]
    return data | more


def when(key: str, *options: str) -> dict[str, Any]:
    return {"conditions": [{"question": key, "options": list(options)}]}


def data(*questions: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"title": {"en": "A title"}, "languages": ["en"], "questions": list(questions) or [question()]} | more


def made(*questions: dict[str, Any], **more: object) -> Questionnaire:
    return read(data(*questions, **more))

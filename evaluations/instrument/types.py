"""What a questionnaire is made of. Everything is frozen; a text is a mapping from a language to words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Texts = Mapping[str, str]
# What one question got, as JSON holds it: an option's key, keys, an option's key for each row, a number or words.
Answer = str | int | list[str] | dict[str, str]
Answers = Mapping[str, Answer]

SINGLE, MULTIPLE, SCALE, MATRIX = "single", "multiple", "scale", "matrix"
NUMBER, TEXT, CONSENT = "number", "text", "consent"
KINDS = (SINGLE, MULTIPLE, SCALE, MATRIX, NUMBER, TEXT, CONSENT)
WITH_OPTIONS = frozenset({SINGLE, MULTIPLE, SCALE, MATRIX, CONSENT})
# Kinds whose answer is an option's key, several keys, or one for each row: what a condition can look at.
CHOOSING = frozenset({SINGLE, MULTIPLE, SCALE, CONSENT})

# A permission to quote has these options, no others, and in this order.
NO, WITHOUT_NAME, WITH_COMPANY = "no", "without_name", "with_company"
PERMISSIONS = (NO, WITHOUT_NAME, WITH_COMPANY)

# How far a company has come; an option of a question about results stands on one of these.
RUNGS = ("knowledge", "contact", "opportunity", "project", "agreement", "sales")

SIZE_CLASSES = ("micro", "small", "medium", "large")

# What a question is about, for those who show its results, and the kinds that can tell it.
FACETS: Mapping[str, frozenset[str]] = {
    "size_class": frozenset({SINGLE}),
    "barriers": frozenset({MULTIPLE, MATRIX}),
    "helped": frozenset({MULTIPLE, MATRIX}),
    "role": frozenset({MULTIPLE, MATRIX}),
    "results": frozenset({SINGLE, MULTIPLE}),
    "quote": frozenset({TEXT}),
    "satisfaction": frozenset({SINGLE, SCALE}),
    "relevance": frozenset({SCALE}),
    "held": frozenset({SINGLE}),
    "next_step": frozenset({SINGLE}),
    "activities": frozenset({MULTIPLE, MATRIX}),
    "expected": frozenset({MULTIPLE, MATRIX}),
    "strategy": frozenset({SCALE, MATRIX}),
    "boosters": frozenset({MULTIPLE}),
    "blockers": frozenset({MULTIPLE}),
    "attribution": frozenset({SINGLE}),
    "amount": frozenset({SINGLE}),
}

LONGEST_ANSWER = 2000  # characters of a text that somebody answers with


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, or a row of a matrix. `key` never changes; the words may.

    `alone`: cannot be chosen with others, such as "none of these". `rung`: one of RUNGS, where the question asks for
    results.
    """

    key: str
    text: Texts
    alone: bool = False
    rung: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """The earlier question `question` got one of `options`; without options: it got any answer."""

    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class When:
    """When a question is asked: if all of its conditions hold, or any of them."""

    conditions: tuple[Condition, ...]
    any: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `key` is stable over all versions: results of two waves meet by it.

    `options`: what can be chosen, in order; of a scale and a matrix the ordered steps. `outside`: an answer that stands
    outside the steps, such as "not used". `rows`: what a matrix asks about. `most`: so many choices at most.
    `unit`, `minimum`, `maximum`: of a number, which is whole. `about`: the text question that a consent covers.
    `facet`: one of FACETS, or blank.
    """

    key: str
    kind: str
    text: Texts
    help: Texts = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    rows: tuple[Option, ...] = ()
    outside: Option | None = None
    most: int | None = None
    unit: Texts = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None
    about: str = ""
    optional: bool = False
    when: When | None = None
    facet: str = ""

    @property
    def choices(self) -> tuple[Option, ...]:
        """Everything that can be chosen: the options, and what stands outside the steps at the end."""
        return self.options if self.outside is None else (*self.options, self.outside)

    def texts(self) -> Iterator[tuple[str, Texts, bool]]:
        """Each text with the part it belongs to, and whether every language needs it."""
        yield "text", self.text, True
        yield "help", self.help, bool(self.help)
        yield "unit", self.unit, self.kind == NUMBER and bool(self.unit)
        for option in self.choices:
            yield f"option {option.key}", option.text, True
        for row in self.rows:
            yield f"row {row.key}", row.text, True


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a wave asks. `languages`: codes such as "sv", the first is the one to fall back on.

    `label`: what the questionnaire is and where it comes from, for those who read its results.
    """

    title: Texts
    languages: tuple[str, ...]
    intro: Texts = field(default_factory=dict)
    thanks: Texts = field(default_factory=dict)
    label: Texts = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    def question(self, key: str) -> Question | None:
        """The question of this key, if there is one."""
        return next((each for each in self.questions if each.key == key), None)

    def texts(self) -> Iterator[tuple[str, Texts, bool]]:
        """The questionnaire's own texts, each with its name, and whether every language needs it."""
        yield "title", self.title, True
        for name in ("intro", "thanks", "label"):
            texts: Texts = getattr(self, name)
            yield name, texts, bool(texts)

    def words(self, texts: Texts, language: str) -> str:
        """The text in this language; where it is missing, in the first language that has it."""
        return next((texts[each] for each in (language, *self.languages) if texts.get(each)), "")

"""Tables that somebody asked for, as a page and a spreadsheet show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from django.utils.translation import gettext as _

from evaluations import instrument, outcome_tables, protection
from evaluations.custom_tables import groups_with_size, subjects
from evaluations.disclosure.types import Cell, Key, Protected
from evaluations.forms.tables import ONLY, UNKNOWN
from evaluations.models import Query, Wave
from evaluations.models.waves import FEWEST_IN_HOUSE
from evaluations.quarters import OUTCOMES
from evaluations.reading import words
from evaluations.reading.quarters import LABELS, TITLES
from evaluations.tabulating import MULTIPLE, Subject

MOSTLY = 0.5


def subject_choices(wave: Wave, language: str = "en") -> list[tuple[str, str]]:
    """The questions of a wave that are counted, each as it was asked."""
    questionnaire = instrument.read(wave.version.content)
    return [(name, wording(questionnaire, subject, language)) for name, subject in subjects(wave).items()]


def group_choices(wave: Wave) -> dict[str, list[tuple[str, str]]]:
    """The groups that can be filtered by."""
    return _labelled(groups_with_size(wave))


def quarter_choices() -> list[tuple[str, str]]:
    """The quarters whose outcomes can be asked for."""
    return [(outcome_tables.subject_of(name), name) for name in outcome_tables.known()]


def quarter_groups(quarter: str) -> dict[str, list[tuple[str, str]]]:
    """The groups that a quarter's outcomes can be filtered by."""
    return _labelled(outcome_tables.groups_with_size(quarter))


def _labelled(known: Mapping[str, Sequence[object]]) -> dict[str, list[tuple[str, str]]]:
    return {name: [(str(value), words.group(name, str(value))) for value in found] for name, found in known.items()}


def wording(questionnaire: instrument.Questionnaire, subject: Subject, language: str) -> str:
    """The question of a subject; of a matrix, the line too."""
    question = questionnaire.question(subject.question)
    said = questionnaire.words(question.text, language)
    return f"{said} {words.rows(questionnaire, question, language)[subject.row]}" if subject.row else said


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of a table. `share` of `base`, with its interval; all None where it is hidden or nobody answered."""

    answer: str
    groups: tuple[str, ...]
    n: int | None
    hidden: bool
    share: float | None = None
    low: float | None = None
    high: float | None = None
    base: int | None = None

    @property
    def percent(self) -> str:
        """The share in whole per cent."""
        return "" if self.share is None else words.percent(self.share)


class Shown:
    """The publication that a query got, in words."""

    def __init__(self, query: Query, language: str = "en") -> None:
        """Reads nothing but the query's own rows, fetched with wave and version."""
        self.query = query
        if query.wave is None:
            self.subject, self.fewest = OUTCOMES, FEWEST_IN_HOUSE
            self.question, self.answers = str(TITLES[OUTCOMES.name]), LABELS[OUTCOMES.name]
        else:
            questionnaire = instrument.read(query.wave.version.content)
            self.subject, self.fewest = subjects(query.wave)[query.subject], query.wave.fewest_in_house
            self.question = wording(questionnaire, self.subject, language)
            self.answers = words.answers(questionnaire, questionnaire.question(self.subject.question), language)
        self.dimensions = list(query.dimensions)
        self.protected: Protected = protection.from_json(query.publication.table)
        self._shares: dict[Key, Mapping[str, Any]] = {
            (row["answer"], *row["group"]): row for row in query.publication.figures.get("shares", ())
        }
        self.known = [self._categories(place) for place in range(1, len(self.dimensions) + 1)]

    def _categories(self, place: int) -> list[object]:
        found = dict.fromkeys(key[place] for key in self.protected.cells if key[place] is not None)
        return [*sorted(found, key=str), None]

    def label(self, name: str, value: object) -> str:
        """A group in words; None is all of them together."""
        return _("All") if value is None else words.group(name, str(value))

    def heads(self) -> list[str]:
        """What the columns of the first breakdown are called."""
        return [self.label(self.dimensions[0], value) for value in self.known[0]] if self.dimensions else [_("All")]

    def line(self, answer: str | None, group: Key) -> Line:
        """One figure."""
        cell: Cell = self.protected.cells.get((answer, *group), Cell(0))
        found = self._shares.get((answer, *group), {})
        return Line(
            answer=_("Everybody") if answer is None else str(self.answers[answer]),
            groups=tuple(self.label(name, value) for name, value in zip(self.dimensions, group, strict=True)),
            n=cell.n,
            hidden=cell.n is None,
            share=found.get("value"),
            low=found.get("low"),
            high=found.get("high"),
            base=found.get("n"),
        )

    def rows(self) -> list[str | None]:
        """The answers, then those who gave none, then everybody."""
        return [*self.subject.answers, None]

    def lines(self) -> Iterator[Line]:
        """Every figure, for spreadsheets."""
        for group in product(*self.known):
            for answer in self.rows():
                yield self.line(answer, group)

    def blocks(self) -> list[dict[str, Any]]:
        """A table for each combination of the second and third breakdown; the first one makes the columns."""
        columns = [(value,) for value in self.known[0]] if self.dimensions else [()]
        found = []
        for rest in product(*self.known[1:]):
            labels = [self.label(name, value) for name, value in zip(self.dimensions[1:], rest, strict=True)]
            rows = [[self.line(answer, (*column, *rest)) for column in columns] for answer in self.rows()]
            found.append({"title": ", ".join(labels), "rows": rows})
        return found

    @property
    def filters(self) -> list[str]:
        """Which groups count, in words."""
        return [
            f"{ONLY[name]}: {', '.join(words.group(name, value) for value in values)}"
            for name, values in self.query.filters.items()
        ]

    @property
    def is_mostly_hidden(self) -> bool:
        """Whether less than half of it can be shown."""
        return self.protected.loss.share_of_figures > MOSTLY

    @property
    def is_hidden(self) -> bool:
        """Whether nothing of it can be shown."""
        return all(cell.n is None for cell in self.protected.cells.values() if cell != Cell(0))

    @property
    def adds_up_to_more(self) -> bool:
        """Whether firms gave several answers."""
        return self.subject.kind == MULTIPLE


def spreadsheet(shown: Shown) -> list[tuple[object, ...]]:
    """Every figure in a line of its own, below a head. What is hidden says so, and has no number."""
    names = [words.dimension(name) for name in shown.dimensions]
    found: list[tuple[object, ...]] = [
        (_("Answer"), *names, _("Firms"), _("Of"), _("Share, %"), _("From, %"), _("To, %"), _("Shown"))
    ]
    for line in shown.lines():
        figures = (line.n, line.base, *(each and round(100 * each, 1) for each in (line.share, line.low, line.high)))
        state = _("too few to show") if line.hidden else _("yes")
        found.append((line.answer, *line.groups, *("" if each is None else each for each in figures), state))
    return found


def about(shown: Shown) -> list[tuple[str, str]]:
    """What a spreadsheet says of itself."""
    return [
        (_("Survey") if shown.query.wave else _("Quarter"), shown.query.asked_of),
        (_("Question"), shown.question),
        (_("Broken down by"), broken_down_by(shown.query)),
        *((_("Only"), words) for words in shown.filters),
        (_("Shown in-house from"), _("%(fewest)s answers") % {"fewest": shown.fewest}),
        (_("Hidden"), _("Small cells, and those from which a small one could be worked out.")),
    ]


def instead(query: Query) -> list[dict[str, Any]]:
    """Smaller tables of the same: each breakdown less. There is nothing smaller than a table of one breakdown."""
    if len(query.dimensions) < 2:
        return []
    smaller = combinations(query.dimensions, len(query.dimensions) - 1)
    return [{"dimensions": each, "label": _listed(each), "filters": _posted(query.filters)} for each in smaller]


def _posted(filters: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Filters as the form has them."""
    return [(f"only_{name}", value or UNKNOWN) for name, values in filters.items() for value in values]


def _listed(dimensions: Sequence[str]) -> str:
    return ", ".join(words.dimension(name) for name in dimensions)


def broken_down_by(query: Query) -> str:
    """The breakdowns of a query in words."""
    return _listed(query.dimensions) or _("nothing")

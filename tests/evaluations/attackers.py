"""Attackers of our own, who share no code with disclosure control: they read what is shown, and ask what fits it.

One uses integer programmes, one simply tries. `least` is what they think of a hidden count: that it may be 0, or,
as noughts are always shown, that there is somebody (1).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from evaluations.models import Publication, Wave
from evaluations.tabulating import ANSWER, RESPONSE

GROUPS = ("size_class", "experience", "country")


@dataclass(frozen=True)
class Figure:
    """Somebody was shown `n`, or that there is something to hide (None), for an answer (None: all) in some groups."""

    subject: str
    answer: str | None
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    n: int | None


def shown(publications: Iterable[Publication]) -> list[Figure]:
    """What readers of these tables saw: never the reason why a cell is hidden."""
    told = [each for each in publications if not each.table["withheld"]]
    return list(dict.fromkeys(figure for each in told for figure in _of(each)))


def _of(publication: Publication) -> Iterator[Figure]:
    table = publication.table
    for *key, n, _reason in table["cells"]:
        where = {name: tuple(groups) for name, groups in table["where"].items()}
        answer = None
        for name, category in zip(table["dimensions"], key, strict=True):
            if name == ANSWER:
                answer = category
            elif category is not None:
                where[name] = (category,)
        yield Figure(publication.subject, answer, tuple(sorted(where.items())), n)


def groups_of(wave: Wave) -> dict[str, list[str]]:
    """The groups of each kind that firms are in, where there are several."""
    found = {name: sorted(set(wave.responses.complete().values_list(name, flat=True))) for name in GROUPS}
    return {name: groups for name, groups in found.items() if len(groups) > 1}


class Programme:
    """Holds every figure at once. The unknowns: how many firms of each combination of groups gave each answer.

    `wave` may be the groups themselves.
    Of a question with several answers, an unknown is how many named one; never more than there are firms.
    """

    def __init__(
        self,
        figures: list[Figure],
        wave: Wave | dict[str, list[str]],
        answers: dict[str, list[str]],
        *,
        several: set[str],
        least: int,
    ) -> None:
        self.figures, self.several, self.least = figures, several, least
        known = groups_of(wave) if isinstance(wave, Wave) else wave
        self.spots = [dict(zip(known, each, strict=True)) for each in product(*known.values())]
        self.names = [(RESPONSE, None), *((subject, each) for subject in answers for each in answers[subject])]
        self.places = {name: place * len(self.spots) for place, name in enumerate(self.names)}
        self.width = len(self.names) * len(self.spots)
        self.rules = self._rules(answers)

    def _rules(self, answers: dict[str, list[str]]) -> list[LinearConstraint]:
        rows, low, high = [], [], []
        for subject, options in answers.items():
            for spot in range(len(self.spots)):
                if subject in self.several:
                    for option in options:
                        rows.append(self._row({self.places[subject, option] + spot: 1, spot: -1}))
                        low.append(-np.inf)
                        high.append(0)
                else:
                    rows.append(self._row({self.places[subject, each] + spot: 1 for each in options} | {spot: -1}))
                    low.append(0)
                    high.append(0)
        for figure in self.figures:
            rows.append(self.terms(figure))
            low.append(self.least if figure.n is None else figure.n)
            high.append(np.inf if figure.n is None else figure.n)
        return [LinearConstraint(np.array(rows), low, high)]

    def _row(self, terms: dict[int, int]) -> np.ndarray:
        row = np.zeros(self.width)
        for place, weight in terms.items():
            row[place] = weight
        return row

    def terms(self, figure: Figure) -> np.ndarray:
        """Which unknowns a figure sums."""
        names = [(RESPONSE, None)]
        if figure.answer is not None:
            # What stands together is the sum of its parts.
            names = [(figure.subject, part) for part in figure.answer.split("+")]
        wanted = {group: {part for each in of for part in each.split("+")} for group, of in figure.groups}
        fitting = [
            place
            for place, spot in enumerate(self.spots)
            if all(spot[group] in wanted[group] for group in spot if group in wanted)
        ]
        return self._row({self.places[name] + place: 1 for name in names for place in fitting})

    def interval(self, figure: Figure) -> tuple[int, int]:
        """The least and the most that a figure can be."""
        return self._end(figure, 1), -self._end(figure, -1)

    def _end(self, figure: Figure, sign: int) -> int:
        found = milp(
            sign * self.terms(figure),
            constraints=self.rules,
            bounds=Bounds(0, np.inf),
            integrality=np.ones(self.width),
        )
        assert found.status == 0, "what is shown fits no population at all"
        return round(found.fun)

    def closer(self, width: int) -> list[tuple[Figure, tuple[int, int]]]:
        """Every hidden figure that is known more closely than that."""
        hidden = [figure for figure in self.figures if figure.n is None]
        intervals = [(figure, self.interval(figure)) for figure in hidden]
        return [(figure, ends) for figure, ends in intervals if ends[1] - ends[0] < width]


def tried(table: dict[str, object], *, least: int) -> dict[tuple, set[int]]:
    """Every value that each hidden cell of a table of two dimensions can have, found by trying all populations."""
    cells = {tuple(key): n for *key, n, _reason in table["cells"]}
    rows = list(dict.fromkeys(key[0] for key in cells if key[0] is not None))
    columns = list(dict.fromkeys(key[1] for key in cells if key[1] is not None))
    inner = [(row, column) for row in rows for column in columns]
    hidden = [key for key in inner if cells[key] is None]
    most = cells[None, None]
    assert most is not None
    possible: dict[tuple, set[int]] = {key: set() for key in cells if cells[key] is None}
    for values in _fillings(hidden, inner, cells, rows, columns, least):
        for key in possible:
            wanted_rows = rows if key[0] is None else [key[0]]
            wanted_columns = columns if key[1] is None else [key[1]]
            possible[key].add(sum(values[row, column] for row in wanted_rows for column in wanted_columns))
    return possible


def _fillings(hidden: list, inner: list, cells: dict, rows: list, columns: list, least: int) -> Iterator[dict]:
    """All ways to fill the hidden cells so that every shown total comes out; one cell after the other."""
    shown_cells = {key: cells[key] for key in inner if cells[key] is not None}
    lines = [([(row, each) for each in columns], cells[row, None]) for row in rows]
    lines += [([(each, column) for each in rows], cells[None, column]) for column in columns]
    lines.append((inner, cells[None, None]))
    lines = [(keys, total) for keys, total in lines if total is not None]

    def fill(place: int, values: dict) -> Iterator[dict]:
        for keys, total in lines:
            known = [values[key] for key in keys if key in values]
            missing = len(keys) - len(known)
            if sum(known) + missing * least > total or (not missing and sum(known) != total):
                return
        if place == len(hidden):
            yield values
            return
        for value in range(least, cells[None, None] + 1):
            before = values | {hidden[place]: value}
            if any(sum(before.get(key, 0) for key in keys) > total for keys, total in lines if hidden[place] in keys):
                break
            yield from fill(place + 1, before)

    yield from fill(0, shown_cells)

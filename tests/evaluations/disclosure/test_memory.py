"""Asked again, the memory says what was said; whatever the answer hangs on makes it another question."""

from dataclasses import replace

import numpy as np
import pytest

from evaluations.disclosure import Answers, Memory, Table, protect
from evaluations.protection import as_json, from_json
from tests.evaluations.disclosure.tables import table_of

COUNTS = table_of(np.array([[2, 9, 7], [8, 3, 6]]))
SEVERAL = replace(
    COUNTS,
    cells={**COUNTS.cells, **{(None, column): 9 for column in range(3)}},
    multiple={COUNTS.dimensions[0]: Answers(most=2)},
)
BEFORE = protect(replace(COUNTS, dimensions=("a", "c")))


def test_same_question_is_answered_once():
    memory = Memory()
    first = memory.protect(COUNTS, [BEFORE])

    assert first == protect(COUNTS, [BEFORE])
    assert memory.protect(replace(COUNTS), [from_json(as_json(BEFORE))]) is first


@pytest.mark.parametrize(
    "table",
    [
        replace(COUNTS, threshold=3),
        replace(COUNTS, cells={**COUNTS.cells, next(iter(COUNTS.cells)): 4}),
        replace(COUNTS, unsafe=frozenset({list(COUNTS.cells)[1]})),
        replace(COUNTS, where={"d": ("x",)}),
        replace(SEVERAL, multiple={COUNTS.dimensions[0]: Answers(least=1, most=2)}),
    ],
    ids=["threshold", "count", "unsafe", "where", "multiple"],
)
def test_another_table_is_another_question(table: Table):
    memory = Memory()
    known = [memory.protect(COUNTS), memory.protect(SEVERAL)]

    assert memory.protect(table) == protect(table)
    assert all(memory.protect(table) is not each for each in known)


def test_what_is_published_belongs_to_the_question():
    memory = Memory()
    alone = memory.protect(COUNTS)

    assert memory.protect(COUNTS, [BEFORE]) is not alone
    assert memory.protect(COUNTS, [BEFORE]) is not memory.protect(COUNTS, [replace(BEFORE, withheld=True)])
    assert memory.protect(COUNTS, [BEFORE]) is not memory.protect(COUNTS, [replace(BEFORE, known=((0, 0),))])

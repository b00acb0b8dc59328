"""Which groups a report may show without giving fewer than five people away. Pure: counts in, labels out.

Who reads decides what is hidden. The cluster team knows its participants: who came, whom they met and whether they did
stands on its other pages by name, so counts of that are shown to it whole. What participants answered it sees by group
alone, and a funder or an evaluator sees everything by group alone. There each group rests on five people or more, not
on five meetings, as one company may have eight of them.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

FEWEST = 5


def may_be_shown(sizes: Mapping[str, int], hidden: Collection[str] = ()) -> set[str]:
    """The groups whose figures may be shown beside the total: none below five, and no rest below five either.

    A rest of one group could be had by subtraction: the smallest of the shown ones joins it, until two or more groups
    with five or more people together are hidden. Groups of nobody hide nothing. `hidden` are hidden in any case.
    """
    shown = {label for label, n in sizes.items() if n >= FEWEST and label not in hidden}
    rest = {label: n for label, n in sizes.items() if n and label not in shown}
    while rest and shown and (len(rest) < 2 or sum(rest.values()) < FEWEST):
        smallest = min(shown, key=lambda label: (sizes[label], label))
        shown.remove(smallest)
        rest[smallest] = sizes[smallest]
    return shown


def shown_together(splits: Sequence[Mapping[int, str]], people: Collection[int]) -> list[set[str]]:
    """The groups that may be shown of several splits of the same people, beside the total and beside each other.

    A split tells each person's group. Where adding and subtracting groups of different splits would leave fewer than
    five people, the smallest group goes, until nothing is left to be had.
    """
    sizes = [Counter(split[person] for person in people) for split in splits]
    hidden: list[set[str]] = [set() for _ in splits]
    while True:
        shown = [may_be_shown(each, gone) for each, gone in zip(sizes, hidden, strict=True)]
        if not any(shown) or not _gives_away(splits, people, shown):
            return shown
        left = [(sizes[at][label], at, label) for at, labels in enumerate(shown) for label in labels]
        _n, at, label = min(left)
        hidden[at].add(label)


def _gives_away(splits: Sequence[Mapping[int, str]], people: Collection[int], shown: Sequence[set[str]]) -> bool:
    """Whether some sum of shown groups and the total, each taken so many times or off, is about one to four people.

    People in the same shown groups cannot be told apart by any such sum, so it is one of parts: those with the same
    groups. It exists when the part's own vector lies in the space that the groups' vectors span.
    """
    parts = Counter(
        tuple(split[person] if split[person] in labels else "" for split, labels in zip(splits, shown, strict=True))
        for person in people
    )
    found = list(parts)
    told = [[1.0] * len(found)]
    told += [[float(part[at] == label) for part in found] for at, labels in enumerate(shown) for label in labels]
    matrix = np.array(told)
    onto: NDArray[np.float64] = np.linalg.pinv(matrix) @ matrix
    for few in _of_few([parts[part] for part in found]):
        vector = np.zeros(len(found))
        vector[list(few)] = 1
        if np.allclose(onto @ vector, vector, atol=1e-9):
            return True
    return False


def _of_few(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Every choice of parts that have fewer than five people together."""
    small = [at for at, n in enumerate(sizes) if n < FEWEST]
    for count in range(1, FEWEST):
        yield from (few for few in combinations(small, count) if sum(sizes[at] for at in few) < FEWEST)

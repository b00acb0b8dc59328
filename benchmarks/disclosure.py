"""How much disclosure control hides and how long it takes, beside tau-Argus and a naive peer on the same tables.

    python -m benchmarks.disclosure [--quick]

A line a table: figures, primary ones, then complementary figures and seconds of each method. tau-Argus (pytauargus,
optimal suppression) protects each small count by as many respondents as the threshold, for readers who do not know the
rule; "open" is how many of the figures it hides a reader can place within less than the threshold all the same. The
naive peer hides every line that holds a small count.
"""

import argparse
import contextlib
import tempfile
import time

import numpy as np
import pytauargus

from evaluations.disclosure import COMPLEMENTARY, PRIMARY, Cell, Key, Loss, Protected, Table, audit, protect

SHAPES = (((4, 9), 8.0), ((5, 10), 8.0), ((22, 9), 6.0), ((2, 3, 3), 12.0), ((5, 10, 3), 8.0), ((3, 4, 3, 3), 12.0))
THRESHOLD = 5


def counts_of(shape: tuple[int, ...], seed: int, mean: float) -> np.ndarray:
    """Counts over groups of uneven size."""
    random = np.random.default_rng(seed)
    return random.poisson(random.gamma(0.7, mean / 0.7, shape))


def table_of(counts: np.ndarray) -> Table:
    """Categories are the places in each axis."""
    names = tuple(f"d{axis}" for axis in range(counts.ndim))
    return Table(names, {spot: int(counts[spot]) for spot in np.ndindex(*counts.shape)}, THRESHOLD)


def naive(counts: np.ndarray) -> int:
    """Complementary figures when every line with a small count is hidden, total and all."""
    full = counts
    for axis in range(counts.ndim):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
    small = (full > 0) & (full < THRESHOLD)
    hidden = small.copy()
    for axis in range(counts.ndim):
        hidden |= small.any(axis=axis, keepdims=True)
    return int((hidden & (full > 0)).sum() - small.sum())


def tau_argus(counts: np.ndarray, ours: Protected) -> tuple[int, int]:
    """Complementary figures of the optimal suppression, and hidden figures that are still too narrow."""
    names = list(ours.dimensions)
    columns: dict[str, list[object]] = {name: [] for name in (*names, "one")}
    for spot in np.ndindex(*counts.shape):
        for name, place in zip(names, spot, strict=True):
            columns[name] += [f"c{place:02d}"] * int(counts[spot])
        columns["one"] += [1] * int(counts[spot])
    # It leaves its logs where it stands.
    with tempfile.TemporaryDirectory() as place, contextlib.chdir(place):
        done = pytauargus.protect(
            columns, names, response="one", safety_rules=f"FREQ({THRESHOLD},100)", suppress="OPT(1)", workdir=place
        )
        table = done.tables[0]
        shown = dict(zip(map(tuple, keys_of(table, names)), table.safe(), strict=True))
    cells: dict[Key, Cell] = {}
    for key, cell in ours.cells.items():
        given = shown.get(key, 0)
        cells[key] = Cell(None, cell.suppressed or COMPLEMENTARY) if given == "x" else Cell(int(given))
    theirs = Protected(ours.dimensions, cells, THRESHOLD, Loss(0, 0, 0, 0, 0.0, 0.0))
    hidden = sum(cell.n is None for cell in cells.values())
    return hidden - ours.loss.primary, sum(each.width < THRESHOLD for each in audit([theirs]))


def keys_of(table: object, names: list[str]) -> list[list[int | None]]:
    """The keys of a table of tau-Argus, whose totals have no category."""
    rows = [[row[name] for name in names] for row in table.rows]
    return [[int(value[1:]) if str(value).startswith("c") else None for value in row] for row in rows]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one seed, small tables")
    quick = parser.parse_args().quick
    print(
        "| table | figures | primary | ours | s | tau-Argus | open | s | whole lines |",
        "|---|---|---|---|---|---|---|---|---|",
        sep="\n",
    )
    for shape, mean in SHAPES[:2] if quick else SHAPES:
        for seed in range(1 if quick else 3):
            counts = counts_of(shape, seed, mean)
            start = time.perf_counter()
            ours = protect(table_of(counts))
            middle = time.perf_counter()
            theirs, still_open = tau_argus(counts, ours)
            end = time.perf_counter()
            assert all(each.width >= THRESHOLD for each in audit([ours]))
            small = sum(cell.suppressed == PRIMARY for cell in ours.cells.values())
            print(
                f"| {' x '.join(map(str, shape))} | {ours.loss.figures} | {small} | {ours.loss.complementary} "
                f"| {middle - start:.2f} | {theirs} | {still_open} | {end - middle:.2f} | {naive(counts)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

"""The fewest figures that must be hidden, by brute programming: an oracle that shares no code with the search.

Every figure is hidden or not (a binary column); for each figure there are two populations that differ in it by its
width and in nothing that is shown, whenever it is hidden (Kelly, Golden and Assad 1992). Small tables of one answer
only.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, csr_array, hstack, vstack


def figures(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every cell and total as a 0/1 row over the cells, and its value."""
    rows = []
    for spot in np.ndindex(*(size + 1 for size in counts.shape)):
        chosen = np.zeros(counts.shape)
        chosen[
            tuple(slice(None) if place == size else place for place, size in zip(spot, counts.shape, strict=True))
        ] = 1
        rows.append(chosen.ravel())
    matrix = np.array(rows)
    return matrix, (matrix @ counts.ravel()).astype(int)


def fewest(counts: np.ndarray, threshold: int, *, insider: bool, seconds: float = 60) -> tuple[int, bool] | None:
    """How many complementary figures the best pattern has, and whether that is proven; None without any pattern."""
    matrix, value = figures(counts)
    primary = (value > 0) & (value < threshold)
    tasks = [(row, threshold, False) for row in np.flatnonzero(value)]
    if insider:
        tasks += [(row, threshold - 2, True) for row in np.flatnonzero(primary)]
    cells, width = matrix.shape[1], len(value)
    reach = 6 * threshold
    blocks, links, low, high = [], [], [], []
    for row, need, inside in tasks:
        floor = 1 - value
        if inside:
            floor = np.where(primary, floor, np.minimum(threshold - value, 0))
        ceiling = np.where(primary & inside, threshold - 1 - value, reach)
        floor, ceiling = np.where(value > 0, np.maximum(floor, -reach), 0), np.where(value > 0, ceiling, 0)
        both = np.kron(np.eye(2), matrix)
        up = np.vstack([-np.diag(ceiling)] * 2)  # matrix z - ceiling y <= 0
        down = np.vstack([-np.diag(floor)] * 2)  # matrix z - floor y >= 0
        apart = np.concatenate([matrix[row], -matrix[row]])[None]
        ask = np.zeros((1, width))
        ask[0, row] = -need
        blocks.append(csr_array(np.vstack([both, both, apart])))
        links.append(csr_array(np.vstack([up, down, ask])))
        count = 2 * width
        low += [*[-np.inf] * count, *[0.0] * count, 0.0]
        high += [*[0.0] * count, *[np.inf] * count, np.inf]
    system = hstack([vstack(links), block_diag(blocks)])
    least = np.concatenate([primary.astype(float), np.full(len(tasks) * 2 * cells, -np.inf)])
    most = np.concatenate([(value > 0).astype(float), np.full(len(tasks) * 2 * cells, np.inf)])
    cost = np.concatenate([np.ones(width), np.zeros(len(tasks) * 2 * cells)])
    found = milp(
        cost,
        constraints=LinearConstraint(system, low, high),
        bounds=Bounds(least, most),
        integrality=np.concatenate([np.ones(width), np.zeros(len(tasks) * 2 * cells)]),
        options={"time_limit": seconds},
    )
    if found.x is None:
        return None
    return round(found.fun) - int(primary.sum()), found.status == 0

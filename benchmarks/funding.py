"""How good and how fast the proposal for a funding call is, beside peers on the same calls in the same run.

    python -m benchmarks.funding [--quick]

A line a method: value as a share of the bound (the solver's own: no set within the budgets is worth more), time, and
times the proposal's time. Peers: strictly down the list to each funder's line; down the list passing over those who
cannot be paid; most points for the share of the budgets that they take, the rule of thumb for knapsacks; the same
programme by scipy.optimize.milp, stopped after a minute; every set tried, where there are few enough.
"""

import argparse
import random
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from funding.ranking import Application, Call, Funder, best, cut, in_order

# Applications, funders, share of what is asked that the budgets cover, funders of a joint project at most.
INSTANCES = (
    (18, 3, 0.35, 2),
    (40, 5, 0.35, 3),
    (200, 8, 0.2, 3),
    (200, 8, 0.35, 3),
    (200, 8, 0.35, 4),
    (200, 8, 0.6, 3),
)
MOST_TO_TRY = 18
PEER_SECONDS = 60


def synthetic_call(applications: int, funders: int, covered: float, joint: int, seed: int = 0) -> Call:
    """Scores from 40 to 98 of 100 points, EUR 10,000 to 60,000 of each funder in hundreds."""
    chance = random.Random(seed)
    rows = []
    for number in range(applications):
        of = chance.sample(range(funders), chance.randint(1, joint))
        asks = {f"F{each}": Decimal(chance.randrange(10_000, 60_001, 100)) for each in of}
        rows.append(Application(id=f"P{number}", score=Decimal(chance.randint(4000, 9800)) / 100, asks=asks))
    budgets = {
        f"F{each}": int(sum(float(row.asks.get(f"F{each}", 0)) for row in rows) * covered) for each in range(funders)
    }
    pays = tuple(Funder(id=id_, name=id_, budget=budget) for id_, budget in budgets.items())
    return Call(threshold=30, funders=pays, applications=rows)


def value(call: Call, funded: set[str]) -> float:
    """Points above the threshold; the budgets are counted once more."""
    rows = [each for each in call.applications if each.id in funded]
    for funder in call.funders:
        assert sum(each.asks.get(funder.id, 0) for each in rows) <= funder.budget
    return float(sum(each.score - call.threshold for each in rows))


def by_share(call: Call) -> set[str]:
    """Most points for the share of the budgets first."""
    budgets = {each.id: each.budget for each in call.funders}
    left, funded = dict(budgets), set[str]()

    def points(each: Application) -> Decimal:
        return (each.score - call.threshold) / sum(amount / budgets[funder] for funder, amount in each.asks.items())

    for each in sorted(call.applications, key=points, reverse=True):
        if all(amount <= left[funder] for funder, amount in each.asks.items()):
            funded.add(each.id)
            for funder, amount in each.asks.items():
                left[funder] -= amount
    return funded


def by_scipy(call: Call) -> set[str]:
    """The same programme as scipy writes it."""
    gains = np.array([float(each.score - call.threshold) for each in call.applications])
    matrix = np.array([[float(each.asks.get(f.id, 0)) for each in call.applications] for f in call.funders])
    found = milp(
        -gains,
        constraints=LinearConstraint(matrix, ub=[float(each.budget) for each in call.funders]),
        integrality=np.ones(len(gains)),
        bounds=Bounds(0, 1),
        options={"time_limit": PEER_SECONDS, "mip_rel_gap": 0},
    )
    return {each.id for each, part in zip(call.applications, found.x, strict=True) if part > 0.5}


def by_trying(call: Call) -> set[str]:
    """Every set."""
    budgets = np.array([float(each.budget) for each in call.funders])
    asks = np.array([[float(each.asks.get(f.id, 0)) for f in call.funders] for each in call.applications])
    gains = np.array([float(each.score - call.threshold) for each in call.applications])
    top: tuple[float, tuple[int, ...]] = (0.0, ())
    for size in range(1, len(gains) + 1):
        for chosen in combinations(range(len(gains)), size):
            at = list(chosen)
            if gains[at].sum() > top[0] and (asks[at].sum(axis=0) <= budgets).all():
                top = (gains[at].sum(), chosen)
    return {call.applications[at].id for at in top[1]}


def timed(method: Callable[[Call], object], call: Call) -> tuple[object, float]:
    """What it finds, and the seconds of the processor that it took: the middle of three."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        found = method(call)
        taken.append(time.process_time() - start)
        if taken[-1] > 5:
            break
    return found, sorted(taken)[len(taken) // 2]


def main() -> None:
    """All instances, or the small ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.funding", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only the small calls")
    for size in INSTANCES[:2] if parser.parse_args().quick else INSTANCES:
        call = synthetic_call(*size)
        choice, seconds = timed(best, call)
        print(f"\n{size[0]} applications, {size[1]} funders, {size[2]:.0%} covered, up to {size[3]} funders each")
        proof = "proven" if choice.is_proven else f"at most {choice.gap:.3%} below the best"
        print(f"  proposal              {choice.value / choice.bound:8.3%}  {seconds:8.4f} s           {proof}")
        peers: dict[str, Callable[[Call], set[str]]] = {
            "strictly to the lines": lambda call: set(cut(call).selection.funded),
            "list in order": lambda call: set(in_order(call).funded),
            "points for the share": by_share,
            "scipy milp": by_scipy,
        }
        if size[0] <= MOST_TO_TRY:
            peers["every set tried"] = by_trying
        for name, peer in peers.items():
            funded, took = timed(peer, call)
            share = value(call, funded) / float(choice.bound)
            print(f"  {name:21} {share:8.3%}  {took:8.4f} s  {took / seconds:7.2f} x")


if __name__ == "__main__":
    main()

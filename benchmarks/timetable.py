"""How good and how fast timetables are, beside named peers on the same rounds in the same run.

    python -m benchmarks.timetable [--quick] [--peer-seconds 60]

A line a method: value as a share of the bound (the solver's own: no timetable is worth more), time, people below
the minimum, meetings that they lack, idle slots a person, rules broken as the independent checker sees it, memory. Idle
is a slot in which somebody is free between two meetings; neither a break nor a slot in which it is not available. The
figure after the stroke counts the latter as well. Below each table stand two proofs: how many meetings are lacking
whatever one does, and how much better than greedy a timetable could be at all. CP-SAT
takes part where ortools is installed; the project does not ask for it, because its wheel of 30 MB would serve this one
line.
"""

import argparse
import importlib
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import rustworkx
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.rounds import FULL, HALF_DAYS, synthetic_round
from matchmaking.timetable import Round, Timetable, check, refill, solve
from matchmaking.timetable.assign import board, kernels
from matchmaking.timetable.choose import slot_rows
from matchmaking.timetable.comfort import idle_slots
from matchmaking.timetable.problem import Ints, Problem, compiled
from matchmaking.timetable.solving import meetings_of

INSTANCES = (
    (200, HALF_DAYS), (250, HALF_DAYS), (250, 0.5), (250, 0.3), (500, HALF_DAYS), (1000, FULL), (1000, HALF_DAYS),
    (1000, 0.5), (1000, 0.3), (2000, HALF_DAYS),
)  # fmt: skip
QUICK = ((60, HALF_DAYS), (60, 0.5))
# Peers that search for a whole minute are not run on every round.
SLOW_PEERS_ON = ((60, HALF_DAYS), (200, HALF_DAYS), (1000, HALF_DAYS))
ACCEPTED = 0.55
PROOF_SECONDS = 300.0

Placed = Ints | None


def greedy(problem: Problem, seconds: float) -> Ints:
    """The most valuable pair first, into the emptiest slot that suits both."""
    state = board(problem)
    kernels().fill(state, np.argsort(-problem.weight, kind="stable").astype(np.int32))
    found: Ints = state.slot_of
    return found


def self_booking(problem: Problem, seconds: float) -> Placed:
    """People come in random order and ask, one request a turn, whom they like best; 55 of 100 requests are accepted."""
    random = np.random.default_rng(0)
    state, loops = board(problem), kernels()
    asks: list[list[int]] = [[] for _ in problem.names]
    for pair in np.argsort(problem.weight, kind="stable"):
        asks[problem.left[pair]].append(int(pair))
        asks[problem.right[pair]].append(int(pair))
    while any(asks):
        for person in random.permutation(problem.people):
            if not asks[person]:
                continue
            pair = asks[person].pop()
            fitting = [slot for slot in range(len(problem.slots)) if loops.fits(state, pair, slot)]
            free = state.slot_of[pair] < 0 and loops.has_quota(state, pair) and bool(fitting)
            if free and random.random() < ACCEPTED:
                loops.put(state, pair, int(random.choice(fitting)))
    return state.slot_of


def slot_by_slot(problem: Problem, seconds: float) -> Placed:
    """Slot after slot the matching of greatest weight (rustworkx) among pairs that have not met and have quota left."""
    state, loops = board(problem), kernels()
    for slot in range(len(problem.slots)):
        lacks = state.count < problem.need
        bonus = problem.shortfall * (lacks[problem.left].astype(float) + lacks[problem.right])
        graph = rustworkx.PyGraph()
        graph.add_nodes_from(range(problem.people))
        edges = [
            (int(problem.left[pair]), int(problem.right[pair]), int(pair))
            for pair in np.flatnonzero(problem.open[:, slot] & (state.slot_of < 0))
            if loops.has_quota(state, pair)
        ]
        graph.add_edges_from(edges)
        worth = np.round((problem.weight + bonus) * 10_000).astype(np.int64)
        found = rustworkx.max_weight_matching(graph, weight_fn=lambda pair, worth=worth: int(worth[pair]))
        chosen = sorted((graph.get_edge_data(a, b) for a, b in found), key=lambda pair: (-worth[pair], pair))
        for pair in chosen[: int(problem.tables[slot])]:
            loops.put(state, pair, slot)
    return state.slot_of


def slot_programme(problem: Problem, seconds: float) -> Placed:
    """The mixed-integer programme over pairs and slots, HiGHS."""
    rows = slot_rows(problem)
    solved = milp(
        rows.cost,
        constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
        integrality=rows.integral,
        bounds=Bounds(rows.least, rows.most),
        options={"time_limit": seconds},
    )
    if solved.x is None:
        return None
    slot_of = np.full(problem.pairs, -1, np.int32)
    chosen = solved.x[: len(rows.pair)] > 0.5
    slot_of[rows.pair[chosen]] = rows.group[chosen]
    return slot_of


def cp_sat(problem: Problem, seconds: float) -> Placed:
    """CP-SAT over pairs and slots, from the greedy timetable, two workers."""
    cp_model = importlib.import_module("ortools.sat.python.cp_model")
    rows, start = slot_rows(problem), greedy(problem, seconds)
    model = cp_model.CpModel()
    booked = [model.new_bool_var("") for _ in rows.pair]
    lacking = [model.new_int_var(0, int(need), "") for need in problem.need]
    columns = [*booked, *lacking]
    matrix = rows.matrix.tocsr()
    for row in range(matrix.shape[0]):
        terms = sum(columns[column] for column in matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]])
        if np.isfinite(rows.high[row]):
            model.add(terms <= int(rows.high[row]))
        else:
            model.add(terms >= int(rows.low[row]))
    for place, variable in enumerate(booked):
        model.add_hint(variable, bool(start[rows.pair[place]] == rows.group[place]))
    model.minimize(sum(round(cost * 10_000) * column for cost, column in zip(rows.cost, columns, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    slot_of = np.full(problem.pairs, -1, np.int32)
    for place, variable in enumerate(booked):
        if solver.value(variable):
            slot_of[rows.pair[place]] = rows.group[place]
    return slot_of


QUICK_PEERS: dict[str, Callable[[Problem, float], Placed]] = {
    "greedy": greedy, "self-booking": self_booking, "matching slot by slot": slot_by_slot,
}  # fmt: skip
SLOW_PEERS = {"slot programme (HiGHS)": slot_programme, "CP-SAT": cp_sat}


def slots_of(problem: Problem, timetable: Timetable) -> Ints:
    """The slot of each pair in a timetable."""
    number = {name: place for place, name in enumerate(problem.names)}
    slot = {name: place for place, name in enumerate(problem.slots)}
    pair_of = {
        pair: place for place, pair in enumerate(zip(problem.left.tolist(), problem.right.tolist(), strict=True))
    }
    slot_of = np.full(problem.pairs, -1, np.int32)
    for each in timetable.meetings:
        slot_of[pair_of[number[each.a], number[each.b]]] = slot[each.slot]
    return slot_of


def line(name: str, round_: Round, problem: Problem, slot_of: Placed, bound: float, took: str) -> None:
    """Print what a method reached."""
    if slot_of is None:
        print(f"| {name} | nothing | {took} | | | | | |", flush=True)
        return
    value = problem.value(slot_of)
    answer = Timetable("feasible", meetings_of(round_, problem, slot_of), value, max(bound, value))
    below, lacking = int((problem.meetings(slot_of) < problem.need).sum()), lacks(problem, slot_of)
    always = replace(problem, free=np.ones_like(problem.free))
    idle, absent = (idle_slots(each, slot_of) / max(problem.people, 1) for each in (problem, always))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    broken = len(check(round_, answer))
    print(
        f"| {name} | {value / bound:.4f} | {took} | {below} | {lacking} | {idle:.2f} / {absent:.2f} | {broken} "
        f"| {memory:.0f} |",
        flush=True,
    )


def lacks(problem: Problem, slot_of: Ints) -> int:
    """How many meetings people lack to their minimums."""
    return int(np.maximum(problem.need - problem.meetings(slot_of), 0).sum())


def out_of_reach(problem: Problem, seconds: float) -> int:
    """How many meetings are lacking in every timetable: the least that the linear programme over slots can have.

    It relaxes the timetable, so its optimum, rounded up, is a proof. 0 when it takes too long: then nothing is proved.
    """
    rows = slot_rows(problem)
    cost = np.zeros(len(rows.cost))
    cost[len(rows.pair) :] = 1.0
    solved = milp(
        cost,
        constraints=LinearConstraint(rows.matrix, rows.low, rows.high),
        bounds=Bounds(rows.least, rows.most),
        options={"time_limit": seconds},
    )
    return int(np.ceil(solved.fun - 1e-6)) if solved.status == 0 else 0


def stop_watch() -> Callable[[], str]:
    """Tells seconds on the clock and of the processor since now: on a shared machine the two differ."""
    clock, processor = time.perf_counter(), time.process_time()
    return lambda: f"{time.perf_counter() - clock:.2f} | {time.process_time() - processor:.2f}"


def compare(round_: Round, *, slow: bool, peer_seconds: float) -> None:
    """Print the table of one round."""
    problem = compiled(round_)
    print(
        "| method | value / bound | seconds | of CPU | below minimum | meetings lacking "
        "| idle slots a person / with absence | rules broken | peak MB |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    took = stop_watch()
    timetable = solve(round_)
    ours = slots_of(problem, timetable)
    line(f"ours ({timetable.status})", round_, problem, ours, timetable.bound, took())
    for name, method in methods(slow=slow):
        took = stop_watch()
        try:
            found = method(problem, peer_seconds)
        except ModuleNotFoundError:
            print(f"| {name} | ortools is not installed | | | | | | | |")
            continue
        line(name, round_, problem, found, timetable.bound, took())
    prove(problem, ours, timetable.bound)


def prove(problem: Problem, ours: Ints, bound: float) -> None:
    """Print what no method could do better."""
    lacking, least = lacks(problem, ours), out_of_reach(problem, PROOF_SECONDS) if lacks(problem, ours) else 0
    peer = problem.value(greedy(problem, 0.0))
    print(f"\nCould not have it: {least} of the {lacking} meetings that people lack, proved by the linear programme.")
    print(
        f"Ours is worth {problem.value(ours) / peer:.3f} times greedy; the bound allows {bound / peer:.3f} at most.\n"
    )


def methods(*, slow: bool) -> Iterator[tuple[str, Callable[[Problem, float], Placed]]]:
    """The peers of a round."""
    yield from QUICK_PEERS.items()
    if slow:
        yield from SLOW_PEERS.items()


def day(people: int, missing: int) -> None:
    """Print how long it takes to refill the slots of people who do not come."""
    round_ = synthetic_round(people)
    before = solve(round_).meetings
    gone = {each.id for each in round_.participants[:: people // missing]}
    hold = tuple(each for each in before if not {each.a, each.b} & gone)
    times, cpu = [], []
    for _ in range(5):
        began, processor = time.perf_counter(), time.process_time()
        fresh = refill(round_, before, gone=gone)
        times.append(time.perf_counter() - began)
        cpu.append(time.process_time() - processor)
    absent = replace(
        round_,
        participants=tuple(replace(each, available=()) if each.id in gone else each for each in round_.participants),
    )
    kept = Timetable("feasible", (*hold, *fresh), 0.0, 0.0)
    wrong = [text for text in check(absent, kept) if not text.startswith(("The value", "The bound"))]
    print(
        f"{missing} of {people} do not come: {len(before) - len(hold)} meetings lost, {len(fresh)} new ones in "
        f"{1000 * min(times):.0f} ms (slowest of five {1000 * max(times):.0f} ms; of CPU {1000 * min(cpu):.0f} ms), "
        f"{len(wrong)} rules broken, none moved."
    )


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.timetable", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two small rounds only, slow peers for five seconds")
    parser.add_argument("--people", type=int, help="only the rounds of so many people")
    parser.add_argument("--peer-seconds", type=float, default=60.0, help="time of CP-SAT and the slot programme")
    options = parser.parse_args()
    solve(synthetic_round(60, 0.5))  # compiles the kernels, which happens once after an installation
    for people, availability in QUICK if options.quick else INSTANCES:
        if options.people not in (None, people):
            continue
        print(f"{people} people, availability {availability}")
        slow = (people, availability) in SLOW_PEERS_ON
        seconds = min(options.peer_seconds, 5.0) if options.quick else options.peer_seconds
        # On a shared machine the limit would measure the neighbours.
        round_ = replace(synthetic_round(people, availability), time_limit_s=600.0)
        compare(round_, slow=slow, peer_seconds=seconds)
    day(60 if options.quick else 1000, 2 if options.quick else 20)


if __name__ == "__main__":
    main()

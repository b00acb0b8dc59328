"""The solver on files: `python -m matchmaking.timetable < round.json > timetable.json`.

Exit status 0 with a timetable, also when it is infeasible; 2 when the round cannot be used, with one line on standard
error for each fault. With `--compile` nothing is read: the loops are compiled, so that no round waits for that.
"""

import argparse
import json
import os
import sys

from matchmaking.timetable.faults import BadRound
from matchmaking.timetable.reading import read, written
from matchmaking.timetable.solving import solve
from matchmaking.timetable.warming import compile_loops


def main(arguments: list[str] | None = None) -> int:
    """Read a round from standard input, write its timetable to standard output."""
    parser = argparse.ArgumentParser(prog="python -m matchmaking.timetable", description=__doc__)
    parser.add_argument("--compile", action="store_true", help="compile the loops, and solve nothing")
    if parser.parse_args(arguments).compile:
        compile_loops()
        return 0
    try:
        timetable = solve(read(sys.stdin.buffer.read()))
    except BadRound as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(written(timetable), indent=1))
    return 0


if __name__ == "__main__":
    try:
        code = main()
    except BrokenPipeError:
        # The reader has seen enough; keep Python from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)

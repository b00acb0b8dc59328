"""The ranking on a file: `python -m funding.ranking < call.json` prints ranking, cut, proposals and reserve as JSON.

Exit status 0 with an answer; 2 when the file cannot be used, with one line on standard error for each fault; 1 when the
output cannot be written.
"""

import argparse
import json
import sys

from core import streams
from funding.eligibility import Unusable
from funding.ranking.choosing import MOST_NODES
from funding.ranking.reading import read_ranking
from funding.ranking.writing import written

MOST_BYTES = 20_000_000


def main(arguments: list[str] | None = None) -> int:
    """Rank the applications of the standard input."""
    parser = argparse.ArgumentParser(prog="python -m funding.ranking", description=__doc__)
    parser.add_argument("--most-nodes", type=int, default=MOST_NODES, help="how long the best set is looked for")
    asked = parser.parse_args(arguments)
    text = sys.stdin.buffer.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        print(f"The file has more than {MOST_BYTES:,} bytes.", file=sys.stderr)
        return 2
    try:
        call = read_ranking(text)
    except Unusable as error:
        print("\n".join(error.faults), file=sys.stderr)
        return 2
    print(json.dumps(written(call, most_nodes=asked.most_nodes), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(streams.run(main))

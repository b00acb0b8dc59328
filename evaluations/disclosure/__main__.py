"""Disclosure control on files: `python -m evaluations.disclosure < table.json > protected.json`.

Exit status 0 with a protected table; 2 when the table cannot be used, with one line on standard error for each fault; 1
when the output cannot be written.
"""

import argparse
import json
import sys

from core import streams
from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.protecting import protect
from evaluations.disclosure.reading import read, written

_NOT_READ = 2


def main(arguments: list[str] | None = None) -> int:
    """Read a table from standard input, write it protected to standard output; the exit code."""
    argparse.ArgumentParser(prog="python -m evaluations.disclosure", description=__doc__).parse_args(arguments)
    try:
        table, published = read(b"" if sys.stdin is None else sys.stdin.buffer.read())
        protected = protect(table, published)
    except BadTable as error:
        print(error, file=sys.stderr)
        return _NOT_READ
    print(json.dumps(written(protected), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(streams.run(main))

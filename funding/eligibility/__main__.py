"""The rules on files: `python -m funding.eligibility CALL.json APPLICATION.json` prints one JSON line a rule.

Exit status 0 when every rule was looked at, whatever it said; 2 when a file cannot be used, with one line on standard
error for each fault; 1 when the output cannot be written.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core import streams
from funding.eligibility import Unusable, check, message, read_application, read_call

MOST_BYTES = 20_000_000
Read = TypeVar("Read")


def main(arguments: list[str] | None = None) -> int:
    """Check one application against one call."""
    parser = argparse.ArgumentParser(prog="python -m funding.eligibility", description=__doc__)
    parser.add_argument("call", metavar="CALL.json")
    parser.add_argument("application", metavar="APPLICATION.json")
    asked = parser.parse_args(arguments)
    faults: list[str] = []
    call = _read(read_call, asked.call, faults)
    application = _read(read_application, asked.application, faults)
    if call is None or application is None:
        print("\n".join(faults), file=sys.stderr)
        return 2
    for result in check(call, application):
        line = {"rule": result.rule, "verdict": result.verdict, "message": message(result), "source": result.source}
        print(json.dumps(line, ensure_ascii=False))
    return 0


def _read(reader: Callable[[bytes], Read], name: str, faults: list[str]) -> Read | None:
    try:
        return reader(_content(name))
    except Unusable as error:
        faults += [f"{name}: {fault}" for fault in error.faults]
        return None


def _content(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise Unusable([f"It cannot be read: {fault.strerror}."]) from None
    if len(content) > MOST_BYTES:
        raise Unusable([f"It has more than {MOST_BYTES:,} bytes."])
    return content


if __name__ == "__main__":
    sys.exit(streams.run(main))

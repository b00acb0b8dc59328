"""`python -m evaluations.reports < content.json > report.pdf`"""

import json
import sys

from core.typesetting import NotTypeset
from evaluations.reports.typesetting import typeset


def main() -> int:
    """Typesets the content of the standard input."""
    try:
        sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
    except NotTypeset as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m cluster_portal.sample OUT_DIR --today YYYY-MM-DD` writes every sample feed file."""

import argparse
from datetime import date
from pathlib import Path

from cluster_portal.sample import FILES, written


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m cluster_portal.sample", description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT_DIR")
    parser.add_argument("--today", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    options = parser.parse_args()
    for sample in FILES:
        for name, data in written(sample, today=options.today):
            path = options.out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(path)


if __name__ == "__main__":
    main()

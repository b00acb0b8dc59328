"""Files in, JSON lines out: `python -m opportunities.feeds FORMAT FILE...`.

One JSON object a record on standard output, one a refused record on standard error. Exit code 0 when each file was
read or refused record by record, 2 when a file is no such format at all (the others are still read), 1 when the output
cannot be written.
"""

import argparse
import json
import sys
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

from core import streams
from opportunities.feeds import AUTO, FORMATS, MAX_BYTES, NotThisFormat, Record, Refusal, read

_NOT_READ = 2


def main(arguments: list[str] | None = None) -> int:
    """Read the files and write what was found; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m opportunities.feeds", description=__doc__.partition("\n")[0])
    parser.add_argument(
        "format", choices=[*FORMATS, AUTO], metavar="FORMAT", help=f"one of {' '.join([*FORMATS, AUTO])}"
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--raw", action="store_true", help="write the source's own record as well")
    chosen = parser.parse_args(arguments)
    return max(_read_file(chosen.format, file, with_raw=chosen.raw) for file in chosen.files)


def _read_file(form: str, file: Path, *, with_raw: bool) -> int:
    try:
        for item in read(form, _content(file), file=str(file)):
            _write(item, with_raw=with_raw)
    except NotThisFormat as fault:
        _tell(Refusal(str(file), 0, fault.reason))
        return _NOT_READ
    return 0


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise NotThisFormat("The file is larger than 100 MB: split it.")
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)  # a device or a pipe has no size and may never end
    except OSError as fault:
        raise NotThisFormat(f"The file cannot be read: {fault.strerror or 'unknown fault'}.") from fault


def _write(item: Record | Refusal, *, with_raw: bool) -> None:
    if isinstance(item, Refusal):
        _tell(item)
    else:
        print(json.dumps(_record(item, with_raw=with_raw), ensure_ascii=False, default=_plain))


def _tell(refusal: Refusal) -> None:
    told = {"file": refusal.file, "position": refusal.position, "reason": refusal.reason}
    print(json.dumps(told, ensure_ascii=False), file=sys.stderr)


def _record(record: Record, *, with_raw: bool) -> dict[str, Any]:
    names = [field.name for field in fields(record) if with_raw or field.name != "raw"]
    return {name: getattr(record, name) for name in names}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


if __name__ == "__main__":
    sys.exit(streams.run(main))

"""JSON from strangers: parsed within limits, and what no database keeps is refused where it stands."""

import json
import re
from typing import Any

from ecosystem.exchange.types import MAX_DEPTH, Code, PacketRefused

_LONGEST_NUMBER = 40
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parsed(data: bytes) -> dict[str, Any]:
    """The object that the bytes hold. Raises PacketRefused (not_a_packet, too_complex)."""
    try:
        found = json.loads(
            data.decode("utf-8"), parse_int=_whole, parse_float=_real, parse_constant=_no, object_pairs_hook=_pairs
        )
    except RecursionError:
        raise _too_complex() from None
    except ValueError:
        raise PacketRefused(
            Code.NOT_A_PACKET,
            "What was signed is no JSON that every reader reads alike. Ask the sender to make the packet again.",
        ) from None
    if not isinstance(found, dict):
        raise PacketRefused(Code.NOT_A_PACKET, "What was signed is no JSON object. Ask the sender to make it again.")
    if _depth(found) > MAX_DEPTH:
        raise _too_complex()
    return found


def _too_complex() -> PacketRefused:
    return PacketRefused(
        Code.TOO_COMPLEX, f"The packet is nested more than {MAX_DEPTH} levels deep. Ask the sender to make it simpler."
    )


def is_storable(value: object) -> bool:
    """Whether every text of a value can be kept: neither NUL nor half of a surrogate pair."""
    if isinstance(value, str):
        return not _UNSTORABLE.search(value)
    if isinstance(value, dict):
        return all(is_storable(name) and is_storable(each) for name, each in value.items())
    return all(map(is_storable, value)) if isinstance(value, list) else True


def _depth(value: object) -> int:
    """How many levels of lists and objects there are, counted level by level: no recursion to run out of."""
    level, depth = [value], 0
    while level := [each for each in level if isinstance(each, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            break
        level = [inner for each in level for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def _whole(written: str) -> int:
    return int(_short(written))


def _real(written: str) -> float:
    value = float(_short(written))
    if value in {float("inf"), float("-inf")}:
        raise ValueError("no number")
    return value


def _short(written: str) -> str:
    if len(written) > _LONGEST_NUMBER:
        raise ValueError("too long for a number")
    return written


def _no(written: str) -> float:
    raise ValueError(f"{written} is no number of JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a name that stands there twice would be read differently by two readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found

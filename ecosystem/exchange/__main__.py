"""Packets on files, with JSON lines out: `python -m ecosystem.exchange verify|sign|keys ...`.

keys                                     makes a key pair; keep "private" secret
keys PRIVATE.key                         the public half of a private key
sign PACKET.json --key PRIVATE.key       signs an envelope as docs/exchange.md has it, and prints the packet
verify PACKET.jws --recipient ADDRESS --at 2027-05-03T08:00:00Z --peer INTRODUCTION.json
                                         judges a packet against what its sender's portal says of itself

Exit status 0 when a packet holds, 3 when it is refused, 2 when a file cannot be used, 1 when the output cannot be
written. `verify` trusts the keys of the peer's file: compare their fingerprint first.
"""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from core import streams
from ecosystem.exchange import bounded, introductions, packets
from ecosystem.exchange.keys import PrivateKey, UnusableKey, new_key, private_key
from ecosystem.exchange.packets import Expected, TrustedKey, verify
from ecosystem.exchange.types import MAX_BYTES, PacketRefused

_UNUSABLE, _REFUSED = 2, 3


def main(arguments: list[str] | None = None) -> int:
    """One of the three commands; the exit code."""
    asked = _parser().parse_args(arguments)
    act: Callable[[argparse.Namespace], int] = asked.act
    try:
        return act(asked)
    except PacketRefused as refused:
        _say({"refused": refused.code, "message": refused.message})
        return _REFUSED
    except (UnusableKey, introductions.NotIntroduced) as fault:
        print(fault, file=sys.stderr)
    except OSError as fault:
        print(f"{fault.filename}: {fault.strerror}", file=sys.stderr)
    return _UNUSABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ecosystem.exchange", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="verify|sign|keys")
    one = commands.add_parser("keys", help="makes a key pair, or shows the public half of one")
    one.add_argument("file", nargs="?", type=Path, metavar="PRIVATE.key")
    one.set_defaults(act=_keys)
    one = commands.add_parser("sign", help="signs an envelope")
    one.add_argument("file", type=Path, metavar="PACKET.json")
    one.add_argument("--key", type=Path, required=True, metavar="PRIVATE.key")
    one.set_defaults(act=_sign)
    one = commands.add_parser("verify", help="judges a packet")
    one.add_argument("file", type=Path, metavar="PACKET.jws")
    one.add_argument("--recipient", required=True, metavar="ADDRESS")
    one.add_argument("--at", required=True, type=_moment, metavar="MOMENT")
    one.add_argument("--peer", type=Path, action="append", default=[], metavar="INTRODUCTION.json")
    one.set_defaults(act=_verify)
    return parser


def _moment(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError("a moment has a zone")
    return found


def _keys(asked: argparse.Namespace) -> int:
    key = _private(asked.file) if asked.file else new_key()
    told: dict[str, Any] = {"id": key.public.id, "fingerprint": key.public.fingerprint, "public": key.public.jwk}
    _say(told if asked.file else {"private": key.written, **told})
    return 0


def _sign(asked: argparse.Namespace) -> int:
    print(packets.signed(bounded.parsed(_content(asked.file)), _private(asked.key)).decode("ascii"))
    return 0


def _verify(asked: argparse.Namespace) -> int:
    keys: dict[str, TrustedKey] = {}
    for file in asked.peer:
        content = _content(file)
        peer = introductions.read(content, address=str(bounded.parsed(content).get("address", "")))
        keys |= {key.id: TrustedKey(peer.address, key) for key in peer.keys}
    packet = verify(_content(asked.file), Expected(asked.recipient, keys, asked.at))
    _say(asdict(packet))
    return 0


def _private(file: Path) -> PrivateKey:
    return private_key(_content(file).decode("ascii", "replace"))


def _content(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)  # a device or a pipe has no size and may never end


def _say(told: dict[str, Any]) -> None:
    print(json.dumps(told, ensure_ascii=False, default=datetime.isoformat))


if __name__ == "__main__":
    sys.exit(streams.run(main))

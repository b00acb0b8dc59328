"""Signing a packet and judging one that comes: JWS in its compact form (RFC 7515) with Ed25519 (RFC 8037).

The signature covers the very bytes that are sent, so that nobody has to agree on how JSON is written.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

from ecosystem.exchange import bounded, records
from ecosystem.exchange.keys import PrivateKey, PublicKey
from ecosystem.exchange.types import (
    FORMAT,
    MAX_AGE,
    MAX_BYTES,
    MAX_RECORDS,
    VERSION,
    VERSIONS,
    Answer,
    Card,
    Code,
    Packet,
    PacketRefused,
    Part,
    RecordRefused,
    Withdrawn,
)

ALGORITHM = "EdDSA"
_JWS = PyJWS(algorithms=[ALGORITHM])
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_LARGEST = 2**53


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A key that somebody has confirmed, and whose it is; after `until` it counts no longer."""

    sender: str
    key: PublicKey
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What the receiver knows: who it is, whom it trusts, what time it is and what it has had before.

    `keys` goes from a key's id to the key; `has_had` and `last_sequence` are asked for a sender whose signature is
    proved. `ahead` is how far the sender's clock may be in front, `behind` how long a packet may have been on its way.
    """

    recipient: str
    keys: Mapping[str, TrustedKey]
    now: datetime
    has_had: Callable[[str, str], bool] = lambda _sender, _id: False
    last_sequence: Callable[[str], int] = lambda _sender: 0
    ahead: timedelta = timedelta(minutes=5)
    behind: timedelta = MAX_AGE


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be sent. `sequence` counts the packets from this sender to this recipient, from 1."""

    id: UUID
    sender: str
    recipient: str
    sent_at: datetime
    sequence: int
    opportunities: tuple[Mapping[str, Any], ...] = ()
    cards: tuple[Card, ...] = ()
    answers: tuple[Answer, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()


def sign(packet: Outgoing, key: PrivateKey) -> bytes:
    """The packet as it is sent. Raises PacketRefused (too_large) when no receiver would take it."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "id": str(packet.id),
        "sender": packet.sender,
        "recipient": packet.recipient,
        "sent_at": f"{packet.sent_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "sequence": packet.sequence,
        "payload": {
            Part.OPPORTUNITIES.value: [dict(each) for each in packet.opportunities],
            Part.CARDS.value: [_without_nothing(asdict(each)) for each in packet.cards],
            Part.ANSWERS.value: [_without_nothing(asdict(each)) for each in packet.answers],
            Part.WITHDRAWN.value: [asdict(each) for each in packet.withdrawn],
        },
    }
    return signed(told, key)


def signed(told: Mapping[str, Any], key: PrivateKey) -> bytes:
    """Any envelope, signed as it is: what `sign` makes, or a packet that somebody wrote by hand."""
    content = json.dumps(told, separators=(",", ":")).encode()
    headers = {"typ": FORMAT, "kid": key.public.id}
    data = _JWS.encode(content, key.for_signing(), ALGORITHM, headers).encode("ascii")
    _insist_size(data)
    return data


def _without_nothing(told: dict[str, Any]) -> dict[str, Any]:
    inner = {name: _without_nothing(each) if isinstance(each, dict) else each for name, each in told.items()}
    return {name: each for name, each in inner.items() if each not in ("", (), None)}


def verify(data: bytes, expected: Expected) -> Packet:
    """The packet, if everything about it holds. Raises PacketRefused with the first fault, in the order of `Code`.

    Faulty records do not refuse the packet: they stand in its `refused`.
    """
    _insist_size(data)
    data = data.strip()  # a file that was saved by hand may end in a line break
    header, told = _opened(data)
    _insist_form(header, told)
    if told.get("recipient") != expected.recipient:
        raise PacketRefused(
            Code.WRONG_RECIPIENT,
            f"The packet is not for this portal, whose address is {expected.recipient}. "
            "Ask the sender to address it anew.",
        )
    _insist_signature(data, header, told.get("sender"), expected)
    envelope = _envelope(told)
    _insist_time(envelope["sent_at"], expected)
    _insist_new(envelope, expected)
    return _taken(header["kid"], envelope, told["payload"])


def peek(data: bytes) -> tuple[str, str]:
    """The sender and id that a packet claims, unproved, to file a refused one; ("", "") when it claims none."""
    try:
        _insist_size(data)
        _header, told = _opened(data.strip())
    except PacketRefused:
        return "", ""
    sender, own = told.get("sender"), told.get("id")
    claimed = [each if isinstance(each, str) and bounded.is_storable(each) else "" for each in (sender, own)]
    return claimed[0][:200], claimed[1][:36]


def _insist_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise PacketRefused(
            Code.TOO_LARGE,
            f"The packet is larger than {MAX_BYTES // 2**20} MB. Ask the sender to send less at a time.",
        )


def _opened(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the content, neither of them proved yet."""
    try:
        found = _JWS.decode_complete(data, options={"verify_signature": False})
    except (InvalidTokenError, ValueError):
        raise PacketRefused(
            Code.NOT_A_PACKET, "This is no signed packet. Ask the sender for the file as its portal wrote it."
        ) from None
    return found["header"], bounded.parsed(found["payload"])


def _insist_form(header: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    if header.get("typ") != FORMAT or told.get("format") != FORMAT:
        raise PacketRefused(
            Code.UNKNOWN_FORMAT, f"The packet is signed, but it is no {FORMAT}. Ask the sender what it is."
        )
    version = told.get("version")
    if isinstance(version, bool) or version not in VERSIONS:
        spoken = ", ".join(map(str, VERSIONS))
        raise PacketRefused(
            Code.UNKNOWN_VERSION,
            f"The packet is of a version that this portal does not read. It reads {spoken}. "
            "Ask the sender to use it, or update this portal.",
        )


def _insist_signature(data: bytes, header: Mapping[str, Any], sender: object, expected: Expected) -> None:
    trusted = expected.keys.get(header.get("kid", ""))
    if not any(each.sender == sender for each in expected.keys.values()):
        raise PacketRefused(
            Code.UNKNOWN_SENDER,
            "No partner with this address is confirmed here. Add the sender's portal and confirm its key first.",
        )
    if not trusted or trusted.sender != sender or (trusted.until and trusted.until < expected.now):
        raise PacketRefused(
            Code.UNKNOWN_KEY,
            "The packet is signed with a key that nobody has confirmed for this sender. "
            "Compare its fingerprint by telephone and confirm it, then try again.",
        )
    try:
        _JWS.decode(data, trusted.key.for_checking(), [ALGORITHM])
    except (InvalidTokenError, ValueError):
        raise PacketRefused(
            Code.BAD_SIGNATURE,
            "The signature does not fit: the packet was changed on its way, or the sender did not write it. "
            "Nothing was taken. Ask the sender by telephone.",
        ) from None


def _envelope(told: Mapping[str, Any]) -> dict[str, Any]:
    """The envelope's values, read. Raises PacketRefused (not_a_packet) for what is none of a packet."""
    try:
        sent_at = told["sent_at"] if _MOMENT.fullmatch(told["sent_at"]) else ""
        found = {
            "id": str(UUID(told["id"])),
            "version": told["version"],
            "sender": told["sender"],
            "recipient": told["recipient"],
            "sent_at": datetime.fromisoformat(sent_at),
            "sequence": told["sequence"],
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise _incomplete("id, sent_at and sequence") from None
    number = found["sequence"]
    if isinstance(number, bool) or not isinstance(number, int) or not 0 < number < _LARGEST:
        raise _incomplete("a sequence from 1")
    payload = told.get("payload")
    if not isinstance(payload, dict) or not all(isinstance(payload.get(part, []), list) for part in Part):
        raise _incomplete("a payload with lists")
    if sum(len(payload.get(part, [])) for part in Part) > MAX_RECORDS:
        raise PacketRefused(
            Code.TOO_COMPLEX, f"The packet has more than {MAX_RECORDS} records. Ask the sender to send less at a time."
        )
    return found


def _incomplete(wanted: str) -> PacketRefused:
    return PacketRefused(
        Code.NOT_A_PACKET, f"The packet lacks {wanted} as the format has them. Ask the sender to make it again."
    )


def _insist_time(sent_at: datetime, expected: Expected) -> None:
    if sent_at > expected.now + expected.ahead:
        raise PacketRefused(
            Code.FROM_THE_FUTURE,
            f"The packet was sent at {sent_at:%H:%M} UTC on {sent_at.day} {sent_at:%B %Y}, which is still to come. "
            "Ask the sender to set its clock, then to send it again.",
        )
    if sent_at < expected.now - expected.behind:
        raise PacketRefused(
            Code.TOO_OLD, f"The packet is older than {expected.behind.days} days. Ask the sender to send it anew."
        )


def _insist_new(envelope: Mapping[str, Any], expected: Expected) -> None:
    if expected.has_had(envelope["sender"], envelope["id"]):
        raise PacketRefused(
            Code.REPLAYED, "This packet was taken before. Nothing was taken twice, and there is nothing to do."
        )
    last = expected.last_sequence(envelope["sender"])
    if envelope["sequence"] <= last:
        raise PacketRefused(
            Code.OUT_OF_ORDER,
            f"This is packet {envelope['sequence']}, and packet {last} of this sender was taken before: "
            "what it says is out of date. Ask the sender to send anew what is missing.",
        )


def _taken(key_id: str, envelope: dict[str, Any], payload: Mapping[str, Any]) -> Packet:
    refused: list[RecordRefused] = []
    rows = {part: payload.get(part, []) for part in Part}
    return Packet(
        key_id=key_id,
        **envelope,
        opportunities=records.opportunities(rows[Part.OPPORTUNITIES], refused),
        cards=records.cards(rows[Part.CARDS], refused),
        answers=records.answers(rows[Part.ANSWERS], refused),
        withdrawn=records.withdrawals(rows[Part.WITHDRAWN], refused),
        refused=tuple(refused),
    )

"""What portals exchange: the packet, its records, and every way in which one is refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

FORMAT = "cluster-exchange"
VERSION = 1
VERSIONS = (VERSION,)
MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 8
MAX_RECORDS = 2_000
MAX_AGE = timedelta(days=30)


class Code(StrEnum):
    """Why a packet is refused, in the order in which it is looked at."""

    TOO_LARGE = "too_large"
    NOT_A_PACKET = "not_a_packet"
    TOO_COMPLEX = "too_complex"
    UNKNOWN_FORMAT = "unknown_format"
    UNKNOWN_VERSION = "unknown_version"
    WRONG_RECIPIENT = "wrong_recipient"
    UNKNOWN_SENDER = "unknown_sender"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    FROM_THE_FUTURE = "from_the_future"
    TOO_OLD = "too_old"
    REPLAYED = "replayed"
    OUT_OF_ORDER = "out_of_order"


class PacketRefused(ValueError):
    """The packet as a whole is not taken; `code` is for programs, `message` says to a person what to do."""

    def __init__(self, code: Code, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Part(StrEnum):
    """The four lists of a packet."""

    OPPORTUNITIES = "opportunities"
    CARDS = "cards"
    ANSWERS = "answers"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class RecordRefused:
    """One record that is not taken: its list, its place there from 1, its id if it has one, and what to do."""

    part: Part
    position: int
    id: str
    message: str


@dataclass(frozen=True, slots=True)
class Revealed:
    """Who stands behind a card, as far as the company has agreed."""

    name: str
    town: str = ""
    website: str = ""
    summary: str = ""
    contact_name: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A company without its name, as it is shown to a partner abroad; `revealed` comes with its consent only.

    `purpose` says what it is shown for. `country` is ISO 3166 alpha-2, `region` NUTS-1 or the country again.
    """

    id: str
    purpose: str
    kind: str = "company"
    size_class: str = ""
    country: str = ""
    region: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    revealed: Revealed | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the receiver of a card says of it."""

    card: str
    answer: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A record that counts no longer: `part` is opportunities or cards."""

    part: Part
    id: str


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet that was checked and may be taken over.

    `opportunities` holds each record as it came, with its place from 1: the feed "exchange" reads them. What was left
    out of the four lists stands in `refused`.
    """

    id: str
    version: int
    sender: str
    recipient: str
    sent_at: datetime
    sequence: int
    key_id: str
    opportunities: tuple[dict[str, Any], ...] = ()
    cards: tuple[Card, ...] = ()
    answers: tuple[Answer, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    refused: tuple[RecordRefused, ...] = ()

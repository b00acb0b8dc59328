"""How a portal introduces itself: the page /.well-known/cluster-portal.json with its name, versions and keys."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from ecosystem.exchange import bounded
from ecosystem.exchange.keys import PublicKey, UnusableKey, public_key
from ecosystem.exchange.types import FORMAT, VERSIONS, PacketRefused

PATH = "/.well-known/cluster-portal.json"
MAX_BYTES = 64 * 1024
MAX_KEYS = 5


class NotIntroduced(ValueError):
    """What stands at the address is no introduction of a portal; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Introduction:
    """Who a portal says it is. None of it is proved before somebody compares a key's fingerprint."""

    address: str
    name: str
    versions: tuple[int, ...]
    inbox: str
    keys: tuple[PublicKey, ...]


def address_of(written: str) -> str:
    """A portal's address as packets write it: scheme and host in small letters, nothing after them.

    Raises NotIntroduced.
    """
    wanted = "A portal's address is https:// and its host, for example https://portal.cluster.example."
    try:
        parts = urlsplit(written.strip())
        port = parts.port
    except ValueError:
        raise NotIntroduced(wanted) from None
    plain = not (parts.username or parts.password or parts.query or parts.fragment) and parts.path in {"", "/"}
    if parts.scheme not in {"https", "http"} or not parts.hostname or not plain:
        raise NotIntroduced(wanted)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def introduce(*, address: str, name: str, inbox: str, keys: Iterable[PublicKey]) -> dict[str, object]:
    """What the page says, as JSON values."""
    return {
        "format": FORMAT,
        "versions": list(VERSIONS),
        "address": address,
        "name": name,
        "inbox": inbox,
        "keys": [key.jwk | {"kid": key.id} for key in keys],
    }


def read(data: bytes, *, address: str) -> Introduction:
    """The introduction that was found at `address`. Raises NotIntroduced.

    It speaks for its own address alone: an inbox elsewhere would let one portal give out another's.
    """
    wanted = f"{address} does not introduce itself as a cluster portal. Check the address with the partner."
    try:
        told = bounded.parsed(data[: MAX_BYTES + 1])
        keys = tuple(public_key(each) for each in told["keys"][:MAX_KEYS])
        name, inbox, versions = told["name"], told["inbox"], tuple(told["versions"])
        speaks = not set(VERSIONS).isdisjoint(versions)
    except (PacketRefused, UnusableKey, KeyError, TypeError):
        raise NotIntroduced(wanted) from None
    texts = isinstance(name, str) and isinstance(inbox, str) and bounded.is_storable([name, inbox])
    if told.get("format") != FORMAT or not keys or not texts:
        raise NotIntroduced(wanted)
    if told.get("address") != address or not inbox.startswith(f"{address}/"):
        raise NotIntroduced(f"The portal at {address} says that it has another address. Use the one that it names.")
    if not speaks:
        spoken = ", ".join(map(str, VERSIONS))
        raise NotIntroduced(f"The portal at {address} speaks no version that this one reads ({spoken}).")
    return Introduction(address, name[:200], versions, inbox[:300], keys)

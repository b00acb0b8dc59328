"""Key pairs of portals: Ed25519 (RFC 8032) as JSON Web Keys (RFC 8037), named by their thumbprint (RFC 7638)."""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
_GROUPS, _GROUP = 8, 4


class UnusableKey(ValueError):
    """The text or object is no key; the message says what is wanted."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What a portal's signatures are checked with; `raw` has 32 bytes."""

    raw: bytes

    @property
    def id(self) -> str:
        """The thumbprint: base64url of SHA-256 over the key's members in their order (RFC 7638, section 3)."""
        return _encoded(self._digest)

    @property
    def fingerprint(self) -> str:
        """The first half of the thumbprint in eight groups of four digits, to be read aloud and compared."""
        digits = self._digest.hex()
        return " ".join(digits[start : start + _GROUP] for start in range(0, _GROUPS * _GROUP, _GROUP))

    @property
    def jwk(self) -> dict[str, str]:
        """The key as a JSON Web Key."""
        return {"crv": "Ed25519", "kty": "OKP", "x": _encoded(self.raw)}

    @property
    def _digest(self) -> bytes:
        return hashlib.sha256(json.dumps(self.jwk, separators=(",", ":"), sort_keys=True).encode()).digest()

    def for_checking(self) -> Ed25519PublicKey:
        """The key as the library takes it."""
        return Ed25519PublicKey.from_public_bytes(self.raw)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """What a portal signs with; `seed` has 32 bytes. It is written nowhere but where the operator keeps it."""

    seed: bytes

    def __repr__(self) -> str:
        return f"PrivateKey({self.public.id})"

    @property
    def public(self) -> PublicKey:
        """Its other half."""
        return PublicKey(self.for_signing().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))

    @property
    def written(self) -> str:
        """The key as a setting holds it: 43 letters of base64url."""
        return _encoded(self.seed)

    def for_signing(self) -> Ed25519PrivateKey:
        """The key as the library takes it."""
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_key() -> PrivateKey:
    """A key that nobody else has."""
    return PrivateKey(secrets.token_bytes(KEY_BYTES))


def private_key(written: str) -> PrivateKey:
    """The key that a setting holds. Raises UnusableKey."""
    return PrivateKey(_decoded(written.strip(), "The private key is 43 letters of base64url."))


def public_key(jwk: object) -> PublicKey:
    """The key of a JSON Web Key. Raises UnusableKey for anything else than an Ed25519 public key."""
    wanted = "A public key is an object with kty OKP, crv Ed25519 and 43 letters in x."
    if not isinstance(jwk, Mapping) or jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519":
        raise UnusableKey(wanted)
    x: Any = jwk.get("x")
    return PublicKey(_decoded(x if isinstance(x, str) else "", wanted))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _decoded(written: str, wanted: str) -> bytes:
    try:
        raw = base64.b64decode(written.encode("ascii") + b"=", altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise UnusableKey(wanted) from None
    if len(raw) != KEY_BYTES or _encoded(raw) != written:
        raise UnusableKey(wanted)
    return raw

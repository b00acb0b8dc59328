"""Keys by the RFCs' own examples, and how a portal introduces itself."""

import json

import pytest

from ecosystem.exchange import NotIntroduced, UnusableKey, address_of, introduce, new_key, private_key, public_key
from ecosystem.exchange.introductions import read
from tests.ecosystem.packets import KEY, OTHER_KEY, SENDER

# RFC 8037, appendix A.
PRIVATE = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"
PUBLIC = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_key_of_the_standard_has_the_standard_thumbprint():
    key = private_key(PRIVATE)

    assert key.public == public_key(PUBLIC)
    assert (key.public.jwk, key.public.id, key.written) == (PUBLIC, THUMBPRINT, PRIVATE)


def test_fingerprint_can_be_read_aloud():
    groups = private_key(PRIVATE).public.fingerprint.split()

    assert (len(groups), {len(group) for group in groups}) == (8, {4})
    assert "".join(groups) == "90facafea9b1556698540f70c0117a22"


def test_private_key_is_not_told_by_accident():
    assert PRIVATE not in repr(private_key(PRIVATE)) + str([private_key(PRIVATE)])
    assert new_key() != new_key()


@pytest.mark.parametrize("text", ["", "short", PRIVATE[:-1], PRIVATE + "A", PRIVATE[:-1] + "B", "ä" * 43, "+" * 43])
def test_text_that_is_no_key_is_refused(text):
    with pytest.raises(UnusableKey):
        private_key(text)
    with pytest.raises(UnusableKey):
        public_key(PUBLIC | {"x": text})


@pytest.mark.parametrize("jwk", [None, [], {}, PUBLIC | {"crv": "X25519"}, PUBLIC | {"kty": "EC"}, PUBLIC | {"x": 3}])
def test_object_that_is_no_key_is_refused(jwk):
    with pytest.raises(UnusableKey):
        public_key(jwk)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://Portal.Kyst.example/", "https://portal.kyst.example"),
        (" http://localhost:8182 ", "http://localhost:8182"),
        ("https://[::1]:8443", "https://[::1]:8443"),
    ],
)
def test_address_is_written_in_one_way(written, address):
    assert address_of(written) == address


@pytest.mark.parametrize(
    "written",
    [
        *["", "portal.kyst.example", "ftp://x", "https://", "https://a@b", "https://a/b"],
        *["https://a?b", "https://a:x", "http://[", "https://a#b"],
    ],
)  # fmt: skip
def test_address_that_is_none_is_refused(written):
    with pytest.raises(NotIntroduced, match="https://"):
        address_of(written)


def introduction(**changed):
    told = introduce(
        address=SENDER, name="Kyst Klynge", inbox=f"{SENDER}/exchange/inbox/", keys=[KEY.public, OTHER_KEY.public]
    )
    return json.dumps(told | changed).encode()


def test_introduction_is_read_as_it_was_written():
    found = read(introduction(), address=SENDER)

    assert (found.address, found.name, found.versions) == (SENDER, "Kyst Klynge", (1,))
    assert (found.inbox, found.keys) == (f"{SENDER}/exchange/inbox/", (KEY.public, OTHER_KEY.public))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html>", "does not introduce itself"),
        (b"[]", "does not introduce itself"),
        (b"x" * 70_000, "does not introduce itself"),
        (introduction(format="shop"), "does not introduce itself"),
        (introduction(keys=[]), "does not introduce itself"),
        (introduction(keys=[{"kty": "RSA"}]), "does not introduce itself"),
        (introduction(keys={}), "does not introduce itself"),
        (introduction(name=4), "does not introduce itself"),
        (introduction(versions=[[]]), "does not introduce itself"),
        (introduction(versions=[2, 3]), "speaks no version that this one reads (1)"),
        (introduction(address="https://other.example"), "another address"),
        (introduction(inbox="https://other.example/inbox/"), "another address"),
        (introduction(inbox=f"{SENDER}.evil.example/"), "another address"),
    ],
)
def test_introduction_that_is_none_or_speaks_for_another_is_refused(data, said):
    with pytest.raises(NotIntroduced) as caught:
        read(data, address=SENDER)
    assert said in str(caught.value)

"""A packet is taken when everything about it holds, and refused with one clear reason otherwise."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ecosystem.exchange import Code, PacketRefused, TrustedKey, peek, sign, verify
from ecosystem.exchange.packets import signed
from ecosystem.exchange.types import MAX_BYTES
from tests.ecosystem.packets import (
    KEY,
    NOW,
    OTHER_KEY,
    RECIPIENT,
    SENDER,
    envelope,
    expected,
    outgoing,
    packet,
    written,
)

PACKET = packet()


def refusal(data: bytes, **changed: object) -> PacketRefused:
    with pytest.raises(PacketRefused) as caught:
        verify(data, expected(**changed))
    return caught.value


def test_what_was_sent_is_what_is_taken():
    sent = outgoing()

    found = verify(sign(sent, KEY), expected())

    assert (found.id, found.sender, found.recipient, found.sequence) == (str(sent.id), SENDER, RECIPIENT, 1)
    assert found.sent_at == sent.sent_at
    assert found.opportunities == tuple(map(dict, sent.opportunities))
    assert found.cards == sent.cards
    assert (found.key_id, found.refused) == (KEY.public.id, ())


def test_any_library_can_prove_the_signature_from_the_bytes_alone():
    """RFC 7515: the signature covers the two parts before it as they stand."""
    content, _, signature = PACKET.rpartition(b".")

    Ed25519PublicKey.from_public_bytes(KEY.public.raw).verify(base64.urlsafe_b64decode(signature + b"=="), content)

    header = json.loads(base64.urlsafe_b64decode(content.split(b".")[0] + b"=="))
    assert header == {"alg": "EdDSA", "kid": KEY.public.id, "typ": "cluster-exchange"}


@given(st.integers(0, len(PACKET) * 8 - 1))
@settings(max_examples=400)
def test_any_single_changed_bit_is_refused(place):
    changed = bytearray(PACKET)
    changed[place // 8] ^= 1 << place % 8

    refusal(bytes(changed))


def test_every_single_changed_bit_of_the_signature_is_refused():
    """Its last letter has bits that carry nothing: they count as well."""
    start = PACKET.rindex(b".")
    for place in range(start * 8, len(PACKET) * 8):
        changed = bytearray(PACKET)
        changed[place // 8] ^= 1 << place % 8
        refusal(bytes(changed))


@given(st.binary(max_size=400))
@example(b"")
@example(b"..")
@example(b"eyJhbGciOiJFZERTQSJ9..")
@example(b"bnVsbA.bnVsbA.AA")
def test_arbitrary_bytes_are_refused_and_nothing_else_happens(data):
    assert refusal(data).code == Code.NOT_A_PACKET
    assert peek(data) == ("", "")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from([*envelope(), "extra"]), JSON))
@settings(max_examples=300)
def test_whatever_a_partner_signs_raises_refusals_only(changed):
    told = ""
    try:
        told = verify(written(**changed), expected()).sender
    except PacketRefused as refused:
        told = refused.message
    assert told == SENDER or told.endswith(".")


@given(
    st.dictionaries(
        st.sampled_from(["opportunities", "cards", "answers", "withdrawn"]),
        st.lists(
            JSON
            | st.dictionaries(
                st.sampled_from(["id", "kind", "title", "purpose", "card", "answer", "part", "revealed", "codes"]),
                JSON,
            ),
            max_size=4,
        ),
    )
)
@settings(max_examples=300)
def test_each_record_is_taken_or_refused_and_none_is_lost(payload):
    found = verify(written(payload=payload), expected())

    taken = len(found.opportunities) + len(found.cards) + len(found.answers) + len(found.withdrawn)
    assert taken + len(found.refused) == sum(map(len, payload.values()))
    assert all(each.message.endswith(".") for each in found.refused)


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"x" * (MAX_BYTES + 1), Code.TOO_LARGE, "larger than 2 MB"),
        (b"{}", Code.NOT_A_PACKET, "no signed packet"),
        (signed([1], KEY), Code.NOT_A_PACKET, "no JSON object"),
        (written(payload={"cards": 3}), Code.NOT_A_PACKET, "lists"),
        (written(id="17"), Code.NOT_A_PACKET, "id"),
        (written(sequence=0), Code.NOT_A_PACKET, "sequence"),
        (written(sent_at="yesterday"), Code.NOT_A_PACKET, "sent_at"),
        (written(payload=[[[[[[[[[]]]]]]]]]), Code.TOO_COMPLEX, "levels deep"),
        (written(payload={"withdrawn": [{}] * 2001}), Code.TOO_COMPLEX, "2000 records"),
        (written(format="invoice"), Code.UNKNOWN_FORMAT, "no cluster-exchange"),
        (written(version=2), Code.UNKNOWN_VERSION, "It reads 1."),
        (written(version=True), Code.UNKNOWN_VERSION, "It reads 1."),
        (written(recipient="https://elsewhere.example"), Code.WRONG_RECIPIENT, RECIPIENT),
        (written(sender="https://nobody.example"), Code.UNKNOWN_SENDER, "confirm"),
        (written(OTHER_KEY), Code.UNKNOWN_KEY, "fingerprint"),
        (written(sent_at="2027-05-03T08:06:00Z"), Code.FROM_THE_FUTURE, "08:06 UTC on 3 May 2027"),
        (written(sent_at="2027-04-03T07:59:00Z"), Code.TOO_OLD, "30 days"),
    ],
    ids=lambda value: value.value if isinstance(value, Code) else "",
)
def test_each_fault_has_its_code_and_says_what_to_do(data, code, said):
    refused = refusal(data)

    assert (refused.code, said in refused.message) == (code, True), refused.message


def test_content_that_was_exchanged_under_the_signature_is_refused():
    header, _, signature = PACKET.split(b".")
    content = base64.urlsafe_b64encode(json.dumps(envelope()).encode()).rstrip(b"=")

    assert refusal(b".".join([header, content, signature])).code == Code.BAD_SIGNATURE


def test_key_that_names_another_and_signs_itself_is_refused():
    """The header is the sender's word: the key that was confirmed is what counts."""
    forged = signed(envelope(), OTHER_KEY)
    header = base64.urlsafe_b64encode(
        json.dumps({"alg": "EdDSA", "kid": KEY.public.id, "typ": "cluster-exchange"}).encode()
    )

    assert refusal(header.rstrip(b"=") + forged[forged.index(b".") :]).code == Code.BAD_SIGNATURE


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "Ed448"])
def test_another_algorithm_is_refused(algorithm):
    header = {"alg": algorithm, "kid": KEY.public.id, "typ": "cluster-exchange"}
    replaced = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=") + PACKET[PACKET.index(b".") :]

    assert refusal(replaced).code == Code.BAD_SIGNATURE


def test_one_partner_cannot_speak_for_another():
    keys = {
        KEY.public.id: TrustedKey(SENDER, KEY.public),
        OTHER_KEY.public.id: TrustedKey("https://other.example", OTHER_KEY.public),
    }

    assert refusal(written(OTHER_KEY), keys=keys).code == Code.UNKNOWN_KEY


def test_old_key_counts_until_its_last_day():
    def keys(until):
        return {KEY.public.id: TrustedKey(SENDER, KEY.public, until)}

    assert verify(PACKET, expected(keys=keys(NOW))).sender == SENDER
    assert refusal(PACKET, keys=keys(NOW - timedelta(seconds=1))).code == Code.UNKNOWN_KEY


def test_packet_that_was_taken_before_is_refused_as_such():
    refused = refusal(PACKET, has_had=lambda sender, own: (sender, own) == (SENDER, str(outgoing().id)))

    assert refused.code == Code.REPLAYED
    assert "nothing to do" in refused.message


def test_packet_that_a_later_one_has_overtaken_is_refused():
    refused = refusal(PACKET, last_sequence=lambda sender: 4)

    assert refused.code == Code.OUT_OF_ORDER
    assert "packet 1, and packet 4" in refused.message


def test_clocks_may_differ_a_little_and_the_window_can_be_set():
    early = packet(sent_at=NOW + timedelta(minutes=5))
    assert verify(early, expected()).sent_at == NOW + timedelta(minutes=5)
    assert refusal(early, ahead=timedelta(minutes=4)).code == Code.FROM_THE_FUTURE
    assert refusal(PACKET, behind=timedelta(seconds=59)).code == Code.TOO_OLD


def test_nothing_of_a_refused_packet_is_asked_about():
    """What was had before is told to a proved sender alone."""

    def never(*_asked):
        raise AssertionError("asked")

    assert refusal(written(OTHER_KEY), has_had=never, last_sequence=never).code == Code.UNKNOWN_KEY


@pytest.mark.parametrize(
    "content", [b'{"format":1,"format":2}', b'{"a":NaN}', b'{"a":1e999}', b'{"a":' + b"9" * 400 + b"}", b"\xff{}", b"["]
)
def test_json_that_two_readers_would_read_differently_is_none(content):
    from ecosystem.exchange.packets import _JWS

    data = _JWS.encode(content, KEY.for_signing(), "EdDSA", {"typ": "cluster-exchange", "kid": KEY.public.id})

    assert refusal(data.encode()).code == Code.NOT_A_PACKET


def test_bottomless_json_is_refused():
    from ecosystem.exchange.packets import _JWS

    data = _JWS.encode(b"[" * 200_000, KEY.for_signing(), "EdDSA", {"typ": "cluster-exchange"})

    assert refusal(data.encode()).code in {Code.TOO_COMPLEX, Code.NOT_A_PACKET}


def test_packet_that_no_receiver_would_take_is_not_signed():
    told = replace(outgoing(), opportunities=({"id": "1", "text": "x" * MAX_BYTES},))

    with pytest.raises(PacketRefused) as caught:
        sign(told, KEY)
    assert caught.value.code == Code.TOO_LARGE


def test_peek_files_what_a_packet_claims():
    assert peek(PACKET) == (SENDER, str(outgoing().id))
    assert peek(written(sender="\ud800", id=3)) == ("", "")

"""The command line: what another vendor tries a packet out with."""

import json

import pytest

from ecosystem.exchange import introduce
from ecosystem.exchange.__main__ import main
from tests.ecosystem.packets import KEY, RECIPIENT, SENDER, envelope, packet


@pytest.fixture
def files(tmp_path):
    told = introduce(address=SENDER, name="Kyst Klynge", inbox=f"{SENDER}/exchange/inbox/", keys=[KEY.public])
    (tmp_path / "peer.json").write_text(json.dumps(told))
    (tmp_path / "private.key").write_text(KEY.written + "\n")
    (tmp_path / "packet.json").write_text(json.dumps(envelope()))
    (tmp_path / "packet.jws").write_bytes(packet())
    return tmp_path


def verified(files, name="packet.jws", *more):
    asked = [str(files / name), "--recipient", RECIPIENT, "--at", "2027-05-03T08:00:00Z", *more]
    return main(["verify", *asked, "--peer", str(files / "peer.json")])


def test_packet_that_was_signed_here_holds(files, capsys):
    assert main(["sign", str(files / "packet.json"), "--key", str(files / "private.key")]) == 0
    (files / "signed.jws").write_text(capsys.readouterr().out)

    assert verified(files, "signed.jws") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["sender"], told["sequence"], told["opportunities"][0]["id"]) == (SENDER, 1, "kyst-17")


def test_altered_packet_is_refused_with_its_reason(files, capsys):
    (files / "packet.jws").write_bytes(packet()[:-20] + b"AAAA" + packet()[-16:])

    assert verified(files) == 3
    told = json.loads(capsys.readouterr().out)
    assert told["refused"] == "bad_signature"
    assert "Nothing was taken" in told["message"]


def test_keys_are_made_and_their_public_half_is_shown(files, capsys):
    assert main(["keys"]) == 0
    made = json.loads(capsys.readouterr().out)
    (files / "made.key").write_text(made.pop("private"))

    assert main(["keys", str(files / "made.key")]) == 0
    assert json.loads(capsys.readouterr().out) == made


@pytest.mark.parametrize(("name", "content"), [("private.key", "none"), ("peer.json", "{}"), ("missing", None)])
def test_file_that_cannot_be_used_is_named(files, capsys, name, content):
    if content is not None:
        (files / name).write_text(content)
    key = files / ("missing" if content is None else "private.key")

    codes = [main(["sign", str(files / "packet.json"), "--key", str(key)]), verified(files)]

    assert 2 in codes
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    assert told.err.strip()

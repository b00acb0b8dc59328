"""The sample cluster's rounds are believable: known codes, invented addresses, members and clusters that exist."""

import re
import tomllib
from collections import Counter
from datetime import time
from urllib.parse import urlsplit

import pytest

from cluster_portal.sample import CONTENT
from core import codelists
from matchmaking.models import Outcome, Round, Seat
from members.models import SizeClass
from tests.sample.test_members_content import ORGANISATIONS, PEOPLE, RICH, slug

TOLD = tomllib.loads((CONTENT / "rounds.toml").read_text(encoding="utf-8"))
ROUNDS, GUESTS = TOLD["round"], TOLD["guest"]
PARTNERS = {o["name"] for o in ORGANISATIONS if o["standing"] == "partner" and o["kind"] == "cluster"}

each_round = pytest.mark.parametrize("told", ROUNDS, ids=lambda told: told["key"])
each_guest = pytest.mark.parametrize("guest", GUESTS, ids=lambda guest: guest["company"])


def minutes(text):
    moment = time.fromisoformat(text)
    return moment.hour * 60 + moment.minute


def test_one_round_is_over_one_open_and_one_planned():
    assert [told["state"] for told in ROUNDS] == ["over", "open", "planned"]
    assert ROUNDS[0]["weeks"] < 0 < ROUNDS[1]["weeks"] < ROUNDS[2]["weeks"]


def test_both_foreign_clusters_bring_about_twenty_companies():
    assert Counter(guest["cluster"] for guest in GUESTS) == {
        "Emajõe Water Cluster": 24,
        "Maresia Clean Ocean Cluster": 20,
    }


def test_the_open_round_has_three_countries():
    coming = Counter(guest["country"] for guest in GUESTS if "baltic-atlantic" in guest["rounds"])
    assert set(coming) == {"EE", "PT"}
    assert min(coming.values()) >= 15
    assert len(ROUNDS[1]["members"]) == 28


@each_round
def test_round_is_set_up_in_known_terms(told):
    assert told["place"] in Round.Place
    assert told["mode"] in Round.Mode
    assert bool(told["venue"]) == (told["place"] != Round.Place.ONLINE)
    assert 1 <= told["weekday"] <= 5
    assert told["minimum"] <= told["quota"]
    assert len(told["aim"].split()) <= 25


@each_round
def test_programme_is_in_order_and_cut_without_rest(told):
    ends = [minutes(session["to"]) for session in told["sessions"]]
    starts = [minutes(session["from"]) for session in told["sessions"]]
    assert starts[1:] == ends[:-1]
    for session, start, end in zip(told["sessions"], starts, ends, strict=True):
        assert start < end
        if session["kind"] == "meetings":
            each = session["slot_minutes"] + session["pause_minutes"]
            assert (end - start) % each in (0, session["slot_minutes"])


@each_round
def test_members_have_a_profile_and_partners_places_enough(told):
    filled = {organisation["name"] for organisation in RICH if organisation["standing"] == "member"}
    assert set(told["members"]) <= filled
    assert len(set(told["members"])) == len(told["members"])
    for partner in told["partners"]:
        assert partner["name"] in PARTNERS
        brought = [g for g in GUESTS if g["cluster"] == partner["name"] and told["key"] in g["rounds"]]
        assert len(brought) <= partner["places"]


def test_names_and_addresses_are_unique():
    for values in (
        [slug(g["company"]) for g in GUESTS] + [slug(o["name"]) for o in ORGANISATIONS],
        [g["person"] for g in GUESTS] + [p["name"] for p in PEOPLE],
        [g["email"] for g in GUESTS] + [p["email"] for p in PEOPLE],
        [g["email"].partition("@")[2] for g in GUESTS] + [urlsplit(o["website"]).hostname for o in ORGANISATIONS],
    ):
        assert [value for value, times in Counter(values).items() if times > 1] == []


@each_guest
def test_guest_is_invented_and_comes_to_a_round(guest):
    assert guest["cluster"] in PARTNERS
    assert guest["rounds"]
    assert set(guest["rounds"]) <= {told["key"] for told in ROUNDS}
    assert re.fullmatch(r"[a-z.-]+@[a-z-]+\.example", guest["email"])
    assert guest["country"] == ("EE" if guest["cluster"].startswith("Emajõe") else "PT")


@each_guest
def test_guest_says_enough_in_known_codes(guest):
    assert guest["size"] in SizeClass
    assert 1 <= len(guest["nace"]) <= 2
    assert all(len(code) == 5 and code in codelists.nace() for code in guest["nace"])
    assert "en" in guest["languages"]
    assert set(guest["languages"]) <= set(codelists.languages())
    assert 3 <= len(guest["offers"]) <= 5
    assert 2 <= len(guest["seeks"]) <= 4
    assert guest["summary"].endswith(".")
    assert len(guest["summary"].split()) <= 25
    assert all(len(line.split()) >= 3 for line in guest["offers"] + guest["seeks"])


@pytest.mark.parametrize("field", ["summary", "offers", "seeks"])
def test_no_text_is_used_twice(field):
    texts = [guest[field] for guest in GUESTS] + [organisation["profile"][field] for organisation in RICH]
    lines = [line for text in texts for line in ([text] if isinstance(text, str) else text)]
    assert [line for line, times in Counter(lines).items() if times > 1] == []


def test_requests_are_between_two_who_come_to_the_open_round():
    guests = {g["company"] for g in GUESTS if "baltic-atlantic" in g["rounds"]}
    members = set(ROUNDS[1]["members"])
    pairs = [{told["sender"], told["receiver"]} for told in TOLD["request"]]
    assert all(len(pair & guests) == 1 and len(pair & members) == 1 for pair in pairs)
    assert Counter(told.get("answer", "") for told in TOLD["request"]) == {"yes": 4, "no": 1, "": 6}
    assert all(len(told["sentence"]) <= 400 for told in TOLD["request"])


def test_each_next_step_has_its_sentences():
    assert set(TOLD["outcome"]) == set(Outcome.Stage)
    assert set(TOLD["feedback"]) == set(Seat.NextStep)

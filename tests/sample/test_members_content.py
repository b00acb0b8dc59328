"""The sample cluster's members are believable and usable: known codes, invented addresses, sizes that agree."""

import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core import codelists

CONTENT = Path(__file__).parents[2] / "cluster_portal" / "sample" / "content" / "members.toml"
ORGANISATIONS = tomllib.loads(CONTENT.read_text(encoding="utf-8"))["organisation"]
MEMBERS = [organisation for organisation in ORGANISATIONS if organisation["standing"] == "member"]
PEOPLE = [person for organisation in ORGANISATIONS for person in organisation["people"]]
THIN = [m for m in MEMBERS if set(m.get("profile", ())) == {"summary"}]
RICH = [o for o in ORGANISATIONS if len(o.get("profile", ())) > 1]

each_organisation = pytest.mark.parametrize("organisation", ORGANISATIONS, ids=lambda o: o["name"])
each_rich_profile = pytest.mark.parametrize("organisation", RICH, ids=lambda o: o["name"])


def size_class(organisation):
    """Recommendation 2003/361: headcount, and turnover or balance sheet; restated here to check the figures."""
    for name, heads, turnover, balance in (
        ("micro", 10, 2e6, 2e6),
        ("small", 50, 10e6, 10e6),
        ("medium", 250, 50e6, 43e6),
    ):
        within_money = organisation["turnover_eur"] <= turnover or organisation["balance_eur"] <= balance
        if organisation["headcount"] < heads and within_money:
            return name
    return "large"


def slug(name):
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return "-".join("".join(c if c.isalnum() else " " for c in folded).split())


def test_sixty_members_around_one_home_cluster_and_three_partners():
    standings = Counter((o["standing"], o["kind"]) for o in ORGANISATIONS)
    assert standings == {
        ("home", "cluster"): 1,
        ("partner", "cluster"): 2,
        ("partner", "intermediary"): 1,
        ("member", "company"): 54,
        ("member", "research"): 4,
        ("member", "public"): 2,
    }


def test_most_companies_are_small_and_four_are_large():
    sizes = Counter(size_class(m) for m in MEMBERS if m["kind"] == "company")
    assert sizes["large"] == 4
    assert sizes["micro"] >= 12
    assert sizes["small"] >= 20
    assert sizes["medium"] >= 6


def test_unfinished_and_empty_profiles_are_among_them():
    assert len(THIN) == 5
    assert len([m for m in MEMBERS if "profile" not in m]) == 2


def test_names_and_addresses_are_unique():
    for values in (
        [slug(o["name"]) for o in ORGANISATIONS],
        [o["website"] for o in ORGANISATIONS],
        [p["email"] for p in PEOPLE],
        [p["name"] for p in PEOPLE],
    ):
        assert [value for value, times in Counter(values).items() if times > 1] == []


def test_one_sign_in_per_role_is_marked():
    assert sorted(p["demo"] for p in PEOPLE if "demo" in p) == [
        "evaluator",
        "intermediary",
        "manager",
        "partner",
        "sme",
    ]


@each_organisation
def test_place_and_codes_are_known(organisation):
    assert organisation["country"] in codelists.countries()
    assert organisation["nuts"].startswith(organisation["country"])
    assert len(organisation["nuts"]) == 5
    assert organisation["nuts"] in codelists.nuts()
    if organisation["standing"] == "member":
        assert organisation["nuts"] in {"SE212", "SE213", "SE221", "SE224"}


@each_organisation
def test_addresses_are_invented(organisation):
    host = urlsplit(organisation["website"]).hostname
    assert organisation["website"] == f"https://{host}"
    assert host.endswith(".example")
    for person in organisation["people"]:
        assert person["email"].isascii()
        assert person["email"].partition("@")[2] == host


@each_organisation
def test_roles_fit_the_organisation(organisation):
    roles = {person["role"] for person in organisation["people"]}
    if organisation["standing"] == "home":
        assert roles == {"manager", "evaluator"}
    else:
        assert "owner" in roles
        assert roles <= {"owner", "editor", "viewer"}


@each_organisation
def test_figures_agree_with_each_other(organisation):
    per_head = organisation["turnover_eur"] / organisation["headcount"]
    assert 15_000 <= per_head <= 900_000
    assert 0.1 <= organisation["balance_eur"] / organisation["turnover_eur"] <= 10
    assert 1900 <= organisation["founded"] <= 2026


@each_rich_profile
def test_profile_says_enough_in_known_codes(organisation):
    profile = organisation["profile"]
    assert 40 <= len(profile["summary"].split()) <= 90
    assert 3 <= len(profile["offers"]) <= 6
    assert 2 <= len(profile["seeks"]) <= 4
    assert 1 <= len(profile["nace"]) <= 3
    assert all(len(code) == 5 and code in codelists.nace() for code in profile["nace"])
    assert profile["markets"]
    assert set(profile["markets"]) <= set(codelists.countries())
    assert set(profile["languages"]) <= set(codelists.languages())
    assert set(profile["kinds"]) <= {"partnering", "tender", "funding", "event"}


@each_rich_profile
def test_capacity_is_within_reason(organisation):
    profile = organisation["profile"]
    assert 2 <= profile["hours_a_month"] <= 40
    assert 0 <= profile["cofinance_eur_a_year"] <= 150_000
    assert 1 <= profile.get("trl_min", 1) <= profile.get("trl_max", 9) <= 9


@pytest.mark.parametrize("field", ["summary", "offers", "seeks"])
def test_no_text_is_used_twice(field):
    texts = [o["profile"][field] for o in RICH]
    lines = [line for text in texts for line in ([text] if isinstance(text, str) else text)]
    assert len(lines) > 50
    assert [line for line, times in Counter(lines).items() if times > 1] == []

"""Each rule of a call at its boundaries."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from funding.eligibility import RULES, check, message
from funding.eligibility.reading import call_faults
from funding.eligibility.sentences import TEMPLATES
from funding.eligibility.types import (
    Aid,
    Application,
    Call,
    Consortium,
    Cost,
    Enterprise,
    Figures,
    Funder,
    Limit,
    Partner,
    PreviousGrant,
)

DEADLINE = datetime(2027, 3, 31, 13, 0, tzinfo=UTC)
SWEDEN = {"id": "se", "name": "Havsfonden", "member_state": "SE"}
SMALL = Enterprise(years=[Figures(headcount=20, turnover_eur=3_000_000, balance_eur=3_000_000)])
LARGE = Enterprise(years=[Figures(headcount=400, turnover_eur=80_000_000, balance_eur=80_000_000)])


def call(*, funder=None, consortium=None, **facts) -> Call:
    facts = {"name": "Blue pilots", "opens_at": DEADLINE - timedelta(days=60), "deadline": DEADLINE} | facts
    return Call(funders=[Funder(**SWEDEN | (funder or {}))], consortium=Consortium(**(consortium or {})), **facts)


def partner(name="Klarflod", **facts) -> Partner:
    money = {"costs": [Cost(category="Staff", amount=80_000)], "grant": 40_000, "own_money": 40_000}
    return Partner(**{"id": name, "name": name, "kind": "company", "country": "SE"} | money | facts)


def application(*partners, **facts) -> Application:
    return Application(**{"moment": DEADLINE - timedelta(days=1), "partners": partners or [partner()]} | facts)


def verdict(rule: str, of: Call, asked: Application) -> tuple[str, list[str]]:
    result = next(each for each in check(of, asked) if each.rule == rule)
    return result.verdict, [each.code for each in result.findings]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (DEADLINE, ("pass", ["in_time"])),
        (DEADLINE + timedelta(microseconds=1), ("fail", ["too_late"])),
        (DEADLINE - timedelta(days=60), ("pass", ["in_time"])),
        (DEADLINE - timedelta(days=60, microseconds=1), ("fail", ["not_open_yet"])),
    ],
)
def test_the_deadline_is_kept_to_the_second(moment, expected):
    assert verdict("deadline", call(), application(moment=moment)) == expected


@pytest.mark.parametrize(
    ("deadline", "told"),
    [
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), "02:30:00"),  # the clocks go back: this half past two comes first,
        (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), "02:30:00"),  # and this one an hour later
        (datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), "01:59:59"),  # a second before they go forward
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03:00:00"),
    ],
)
def test_a_deadline_is_a_moment_whatever_the_clocks_do(deadline, told):
    of = call(zone="Europe/Stockholm", deadline=deadline, opens_at=deadline - timedelta(days=9))

    assert verdict("deadline", of, application(moment=deadline)) == ("pass", ["in_time"])
    late = check(of, application(moment=deadline + timedelta(seconds=1)))[0]
    assert (late.verdict, told in message(late)) == ("fail", True)


def test_a_region_of_greece_is_written_as_the_institutions_do():
    """EL30 lies in GR."""
    greece = {"member_state": "GR", "regions": ("EL30",)}

    for region, expected in (("EL301", "pass"), ("EL41", "fail"), (None, "unknown"), ("EL", "unknown")):
        asked = application(partner(country="GR", region=region, funder="se"))
        assert verdict("funder", call(funder=greece), asked)[0] == expected, region
    assert list(call_faults(call(funder=greece))) == []
    assert list(call_faults(call(funder={"member_state": "GR", "regions": ("GR30",)})))


def test_a_deadline_is_said_with_its_zone():
    result = check(call(zone="Europe/Stockholm"), application(moment=DEADLINE + timedelta(seconds=1)))[0]

    assert message(result) == "The deadline was 31 March 2027, 15:00:00 (Europe/Stockholm)."


@pytest.mark.parametrize(
    ("months", "expected"),
    [(5, "fail"), (6, "pass"), (18, "pass"), (19, "fail"), (None, "unknown")],
)
def test_duration(months, expected):
    asked = call(shortest_months=6, longest_months=18)

    assert verdict("duration", asked, application(months=months))[0] == expected
    assert verdict("duration", call(), application(months=months)) == ("pass", ["nothing_asked"])


def test_a_company_that_is_its_own_partner_is_named():
    twice = application(partner(is_lead=True), partner(name="klarflod"))

    assert verdict("partners", call(), twice) == ("fail", ["partner_twice"])
    assert verdict("consortium_size", call(consortium={"organisations": 2}), twice)[0] == "fail"


@pytest.mark.parametrize(
    ("asked", "rule", "expected"),
    [
        ({"organisations": 2}, "consortium_size", "pass"),
        ({"organisations": 3}, "consortium_size", "fail"),
        ({"most_organisations": 2}, "consortium_size", "pass"),
        ({"most_organisations": 1}, "consortium_size", "fail"),
        ({"countries": 2}, "consortium_countries", "pass"),
        ({"countries": 3}, "consortium_countries", "fail"),
        ({"lead_kinds": ["cluster"]}, "lead", "pass"),
        ({"lead_kinds": ["company"]}, "lead", "fail"),
    ],
)
def test_the_shape_of_the_consortium(asked, rule, expected):
    cluster = partner(name="Havsbris", kind="cluster", is_lead=True)
    other = partner(name="Emajoe", country="EE")

    assert verdict(rule, call(consortium=asked), application(cluster, other))[0] == expected


@pytest.mark.parametrize("leads", [(False, False), (True, True)])
def test_exactly_one_leads(leads):
    asked = application(partner(is_lead=leads[0]), partner(name="Emajoe", is_lead=leads[1]))

    assert verdict("lead", call(), asked) == ("fail", ["not_one_lead"])


@pytest.mark.parametrize(
    ("enterprises", "expected"),
    [((SMALL, SMALL), "pass"), ((SMALL, None), "unknown"), ((SMALL, LARGE), "fail"), ((None, LARGE), "fail")],
)
def test_so_many_smes(enterprises, expected):
    partners = [partner(name=f"Company {n}", enterprise=each) for n, each in enumerate(enterprises)]

    assert verdict("smes_in_consortium", call(consortium={"smes": 2}), application(*partners))[0] == expected


@pytest.mark.parametrize(("others", "expected"), [(None, "unknown"), ((), "pass"), (("Deep water",), "fail")])
def test_one_consortium_only(others, expected):
    asked = application(partner(other_consortia=others))

    assert verdict("one_consortium_only", call(consortium={"one_consortium_only": True}), asked)[0] == expected
    assert verdict("one_consortium_only", call(), asked)[0] == "pass"


@pytest.mark.parametrize(
    ("facts", "regions", "expected"),
    [
        ({}, (), ("pass", ["funder_pays"])),
        ({"country": "LV"}, (), ("fail", ["no_funder"])),
        ({"country": "LV", "grant": 0}, (), ("pass", ["pays_itself"])),
        ({"funder": "se", "country": "LV"}, (), ("fail", ["funder_elsewhere"])),
        ({"funder": "xx"}, (), ("fail", ["no_such_funder"])),
        ({"funder": "se", "region": "SE232"}, ("SE23",), ("pass", ["funder_pays"])),
        ({"funder": "se", "region": "SE110"}, ("SE23",), ("fail", ["funder_elsewhere"])),
        ({"funder": "se", "region": "SE2"}, ("SE23",), ("unknown", ["region_not_said"])),
        ({"funder": "se"}, ("SE23",), ("unknown", ["region_not_said"])),
    ],
)
def test_each_partner_has_a_funder(facts, regions, expected):
    assert verdict("funder", call(funder={"regions": regions}), application(partner(**facts))) == expected


def test_two_funders_of_one_country_are_a_question():
    two = Call(
        name="Blue pilots",
        opens_at=DEADLINE - timedelta(days=60),
        deadline=DEADLINE,
        funders=[Funder(**SWEDEN), Funder(**SWEDEN | {"id": "se2", "name": "Kustfonden"})],
    )
    result = next(each for each in check(two, application()) if each.rule == "funder")

    assert (result.verdict, message(result)) == ("unknown", "Klarflod: Say which funder pays: Havsfonden, Kustfonden.")


@pytest.mark.parametrize(
    ("enterprise", "expected"),
    [
        (SMALL, ("pass", ["size_fits"])),
        (LARGE, ("fail", ["size_excluded"])),
        (None, ("unknown", ["size_not_known"])),
        (SMALL.model_copy(update={"public_share": Decimal("0.25")}), ("fail", ["size_public"])),
        (Enterprise(years=[*LARGE.years, *SMALL.years]), ("pass", ["size_by_two_years"])),
    ],
)
def test_sme_status(enterprise, expected):
    asked = call(funder={"sizes": ["micro", "small", "medium"]})

    assert verdict("sme_status", asked, application(partner(enterprise=enterprise))) == expected


def test_kind_and_activity():
    research = call(funder={"kinds": ["research"], "activities": ["Pilot", "Prototype"]})

    assert verdict("kind", research, application())[1] == ["kind_excluded"]
    assert verdict("kind", research, application(partner(kind="research")))[1] == ["kind_fits"]
    for said, code in (
        ((), "activity_not_said"),
        (("Pilot",), "activity_fits"),
        (("Pilot", "Fair"), "activity_excluded"),
    ):
        assert verdict("activity", research, application(partner(activities=said)))[1] == [code]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "budget_adds_up"),
        ({"total": 80_001}, "lines_do_not_add_up"),
        ({"own_money": "39999.99"}, "money_does_not_add_up"),
        ({"own_money": 30_000, "other_money": 10_000}, "budget_adds_up"),
        ({"grant": None}, "budget_not_complete"),
        ({"costs": ()}, "budget_not_complete"),
    ],
)
def test_the_budget_adds_up_to_the_cent(facts, code):
    assert verdict("budget", call(), application(partner(**facts)))[1] == [code]


@pytest.mark.parametrize(
    ("grant", "code"),
    [("9999.99", "grant_too_small"), (10_000, "grant_fits"), (60_000, "grant_fits"), ("60000.01", "grant_too_large")],
)
def test_the_grant_keeps_within_the_funders_limits(grant, code):
    limits = call(funder={"smallest_grant": 10_000, "largest_grant": 60_000})

    assert verdict("grant", limits, application(partner(grant=grant)))[1] == [code]


@pytest.mark.parametrize(
    ("grant", "enterprise", "expected"),
    [
        (40_000, LARGE, ("pass", ["rate_kept"])),
        ("40000.01", LARGE, ("fail", ["rate_passed"])),
        (56_000, SMALL, ("pass", ["rate_kept"])),
        ("56000.01", SMALL, ("fail", ["rate_passed"])),
        # Where the size is not known, what fits the smallest share fits, and what passes the largest does not.
        (40_000, None, ("pass", ["rate_kept"])),
        ("40000.01", None, ("unknown", ["rate_not_known"])),
        (56_000, None, ("unknown", ["rate_not_known"])),
        ("56000.01", None, ("fail", ["rate_passed"])),
    ],
)
def test_co_financing_by_size(grant, enterprise, expected):
    asked = call(funder={"rate": "0.5", "rates": {"small": "0.7"}})

    assert verdict("co_financing", asked, application(partner(grant=grant, enterprise=enterprise))) == expected


def aid(amount, day=date(2026, 5, 1), state="SE") -> Aid:
    return Aid(undertaking="Klarflod", member_state=state, amount=amount, granted_on=day)


@pytest.mark.parametrize(
    ("had", "expected"),
    [
        (None, ("unknown", ["aid_not_declared"])),
        ((), ("pass", ["within_ceiling"])),
        ((aid(260_000),), ("pass", ["within_ceiling"])),
        ((aid("260000.01"),), ("fail", ["ceiling_passed"])),
        ((aid(300_000, state="FI"),), ("pass", ["within_ceiling"])),
        ((aid(300_000, date(2024, 6, 1)),), ("pass", ["within_ceiling"])),  # three years ago to the day of granting
        ((aid(300_000, date(2024, 6, 2)),), ("fail", ["ceiling_passed"])),
    ],
)
def test_de_minimis_room_on_the_day_of_granting(had, expected):
    asked = application(partner(de_minimis=had), granting_on=date(2027, 6, 1))

    assert verdict("de_minimis", call(funder={"de_minimis": True}), asked) == expected
    assert verdict("de_minimis", call(), asked) == ("pass", ["nothing_asked"])


def test_after_the_regulation_nothing_is_promised():
    late = application(partner(de_minimis=()), granting_on=date(2031, 1, 1))

    assert verdict("de_minimis", call(funder={"de_minimis": True}), late) == ("unknown", ["regulation_ended"])


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (None, ("unknown", ["previous_not_said"])),
        ([date(2026, 1, 1)], ("pass", ["previous_fit"])),
        ([date(2026, 1, 1), date(2025, 3, 31)], ("fail", ["too_many_previous"])),
        ([date(2026, 1, 1), date(2025, 3, 30)], ("pass", ["previous_fit"])),
    ],
)
def test_previous_grants_of_the_same_funder(days, expected):
    asked = call(funder={"previous_grants": Limit(grants=1, years=2)})
    had = None if days is None else [PreviousGrant(funder="se", granted_on=day) for day in days]
    others = [] if had is None else [PreviousGrant(funder="fi", granted_on=date(2026, 2, 1))]

    told = None if had is None else [*had, *others]
    assert verdict("previous_grants", asked, application(partner(previous_grants=told))) == expected


def test_every_finding_has_words():
    """Each code that a rule can yield has a sentence, and no sentence is left over."""
    from inspect import getsource

    from funding.eligibility import rules

    source = getsource(rules)

    assert {code for code in TEMPLATES if f'"{code}"' not in source} == set()
    assert len(RULES) == len({rule.name for rule in RULES}) == 17
    assert all(rule.source for rule in RULES)

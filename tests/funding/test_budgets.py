"""Budgets: saved as a whole, looked at while one types, refused at the place; and what a partner says of itself."""

from decimal import Decimal

import pytest
from django.urls import reverse

from funding import links
from funding.models import Cost, Funder, Partner
from tests.client import htmx
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def typed(g: Ground, **own: str) -> dict[str, str]:
    """The whole table as it stands, but for some cells of the lead's column."""
    cells = {}
    for part in (g.own, g.partner):
        column = {f"c{g.staff.pk}": "15000", f"c{g.travel.pk}": "5000", "grant": "10000", "own": "10000", "other": ""}
        column |= own if part == g.own else {}
        cells |= {f"p{part.pk}-{name}": value for name, value in column.items()}
    return cells


def test_table_is_saved_with_amounts_of_any_habit(sign_in, owner, g):
    cells = typed(g, **{f"c{g.staff.pk}": "15 000,50", "own": "10,000.50"})

    page = sign_in(owner).post(reverse("funding:budget", args=["ATW-001"]), cells, follow=True).content.decode()

    g.own.refresh_from_db()
    assert "The budget is saved." in page
    assert g.own.costs.get(category=g.staff).amount_eur == Decimal("15000.50")
    assert g.own.own_money_eur == Decimal("10000.50")
    assert "EUR 20,000.50" in page
    g.partner.refresh_from_db()
    assert g.partner.status == "confirmed"


@pytest.mark.parametrize("amount", ["-1", "12.500", "1000000000", "a lot", "<b>1</b>"])
def test_amount_that_is_none_or_could_be_two_is_told_at_its_place_and_nothing_is_saved(sign_in, owner, g, amount):
    cells = typed(g, grant=amount, own="1")

    page = sign_in(owner).post(reverse("funding:budget", args=["ATW-001"]), cells).content.decode()

    assert f'id="id_p{g.own.pk}-grant_error"' in page
    assert f'id="id_p{g.partner.pk}-grant_error"' not in page
    assert "<b>1</b>" not in page
    g.own.refresh_from_db()
    assert g.own.own_money_eur == 10_000


def test_sums_and_rules_are_worked_out_while_one_types_and_nothing_is_saved(sign_in, owner, g):
    client, address = sign_in(owner), reverse("funding:budget", args=["ATW-001"])

    part = client.post(address, typed(g, grant="12000"), headers=htmx("sums")).content.decode()

    assert "<html" not in part
    assert "EUR 22,000" in part
    assert "pays 50 % of the costs: EUR 10,000 of EUR 20,000. It asks for EUR 12,000." in part
    assert "grant, own and other money differ from that by EUR -2,000" in part
    g.own.refresh_from_db()
    assert g.own.grant_eur == 10_000
    too_much = client.post(address, typed(g, grant="70000"), headers=htmx("sums")).content.decode()
    assert "Svea Fund pays EUR 60,000 at most" in too_much


def test_cell_that_is_emptied_is_taken_out(sign_in, owner, g):
    sign_in(owner).post(reverse("funding:budget", args=["ATW-001"]), typed(g, **{f"c{g.travel.pk}": "", "grant": ""}))

    g.own.refresh_from_db()
    assert (g.own.grant_eur, list(g.own.costs.values_list("category", flat=True))) == (None, [g.staff.pk])
    assert Cost.objects.filter(partner=g.partner).count() == 2


def test_partner_sees_and_saves_its_own_column_alone(client, g):
    address = reverse("funding:partner_budget", args=[links.token_of(g.partner)])

    part = client.post(
        address, {f"p{g.partner.pk}-c{g.staff.pk}": "8000", f"p{g.own.pk}-grant": "1"}, headers=htmx("sums")
    ).content.decode()  # fmt: skip
    client.post(address, {f"p{g.partner.pk}-c{g.staff.pk}": "8000", f"p{g.own.pk}-grant": "1"})

    assert "EUR 8,000" in part
    assert "Ålgräs" not in part
    g.own.refresh_from_db()
    assert g.own.grant_eur == 10_000
    assert g.partner.costs.get().amount_eur == 8000


FIGURES = {
    "headcount_0": "24,5", "turnover_0": "3 100 000", "balance_0": "", "headcount_1": "", "turnover_1": "",
    "balance_1": "", "is_public": "no", "is_linked": "no",
}  # fmt: skip


def rows(prefix: str, *filled: dict[str, str]) -> dict[str, str]:
    counts = {f"{prefix}-TOTAL_FORMS": str(len(filled)), f"{prefix}-INITIAL_FORMS": "0"}
    return counts | {f"{prefix}-{n}-{name}": value for n, row in enumerate(filled) for name, value in row.items()}


@pytest.fixture
def asking(g) -> Ground:
    """The Estonian funder looks at sizes, de minimis aid and earlier grants."""
    Funder.objects.filter(pk=g.estonian.pk).update(
        sizes=["small"], is_de_minimis=True, most_previous_grants=1, previous_grants_years=3
    )
    return g


def say(client, g: Ground, **said: object) -> str:
    address = reverse("funding:partner_figures", args=[links.token_of(g.partner)])
    empty = rows("holding") | rows("aid") | rows("earlier") | {"no_aid": "on", "no_earlier": "on"}
    return client.post(
        address, {k: v for k, v in (empty | FIGURES | said).items() if v is not None}, follow=True
    ).content.decode()


def test_partner_says_its_figures_and_the_lead_reads_that_they_fit(client, sign_in, owner, asking):
    g = asking
    held = {
        "name": "Mother Company",
        "share": "60",
        "headcount": "10",
        "turnover": "1000000",
        "balance": "",
        "exempt": "",
    }
    page = say(client, g, headcount_0="24.5", is_linked="yes", **rows("holding", held))

    assert "Saved." in page
    g.partner.refresh_from_db()
    assert g.partner.enterprise == {
        "years": [{"headcount": "24.5", "turnover_eur": "3100000", "balance_eur": None}],
        "public_share": "0",
        "holdings": [
            {
                "name": "Mother Company", "share": "0.6", "exempt": False,
                "years": [{"headcount": "10", "turnover_eur": "1000000", "balance_eur": None}],
            }
        ],
    }  # fmt: skip
    assert (g.partner.declared_aid, g.partner.previous_grants, g.partner.status) == ([], [], "invited")
    check = sign_in(owner).get(reverse("funding:check", args=["ATW-001"])).content.decode()
    assert "Emajõe Filters: Its size fits." in check
    assert "Mother Company" not in check
    again = client.get(reverse("funding:partner_figures", args=[links.token_of(g.partner)])).content.decode()
    assert 'value="Mother Company"' in again


@pytest.mark.parametrize(
    ("said", "place", "says"),
    [
        ({"is_linked": "yes"}, "id_is_linked", "Name each of these companies below."),
        ({"no_aid": None}, "id_no_aid", "Tick this, or fill a row."),
        ({"headcount_0": "-3"}, "id_headcount_0", ""),
        ({"turnover_0": "3.100"}, "id_turnover_0", "can be read in two ways"),
        ({"is_public": None}, "id_is_public", ""),
    ],
)
def test_figures_that_do_not_fit_are_told_at_their_place(client, asking, said, place, says):
    page = say(
        client,
        asking,
        headcount_0=said.get("headcount_0", "24.5"),
        **{k: v for k, v in said.items() if k != "headcount_0"},
    )

    assert f"{place}_error" in page
    assert says in page
    asking.partner.refresh_from_db()
    assert asking.partner.enterprise is None


def test_aid_with_a_day_to_come_or_beside_the_tick_is_not_taken(client, asking):
    row = {"undertaking": "Emajõe", "member_state": "EE", "amount": "1000", "granted_on": "2099-01-01"}
    assert "This day is still to come." in say(client, asking, headcount_0="24.5", no_aid=None, **rows("aid", row))
    row["granted_on"] = "2026-01-02"
    assert "Empty the rows, or take the tick away." in say(client, asking, headcount_0="24.5", **rows("aid", row))
    say(client, asking, headcount_0="24.5", no_aid=None, **rows("aid", row))

    asking.partner.refresh_from_db()
    assert asking.partner.declared_aid == [
        {"undertaking": "Emajõe", "member_state": "EE", "amount": "1000.00", "granted_on": "2026-01-02"}
    ]
    assert Partner.objects.get(pk=asking.own.pk).declared_aid is None

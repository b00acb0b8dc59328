"""A partner's figures: its rows are told apart, may be emptied, and nothing that was typed is dropped in silence."""

import pytest
from django.urls import reverse

from funding import links
from funding.actions import partners
from funding.models import Funder, Partner
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import Ground, ground
from tests.funding.test_partners import by_link

HOLDING = {"name": "Ema Holding", "share": "60", "headcount": "12", "turnover": "3 000 000 000", "balance": "900000"}
AID = {"undertaking": "Emajõe Filters", "member_state": "EE", "amount": "10000", "granted_on": "2026-05-01"}


@pytest.fixture
def g(organisation) -> Ground:
    found = ground(organisation)
    Funder.objects.update(sizes=["micro", "small", "medium"], is_de_minimis=True)
    return found


def rows(prefix: str, *given: dict[str, str], saved: int = 0) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(max(len(given), saved) + 2), f"{prefix}-INITIAL_FORMS": str(saved)}
    return data | {f"{prefix}-{n}-{name}": value for n, row in enumerate(given) for name, value in row.items()}


def said(*, linked: str = "no", holdings=(), aid=(), saved: int = 0, saved_aid: int = 0, **more: str) -> dict[str, str]:
    figures = {"headcount_0": "14", "turnover_0": "2350000", "balance_0": "1280000", "is_public": "no"}
    none = {} if aid else {"no_aid": "on"}
    lists = rows("holding", *holdings, saved=saved) | rows("aid", *aid, saved=saved_aid)
    return figures | {"is_linked": linked} | none | lists | more


def send(client, g: Ground, data: dict[str, str]) -> str:
    return client.post(by_link("partner_figures", g.partner), data, follow=True).content.decode()


def kept(g: Ground) -> Partner:
    return Partner.objects.get(pk=g.partner.pk)


def summary(page: str) -> str:
    return page.partition('class="error-summary"')[2].partition("</div>")[0]


def test_a_turnover_of_a_large_owner_is_taken_and_one_beyond_any_company_is_not(client, g):
    assert "Saved." in send(client, g, said(linked="yes", holdings=[HOLDING]))
    assert kept(g).enterprise["holdings"][0]["years"] == [
        {"headcount": "12", "turnover_eur": "3000000000", "balance_eur": "900000"}
    ]
    page = send(client, g, said(linked="yes", holdings=[HOLDING | {"turnover": "1 000 000 000 000"}]))
    assert "Company 1, Turnover a year, EUR: That is more than any company has." in summary(page)


def test_a_company_around_has_a_year_before_too(client, g):
    before = {"headcount_before": "40", "turnover_before": "7", "balance_before": "8"}
    send(client, g, said(linked="yes", holdings=[HOLDING | before]))

    years = kept(g).enterprise["holdings"][0]["years"]
    assert years[1] == {"headcount": "40", "turnover_eur": "7", "balance_eur": "8"}
    page = client.get(by_link("partner_figures", g.partner)).content.decode()
    assert 'name="holding-0-headcount_before" value="40"' in page
    assert '<details class="folded" open>' in page


def test_a_row_with_a_fault_is_told_once_and_where_it_is(client, g):
    page = send(client, g, said(linked="yes", holdings=[HOLDING | {"share": "120"}], aid=[AID | {"amount": "100.000"}]))

    found = summary(page)
    assert '<a href="#id_holding-0-share">Company 1, Share in per cent:' in found
    assert '<a href="#id_aid-0-amount">Aid 1, Amount, EUR: “100.000” can be read in two ways.' in found
    assert "2 things need another look" in found
    assert "Name each of these companies below." not in page
    assert "Tick this, or fill a row." not in page
    assert kept(g).enterprise is None


def test_no_and_a_company_below_are_not_both_taken(client, g):
    page = send(client, g, said(linked="no", holdings=[HOLDING]))

    assert "Companies stand below. Empty these rows, or answer yes." in summary(page)
    assert 'value="Ema Holding"' in page
    assert kept(g).enterprise is None


def test_a_row_that_was_saved_is_taken_away_by_emptying_it(client, g):
    send(client, g, said(linked="yes", holdings=[HOLDING, HOLDING | {"name": "Other"}], aid=[AID]))
    assert len(kept(g).enterprise["holdings"]) == 2

    empty = dict.fromkeys(HOLDING, "")
    page = send(client, g, said(linked="yes", holdings=[empty, HOLDING | {"name": "Other"}], saved=2, saved_aid=1,
                                aid=[dict.fromkeys(AID, "")], no_aid="on"))  # fmt: skip

    assert "Saved." in page
    assert [each["name"] for each in kept(g).enterprise["holdings"]] == ["Other"]
    assert kept(g).declared_aid == []


def test_names_in_the_summary_are_no_markup(sign_in, owner, g):
    Partner.objects.filter(pk=g.partner.pk).update(name="<b>Pumps</b>")
    typed = {f"p{g.partner.pk}-grant": "-1"}
    page = sign_in(owner).post(reverse("funding:budget", args=["ATW-001"]), typed).content.decode()
    assert "&lt;b&gt;Pumps&lt;/b&gt;, Grant asked for: An amount is not below zero." in summary(page)


def test_the_budget_says_above_what_could_not_be_read_and_while_it_is_typed(sign_in, owner, g):
    column = f"p{g.partner.pk}"
    typed = {f"{column}-grant": "30.000", f"{column}-own": "-5", f"{column}-c{g.staff.pk}": "9000"}
    url = reverse("funding:budget", args=["ATW-001"])
    client = sign_in(owner)

    found = summary(client.post(url, typed).content.decode())
    assert f'<a href="#id_{column}-grant">Emajõe Filters, Grant asked for: “30.000” can be read in two ways.' in found
    assert f'<a href="#id_{column}-own">Emajõe Filters, Own money: An amount is not below zero.' in found

    live = client.post(url, typed, headers={"HX-Request": "true", "HX-Target": "sums"}).content.decode()
    assert "Emajõe Filters, Grant asked for: “30.000” can be read in two ways." in live
    assert 'class="error-summary"' not in live


def test_the_own_budget_says_it_above_too(client, g):
    page = client.post(by_link("partner_budget", g.partner), {f"p{g.partner.pk}-grant": "abc"}).content.decode()
    assert "Grant asked for: Write the amount in figures" in summary(page)


def test_another_address_is_not_shown_what_the_profile_of_a_member_says(client, owner, g):
    """The lead names somebody of a member company, and then itself: the link is not the member's any more."""
    member = OrganisationFactory(name="Källsprång Lab", headcount=77, turnover_eur=4_444_444)
    person = MembershipFactory(organisation=member, role="owner").user
    of = {"name": "Källsprång Lab", "country": "EE", "kind": "company"}
    part = partners.add(application=g.application, by=owner, email=person.email, **of)
    assert part.organisation == member

    partners.change(partner=part, by=owner, email="me@lead.example")
    partners.invite(partner=part, by=owner)

    part.refresh_from_db()
    assert part.organisation is None
    page = client.get(reverse("funding:partner_figures", args=[links.token_of(part)])).content.decode()
    assert "4 444 444" not in page


def test_a_colleague_is_asked_with_the_same_profile(owner, g):
    member = OrganisationFactory(name="Källsprång Lab")
    person, colleague = (MembershipFactory(organisation=member, role=role).user for role in ("owner", "editor"))
    of = {"name": "Källsprång Lab", "country": "EE", "kind": "company"}
    part = partners.add(application=g.application, by=owner, email=person.email, **of)

    partners.change(partner=part, by=owner, email=colleague.email.upper())

    part.refresh_from_db()
    assert part.organisation == member

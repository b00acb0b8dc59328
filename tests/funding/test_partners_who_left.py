"""A partner that has declined or was removed writes nothing by its link any more, and reads what to do."""

import pytest
from django.urls import reverse

from core.actions import Refused
from core.models import Mail
from funding import links
from funding.actions import answers, partners, submissions
from funding.actions import applications as application_actions
from funding.models import Partner
from tests.factories.funding import QuestionFactory
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation) -> Ground:
    return ground(organisation)


def declined(g: Ground) -> Partner:
    partners.decline(partner=g.partner, name="Kadri Kask", why="No time.")
    g.partner.refresh_from_db()
    return g.partner


def path(name: str, partner: Partner, *more: object) -> str:
    return reverse(f"funding:{name}", args=[links.token_of(partner), *more])


PAGES = ["partner_budget", "partner_questions", "partner_figures", "partner_files"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_to_fill_in_say_what_to_do_instead(client, g, name):
    answer = client.get(path(name, declined(g)))
    page = " ".join(answer.content.decode().split())

    assert answer.status_code == 403
    assert "Emajõe Filters has declined to take part in “Clear water”." in page
    assert "ask Ålgräs Robotics to invite you again" in page
    assert path("partner_part", g.partner) in page


def test_words_that_come_after_declining_are_refused_and_stay_in_the_form(client, g):
    QuestionFactory(call=g.call, asked_of="partner", text="What do you bring?")
    page = client.post(path("partner_questions", declined(g)), {"role": "We wash filters.", "rev-role": "0"})
    text = page.content.decode()

    assert "You do not take part any more. Ask Ålgräs Robotics to invite you again." in text
    assert "We wash filters." in text
    g.partner.refresh_from_db()
    assert g.partner.role == "Makes the filters."


def test_nothing_else_is_written_either(client, g):
    partner = declined(g)
    before = partner.declared_aid
    saved = client.post(path("partner_save", partner, "role"), {"value": "New words", "revision": "0"})
    client.post(path("partner_budget", partner), {f"cost_{g.staff.pk}": "1", "grant_eur": "1", "own_money_eur": "0"})

    assert "invite you again" in saved.content.decode()
    partner.refresh_from_db()
    assert (partner.role, partner.declared_aid, partner.grant_eur) == ("Makes the filters.", before, 10_000)
    with pytest.raises(Refused, match="invite you again"):
        partners.say(partner=partner, by=None, declared_aid=[])


def test_own_part_stays_to_be_read_and_links_nowhere_to_change_it(client, g):
    page = client.get(path("partner_part", declined(g))).content.decode()

    assert "Declined by Kadri Kask" in page
    assert "Change it" not in page


def test_removed_partner_that_still_counts_finds_its_link_switched_off(client, owner, g):
    submissions.submit(application=g.application, by=owner)
    application_actions.amend(application=g.application, by=owner)
    address = path("partner_budget", g.partner)
    partners.remove(partner=g.partner, by=owner)
    answer = client.get(address)

    assert answer.status_code == 410
    assert "The lead of the application has switched it off, or goes on without this partner." in " ".join(
        answer.content.decode().split()
    )
    with pytest.raises(Refused, match="invite you again"):
        answers.save_part(partner=g.partner, field="role", value="x", based_on=0, signed="Kadri")


def test_partner_removed_while_it_writes_is_told_so(owner, g):
    held = Partner.objects.get(pk=g.partner.pk)
    partners.remove(partner=g.partner, by=owner)

    with pytest.raises(Refused, match="not in the consortium any more"):
        answers.save_part(partner=held, field="role", value="x", based_on=0, signed="Kadri")


def test_new_invitation_opens_everything_again(client, owner, g):
    partner = declined(g)
    partners.invite(partner=partner, by=owner)
    partner.refresh_from_db()
    mail = Mail.objects.filter(to="kadri@emajoe.example").latest("pk")

    assert path("partner_part", partner) in mail.text
    assert client.get(path("partner_budget", partner)).status_code == 200

"""The deadline passes while an application is being amended: what was handed in counts, with all that it asks."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from funding.actions import announcing, answers, applications, decisions, granting, grants, partners, submissions
from funding.asking import parts_of
from funding.models import Application, FundingCall, Letter, Partner
from funding.reading.reviews import shown_title
from funding.reviewing import criteria_of, totals
from tests.factories.funding import CriterionFactory
from tests.funding.applying import Ground, ground


@pytest.fixture
def g(organisation, owner) -> Ground:
    """Handed in, and open again."""
    g = ground(organisation)
    CriterionFactory(call=g.call, name="Market in Estonia", funder=g.estonian)
    submissions.submit(application=g.application, by=owner)
    applications.amend(application=g.application, by=owner)
    return g


def leaves(way: str, g: Ground, owner) -> None:
    if way == "removed":
        partners.remove(partner=g.partner, by=owner)
    elif way == "declined":
        partners.decline(partner=g.partner, name="Kadri Kask", why="No time.")
    else:
        Partner.objects.filter(pk=g.partner.pk).update(funder=None, grant_eur=1)


def pass_deadline(g: Ground) -> Application:
    past = timezone.now() - timedelta(days=1)
    FundingCall.objects.update(deadline=past, opens_at=past - timedelta(days=9), reviews_each=1)
    return Application.objects.get()


@pytest.mark.parametrize("way", ["removed", "declined", "changed"])
def test_partner_that_left_meanwhile_still_asks_and_is_judged(g, owner, manager, way):
    leaves(way, g, owner)
    application = pass_deadline(g)

    asked = {part.partner.pk: (part.funder_id, part.amount) for part in parts_of([application])[application.pk]}
    assert asked == {g.own.pk: (g.swedish.pk, 10_000), g.partner.pk: (g.estonian.pk, 10_000)}
    (criterion,) = criteria_of(application)
    assert criterion.name == "Market in Estonia"
    assert [each.criterion for each in totals(application.call)[application.pk].values] == [criterion.pk]
    decided = decisions.decide(
        application=application, outcome="funded", reasons="Good.", why_early="A test of the money.", by=manager,
        amounts={pk: amount for pk, (_funder, amount) in asked.items()},
    )  # fmt: skip
    assert decided.awards.count() == 2


def test_partner_that_was_removed_does_not_come_back_with_the_next_handing_in(g, owner):
    partners.remove(partner=g.partner, by=owner)
    submissions.submit(application=g.application, by=owner)

    assert [each["name"] for each in Application.objects.get().submissions.latest("number").content["partners"]] == [
        g.own.name
    ]


def test_letters_ranking_and_reviewers_read_the_names_that_were_handed_in(g, owner, manager, sign_in):
    answers.save(application=g.application, field="title", value="Changed my mind", based_on=0, by=owner)
    partners.change(partner=g.partner, by=owner, name="Renamed Filters")
    application = pass_deadline(g)
    decisions.decide(
        application=application, outcome="funded", reasons="Good.", why_early="A test of names.", by=manager,
        amounts={g.own.pk: Decimal(10_000), g.partner.pk: Decimal(10_000)},
    )  # fmt: skip
    client, slug = sign_in(manager), g.call.slug
    for name, more in (("ranking", []), ("ranked", [1]), ("letter_template", ["funded"]), ("scores", []),
                       ("assignments", []), ("make_known", [])):  # fmt: skip
        page = client.get(reverse(f"funding:{name}", args=[slug, *more])).content.decode()
        assert "Changed my mind" not in page, name
        assert "Clear water" in page or name == "make_known", name
    announcing.make_known(call=g.call, by=manager)
    letter = Letter.objects.get()

    assert "Your application “Clear water”" in letter.text
    assert "Emajõe Filters: EUR 10,000" in letter.text
    assert "Renamed" not in letter.text
    for name in ("reserve", "appeals"):
        assert "Changed my mind" not in client.get(reverse(f"funding:{name}", args=[slug])).content.decode()
    assert shown_title(Application.objects.get()) == "Clear water"


def test_grant_keeps_the_title_that_was_decided_on(g, owner, manager, sign_in):
    answers.save(application=g.application, field="title", value="Changed my mind", based_on=0, by=owner)
    Partner.objects.filter(pk=g.own.pk).update(declared_aid=[])
    application = pass_deadline(g)
    decisions.decide(
        application=application, outcome="funded", reasons="Good.", why_early="A test of names.", by=manager,
        amounts={g.own.pk: Decimal(10_000)},
    )  # fmt: skip
    announcing.make_known(call=g.call, by=manager)
    client, of_call = sign_in(manager), reverse("funding:call_grants", args=[g.call.slug])
    assert "Clear water" in client.get(of_call).content.decode(), "before it is granted"
    grant = granting.grant(award=application.decision.awards.get(), by=manager)
    report = grants.plan_report(grant=grant, kind="final", due_on=grant.granted_on, by=manager)

    assert grant.title == f"{application.reference} Clear water"
    for page in (of_call, grant.get_absolute_url(), report.get_absolute_url(), reverse("funding:grants") + "?q=clear"):
        text = client.get(page).content.decode()
        assert "Clear water" in text, page
        assert "Changed my mind" not in text, page
    assert "Clear water" not in client.get(reverse("funding:grants") + "?q=changed").content.decode()

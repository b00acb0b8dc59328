"""Who reaches which page of an application: everybody who could come by, and every page there is."""

import pytest
from django.urls import reverse

from funding.actions import submissions
from funding.models import Partner
from members.models import Membership
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.applying import Ground, ground, pages_of

WRITING = {
    "application", "partners", "project", "budget", "declarations", "attachments", "check", "receipt", "receipt_pdf",
    "withdraw_application", "own_questions", "own_figures", "own_files", "consortium_partner", "history_field",
    "history_partner_field",
}  # fmt: skip
HANDED_IN = {"handed_in", "attachment"}
LISTED = {"applications"}
LINK = {
    "partner_part", "partner_confirm", "partner_decline", "partner_budget", "partner_questions", "partner_figures",
    "partner_files", "partner_file",
}  # fmt: skip
REACHED = {
    "owner": WRITING | HANDED_IN | LISTED,
    "colleague": WRITING | HANDED_IN | LISTED,
    "viewer": (WRITING | HANDED_IN | LISTED) - {"withdraw_application"},
    "partner": LISTED | {"application"},
    "other_member": LISTED,
    "manager": HANDED_IN | LISTED | {"application"},
    "reviewer": set(),
    "evaluator": set(),
    "nobody": set(),
}


@pytest.fixture
def g(organisation, owner) -> Ground:
    g = ground(organisation)
    submissions.submit(application=g.application, by=owner)
    return g


@pytest.fixture
def people(request, g, home):
    partner = OrganisationFactory(name="Emajõe Filters", country="EE")
    Partner.objects.filter(pk=g.partner.pk).update(organisation=partner)
    named = {name: request.getfixturevalue(name) for name in ("owner", "colleague", "viewer", "manager", "evaluator")}
    return named | {
        "partner": MembershipFactory(organisation=partner).user,
        "other_member": request.getfixturevalue("outsider"),
        "reviewer": MembershipFactory(organisation=home, role=Membership.Role.REVIEWER).user,
        "nobody": None,
    }


@pytest.mark.parametrize("who", list(REACHED))
def test_each_reaches_what_concerns_them_and_nothing_else(sign_in, client, g, people, who):
    mine = client if people[who] is None else sign_in(people[who])
    reached = set()
    for name, path in pages_of(g):
        answer = mine.get(path)
        b"".join(answer)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
        if answer.status_code < 400 and not to_sign_in:
            reached.add(name.partition(":")[2])

    assert reached - LINK == REACHED[who]
    assert reached >= LINK


@pytest.mark.parametrize("who", ["viewer", "partner", "other_member", "manager", "reviewer", "evaluator", "nobody"])
def test_nobody_else_changes_anything(sign_in, client, g, people, who):
    mine = client if people[who] is None else sign_in(people[who])
    before = (g.application.status, g.application.partners.count(), g.application.revisions.count())
    reference, pk = g.application.reference, g.partner.pk
    for name in (
        "amend",
        "withdraw_application",
        "partners",
        "project",
        "budget",
        "declarations",
        "attachments",
        "check",
    ):
        mine.post(reverse(f"funding:{name}", args=[reference]), {"why": "x", "title": "x", "rev-title": "0", **ALL})
    for name in ("invite_partner", "stop_partner_link", "remove_partner", "consortium_partner"):
        mine.post(reverse(f"funding:{name}", args=[reference, pk]), {})
    for name in ("save_field", "own_save"):
        mine.post(reverse(f"funding:{name}", args=[reference, "title"]), {"value": "x", "revision": "0"})
    g.application.refresh_from_db()
    g.partner.refresh_from_db()

    assert (g.application.status, g.application.partners.count(), g.application.revisions.count()) == (
        "submitted", *before[1:],
    )  # fmt: skip
    assert (g.partner.status, g.partner.link_version, g.application.submissions.count()) == ("confirmed", 1, 1)


ALL = {"true": "on", "once": "on", "means": "on", "shared": "on", "name": "X", "country": "SE", "kind": "company"}

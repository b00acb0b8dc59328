"""Who reaches what of the reviews: every page, swept by everybody."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from funding.reviewing import code_of
from funding.urls import reviews as addresses
from members.models import Membership
from tests.factories.funding import AssignmentFactory, FundingCallFactory, PartnerFactory, ReviewerFactory
from tests.factories.members import MembershipFactory, UserFactory
from tests.funding.review_ground import ground, handed, lose_role, opened, reviewer, url

POSTS = {"reopen_review", "open_review_again", "remark", "moderate", "remind_reviewers", "take_out_reviewer",
         "propose_assignments", "send_assignments", "take_back_assignment", "overrule_conflict"}  # fmt: skip
SECRETARY = {"reviewers", "bring_reviewer", "invite_reviewer", "reviewer", "assignments", "choose_reviewer", "scores",
             "scores_csv", "scores_xlsx"}  # fmt: skip


@pytest.fixture
def g(home):
    return ground(home)


def pages(g, row):
    """Every address of the reviews, with things of this assignment in it."""
    values = {"key": row.key, "slug": g.call.slug, "code": code_of(row.application), "number": row.application.number,
              "pk": row.reviewer_id}  # fmt: skip
    for entry in addresses.urlpatterns:
        for keys in (("key", "number"), ("key",), ("slug", "code", "pk"), ("slug", "code"), ("slug", "pk"),
                     ("slug", "number"), ("slug",), ()):  # fmt: skip
            with suppress(NoReverseMatch):
                yield entry.name, reverse(f"funding:{entry.name}", kwargs={key: values[key] for key in keys})
                break
        else:
            raise AssertionError(entry.name)


def opens(client, g, row) -> set[str]:
    found = set()
    for name, path in pages(g, row):
        response = client.post(path) if name in POSTS else client.get(path)
        b"".join(response) if response.streaming else None
        if response.status_code < 400:
            found.add(name)
    return found


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator", "applicant", "stranger"])
def test_reviews_are_closed_to_everybody_without_a_part_in_them(request, sign_in, client, g, who, manager):
    row = handed(g.ferries, g.eva, impact=5)
    if who == "applicant":
        user = MembershipFactory(organisation=g.ferries.lead, role=Membership.Role.OWNER).user
        client = sign_in(user)
    elif who != "stranger":
        client = sign_in(request.getfixturevalue(who))
    for name, path in pages(g, row):
        response = client.post(path) if name in POSTS else client.get(path)
        led = response.status_code == 302 and "/login/" in response.headers["Location"]
        assert led or response.status_code in (403, 404), f"{name}: {response.status_code}"
        assert "Because of 5" not in response.content.decode()


def test_people_of_a_partner_do_not_see_reviews_of_their_own_application(sign_in, g, organisation, owner):
    PartnerFactory(application=g.ferries, organisation=organisation, confirmed=True)
    row = handed(g.ferries, g.eva)

    assert opens(sign_in(owner), g, row) == set()


def test_reviewer_reaches_the_own_assignment_and_nothing_of_the_team(sign_in, g):
    row = opened(g.ferries, g.eva)

    assert opens(sign_in(g.eva.user), g, row) == {"reviews", "review", "declare", "reopen_review"}
    done = handed(g.timber, g.eva)
    assert sign_in(g.eva.user).get(url("discussion", g.call.slug, code_of(g.timber))).status_code == 200
    assert not opens(sign_in(g.eva.user), g, done) & SECRETARY


def test_other_reviewer_does_not_reach_it(sign_in, g):
    row = handed(g.ferries, g.eva)
    opened(g.timber, g.rolf)

    assert opens(sign_in(g.rolf.user), g, row) == {"reviews"}


def test_reviewer_in_conflict_reaches_nothing_of_the_application(sign_in, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.rolf, conflicted=True)
    handed(g.ferries, g.eva)
    page = sign_in(g.rolf.user).get(url("reviews")).content.decode()

    assert opens(sign_in(g.rolf.user), g, row) <= {"reviews", "declare", "reopen_review"}, "the last two lead away"
    assert sign_in(g.rolf.user).get(url("review", row.key)).status_code == 404
    assert "Charging of ferries" not in page


def test_proposed_assignment_is_not_there_for_the_reviewer(sign_in, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.eva, status="proposed")

    assert opens(sign_in(g.eva.user), g, row) == {"reviews"}
    assert g.ferries.reference not in sign_in(g.eva.user).get(url("reviews")).content.decode()


def test_lost_role_closes_everything_at_once_and_keeps_the_work(sign_in, g):
    row = opened(g.ferries, g.eva)
    row.scores.create(criterion=g.impact, value=4, words="Begun.")
    client = sign_in(g.eva.user)
    assert client.get(url("review", row.key)).status_code == 200

    lose_role(g.eva.user)

    assert opens(client, g, row) == set()
    assert row.scores.get().words == "Begun."


def test_taken_out_reviewer_reaches_nothing_either(sign_in, g, manager):
    row = handed(g.ferries, g.eva)
    sign_in(manager).post(url("take_out_reviewer", g.call.slug, g.eva.pk))

    assert opens(sign_in(g.eva.user), g, row) == {"reviews"}


def test_manager_reaches_the_teams_pages_and_no_review_of_somebody_else(sign_in, g, manager):
    row = handed(g.ferries, g.eva)
    found = opens(sign_in(manager), g, row)

    assert found >= SECRETARY | {"discussion"}
    assert not found & {"review", "declare", "review_file", "interests", "panel"}


def test_manager_who_reviews_sees_no_scores_before_the_own_review_is_in(sign_in, g, manager):
    seat = reviewer_of(g, manager)
    own = opened(g.ferries, seat)
    handed(g.ferries, g.eva, impact=5)
    client = sign_in(manager)

    assert client.get(url("discussion", g.call.slug, code_of(g.ferries))).status_code == 403
    scores = client.get(url("scores", g.call.slug)).content.decode()
    assert "closed to you" in scores
    assert "Because of 5" not in client.get(url("scores_csv", g.call.slug)).getvalue().decode()
    own.status, own.done_at = "done", own.declared_at
    own.save()
    assert "Because of 5" in client.get(url("discussion", g.call.slug, code_of(g.ferries))).content.decode()


def reviewer_of(g, user):
    from tests.factories.funding import ReviewerFactory

    return ReviewerFactory(call=g.call, user=user)


def test_panel_sees_scores_after_declaring_and_never_what_binds_it(sign_in, g, home):
    seat = reviewer(g.call, home, "Petra Panel", is_on_panel=True)
    handed(g.ferries, g.eva, impact=5)
    client, page = sign_in(seat.user), url("discussion", g.call.slug, code_of(g.ferries))

    assert client.get(page).status_code == 403
    assert client.get(url("panel", g.call.slug)).status_code == 302
    client.post(url("interests", g.call.slug), {"names": ["Granbacken Wood"], "words": "My brother."})
    assert "Because of 5" in client.get(page).content.decode()
    assert client.get(url("discussion", g.call.slug, code_of(g.timber))).status_code == 403
    listed = client.get(url("panel", g.call.slug)).content.decode()
    assert "Charging of ferries" in listed
    assert "Houses of timber" not in listed


def test_reviewer_of_another_call_sees_nothing_of_this_one(sign_in, g, home):
    user = UserFactory()
    MembershipFactory(user=user, organisation=home, role=Membership.Role.REVIEWER)
    row = handed(g.ferries, g.eva)

    assert opens(sign_in(user), g, row) == {"reviews"}


def test_call_with_reviews_to_write_stands_above_an_earlier_one_that_is_done(sign_in, g):
    opened(g.ferries, g.eva)
    ended = FundingCallFactory(name="Last year's call", decided=True, review_until=timezone.now() - timedelta(days=300))
    AssignmentFactory(reviewer=ReviewerFactory(call=ended, user=g.eva.user), application__call=ended, done=True)

    page = sign_in(g.eva.user).get(url("reviews")).content.decode()

    assert page.index(str(g.call)) < page.index("Last year&#x27;s call")

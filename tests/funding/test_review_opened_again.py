"""After others can be read a review stays, unless the team opens it again with a reason; the first scores are kept."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import discussion, reviews
from funding.models import FundingCall
from funding.reviewing import code_of
from members.models import Membership
from tests.factories.funding import AssignmentFactory, ReviewerFactory
from tests.factories.members import MembershipFactory
from tests.funding.review_ground import ground, handed, opened, send, url, whole


@pytest.fixture
def g(home):
    return ground(home)


@pytest.fixture
def row(sign_in, g):
    row = opened(g.ferries, g.eva)
    send(sign_in(g.eva.user), row, whole(g, 2), hand_in=True)
    row.refresh_from_db()
    return row


def again(client, g, row, why: str = "A slip of the keyboard.") -> str:
    address = url("open_review_again", g.call.slug, row.pk)
    return client.post(address, {"words": why}, follow=True).content.decode()


@pytest.mark.parametrize("what", ["review", "remark", "agreed score"])
def test_own_scores_stay_once_something_of_others_is_there_to_read(sign_in, g, row, manager, what):
    client = sign_in(g.eva.user)
    assert "Open it again" in client.get(url("review", row.key)).content.decode()
    if what == "review":
        handed(g.ferries, g.rolf, impact=5)
    elif what == "remark":
        discussion.remark(application=g.ferries, words="Too dear?", by=manager)
    else:
        discussion.moderate(application=g.ferries, criterion=g.impact, value=3, words="Agreed.", by=manager)
    page = client.post(url("reopen_review", row.key), follow=True).content.decode()
    row.refresh_from_db()

    assert "The scores of others are open to you, so yours stay." in page
    assert "Open it again" not in client.get(url("review", row.key)).content.decode()
    assert row.status == "done"


def test_team_opens_it_with_a_reason_and_the_first_scores_stay_in_the_record(sign_in, g, row, manager):
    handed(g.ferries, g.rolf)
    team, client = sign_in(manager), sign_in(g.eva.user)
    for _ in range(2):
        page = again(team, g, row)
    row.refresh_from_db()

    assert "Eva Expert can change this review now." in page
    assert (row.status, row.done_at) == ("open", None)
    event = AuditEvent.objects.get(action="funding.review_reopened_by_team")
    assert event.details["why"] == "A slip of the keyboard."
    assert event.details["scores_until_then"] == {"Impact": "2", "Quality": "2"}
    mail = Mail.objects.get(key__startswith="review-reopened:")
    assert (mail.to, "A slip of the keyboard." in mail.text) == (g.eva.user.email, True)
    assert g.ferries.title not in mail.text

    seen = client.get(url("review", row.key)).context["seen_json"]
    client.post(url("review", row.key), {"seen": seen, f"score-{g.impact.pk}": "4", "hand_in": "1"})
    row.refresh_from_db()
    assert row.status == "done"
    first, second = AuditEvent.objects.filter(action="funding.review_handed_in").order_by("pk")
    assert (first.details["scores"]["Impact"], second.details["scores"]["Impact"]["score"]) == (
        {"score": "2", "why": "Good."}, "4",
    )  # fmt: skip
    for reader in (team, client):
        shown = " ".join(reader.get(url("discussion", g.call.slug, code_of(g.ferries))).content.decode().split())
        assert shown.count("first 2") == 1, "where it changed"
    record = team.get(url("trail_of_application", g.call.slug, g.ferries.number)).content.decode()
    assert "A slip of the keyboard." in record


def test_reason_is_asked_for_and_own_or_bound_reviews_are_left_to_a_colleague(sign_in, g, row, home, manager):
    assert "Say why the review is opened again." in again(sign_in(manager), g, row, " ")
    own = AssignmentFactory(application=g.timber, reviewer=ReviewerFactory(call=g.call, user=manager), done=True)
    assert "This is your own review." in again(sign_in(manager), g, own)
    bound = MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user
    AssignmentFactory(application=g.ferries, reviewer=ReviewerFactory(call=g.call, user=bound), conflicted=True)
    with pytest.raises(PermissionDenied):
        reviews.reopen_for_reviewer(assignment=row, why="x", by=bound)
    row.refresh_from_db()
    assert row.status == "done"


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator", "eva", "rolf"])
def test_nobody_else_opens_a_review_again(request, sign_in, g, row, who):
    user = getattr(g, who).user if who in ("eva", "rolf") else request.getfixturevalue(who)
    answer = sign_in(user).post(url("open_review_again", g.call.slug, row.pk), {"words": "x"})
    row.refresh_from_db()

    assert (answer.status_code, row.status) == (403, "done")
    assert not AuditEvent.objects.filter(action="funding.review_reopened_by_team").exists()


def test_decided_call_keeps_its_reviews(g, row, manager):
    FundingCall.objects.update(status="decided", decided_at=timezone.now())

    with pytest.raises(Refused, match="The call is decided"):
        reviews.reopen_for_reviewer(assignment=row, why="x", by=manager)

"""Who reviews what: brought in, proposed, changed, sent, taken back."""

import pytest
from django.core.exceptions import PermissionDenied

from core.actions import Refused
from core.models import AuditEvent, Mail
from funding.actions import assignments, reviewers
from funding.models import Assignment, Reviewer
from members.models import Invitation, Membership
from tests.factories.funding import AssignmentFactory, FundingCallFactory, ReviewerFactory
from tests.factories.members import MembershipFactory, UserFactory
from tests.funding.review_ground import ground, handed, handed_in, lose_role, opened, reviewer, url
from tests.queries import assert_constant_queries


@pytest.fixture
def g(home):
    return ground(home)


def test_person_with_the_role_is_brought_in_once(sign_in, manager, home, g):
    user = UserFactory(name="Nora New")
    MembershipFactory(user=user, organisation=home, role=Membership.Role.REVIEWER)
    data = {
        "user": user.pk,
        "employer": "Lund University",
        "expertise": "- Wind power\nC28.1\n",
        "most_applications": 4,
    }
    sign_in(manager).post(url("bring_reviewer", g.call.slug), data)

    made = Reviewer.objects.get(user=user)
    assert (made.employer, made.expertise, made.most_applications) == ("Lund University", ["Wind power", "C28.1"], 4)
    assert AuditEvent.objects.filter(action="funding.reviewer_brought", actor_id=manager.pk).count() == 1
    with pytest.raises(Refused, match="already"):
        reviewers.bring(call=g.call, user=user, by=manager)


def test_person_without_the_role_is_not_offered_and_refused(sign_in, manager, g, owner):
    page = sign_in(manager).post(url("bring_reviewer", g.call.slug), {"user": owner.pk, "most_applications": 4})

    assert "Choose from the list" in page.content.decode()
    with pytest.raises(Refused, match="role of a reviewer"):
        reviewers.bring(call=g.call, user=owner, by=manager)
    with pytest.raises(PermissionDenied):
        reviewers.bring(call=g.call, user=g.eva.user, by=g.rolf.user)


def test_new_reviewer_is_invited_to_the_home_cluster_with_that_role_alone(sign_in, manager, home, g):
    sign_in(manager).post(url("invite_reviewer", g.call.slug), {"email": "new@reviewer.example", "name": "Nora"})

    assert Invitation.objects.get(email="new@reviewer.example").role == Membership.Role.REVIEWER
    assert Mail.objects.get(to="new@reviewer.example").kind == "invitation"


def test_invited_reviewer_reads_what_for_and_the_name_of_the_cluster_once(manager, home, g):
    reviewers.invite_reviewer(email="new@reviewer.example", name="", by=manager)
    mail = Mail.objects.get()

    assert mail.subject == f"Your invitation to {home.name}"
    assert "You are asked to review applications for funding." in mail.text
    assert "the few that fit" not in mail.text + mail.html


def test_too_long_expertise_is_told_and_what_was_typed_stays(sign_in, manager, g):
    page = sign_in(manager).post(
        url("reviewer", g.call.slug, g.eva.pk), {"expertise": "x" * 81, "employer": "KTH", "most_applications": 3}
    )

    assert "Make this shorter than 80 characters" in page.content.decode()
    assert 'value="KTH"' in page.content.decode()
    assert Reviewer.objects.get(pk=g.eva.pk).employer == ""


def test_taken_out_keeps_what_is_done_and_gives_the_rest_back(manager, g):
    done, unfinished = handed(g.ferries, g.eva), opened(g.timber, g.eva)

    assert reviewers.take_out(reviewer=g.eva, by=manager) == 1
    assert reviewers.take_out(reviewer=g.eva, by=manager) == 0
    statuses = {row.pk: row.status for row in Assignment.objects.all()}
    assert statuses == {done.pk: "done", unfinished.pk: "withdrawn"}
    assert AuditEvent.objects.filter(action="funding.reviewer_taken_out").count() == 1
    reviewers.bring(call=g.call, user=g.eva.user, by=manager)
    assert Reviewer.objects.get(pk=g.eva.pk).left_at is None


def test_team_sees_who_has_lost_the_role_and_gives_the_work_to_others(sign_in, manager, g):
    opened(g.ferries, g.eva)
    lose_role(g.eva.user)
    client = sign_in(manager)

    assert "no longer has the role" in client.get(url("reviewers", g.call.slug)).content.decode()
    board = client.get(url("assignments", g.call.slug)).content.decode()
    assert "Cannot review any more" in board
    assert board.count("1 review missing") == 2
    assignments.propose(call=g.call, by=manager)
    assert Assignment.objects.get(application=g.ferries, status="proposed").reviewer == g.rolf
    assert reviewers.take_out(reviewer=g.eva, by=manager) == 1


def test_proposal_fits_expertise_and_nobody_is_told_before_it_is_sent(sign_in, manager, g):
    client = sign_in(manager)
    client.post(url("propose_assignments", g.call.slug))

    rows = {row.application_id: row for row in Assignment.objects.all()}
    assert rows[g.ferries.pk].reviewer == g.eva
    assert rows[g.timber.pk].reviewer == g.rolf
    assert rows[g.ferries.pk].fits_by == ["ferry"]
    assert Mail.objects.count() == 0
    client.post(url("take_back_assignment", g.call.slug, rows[g.timber.pk].pk))
    client.post(url("send_assignments", g.call.slug))
    assert [row.status for row in Assignment.objects.all()] == ["asked"]
    mail = Mail.objects.get()
    assert (mail.to, mail.kind) == (g.eva.user.email, "review-assigned")
    assert g.ferries.reference not in mail.text
    assert "ferries" not in mail.text.lower()
    assert AuditEvent.objects.filter(action="funding.assignments_sent").count() == 1


def test_proposal_with_nothing_missing_says_so(sign_in, manager, g):
    client, told = sign_in(manager), "Every application has its reviewers already. Nothing is to be sent."
    propose = url("propose_assignments", g.call.slug)
    assert "Look at them, then send." in client.post(propose, follow=True).content.decode()
    assignments.send(call=g.call, by=manager)

    assert told in client.post(propose, follow=True).content.decode()
    assert "2 applications. Reviews needed: 2; with reviewers: 2; handed in: 0." in " ".join(
        client.get(url("assignments", g.call.slug)).content.decode().split()
    )


def test_one_mail_however_many_applications_and_sending_twice_is_once(manager, g):
    for application in (g.ferries, g.timber):
        AssignmentFactory(application=application, reviewer=g.eva, status="proposed")

    assert assignments.send(call=g.call, by=manager) == 2
    assert assignments.send(call=g.call, by=manager) == 0
    assert "2 applications" in Mail.objects.get().subject


def test_proposal_keeps_limits_and_says_what_is_missing(sign_in, manager, g):
    Reviewer.objects.update(most_applications=0)
    page = sign_in(manager).post(url("propose_assignments", g.call.slug), follow=True).content.decode()

    assert "2 reviews find nobody" in page
    assert not Assignment.objects.exists()


def test_reviewer_bound_to_an_applicant_is_never_proposed_and_blocked_by_hand(sign_in, manager, g):
    MembershipFactory(user=g.eva.user, organisation=g.ferries.lead, role=Membership.Role.VIEWER)
    Reviewer.objects.filter(pk=g.rolf.pk).update(employer="Granbacken Wood AB")
    g.rolf.refresh_from_db()
    assignments.propose(call=g.call, by=manager)
    pairs = {(row.application_id, row.reviewer_id) for row in Assignment.objects.all()}
    assert pairs == {(g.ferries.pk, g.rolf.pk)}, "Eva competes in the call, so the other one is closed to her, too"

    page = (
        sign_in(manager)
        .post(url("choose_reviewer", g.call.slug, g.timber.number), {"reviewer": g.rolf.pk})
        .content.decode()
    )
    assert "Works at Granbacken Wood AB" in page
    assert "Choose somebody else" in page
    with pytest.raises(Refused, match="own application"):
        assignments.assign(application=g.ferries, reviewer=g.eva, overrule="We need her.", by=manager)
    row = assignments.assign(application=g.timber, reviewer=g.rolf, overrule="Left in 2019.", by=manager)
    assert (row.status, row.overruled) == ("proposed", "Left in 2019.")
    assert AuditEvent.objects.get(action="funding.assigned").details["overruled"] == "Left in 2019."


def test_conflict_that_shows_after_the_proposal_blocks_the_sending(sign_in, manager, g):
    AssignmentFactory(application=g.ferries, reviewer=g.rolf, status="proposed")
    Reviewer.objects.filter(pk=g.rolf.pk).update(employer="Nordlys Marine")

    assert assignments.send(call=g.call, by=manager) == 0
    row = Assignment.objects.get()
    assert (row.status, row.conflict_is_detected) == ("conflict", True)
    client = sign_in(manager)
    assert "Works at Nordlys Marine" in client.get(url("assignments", g.call.slug)).content.decode()
    client.post(url("overrule_conflict", g.call.slug, row.pk), {"words": ""})
    assert Assignment.objects.get().status == "conflict"
    client.post(url("overrule_conflict", g.call.slug, row.pk), {"words": "Another company of that name."})
    row.refresh_from_db()
    assert (row.status, row.overruled) == ("asked", "Another company of that name.")


def test_declared_conflict_cannot_be_overruled(manager, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.rolf, conflicted=True)

    with pytest.raises(Refused, match="seen"):
        assignments.overrule(assignment=row, words="Never mind.", by=manager)


def test_review_that_is_handed_in_cannot_be_taken_back(manager, g):
    row, other = handed(g.ferries, g.eva), opened(g.timber, g.eva)

    with pytest.raises(Refused, match="stays"):
        assignments.take_back(assignment=row, by=manager)
    assignments.take_back(assignment=other, by=manager)
    assignments.take_back(assignment=other, by=manager)
    assert AuditEvent.objects.filter(action="funding.assignment_taken_back").count() == 1


def test_reminder_goes_out_once_a_day(sign_in, manager, g):
    opened(g.ferries, g.eva)
    handed(g.timber, g.rolf)
    client = sign_in(manager)
    first = client.post(url("remind_reviewers", g.call.slug), follow=True).content.decode()
    second = client.post(url("remind_reviewers", g.call.slug), follow=True).content.decode()

    assert "1 reviewer is reminded" in first
    assert "Nobody to remind" in second
    assert Mail.objects.get().to == g.eva.user.email


def test_nothing_is_assigned_before_the_deadline_or_after_the_decision(manager, g):
    early = FundingCallFactory()
    decided = FundingCallFactory(decided=True)

    for call, why in ((early, "after the deadline"), (decided, "is decided")):
        with pytest.raises(Refused, match=why):
            assignments.propose(call=call, by=manager)
    other = ReviewerFactory(call=early)
    with pytest.raises(Refused, match="does not review"):
        assignments.assign(application=g.ferries, reviewer=other, by=manager)
    with pytest.raises(PermissionDenied):
        assignments.send(call=g.call, by=g.eva.user)


def test_boards_ask_the_same_whatever_they_show(sign_in, manager, home, g):
    client, count = sign_in(manager), iter(range(100))

    def more() -> None:
        number = next(count)
        application = handed_in(g.call, f"Company {number}", f"Project {number}")
        AssignmentFactory(application=application, reviewer=reviewer(g.call, home, f"R{number} Reader"), open=True)

    def shown(response) -> int:
        return len(response.context["rows"]) - 2

    assert_constant_queries(lambda: client.get(url("reviewers", g.call.slug)), more, at_most=20, shows=shown)


def test_scores_ask_the_same_whatever_they_show(sign_in, manager, g):
    client, count = sign_in(manager), iter(range(100))

    def more() -> None:
        number = next(count)
        handed(handed_in(g.call, f"Company {number}", f"Project {number}"), g.eva)

    def shown(response) -> int:
        return len(response.context["rows"]) - 2

    assert_constant_queries(lambda: client.get(url("scores", g.call.slug)), more, at_most=22, shows=shown)

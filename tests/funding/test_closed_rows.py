"""What binds somebody is neither named nor told of in words, wherever the team and the panel read of a call."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from core.actions import Refused
from funding.actions import announcing, appeals, assignments, decisions, granting, grants
from funding.models import Application, Assignment, Decision, Letter
from funding.reviewing import code_of, hidden_from, sees_scores
from members.models import Membership, User
from tests.factories.funding import AssignmentFactory, PartnerFactory, ReviewerFactory
from tests.factories.members import MembershipFactory
from tests.funding.decisions_ground import a_reviewer, fund, judged, judged_call, keep, reject, tell
from tests.funding.grants_ground import award_for, decided_call, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call()


@pytest.fixture
def bound_manager(manager, home) -> User:
    return MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user


def by_membership(user, application):
    MembershipFactory(user=user, organisation=application.lead)
    return User.objects.get(pk=user.pk)


def by_declaring(user, application):
    seat = ReviewerFactory(call=application.call, user=user)
    AssignmentFactory(reviewer=seat, application=application, status="conflict", conflict="Kin.")
    return user


def by_naming(user, application):
    ReviewerFactory(call=application.call, user=user, interests=[application.lead.name])
    return user


WAYS = [by_membership, by_declaring, by_naming]


def url(name, call, *more):
    return reverse(f"funding:{name}", args=[call.slug, *more])


def text_of(client, path) -> str:
    return " ".join(client.get(path).getvalue().decode().split())


@pytest.fixture
def panel(call):
    return a_reviewer(call, is_on_panel=True, declared_at=timezone.now()).user


@pytest.mark.parametrize("why", ["bound", "still reviews"])
def test_panel_reads_nothing_of_money_as_long_as_something_is_closed_to_it(call, panel, manager, sign_in, why):
    """A line between two rows with amounts would tell between which amounts the closed one asks."""
    judged(call, 5, 60_001, title="Sensors")
    closed = judged(call, 4, 30_001, title="Secret")
    other = judged(call, 3, 20_001, title="Nets")
    keep(other, 7, manager)
    state = {"status": "conflict", "conflict": "Kin."} if why == "bound" else {"status": "asked"}
    seat = call.reviewers.get(user=panel)
    row = Assignment.objects.create(reviewer=seat, application=closed, **state)
    client = sign_in(panel)
    page = text_of(client, url("ranking", call))

    for hidden in ("EUR", "60,001", "20,001", "Havsfonden", "money ends", "Reached", "Not reached", "Pass over",
                   "Fund<", "reserve list 7", "comes in", "Secret", closed.reference, closed.lead.name):  # fmt: skip
        assert hidden not in page, hidden
    assert "Amounts, lines and the proposal are left out" in page
    for shown in ("Sensors", "Nets", "100.00", "On the reserve list"):
        assert shown in page, shown
    row.delete()
    whole = text_of(client, url("ranking", call))
    for shown in ("60,001", "Reached", "Pass over", "left out"):
        assert (shown in whole) == (shown != "left out"), shown


def test_ranking_of_which_all_is_closed_does_not_say_that_nothing_was_handed_in(call, panel, manager, sign_in):
    empty = "Applications stand here once they are handed in."
    assert empty in text_of(sign_in(panel), url("ranking", call))
    seat = call.reviewers.get(user=panel)
    Assignment.objects.create(reviewer=seat, application=judged(call, 4, 30_001), status="conflict", conflict="Kin.")
    page = text_of(sign_in(panel), url("ranking", call))

    assert "Something is closed to you" in page
    assert empty not in page


def test_only_who_decides_reads_that_it_decides(call, panel, manager, sign_in):
    judged(call, 4, 30_000)
    assert "and what you decide." in text_of(sign_in(manager), url("ranking", call))
    page = text_of(sign_in(panel), url("ranking", call))
    assert "How far the money reaches, and what the optimiser proposes." in page
    assert "you decide" not in page


def test_lines_and_reasons_of_the_ranking_name_nothing_that_is_closed(call, bound_manager, sign_in):
    """The money ends at the closed one, which another is passed over for, and which more money would bring in."""
    judged(call, 5, 60_000, title="Sensors")
    closed = judged(call, 4, 60_000, title="Secret")
    other = judged(call, 3, 50_000, title="Nets")
    by_declaring(bound_manager, closed)
    page = text_of(sign_in(bound_manager), url("ranking", call))

    assert "Secret" not in page
    assert page.count(closed.reference) == 1, "in the notice"
    assert "Nets" in page
    assert f">{other.reference}</td>" in page, "the line as this reader sees it"
    assert "The money of Havsfonden does not reach it." in page
    assert "Havsfonden has not enough left for it." in page
    assert f"With more money of Havsfonden, {other.reference} comes in." in page
    assert "40,000" not in page, "what is left would tell that the closed one gets nothing"


def test_who_is_paid_instead_is_named_to_nobody_to_whom_something_is_closed(call, bound_manager, sign_in, manager):
    passed = judged(call, 4, 70_000, title="Sensors")
    judged(call, 4, 70_000, title="Ropes")
    closed = judged(call, 4, 50_000, title="Secret")
    seen = judged(call, 4, 50_000, title="Nets")
    by_declaring(bound_manager, closed)

    assert f"Its money goes further down, to {closed.reference} and {seen.reference}." in text_of(
        sign_in(manager), url("ranking", call)
    )
    page = text_of(sign_in(bound_manager), url("ranking", call))
    assert "Its money goes further down. No set with this application is worth more." in page
    assert passed.reference in page
    assert page.count(closed.reference) == 1, "in the notice"


def test_money_that_goes_to_what_is_closed_alone_goes_nowhere_in_words(call, bound_manager, sign_in):
    judged(call, 4, 70_000, title="Sensors")
    judged(call, 4, 70_000, title="Ropes")
    for title in ("Secret one", "Secret two"):
        bind_more(by_declaring, bound_manager, judged(call, 4, 50_000, title=title))
    page = text_of(sign_in(bound_manager), url("ranking", call))

    assert page.count("Havsfonden has not enough left for it.") == 2
    assert "further down" not in page
    assert "Secret" not in page


def test_places_and_sums_leave_no_gap_where_something_is_closed(call, bound_manager, sign_in):
    closed = judged(call, 5, 40_001, title="Secret")
    judged(call, 4, 20_000, title="Nets")
    judged(call, 3, 10_000, title="Ropes")
    by_declaring(bound_manager, closed)
    page = text_of(sign_in(bound_manager), url("ranking", call))

    assert '<td class="num" data-label="Place">1</td>' in page
    assert '<td class="num" data-label="Place">3</td>' not in page
    for told in ("60,001", "70,001", "40,001", "29,999", "It funds"):
        assert told not in page, told
    assert "EUR 30,000" in page, "what the open ones ask for"


@pytest.mark.parametrize("bind", WAYS)
def test_bound_manager_reads_the_reference_of_what_is_closed_and_no_more(call, manager, bound_manager, sign_in, bind):
    closed, other = judged(call, 5, 90_000, title="Secret"), judged(call, 4, 60_000, title="Nets")
    keep(closed, 77, manager)
    user = bind(bound_manager, closed)
    client = sign_in(user)
    page = text_of(client, url("ranking", call))

    assert page.count(closed.reference) == 1, "in the notice"
    assert "Secret" not in page
    assert f"at {closed.reference}" not in page
    assert other.reference in page
    assert hidden_from(user, call) == {closed.pk}
    assert not sees_scores(user, closed)
    for name in ("scores_csv", "scores"):
        assert "<strong>100" not in text_of(client, url(name, call))
    for name in ("trail_of_application", "trail_of_application_csv", "ranked", "choose_reviewer"):
        assert client.get(url(name, call, closed.number)).status_code == 403, name
    assert client.get(url("discussion", call, code_of(closed))).status_code == 403


@pytest.mark.parametrize("bind", WAYS)
def test_reserve_list_letters_and_appeals_show_a_bound_manager_the_others_alone(
    call, manager, bound_manager, sign_in, bind
):
    won, waits = judged(call, 5, 20_000, title="Secret A"), judged(call, 4, 20_000, title="Secret B")
    lost, open_one = judged(call, 4, 20_000, title="Secret C"), judged(call, 4, 21_000, title="Nets")
    for each in (won, open_one):
        fund(each, manager)
    keep(waits, 1, manager)
    reject(lost, manager)
    user = bound_manager
    for each in (won, waits, lost):
        user = bind_more(bind, user, each)
    client = sign_in(user)
    made = text_of(client, url("make_known", call))
    assert "3 applications are closed to you" in made
    for kind in ("funded", "reserve", "rejected"):
        assert "Secret" not in text_of(client, f"{url('letter_template', call, kind)}?application={won.number}")
    tell(call, manager)
    owner = MembershipFactory(organisation=lost.lead, role=Membership.Role.OWNER).user
    appeals.file(decision=Decision.objects.get(application=lost), words="Why not Secret?", by=owner)
    for name in ("reserve", "appeals", "letters", "ranking"):
        assert "Secret" not in text_of(client, url(name, call)), name
    board = text_of(client, url("assignments", call))
    assert board.count("Closed to you: a colleague sees to it.") == 3
    assert "Nets" in text_of(client, url("reserve", call))
    if bind is not by_membership:
        for letter in Letter.objects.exclude(decision__application=open_one):
            assert client.get(reverse("funding:letter_pdf", args=[letter.pk])).status_code == 404
        assert client.get(reverse("funding:application", args=[won.reference])).status_code == 404


def bind_more(bind, user, application):
    if bind is by_membership or not application.call.reviewers.filter(user=user).exists():
        return bind(user, application)
    seat = application.call.reviewers.get(user=user)
    if bind is by_naming:
        seat.interests = [*seat.interests, application.lead.name]
        seat.save()
    else:
        AssignmentFactory(reviewer=seat, application=application, status="conflict", conflict="Kin.")
    return user


def test_undecided_application_that_is_closed_is_not_named_before_the_letters(call, manager, bound_manager, sign_in):
    closed, other = judged(call, 5, 20_000, title="Secret"), judged(call, 4, 20_000, title="Nets")
    by_declaring(bound_manager, closed)
    page = text_of(sign_in(bound_manager), url("make_known", call))

    assert "Secret" not in page
    assert "Nets" in page
    reject(other, manager)
    assert "Something is not decided yet" in text_of(sign_in(bound_manager), url("make_known", call))
    with pytest.raises(Refused, match="closed to you"):
        announcing.make_known(call=call, by=bound_manager)


def test_taken_place_of_the_reserve_list_does_not_name_what_is_closed(call, manager, bound_manager):
    closed, other = judged(call, 5, 20_000), judged(call, 4, 20_000)
    keep(closed, 1, manager)
    by_declaring(bound_manager, closed)

    with pytest.raises(Refused, match="taken by one that is closed to you"):
        decisions.decide(application=other, outcome="reserve", reasons="x", reserve_place=1, by=bound_manager)


def test_nobody_chooses_who_reviews_what_binds_it(call, bound_manager):
    closed = judged(call, 5, 20_000)
    user = by_membership(bound_manager, closed)
    row = closed.assignments.get()
    for act in (
        lambda: assignments.assign(application=closed, reviewer=a_reviewer(call), by=user),
        lambda: assignments.take_back(assignment=row, by=user),
        lambda: assignments.overrule(assignment=row, words="x", by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize("bind", WAYS)
def test_bound_manager_grants_and_pays_nothing(manager, bound_manager, organisation, bind):
    award, other = award_for(organisation), award_for(organisation, call=decided_call())
    made = granting.grant(award=other, by=manager)
    payment = grants.plan_payment(grant=made, name="First", amount_eur=Decimal(5), due_on=today(), by=manager)
    for each in (award, other):
        bind(bound_manager, each.decision.application)
    user = User.objects.get(pk=bound_manager.pk)

    granted, refused = granting.grant_all(call=award.funder.call, by=user)
    assert granted == []
    assert "A colleague decides." in refused[0][1]
    with pytest.raises(PermissionDenied, match="A colleague decides"):
        grants.pay(payment=payment, on=today(), by=user)
    with pytest.raises(PermissionDenied, match="A colleague decides"):
        grants.end_early(grant=made, on=today(), why="x", kept_eur=Decimal(0), by=user)


def test_partner_that_left_while_it_was_amended_binds_its_people(call, bound_manager, organisation):
    application = judged(call, 5, 20_000)
    PartnerFactory(application=application, organisation=organisation, declined=True)
    MembershipFactory(user=bound_manager, organisation=organisation)
    user = User.objects.get(pk=bound_manager.pk)

    assert not Application.objects.binding(user).exists()
    Application.objects.filter(pk=application.pk).update(status="amending")
    assert Application.objects.binding(user).get() == application

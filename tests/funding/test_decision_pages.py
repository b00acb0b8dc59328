"""Pages of ranking and decisions: who may enter, what they show, and what bad input keeps."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEvent
from funding.models import Assignment, Decision
from funding.reviewing import code_of
from tests.factories.funding import ReviewerFactory
from tests.funding.decisions_ground import a_reviewer, asked_in_full, fund, judged, judged_call, reject, tell
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(manager):
    return judged_call(name="Blue pilots")


@pytest.fixture
def panel(call):
    return a_reviewer(call, is_on_panel=True, declared_at=timezone.now()).user


def url(name, call, *more):
    return reverse(f"funding:{name}", args=[call.slug, *more])


def posted(application, **more):
    """What the form sends for a project that is funded in full."""
    amounts = {f"amount_{pk}": amount for pk, amount in asked_in_full(application).items()}
    return (
        {"outcome": "funded", "reasons": "Clear benefit.", "reserve_place": "", "why_early": "", "seen": ""}
        | amounts
        | more
    )


def test_ranking_shows_places_sums_lines_and_the_proposal(call, manager, sign_in):
    first, second = judged(call, 5, 90_000, title="Sensors"), judged(call, 4, 60_000, 20_000, title="<b>Nets</b>")
    judged(call, 2, 10_000, title="Thin")
    page = sign_in(manager).get(url("ranking", call)).content.decode()

    assert page.index("Sensors") < page.index("&lt;b&gt;Nets") < page.index("Thin")
    assert "EUR 150,000" in page
    assert "The money of Havsfonden does not reach it." in page
    assert "Havsfonden has EUR 10,000 left: EUR 50,000 are missing." in page
    assert "It is proven that no other set" in page
    assert f"With EUR 50,000 more of Havsfonden, {second.reference} comes in." in page
    assert "Below a threshold" in page
    assert url("ranked", call, first.number) in page


def test_empty_ranking_says_so(call, manager, sign_in):
    assert "Nothing to rank yet" in sign_in(manager).get(url("ranking", call)).content.decode()


def test_panel_sees_the_ranking_and_is_led_to_the_discussion_but_does_not_decide(call, panel, sign_in):
    application, client = judged(call, 5, 40_000, title="Sensors"), sign_in(panel)

    page = client.get(url("ranking", call)).content.decode()
    assert "Sensors" in page
    assert reverse("funding:discussion", args=[call.slug, code_of(application)]) in page
    assert "Make decisions known" not in page
    assert client.get(url("ranked", call, application.number)).status_code == 403
    assert client.post(url("decide", call, application.number), posted(application)).status_code == 403
    assert not Decision.objects.exists()


def test_panel_of_a_blind_call_reads_codes(call, panel, sign_in):
    application = judged(call, 5, 40_000)
    judged(call, 4, 90_000)
    call.is_blind = True
    call.save()
    page = sign_in(panel).get(url("ranking", call)).content.decode()

    assert code_of(application) in page
    assert f"{call.code}-0" not in page
    assert application.lead.name not in page


def test_what_binds_a_panel_member_is_closed_to_it(call, panel, sign_in):
    bound, other = judged(call, 5, 40_000, title="Sensors"), judged(call, 4, 40_000, title="Nets")
    Assignment.objects.create(
        reviewer=call.reviewers.get(user=panel), application=bound, status="conflict", conflict="My employer."
    )
    page = sign_in(panel).get(url("ranking", call)).content.decode()

    assert "Sensors" not in page
    assert bound.reference not in page
    assert "Nets" in page
    assert other.reference in page


def test_panel_declares_first_what_binds_it(call, sign_in):
    assert sign_in(a_reviewer(call, is_on_panel=True).user).get(url("ranking", call)).status_code == 403


def test_manager_with_a_conflict_of_interest_does_not_decide(call, manager, sign_in):
    application = judged(call, 5, 40_000)
    seat = ReviewerFactory(call=call, user=manager)
    Assignment.objects.create(reviewer=seat, application=application, status="conflict", conflict="My brother.")
    client = sign_in(manager)

    assert client.get(url("ranked", call, application.number)).status_code == 403
    assert client.post(url("decide", call, application.number), posted(application)).status_code == 403
    assert not Decision.objects.exists()


def test_reviewers_beside_the_panel_and_those_who_left_see_no_ranking(call, panel, sign_in):
    assert sign_in(a_reviewer(call).user).get(url("ranking", call)).status_code == 403
    assert sign_in(a_reviewer(judged_call(), is_on_panel=True).user).get(url("ranking", call)).status_code == 403
    call.reviewers.filter(user=panel).update(left_at=timezone.now())
    assert sign_in(panel).get(url("ranking", call)).status_code == 403


def test_secretary_decides_and_is_led_back(call, manager, sign_in):
    application = judged(call, 5, 40_000, 20_000)
    response = sign_in(manager).post(url("decide", call, application.number), posted(application), follow=True)

    assert Decision.objects.get().awards.count() == 2
    assert "Nobody is told before you make the decisions known." in response.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"outcome": ""}, "Decision: We need this."),
        ({"reasons": ""}, "Reasons, as the applicant reads them: We need this."),
        ({"lead_amount": "40000.01"}, "It cannot get more."),
        ({"lead_amount": "-1"}, "Write 0 or more."),
        ({"lead_amount": "a lot"}, "EUR: "),
        ({"outcome": "reserve"}, "Give the place on the reserve list"),
        ({"outcome": "reserve", "reserve_place": "0"}, "Write 1 or more."),
        ({"seen": "2026-01-01T00:00:00+00:00"}, "Somebody else has decided"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_typed_is_lost(call, manager, sign_in, change, said):
    application = judged(call, 5, 40_000)
    lead = application.partners.get()
    change = {f"amount_{lead.pk}" if name == "lead_amount" else name: value for name, value in change.items()}
    response = sign_in(manager).post(
        url("decide", call, application.number), posted(application) | {"reasons": "Words to keep"} | change
    )

    page = response.content.decode()
    assert said in page
    assert "Words to keep" in page or change == {"reasons": ""}
    assert not Decision.objects.exists()


def test_why_it_is_decided_early_is_asked_only_where_reviews_are_missing(call, manager, sign_in):
    application, client = judged(call, 5, 40_000), sign_in(manager)
    path = url("ranked", call, application.number)
    assert "before all reviews are in" not in client.get(path).content.decode()
    application.assignments.update(status="open")
    assert "before all reviews are in" in client.get(path).content.decode()

    refused = client.post(url("decide", call, application.number), posted(application))
    assert "Only 0 of 1 reviews are in" in refused.content.decode()
    client.post(url("decide", call, application.number), posted(application, why_early="The reviewer fell ill."))
    assert Decision.objects.get().outcome == "funded"


def test_withdrawn_meanwhile(call, manager, sign_in):
    application = judged(call, 5, 40_000)
    application.status, application.withdrawn_at = "withdrawn", timezone.now()
    application.save()
    client = sign_in(manager)

    assert "was withdrawn" in client.get(url("ranked", call, application.number)).content.decode()
    client.post(url("decide", call, application.number), posted(application))
    assert not Decision.objects.exists()


def test_making_known_asks_once_more_and_names_what_is_open(call, manager, sign_in):
    done, open_one = judged(call, 5, 40_000), judged(call, 4, 30_000)
    fund(done, manager)
    client = sign_in(manager)
    assert open_one.reference in client.get(url("make_known", call)).content.decode()
    assert "No decision yet on" in client.post(url("make_known", call), follow=True).content.decode()
    reject(open_one, manager)
    assert "2 consortia get their letters" in client.get(url("make_known", call)).content.decode()
    assert "2 consortia get their letters" in client.post(url("make_known", call), follow=True).content.decode()
    assert "made known already" in client.post(url("make_known", call), follow=True).content.decode()


PAGES = ["ranking", "letters", "make_known", "reserve", "appeals", "trail", "trail_csv", "trail_json"]


@pytest.mark.parametrize("who", ["owner", "colleague", "viewer", "outsider", "evaluator"])
def test_the_secretarys_pages_are_closed_to_others(call, request, sign_in, who):
    application = judged(call, 5, 40_000)
    client = sign_in(request.getfixturevalue(who))
    paths = [url(name, call) for name in PAGES] + [
        url("ranked", call, application.number),
        url("trail_of_application", call, application.number),
        url("letter_template", call, "funded"),
    ]

    assert {client.get(path).status_code for path in paths} == {403}
    posts = [("decide", application.number), ("move_up", application.number)]
    assert {client.post(url(name, call, *more), {"words": "x"}).status_code for name, *more in posts} == {403}
    assert not AuditEvent.objects.filter(action__startswith="funding.").exists()


def test_panel_has_the_ranking_alone(call, panel, sign_in):
    client = sign_in(panel)

    assert client.get(url("ranking", call)).status_code == 200
    assert {client.get(url(name, call)).status_code for name in PAGES if name != "ranking"} == {403}


def test_ranking_asks_the_same_number_of_questions(call, manager, sign_in):
    client = sign_in(manager)
    assert_constant_queries(
        lambda: client.get(url("ranking", call)),
        lambda: judged(call, 4, 10_000, 5_000),
        at_most=25,
        shows=lambda response: response.content.decode().count('<th scope="row"><a'),
    )


def test_ranking_of_a_blind_call_asks_the_panel_the_same_number_of_questions(call, panel, sign_in):
    call.is_blind = True
    call.save()
    client = sign_in(panel)
    assert_constant_queries(
        lambda: client.get(url("ranking", call)),
        lambda: judged(call, 4, 10_000, 5_000),
        at_most=31,
        shows=lambda response: response.content.decode().count('<th scope="row"><a'),
    )


def test_every_page_of_the_secretary_opens_after_the_decisions(call, manager, sign_in):
    application = judged(call, 5, 40_000)
    fund(application, manager)
    tell(call, manager)
    client = sign_in(manager)

    for name in PAGES:
        assert client.get(url(name, call)).status_code == 200, name
    page = client.get(url("ranked", call, application.number)).content.decode()
    assert "Clear benefit." in page
    assert "Record the decision" not in page

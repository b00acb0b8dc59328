"""A reviewer's own pages: what binds, scores and words, handing in, opening again."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from core.models import AuditEvent
from funding.models import Application, Assignment, Attachment, FundingCall, Reviewer
from funding.reviewing import code_of
from tests.factories.funding import AssignmentFactory, CriterionFactory, FunderFactory
from tests.factories.members import MembershipFactory
from tests.funding.review_ground import content_of, ground, handed, lose_role, opened, send, url, whole


@pytest.fixture
def g(home):
    return ground(home)


def stored(row: Assignment) -> dict[str, tuple[int | None, str]]:
    return {score.criterion.name: (score.value, score.words) for score in row.scores.select_related("criterion")}


# What binds


def test_nothing_is_shown_before_a_conflict_is_denied(sign_in, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.eva)
    client = sign_in(g.eva.user)
    for page in (client.get(url("reviews")), client.get(url("declare", row.key))):
        assert "Charging of ferries" not in page.content.decode()
    assert "Nordlys Marine" in client.get(url("declare", row.key)).content.decode()
    assert client.get(url("review", row.key)).headers["Location"] == url("declare", row.key)
    client.post(url("review", row.key), whole(g))
    assert not row.scores.exists()

    client.post(url("declare", row.key), {"has_conflict": "no"})
    assert "Charging of ferries" in client.get(url("review", row.key)).content.decode()
    assert AuditEvent.objects.filter(action="funding.conflict_declared").count() == 1


def test_declared_conflict_needs_words_and_closes_the_application(sign_in, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.eva)
    client = sign_in(g.eva.user)
    page = client.post(url("declare", row.key), {"has_conflict": "yes"}).content.decode()
    assert "Write in a few words what binds you" in page

    client.post(url("declare", row.key), {"has_conflict": "yes", "words": "My sister <b>works</b> there."})
    row.refresh_from_db()
    assert (row.status, row.conflict_is_detected) == ("conflict", False)
    assert client.get(url("review", row.key)).status_code == 404
    client.post(url("declare", row.key), {"has_conflict": "no"})
    row.refresh_from_db()
    assert row.status == "conflict", "it is answered once"


def test_denied_conflict_that_the_portal_sees_blocks(sign_in, g):
    row = AssignmentFactory(application=g.ferries, reviewer=g.eva)
    MembershipFactory(user=g.eva.user, organisation=g.ferries.lead)
    sign_in(g.eva.user).post(url("declare", row.key), {"has_conflict": "no"})

    row.refresh_from_db()
    assert (row.status, row.conflict_is_detected) == ("conflict", True)
    assert "Belongs to Nordlys Marine" in row.conflict


def test_overruled_conflict_still_asks_the_reviewer(sign_in, g):
    Reviewer.objects.filter(pk=g.eva.pk).update(employer="Nordlys Marine")
    row = AssignmentFactory(application=g.ferries, reviewer=g.eva, overruled="Another company.")
    sign_in(g.eva.user).post(url("declare", row.key), {"has_conflict": "no"})

    row.refresh_from_db()
    assert row.status == "open"


# Blind calls


def test_blind_call_asks_about_everybody_and_never_tells_who_is_behind_what(sign_in, home):
    g = ground(home, blind=True)
    mine = AssignmentFactory(application=g.ferries, reviewer=g.eva)
    other = AssignmentFactory(application=g.timber, reviewer=g.eva)
    client = sign_in(g.eva.user)
    asked = client.get(url("declare", mine.key), follow=True).content.decode()
    assert "Nordlys Marine" in asked
    assert "Granbacken Wood" in asked

    client.post(url("interests", g.call.slug), {"names": ["Granbacken Wood"], "words": "I advise it."})
    mine.refresh_from_db(), other.refresh_from_db()
    assert (mine.status, other.status) == ("open", "conflict")
    for page in (client.get(url("reviews")), client.get(url("review", mine.key))):
        text = page.content.decode() + str(page.headers)
        for told in (
            "Nordlys",
            "Granbacken",
            g.ferries.reference,
            "Anna Andersson",
            "applicant.example",
            "Who are you?",
        ):
            assert told not in text, told
    assert "Charging of ferries" in client.get(url("review", mine.key)).content.decode()
    assert "Organisation 1 begins." in client.get(url("review", mine.key)).content.decode()


def test_interest_that_comes_to_light_later_keeps_the_review_and_closes_the_discussion(sign_in, manager, home):
    g = ground(home, blind=True)
    row, client = handed(g.ferries, g.eva), sign_in(g.eva.user)
    page = url("discussion", g.call.slug, code_of(g.ferries))
    assert client.get(page).status_code == 200

    client.post(url("interests", g.call.slug), {"names": ["Nordlys Marine"]})
    row.refresh_from_db()
    assert row.status == "done"
    assert client.get(page).status_code == 403
    assert "Bound to: Nordlys Marine" in sign_in(manager).get(url("assignments", g.call.slug)).content.decode()


def test_withdrawn_application_is_not_reviewed_any_more(sign_in, g):
    row = opened(g.ferries, g.eva)
    Application.objects.filter(pk=g.ferries.pk).update(status="withdrawn", withdrawn_at=timezone.now())
    client = sign_in(g.eva.user)

    assert client.get(url("review", row.key)).status_code == 404
    assert "Charging of ferries" not in client.get(url("reviews")).content.decode()


def test_names_that_are_not_in_the_call_are_no_interests(sign_in, home):
    g = ground(home, blind=True)
    AssignmentFactory(application=g.ferries, reviewer=g.eva)
    page = sign_in(g.eva.user).post(url("interests", g.call.slug), {"names": ["Somebody else"]})

    assert "Choose from the list" in page.content.decode()
    assert Reviewer.objects.get(pk=g.eva.pk).declared_at is None


def attached(g, name: str = "budget.pdf") -> Attachment:
    made = Attachment.objects.create(
        application=g.ferries, name=name, content_type="application/pdf", size=3, sha256="0" * 64,
        file=ContentFile(b"%PDF", name=name),
    )  # fmt: skip
    last = g.ferries.submissions.get()
    last.content = content_of(g.ferries) | {"attachments": [{"id": made.pk, "name": name, "size": 4}]}
    last.save()
    return made


def test_files_are_read_in_an_open_call_and_hidden_in_a_blind_one(sign_in, g):
    row, file = opened(g.ferries, g.eva), attached(g)
    client = sign_in(g.eva.user)
    response = client.get(url("review_file", row.key, file.pk))
    assert b"".join(response) == b"%PDF"
    assert response.headers["Content-Disposition"] == 'attachment; filename="budget.pdf"'
    assert "budget.pdf" in client.get(url("review", row.key)).content.decode()

    FundingCall.objects.update(is_blind=True)
    assert client.get(url("review_file", row.key, file.pk)).status_code == 404
    assert "budget.pdf" not in client.get(url("review", row.key)).content.decode()


def test_file_added_after_handing_in_is_not_read(sign_in, g):
    row, file = opened(g.ferries, g.eva), attached(g)
    last = g.ferries.submissions.get()
    last.content["attachments"] = []
    last.save()

    assert sign_in(g.eva.user).get(url("review_file", row.key, file.pk)).status_code == 404


# Scores and words


def test_scores_are_saved_as_one_goes_and_handed_in_once(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    page = send(client, row, {f"score-{g.impact.pk}": "0"}, htmx=True).content.decode()
    assert "0 of 2 criteria ready" in page
    assert stored(row) == {"Impact": (0, "")}

    page = send(client, row, whole(g) | {"sum": "Yes."}, hand_in=True, seen={f"score-{g.impact.pk}": "0"})
    row.refresh_from_db()
    assert page.headers["Location"] == url("reviews")
    assert (row.status, row.words) == ("done", "Yes.")
    assert stored(row) == {"Impact": (4, "Good."), "Quality": (4, "Good.")}
    again = send(client, row, whole(g, 1), hand_in=True).content.decode()
    assert "Open it again to change it" in again
    assert stored(row)["Impact"] == (4, "Good.")
    assert AuditEvent.objects.filter(action="funding.review_handed_in").count() == 1


def test_unfinished_review_is_not_handed_in_and_says_what_is_missing(sign_in, g):
    row = opened(g.ferries, g.eva)
    page = send(sign_in(g.eva.user), row, {f"score-{g.impact.pk}": "4"}, hand_in=True).content.decode()

    assert "Choose a score." in page
    assert "Say why in a sentence" in page
    row.refresh_from_db()
    assert row.status == "open"
    assert stored(row)["Impact"] == (4, "")


@pytest.mark.parametrize("score", ["6", "-1", "4.5", "x", "٣", "9" * 30])
def test_impossible_score_is_told_and_the_rest_is_saved(sign_in, g, score):
    row = opened(g.ferries, g.eva)
    fields = {f"score-{g.impact.pk}": score, f"why-{g.impact.pk}": "Because."}
    page = send(sign_in(g.eva.user), row, fields, htmx=True).content.decode()

    assert "whole number from 0 to 5" in page
    assert stored(row) == {"Impact": (None, "Because.")}


def test_too_long_words_are_told_and_not_cut(sign_in, g):
    row = opened(g.ferries, g.eva)
    page = send(sign_in(g.eva.user), row, {f"why-{g.impact.pk}": "x" * 2001}).content.decode()

    assert "x" * 2001 in page
    assert "at most 2000" in page
    assert not row.scores.exists()


def test_two_tabs_do_not_wipe_each_others_words(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    name = f"why-{g.impact.pk}"
    send(client, row, {name: "First tab.", "sum": ""}, htmx=True)
    send(client, row, {name: "", "sum": "Second tab."}, htmx=True)
    assert stored(row)["Impact"][1] == "First tab."

    page = send(client, row, {name: "Another thought."}, htmx=True).content.decode()
    assert stored(row)["Impact"][1] == "First tab.\n\nAnother thought."
    assert "another tab" in page
    row.refresh_from_db()
    assert row.words == "Second tab."


def test_words_are_shown_as_words(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    send(client, row, {f"why-{g.impact.pk}": "</textarea><script>alert(1)</script>"})

    assert "<script>alert(1)" not in client.get(url("review", row.key)).content.decode()


def test_nonsense_is_refused_without_a_fault(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    data = {"seen": "[1", "score-": "1", "score-999999": "1", "why-x": "y", f"score-{g.impact.pk}": "2"}
    assert client.post(url("review", row.key), data).status_code == 302
    assert stored(row) == {"Impact": (2, "")}


def test_review_opens_again_until_the_time_is_over(sign_in, g):
    row, client = handed(g.ferries, g.eva), sign_in(g.eva.user)
    client.post(url("reopen_review", row.key))
    row.refresh_from_db()
    assert (row.status, row.done_at) == ("open", None)

    send(client, row, whole(g), hand_in=True)
    FundingCall.objects.update(review_until=timezone.now() - timedelta(minutes=1))
    page = client.post(url("reopen_review", row.key), follow=True).content.decode()
    row.refresh_from_db()
    assert "What you handed in counts" in page
    assert row.status == "done"


def test_late_review_is_still_taken_until_the_decision(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    FundingCall.objects.update(review_until=timezone.now() - timedelta(days=1))
    assert "can still hand in" in client.get(url("review", row.key)).content.decode()
    send(client, row, {f"score-{g.impact.pk}": "3"}, htmx=True)
    assert stored(row) == {"Impact": (3, "")}

    FundingCall.objects.update(status="decided", decided_at=timezone.now())
    page = send(client, row, {f"why-{g.impact.pk}": "Typed in vain."}).content.decode()
    assert "The call is decided" in page
    assert "Typed in vain." in page
    assert stored(row) == {"Impact": (3, "")}


def test_saving_after_the_role_is_lost_saves_nothing(sign_in, g):
    row, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    send(client, row, {f"why-{g.impact.pk}": "Before."}, htmx=True)
    lose_role(g.eva.user)

    assert send(client, row, {f"why-{g.impact.pk}": "After."}, htmx=True).status_code == 403
    assert stored(row) == {"Impact": (None, "Before.")}


def test_funders_own_criterion_is_asked_where_it_would_pay(sign_in, g):
    funder = FunderFactory(call=g.call, name="Region South")
    own = CriterionFactory(call=g.call, name="Fits the region", funder=funder)
    row, other = opened(g.ferries, g.eva), opened(g.timber, g.eva)
    g.ferries.partners.update(funder=funder)
    client = sign_in(g.eva.user)

    assert f"score-{own.pk}" in client.get(url("review", row.key)).content.decode()
    assert f"score-{own.pk}" not in client.get(url("review", other.key)).content.decode()
    send(client, other, {f"score-{own.pk}": "5"})
    assert stored(other) == {}

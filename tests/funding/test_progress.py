"""The overview of a call says how far it is and leads to what is next."""

import re

import pytest
from django.urls import reverse

from funding.models import Appeal, FundingCall
from funding.reading import progress
from tests.factories.funding import (
    ApplicationFactory,
    AssignmentFactory,
    FundingCallFactory,
    ReviewerFactory,
)
from tests.funding.call_ground import page
from tests.funding.decisions_ground import a_reviewer, fund, judged, judged_call, reject, tell
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db


def said(call: FundingCall) -> list[str]:
    return [line.said for line in progress.lines(call)]


def test_while_it_is_open_it_counts_applications_and_asks_for_reviewers(manager, sign_in):
    call = FundingCallFactory(reviews_each=2)
    ApplicationFactory.create_batch(2, call=call)
    ApplicationFactory(call=call, submitted=True)
    a_reviewer(call)
    ReviewerFactory(call=call)  # has not the role any more

    assert said(call) == ["1 application is handed in.", "2 are being written.", "1 reviewer of 2."]
    shown = sign_in(manager).get(page("overview", call.slug)).content.decode()
    assert f'<a href="{page("bring_reviewer", call.slug)}">Bring a reviewer in</a>' in shown

    a_reviewer(call)
    assert said(call) == ["1 application is handed in.", "2 are being written."]


def test_in_review_it_counts_reviews_and_decisions(manager):
    call = judged_call()
    first, second = judged(call, 5, 10_000), judged(call, 2, 10_000)
    AssignmentFactory(reviewer=a_reviewer(call), application=second, open=True)

    head = ["2 applications are handed in.", "Reviews: 2 needed, 1 with reviewers, 2 handed in."]
    assert said(call) == [*head, "2 have no decision yet."]
    fund(first, manager)
    assert said(call) == [*head, "1 has no decision yet."]
    reject(second, manager)
    assert said(call) == [*head, "Each has a decision. Nobody is told yet."]
    assert progress.lines(call)[-1].url == reverse("funding:make_known", args=[call.slug])


def test_when_it_is_decided_it_names_appeals_and_awards(manager):
    call = judged_call()
    awarded, turned_down = judged(call, 5, 10_000, 5_000), judged(call, 2, 10_000)
    fund(awarded, manager)
    decision = reject(turned_down, manager)
    tell(call, manager)
    call.refresh_from_db()

    assert said(call) == ["2 awards are not granted yet."]
    appeal = Appeal.objects.create(decision=decision, words="Look again.")
    assert said(call) == ["1 appeal waits for an answer.", "2 awards are not granted yet."]
    appeal.delete()
    awarded.decision.awards.all().delete()
    assert said(call) == ["No appeal waits, and all awards are granted."]


@pytest.mark.parametrize("phase", ["draft", "announced"])
def test_before_it_opens_nothing_is_counted(phase):
    assert progress.lines(FundingCallFactory(**{phase: True})) == []


def test_queries_do_not_grow_with_applications(manager, sign_in):
    call, client = judged_call(), sign_in(manager)

    assert_constant_queries(
        lambda: client.get(page("overview", call.slug)),
        lambda: judged(call, 4, 10_000),
        at_most=20,
        shows=lambda answer: int(re.search(r"(\d+) applications? (is|are) handed in", answer.content.decode())[1]),
    )

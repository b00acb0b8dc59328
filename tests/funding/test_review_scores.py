"""Scores side by side, disagreement, discussion, moderated scores, and the export."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from core.actions import Refused
from core.models import AuditEvent
from funding.actions import discussion
from funding.models import FundingCall, ModeratedScore, Remark
from funding.reviewing import code_of, totals
from tests.factories.funding import CriterionFactory, FunderFactory
from tests.funding.review_ground import ground, handed, opened, reviewer, send, url


@pytest.fixture
def g(home):
    return ground(home)


def page_of(g, application) -> str:
    return url("discussion", g.call.slug, code_of(application))


def test_team_sees_totals_thresholds_and_disagreement(sign_in, manager, g):
    handed(g.ferries, g.eva, impact=5, quality=4)
    handed(g.ferries, g.rolf, impact=2, quality=4)
    handed(g.timber, g.rolf, impact=1, quality=5)
    text = sign_in(manager).get(url("scores", g.call.slug)).content.decode()

    # Impact 3.5 of 5 twice, quality 4 of 5 once; impact 1 twice, quality 5 once.
    assert "73.33" in text
    assert "46.67" in text
    assert text.index("Charging of ferries") < text.index("Houses of timber")
    assert text.count("Impact") == 2, "one application misses the threshold, of the other reviewers disagree"


def test_unfinished_reviews_count_nowhere(g):
    row = opened(g.ferries, g.eva)
    row.scores.create(criterion=g.impact, value=5)

    assert totals(g.call)[g.ferries.pk].total is None


def test_totals_of_one_funder_take_its_own_criteria_alone(g):
    south, north = FunderFactory(call=g.call), FunderFactory(call=g.call)
    CriterionFactory(call=g.call, name="South", funder=south)
    CriterionFactory(call=g.call, name="North", funder=north)
    g.ferries.partners.update(funder=south)
    handed(g.ferries, g.eva, impact=5, quality=5, south=0, north=0)

    assert totals(g.call)[g.ferries.pk].total == Decimal("75.00")
    assert totals(g.call, funder=south.pk)[g.ferries.pk].total == Decimal("75.00")
    assert totals(g.call, funder=north.pk)[g.ferries.pk].total == Decimal("100.00")


def test_reviewer_sees_others_only_after_handing_in(sign_in, g):
    handed(g.ferries, g.rolf, impact=5)
    own, client = opened(g.ferries, g.eva), sign_in(g.eva.user)
    refused = client.get(page_of(g, g.ferries))
    assert refused.status_code == 403
    assert "when your own review is handed in" in refused.content.decode()
    assert "Because of 5" not in client.get(url("review", own.key)).content.decode()

    own.delete()
    handed(g.ferries, g.eva, impact=2)
    text = client.get(page_of(g, g.ferries)).content.decode()
    assert "Because of 5" in text
    assert "Reviewer 1" in text
    assert "Reviewers are 3 points apart" in text
    assert ">Rolf Reader" not in text, "reviewers read numbers"


def test_far_score_is_marked_from_three_reviewers_on(sign_in, manager, home, g):
    for each, impact in ((g.eva, 5), (g.rolf, 4)):
        handed(g.ferries, each, impact=impact)
    assert "far from the others" not in sign_in(manager).get(page_of(g, g.ferries)).content.decode()
    handed(g.ferries, reviewer(g.call, home, "Third Reader"), impact=1)

    text = sign_in(manager).get(page_of(g, g.ferries)).content.decode()
    assert text.count("far from the others") == 1


def test_discussion_is_among_those_who_have_reviewed(sign_in, manager, g):
    handed(g.ferries, g.eva)
    sign_in(g.eva.user).post(url("remark", g.call.slug, code_of(g.ferries)), {"words": "Look at <b>risk</b>."})
    sign_in(g.rolf.user).post(url("remark", g.call.slug, code_of(g.ferries)), {"words": "Me too."})
    discussion.remark(application=g.ferries, words="Look at <b>risk</b>.", by=g.eva.user)

    assert [each.words for each in Remark.objects.all()] == ["Look at <b>risk</b>."]
    text = sign_in(manager).get(page_of(g, g.ferries)).content.decode()
    assert "Look at &lt;b&gt;risk&lt;/b&gt;." in text
    assert "Eva Expert" in text
    assert AuditEvent.objects.filter(action="funding.remark_made").count() == 1


def test_empty_remark_is_told(sign_in, g):
    handed(g.ferries, g.eva)
    page = sign_in(g.eva.user).post(url("remark", g.call.slug, code_of(g.ferries)), {"words": "  "})

    assert "field-errors" in page.content.decode()
    assert not Remark.objects.exists()


def test_moderated_score_needs_words_and_takes_the_place_of_the_mean(sign_in, manager, g):
    handed(g.ferries, g.eva, impact=1, quality=5)
    client, address = sign_in(manager), url("moderate", g.call.slug, code_of(g.ferries), g.impact.pk)
    prefix = f"c{g.impact.pk}"
    page = client.post(address, {f"{prefix}-value": "4", f"{prefix}-words": ""}).content.decode()
    assert f'id="id_{prefix}-words_error"' in page
    client.post(address, {f"{prefix}-value": "6", f"{prefix}-words": "Too high."})
    assert not ModeratedScore.objects.exists()

    for _twice in range(2):
        client.post(address, {f"{prefix}-value": "3.5", f"{prefix}-words": "The panel has read it anew."})
    assert totals(g.call)[g.ferries.pk].total == Decimal("80.00")
    event = AuditEvent.objects.get(action="funding.score_moderated")
    assert (event.details["value"], event.details["why"]) == ("3.5", "The panel has read it anew.")
    client.post(address, {"back": "1"})
    assert totals(g.call)[g.ferries.pk].total == Decimal("46.67")


def test_only_the_team_moderates_and_only_in_review(g, manager):
    handed(g.ferries, g.eva)
    facts = {"application": g.ferries, "criterion": g.impact, "value": Decimal(4), "words": "So."}
    with pytest.raises(PermissionDenied):
        discussion.moderate(**facts, by=g.eva.user)
    FundingCall.objects.update(status="decided", decided_at=g.call.deadline)
    with pytest.raises(Refused, match="decided"):
        discussion.moderate(**facts, by=manager)
    with pytest.raises(Refused, match="decided"):
        discussion.remark(application=g.ferries, words="Late.", by=manager)


def test_exports_hold_every_score_and_no_formula(sign_in, manager, g):
    row = handed(g.ferries, g.eva, impact=5)
    row.scores.filter(criterion=g.impact).update(words="\t=HYPERLINK(1)")
    ModeratedScore.objects.create(application=g.ferries, criterion=g.impact, value=4, words="Agreed.", by=manager)
    client = sign_in(manager)
    text = client.get(url("scores_csv", g.call.slug)).getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    book = load_workbook(io.BytesIO(client.get(url("scores_xlsx", g.call.slug)).content))

    assert lines[0][0] == "Application"
    assert [(line[3], line[4], line[7]) for line in lines[1:]] == [
        ("Eva Expert", "Impact", "5"),
        ("Eva Expert", "Quality", "3"),
        ("Moderated", "Impact", "4.00"),
    ]
    assert lines[1][8].startswith("'=")
    cells = [cell for cells in book["Scores"].iter_rows() for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)


def test_codes_are_not_the_references_and_tell_applications_apart(g):
    assert code_of(g.ferries) != code_of(g.timber)
    assert code_of(g.ferries) == code_of(g.ferries)
    assert "BWX" not in code_of(g.ferries)
    assert len(code_of(g.ferries)) == 6


def test_sign_that_no_database_keeps_is_left_out_of_a_review(sign_in, g):
    row = opened(g.ferries, g.eva)
    send(sign_in(g.eva.user), row, {"sum": "A\x00b", f"why-{g.impact.pk}": "C\x00d"})
    row.refresh_from_db()
    assert (row.words, row.scores.get().words) == ("Ab", "Cd")

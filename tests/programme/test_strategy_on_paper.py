"""The strategy's one page, printed by the browser."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.factories.programme import GoalFactory, KPIFactory
from tests.programme.ground import draft

pytestmark = pytest.mark.browser


def test_five_goals_print_on_one_sheet_without_the_portal_around_them(visit, manager):
    strategy = draft(vision="We go where members have asked to go, and never alone. " * 6, skills="Export finance")
    for number in range(4):
        goal = GoalFactory(
            strategy=strategy, name=f"Goal number {number} of the cluster", why="They asked for it. " * 7
        )
        KPIFactory.create_batch(2, goal=goal, source="Outcomes that members told us, sales and agreements")

    page = visit(manager, f"/programme/strategy/{strategy.slug}/card/")
    pdf = PdfReader(BytesIO(page.pdf(format="A4")))

    assert len(pdf.pages) == 1
    words = pdf.pages[0].extract_text()
    assert "Goal number 3 of the cluster" in words
    assert "Inbox" not in words

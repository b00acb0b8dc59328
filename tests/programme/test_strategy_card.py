"""The strategy on one page: what stands on it, on the screen and on paper."""

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

from pypdf import PdfReader

from programme.actions import endorsements, goals
from tests.factories.programme import GoalFactory, KPIFactory
from tests.programme.ground import anchored, draft


def paper(client, strategy) -> PdfReader:
    response = client.get(f"/programme/strategy/{strategy.slug}/card.pdf")
    assert response.headers["Content-Disposition"] == f'inline; filename="{strategy.slug}.pdf"'
    return PdfReader(BytesIO(response.content))


def words(pdf: PdfReader) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pdf.pages))


def test_the_card_holds_vision_goals_money_and_what_was_reached(sign_in, manager):
    strategy = draft(vision="Clean water around the Baltic Sea.", skills="Export finance")
    kpi = KPIFactory(goal=strategy.goals.get(), name="First orders", unit="members")
    goals.read_kpi(kpi=kpi, on=date(2026, 5, 3), value=Decimal(12), by=manager)

    pdf = paper(sign_in(manager), strategy)

    said = words(pdf)
    for text in ("Clean water around the Baltic Sea.", "Export finance", "Water in Finland", "200 hours, EUR 30,000"):
        assert text in said
    assert "12 of 20 members on 3 May 2026." in said
    assert len(pdf.pages) == 1
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.metadata.title == strategy.name


def test_however_long_it_stays_on_one_page_and_nothing_is_taken_for_markup(sign_in, manager):
    strategy = draft(vision="#panic() *not bold* $x^2$ " + "We go far. " * 90)
    for number in range(7):
        goal = GoalFactory(strategy=strategy, name=f"Goal {number} #import", why="Because many asked for it. " * 12)
        KPIFactory(goal=goal)

    pdf = paper(sign_in(manager), strategy)

    assert len(pdf.pages) == 1
    assert "#panic() *not bold* $x^2$" in words(pdf)
    assert "Goal 6 #import" in words(pdf)


def test_the_same_strategy_is_the_same_file(sign_in, manager):
    strategy, client = anchored(manager), sign_in(manager)
    address = f"/programme/strategy/{strategy.slug}/card.pdf"

    assert client.get(address).content == client.get(address).content


def test_members_read_how_many_stand_behind_it_and_not_who(sign_in, manager, viewer):
    strategy = anchored(manager)
    endorsements.answer(endorsement=strategy.endorsements.get(), endorses=True, words="With us.")

    page = sign_in(viewer).get(f"/programme/strategy/{strategy.slug}/card/").content.decode()
    pdf = words(paper(sign_in(viewer), strategy))

    for said in (page, pdf):
        assert "1 of 1 who were asked stand behind it; 1 of them are key companies." in said
        assert "Klarflod" not in said
        assert "With us." not in said

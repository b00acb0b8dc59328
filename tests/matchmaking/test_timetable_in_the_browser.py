"""The grid in a real browser: opened by a click, worked on with and without scripts, as a list on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from matchmaking import links, timetables
from matchmaking.models import Meeting, Timetable, Wish
from members.models import User
from tests.factories.matchmaking import TimetableFactory, meeting_of
from tests.matchmaking.ground import Ground, ground

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def g(manager: User) -> Ground:
    found = ground(each=3, tables=3)
    found.meeting(0, 0, 0)
    found.meeting(1, 1, 1)
    return found


def first_meeting(page: Page):
    return page.locator(".grid button[name=m]").first


def test_click_opens_a_meeting_beside_the_grid_and_lights_its_pair_up(visit, g, manager):
    page = visit(manager, g.timetable.get_absolute_url(), viewport={"width": 1400, "height": 900})
    first_meeting(page).click()

    expect(page.locator("#chosen-heading")).to_be_focused()
    expect(page.locator("#chosen-heading")).to_contain_text(g.there[0].company)
    assert "m=" not in page.url
    first_meeting(page).hover()
    expect(page.locator(".grid .pair")).to_have_count(2)
    expect(page.locator(".grid [aria-current]")).to_have_count(1)


@pytest.mark.parametrize("scripts", [True, False])
def test_meeting_is_moved_and_pinned_with_and_without_scripts(visit, g, manager, scripts):
    page = visit(manager, g.timetable.get_absolute_url(), java_script_enabled=scripts)
    first_meeting(page).click()
    page.get_by_label("Move it to").select_option(label="10:50, Table 1")
    page.get_by_role("button", name="Move").click()
    expect(page.get_by_text("Moved.")).to_be_visible()
    assert Meeting.objects.get(a=g.here[0]).slot == g.slots[2]
    page.get_by_role("button", name="Pin it here").click()
    expect(page.get_by_text("Pinned. Solving again leaves it here.")).to_be_visible()
    page.get_by_text("Take it out", exact=True).click()
    page.get_by_role("button", name="Take the meeting out").click()
    expect(page.get_by_text("Taken out.")).to_be_visible()
    assert not Meeting.objects.standing().filter(a=g.here[0]).exists()


def test_meeting_is_added_without_scripts(visit, g, manager):
    Wish.objects.create(participant=g.there[2], other=g.here[2], kind=Wish.Kind.NICE)
    page = visit(manager, g.timetable.get_absolute_url(), java_script_enabled=False)
    page.get_by_role("button", name=g.here[2].company).first.click()
    page.get_by_label("With").select_option(label=f"{g.there[2].company} (wished)")
    page.get_by_role("button", name="Show free times").click()
    page.get_by_label("When both are free").select_option(label="11:15")
    page.get_by_role("button", name="Add and pin").click()
    expect(page.get_by_text("Added and pinned.")).to_be_visible()
    assert Meeting.objects.get(a=g.here[2]).slot == g.slots[3]


def test_grid_is_a_list_on_a_phone(visit, g, manager):
    page = visit(manager, g.timetable.get_absolute_url(), viewport={"width": 390, "height": 844})
    cell = page.locator(".grid td[data-at]").first

    expect(cell).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".grid thead").is_hidden()


def test_draft_is_followed_until_it_is_made_then_published(visit, g, manager):
    page = visit(manager, f"/matchmaking/{g.round.slug}/timetables/")
    page.get_by_role("button", name="Solve").click()
    expect(page.locator("#progress")).to_contain_text("Waiting")
    made = Timetable.objects.get(number=2)
    timetables.execute(made.pk)
    page.get_by_role("link", name="Look at it").click(timeout=10_000)
    page.goto(f"/matchmaking/{g.round.slug}/timetables/1/")
    page.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish and send the mails").click()
    expect(page.get_by_text("Published. Participants get their agendas by mail.")).to_be_visible()

    own = visit(None, links.url_of(g.here[0], "agenda").removeprefix("http://127.0.0.1:8000"))
    expect(own.get_by_role("heading", name=g.there[0].company)).to_be_visible()
    assert own.get_by_role("link", name="Follow in your calendar").get_attribute("href").startswith("webcal://")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_are_accessible_and_fit(visit, g, manager, scheme, width):
    Wish.objects.create(participant=g.here[0], other=g.there[2], kind=Wish.Kind.MUST)
    meeting_of(TimetableFactory(round=g.round, number=2), g.here[0], g.there[0], g.slots[1], g.tables[0])
    g.publish()
    base, one = f"/matchmaking/{g.round.slug}", g.timetable.get_absolute_url()
    paths = [
        *(f"{base}/timetables/", f"{base}/timetables/compare/?a=1&b=2", f"{base}/badges/", f"{base}/table-plan/"),
        *(one, f"{one}?view=tables", f"{one}?view=open", f"{one}?m={g.timetable.meetings.first().pk}"),
        *(f"{one}?who={g.here[0].pk}&with={g.there[2].pk}", f"{base}/timetables/2/publish/"),
        links.url_of(g.here[0], "agenda").removeprefix("http://127.0.0.1:8000"),
    ]
    faults, page = [], visit(manager, "/health/live", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for path in paths:
        page.goto(path)
        found = Axe().run(page).response["violations"]
        faults += [f"{path}: {fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{path}: wider than the screen")
    assert not faults, "\n".join(faults)

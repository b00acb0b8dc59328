"""Every page of every role: no serious accessibility fault, no sideways scrolling on a phone, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from members.models import Organisation, User
from opportunities.models import ImportRun, Opportunity
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme

OF_EVERYBODY = ["/", "/accounts/login/", "/accounts/login/code/", "/members/join/"]


def _pages_of_a_member() -> list[str]:
    opportunity = Opportunity.objects.published().order_by("pk")[0]
    return [
        "/opportunities/for-you/",
        "/opportunities/",
        "/opportunities/?q=nothingfindsthis",
        "/opportunities/answered/",
        "/opportunities/how-the-filter-works/",
        opportunity.get_absolute_url(),
        "/members/profile/",
        "/members/settings/",
        "/evaluations/own/",
    ]


def _pages_of_a_manager() -> list[str]:
    run = ImportRun.objects.order_by("pk")[0]
    waiting = Opportunity.objects.waiting().order_by("pk")[0]
    return [
        "/opportunities/inbox/",
        f"/opportunities/inbox/{waiting.reference}/",
        f"/opportunities/inbox/{waiting.reference}/who-fits/",
        "/opportunities/answers/",
        "/opportunities/sources/",
        "/opportunities/sources/new/",
        run.source.get_absolute_url(),
        run.get_absolute_url(),
        "/opportunities/members/klarflod-vattenteknik/",
        "/members/",
        "/evaluations/outcomes/",
        "/evaluations/outcomes/list/",
        "/evaluations/funnel/",
        "/evaluations/worklist/",
        "/evaluations/engaged/",
        "/members/requests/",
        "/members/klarflod-vattenteknik/",
    ]


def _rounds() -> tuple[list[str], list[str]]:
    """The pages of rounds that a manager sees, and those that a partner sees."""
    cluster = Organisation.objects.get(name="Emajõe Water Cluster")
    empty, full = RoundFactory(planned=True), RoundFactory(mode="both")
    with_programme(full, slots=12)
    full.partners.create(organisation=cluster, places=12)
    people = [ParticipantFactory(round=full, cluster=cluster) for _ in range(6)]
    ParticipantFactory(round=full, shown=True)
    at, bare = full.get_absolute_url(), empty.get_absolute_url()
    mine = ["/matchmaking/", at, f"{at}participants/guests/", f"{at}participants/{people[0].pk}/"]
    parts = ["edit/", "programme/", "partners/", "participants/", "participants/members/", "cancel/"]
    return [*mine, *(at + part for part in parts), bare, f"{bare}programme/", "/matchmaking/new/"], mine


def _faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    found = [
        f"{path}: {fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in Axe().run(page).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{path}: wider than the screen")
    return found


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    faults, visited = [], 0
    of_managers, of_partners = _rounds()
    kart = User.objects.get(email="kart.ounapuu@emajoe-water.example")
    for user, paths in (
        (None, OF_EVERYBODY),
        (saga, _pages_of_a_member()),
        (ylva, _pages_of_a_manager() + of_managers),
        (kart, of_partners),
    ):
        page = visit(user, "/health/live", **options)
        for path in paths:
            faults += _faults(page, path)
            visited += 1
    assert visited >= 41
    assert not faults, "\n".join(faults)

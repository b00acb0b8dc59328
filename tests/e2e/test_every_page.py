"""Every page of every role: no serious accessibility fault, no sideways scrolling on a phone, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from funding.actions import answers, applications, submissions
from matchmaking.models import Round
from members.models import Organisation, User
from opportunities.models import ImportRun, Opportunity
from tests.e2e import evaluation_pages, round_pages
from tests.factories.matchmaking import ParticipantFactory, RoundFactory, with_programme
from tests.funding.applying import ground, pages_of

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


def _faults(page: Page, path: str, *, until: str = "networkidle") -> list[str]:
    page.goto(path, wait_until=until)
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
    assert visited >= 40
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_rounds_are_accessible_and_fit(visit, ylva: User, scheme: str, width: int) -> None:
    """Each of them, of each state of a round, for its managers and for those whom a link lets in."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    rounds: list[Round] = [*round_pages.load_rounds(ylva), round_pages.published_today()]
    of_managers, by_link = round_pages.of_managers(*rounds), round_pages.of_participants(*rounds)
    kart = User.objects.get(email="kart.ounapuu@emajoe-water.example")
    of_partners = [each.get_absolute_url() for each in rounds[:2]]
    faults = []
    for user, paths in ((ylva, of_managers), (None, by_link), (kart, of_partners)):
        page = visit(user, "/health/live", **options)
        for path in paths:
            faults += _faults(page, path, until="load")  # nothing on them is fetched later
    assert (len(of_managers), len(by_link)) >= (90, 25)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_evaluations_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """Figures and reports for evaluators, waves and outcomes for managers, and what links open, in each language."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    evaluator = User.objects.get(email="agnieszka.wroblewska@havsbris.example")
    evaluation_pages.load(manager=ylva, evaluator=evaluator)
    member = saga.own_membership.organisation
    of_readers, of_managers = evaluation_pages.of_readers(), evaluation_pages.of_managers()
    of_members, by_link = evaluation_pages.of_members(member), evaluation_pages.by_link(member)
    faults = []
    for user, paths in (
        (evaluator, of_readers),
        (ylva, of_managers + of_readers[:4]),
        (saga, of_members),
        (None, by_link),
    ):
        page = visit(user, "/health/live", **options)
        for path in paths:
            faults += _faults(page, path, until="load")
    assert not faults, "\n".join(faults)
    assert len(of_readers) >= 25
    assert len(of_managers) >= 33
    assert len(by_link) >= 17


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_applications_are_accessible_and_fit(visit, saga: User, scheme: str, width: int) -> None:
    """What the lead writes, while it amends what it handed in, and what a partner's link opens."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    g = ground(saga.own_membership.organisation)
    submissions.submit(application=g.application, by=saga)
    applications.amend(application=g.application, by=saga)
    answers.save(application=g.application, field="title", value="Newer", based_on=0, by=saga, page="one")
    answers.save(application=g.application, field="title", value="Older base", based_on=0, by=saga, page="two")
    files = ("pdf", "attachment", "partner_file")
    paths = [path for name, path in pages_of(g) if not name.endswith(files)]
    page = visit(saga, "/health/live", **options)
    faults = [fault for path in paths for fault in _faults(page, path, until="load")]
    assert len(paths) >= 20
    assert not faults, "\n".join(faults)

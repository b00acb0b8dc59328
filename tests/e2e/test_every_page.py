"""Every page of every role: no serious accessibility fault, no sideways scrolling on a phone, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from matchmaking.models import Round
from members.models import Organisation, User
from opportunities.models import ImportRun, Opportunity
from programme.urls import strategies
from tests.e2e import ecosystem_pages, evaluation_pages, funding_pages, programme_pages, public_pages, round_pages
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
        "/members/settings/data/",
        "/members/settings/erase/",
        "/members/klarflod-vattenteknik/data/",
        "/members/klarflod-vattenteknik/needs/",
        "/programme/services/",
        "/programme/services/requests/",
        "/programme/services/plans/klarflod-vattenteknik/",
    ]


def _pages_of_a_manager() -> list[str]:
    run = ImportRun.objects.order_by("pk")[0]
    waiting = Opportunity.objects.waiting().order_by("pk")[0]
    kart = "kart.ounapuu@emajoe-water.example"
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
        "/members/needs/",
        "/members/people/erase/",
        f"/members/people/erase/?address={kart}",
        "/members/people/erase/?address=nobody@else.example",
        "/programme/services/matrix/",
        "/programme/services/add/",
        "/programme/services/hours/",
        "/programme/services/plans/",
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


def _faults_of(visit, readers: list[tuple[User | None, list[str]]], options: dict[str, object]) -> list[str]:
    """What is wrong with the pages of each reader; None comes without an account. Nothing is fetched later there."""
    faults = []
    for user, paths in readers:
        page = visit(user, "/health/live", **options)
        for path in paths:
            faults += _faults(page, path, until="load")
    return faults


def _faults_of_a_room(visit, paths: list[tuple[str, str]], roles, looked_at_by_all, options):
    """What is wrong with the pages of a room, each seen by the first role that may; and which were seen."""
    faults, seen = [], set()
    for user in roles:
        page = visit(user, "/health/live", **options)
        left = [each for each in paths if each[1] not in seen or each[0] in looked_at_by_all]
        for _name, path in funding_pages.shown(left, user):
            faults += _faults(page, path, until="load")
            seen.add(path)
    return faults, seen


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    for user in (saga, ylva):  # who has a password shows it before a page that erases, which would not be seen then
        user.set_unusable_password()
        user.save()
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
    readers = [(ylva, of_managers), (None, by_link), (kart, of_partners)]
    faults = _faults_of(visit, readers, options)
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
    readers = [
        (evaluator, of_readers),
        (ylva, of_managers + of_readers[:4]),
        (saga, of_members),
        (None, by_link),
    ]
    faults = _faults_of(visit, readers, options)
    assert not faults, "\n".join(faults)
    assert len(of_readers) >= 25
    assert len(of_managers) >= 33
    assert len(by_link) >= 17


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_funding_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """Of a call in each phase: for the secretary, an applicant, a reviewer, the panel, and whoever has but a link."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    paths, roles = funding_pages.load(manager=ylva, owner=saga)
    faults, seen = _faults_of_a_room(visit, paths, roles.values(), funding_pages.LOOKED_AT_BY_ALL, options)
    assert not faults, "\n".join(faults)
    assert len(seen) >= 150
    assert funding_pages.names(ylva) - {name for name, path in paths if path in seen} == set()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_the_strategy_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """Those that write it, those that read it, and what the link of a stakeholder opens."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    strategy = programme_pages.load_strategy(ylva)
    of_managers, by_link = programme_pages.of_managers(strategy), programme_pages.by_link(strategy)
    readers = [(ylva, of_managers), (saga, programme_pages.of_members(strategy)), (None, by_link)]
    faults = _faults_of(visit, readers, options)
    assert (len(of_managers), len(by_link)) >= (17, 3)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_public_pages_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """Those of visitors in the cluster's own colour, the frame for other sites, and where they are written."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    public_pages.load(manager=ylva, owner=saga)
    of_visitors, of_managers = public_pages.of_visitors(), public_pages.of_managers()
    readers = [(None, of_visitors), (ylva, of_managers), (saga, public_pages.of_members(saga))]
    faults = _faults_of(visit, readers, options)
    assert (len(of_visitors), len(of_managers)) >= (11, 6)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_the_programme_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """Services and activities in each state: for the team, a member, a host, and whoever has but a link."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    paths, roles = programme_pages.load_room(manager=ylva, owner=saga)
    faults, seen = _faults_of_a_room(visit, paths, roles.values(), programme_pages.LOOKED_AT_BY_ALL, options)
    assert not faults, "\n".join(faults)
    elsewhere = {each.name for each in strategies.urlpatterns} | {"home"}
    assert funding_pages.names(ylva, "programme") - elsewhere - {name for name, path in paths if path in seen} == set()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_pages_of_partners_are_accessible_and_fit(visit, saga: User, ylva: User, scheme: str, width: int) -> None:
    """For the team, the people of a partner, a company that is on a shortlist, and whoever has but a link."""
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    ecosystem_pages.load_partners(ylva)
    kart = User.objects.get(email="kart.ounapuu@emajoe-water.example")
    of_managers, by_link = ecosystem_pages.of_managers(), ecosystem_pages.by_link()
    readers = [
        (ylva, of_managers),
        (kart, ecosystem_pages.of_partners()),
        (saga, ecosystem_pages.of_members(saga)),
        (None, by_link),
    ]
    faults = _faults_of(visit, readers, options)
    assert (len(of_managers), len(by_link)) >= (18, 4)
    assert not faults, "\n".join(faults)

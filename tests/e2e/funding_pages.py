"""Every page of funding, with a call in each phase: who reads it is found out by asking as each role."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from funding.actions import answers, appeals, applications, submissions
from funding.models import Declaration, LetterTemplate, Question
from funding.reviewing import code_of
from members.actions import undertakings
from members.models import Membership, Organisation, User
from tests.client import CheckingClient
from tests.factories.funding import (
    AssignmentFactory,
    CallDocumentFactory,
    FunderFactory,
    FundingCallFactory,
    PartnerSearchFactory,
    ReviewerFactory,
    SearchReplyFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.opportunities import OpportunityFactory
from tests.funding import applying, call_ground, decisions_ground, grants_ground, review_ground
from tests.test_repository import views

Path = tuple[str, str]
NEW = ("list", "begin", "create", "searches", "reviews", "applications")
EMPTY = ("overview", "funders", "form", "criteria", "documents", "reviewers", "trail")
WRITTEN = (
    "call", "edit", "add_funder", "preview", "add_criterion", "bring_reviewer", "invite_reviewer", "letters", *EMPTY,
)  # fmt: skip
OPEN = ("call", "check_call", "goal", "correct", "prolong", "cancel", "assignments", *EMPTY)
REVIEWED = ("call", "reviewers", "assignments", "scores", "ranking", "make_known", "interests", "panel")
DECIDED = ("call", "overview", "ranking", "make_known", "letters", "reserve", "appeals", "trail", "call_grants")
OF_ONE_IN_A_CALL = ("ranked", "answer_appeal", "trail_of_application", "choose_reviewer")
# The same address shows each role something else.
LOOKED_AT_BY_ALL = {"list", "call", "searches", "search", "grants", "grant", "grant_report", "ranking", "statement"}
LOOKED_AT_BY_ALL |= {"decision", "links"}
# What is read, but not as a page: files, and what leads to another page.
FILES = ("_csv", "_xlsx", "_json", "_pdf", "_file", "_ics", "_export")
NO_PAGES = {"attachment", "document", "feed", "own_statement", "partner_confirm"}
ELIGIBLE = {"own_kind": "company", "own_country": "SE", "lead": "0", "costs": "1000", "grant": "900", "from": "before"}


def at(name: str, *args: object, query: dict[str, object] | None = None) -> Path:
    return name, reverse(f"funding:{name}", args=args, query=query)


def load(*, manager: User, owner: User) -> tuple[list[Path], dict[str, User | None]]:
    """A call in each phase, and all that hangs on it; returns the addresses, and the roles that look at them."""
    member = owner.own_membership.organisation
    home = Organisation.objects.get(is_home=True)
    reviewed = review_ground.ground(home)
    panel = ReviewerFactory(call=reviewed.call, is_on_panel=True, declared_at=timezone.now()).user
    MembershipFactory(user=panel, organisation=home, role=Membership.Role.REVIEWER)
    paths = [at(name) for name in NEW]
    paths += _of_calls()
    paths += _of_an_application(member, owner)
    paths += _of_reviews(reviewed)
    paths += _of_decisions(member, manager, owner)
    paths += [(name.partition(":")[2], path) for name, path in grants_ground.pages_of_grants(manager, member)]
    Declaration.objects.create(
        organisation=OrganisationFactory(name="Rent Vatten"), status="handed_in", handed_in_at=timezone.now()
    )
    paths += _of_searches(member)
    paths += _of_linked_companies(member, owner)
    roles = {"manager": manager, "owner": owner, "reviewer": reviewed.eva.user, "panel": panel, "nobody": None}
    return list(dict.fromkeys(paths)), roles


def _of_calls() -> Iterator[Path]:
    """One that is written, one that is announced, one that is open, one that was cancelled."""
    draft = call_ground.ready(name="Being written", slug="being-written")
    CallDocumentFactory(call=draft)
    yield at("create", query={"like": "joint"})
    for kind in Question.Kind.values:
        yield at("add_question", draft.slug, query={"kind": kind})
    yield at("funder", draft.slug, draft.funders.get().pk)
    yield at("question", draft.slug, draft.questions.get().pk)
    yield at("criterion", draft.slug, draft.criteria.get().pk)
    bare = FundingCallFactory(draft=True)
    announced, cancelled = FundingCallFactory(announced=True), FundingCallFactory(status="cancelled", why_cancelled="-")
    for call in (announced, cancelled):
        FunderFactory(call=call)
    for call, names_ in ((draft, WRITTEN), (bare, EMPTY), (announced, OPEN[:2]), (cancelled, ("call", "overview"))):
        yield from (at(name, call.slug) for name in names_)


def _of_an_application(member: Organisation, owner: User) -> Iterator[Path]:
    """Handed in, and opened again with a text that was typed twice; what its partner's link opens, and dead links."""
    g = applying.ground(member)
    submissions.submit(application=g.application, by=owner)
    applications.amend(application=g.application, by=owner)
    answers.save(application=g.application, field="title", value="Newer", based_on=0, by=owner, page="one")
    answers.save(application=g.application, field="title", value="Older base", based_on=0, by=owner, page="two")
    yield from (at(name, g.call.slug) for name in OPEN)
    yield at("check_call", g.call.slug, query=ELIGIBLE)
    yield at("check_call", g.call.slug, query={"own_kind": "company", "own_country": "SE", "from": "own"})
    yield from ((name.partition(":")[2], path) for name, path in applying.pages_of(g))
    yield at("partner_part", "forged")
    fresh = applications.start(call=FundingCallFactory(slug="fresh"), organisation=member, by=owner)
    yield from (at(name, fresh.reference) for name in ("partners", "budget", "check"))


def _of_reviews(g: review_ground.Ground) -> Iterator[Path]:
    """One review that is written, one that is asked about, one that is handed in; a discussion of it."""
    open_, done = review_ground.opened(g.ferries, g.eva), review_ground.handed(g.timber, g.eva)
    asked = AssignmentFactory(application=review_ground.handed_in(g.call, "Tång", "Weed"), reviewer=g.eva)
    review_ground.handed(g.timber, g.rolf, impact=1)
    yield from (at(name, g.call.slug) for name in REVIEWED)
    yield from (at("review", row.key) for row in (open_, done))
    yield at("declare", asked.key)
    yield at("reviewer", g.call.slug, g.eva.pk)
    for application in (g.ferries, g.timber):
        yield at("discussion", g.call.slug, code_of(application))
        yield from (at(name, g.call.slug, application.number) for name in OF_ONE_IN_A_CALL)


def _of_decisions(member: Organisation, manager: User, owner: User) -> Iterator[Path]:
    """Decided: one is funded, one waits, one is not funded and appeals; the letters in each kind."""
    call = decisions_ground.judged_call(name="Decided call", slug="decided-call")
    funded = decisions_ground.judged(call, 5, 40_000, 20_000, lead=member, title="Ferries")
    waits, refused = (decisions_ground.judged(call, score, 70_000, lead=member) for score in (4, 3))
    decisions_ground.fund(funded, manager)
    decisions_ground.keep(waits, 1, manager)
    decisions_ground.reject(refused, manager)
    yield at("ranking", call.slug)
    decisions_ground.tell(call, manager)
    yield from (at(name, call.slug) for name in DECIDED)
    appeals.file(decision=refused.decision, words="Look again.", by=owner)
    for application in (funded, waits, refused):
        yield from (at(name, call.slug, application.number) for name in OF_ONE_IN_A_CALL)
        yield from (at(name, application.reference) for name in ("application", "decision", "appeal"))
    yield from (at("letter_template", call.slug, kind) for kind in LetterTemplate.Kind.values)
    yield from (at("grant_award", award.pk) for award in funded.decision.awards.all())


def _of_searches(member: Organisation) -> Iterator[Path]:
    topic = OpportunityFactory(published=True, kind="funding")
    own, other = PartnerSearchFactory(organisation=member, topic=topic), PartnerSearchFactory()
    for search in (own, other):
        SearchReplyFactory(search=search, interested=True)
    SearchReplyFactory(search=other, organisation=member)
    yield at("consortium", topic.reference)
    for search in (own, other):
        yield from (at(name, search.pk) for name in ("search", "search_fits", "team"))


def _of_linked_companies(member: Organisation, owner: User) -> Iterator[Path]:
    """The members' pages of who belongs to whom."""
    linked = undertakings.tell_linked(organisation=member, name="Drift", country="SE", link="votes", by=owner)
    yield "links", reverse("members:links", args=[member.slug])
    yield "undertakings", reverse("members:undertakings")
    yield "settle_link", reverse("members:settle_link", args=[linked.pk])


def shown(paths: list[Path], user: User | None) -> list[Path]:
    """Those of the addresses that this person reads as a page."""
    client = CheckingClient()
    if user:
        client.force_login(user)
    found = []
    for name, path in paths:
        response = client.get(path)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and (response.status_code == 200 or (user is None and response.status_code in (404, 410))):
            found.append((name, path))
        response.close()
    return found


def names(manager: User, room: str = "funding") -> set[str]:
    """Every address of a room that is a page, whoever reads it."""
    client = CheckingClient()
    client.force_login(manager)
    found = set()
    for name, path, _view in views():
        of, _colon, page = name.partition(":")
        if of == room and "GET" in client.options(path).headers["Allow"] and not page.endswith(FILES):
            found.add(page)
    return found - NO_PAGES

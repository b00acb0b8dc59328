"""Every page of the room, opened by everybody who could come by, with one application in the middle of it.

Who reaches a page is a table. What must not be told is looked for in everything that opens: the words of a score, of an
appeal, and the title.
"""

from types import SimpleNamespace

import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from funding import links
from funding.actions import appeals, granting
from funding.models import Decision, Partner
from funding.reviewing import code_of
from members.models import Membership, User
from tests.factories.funding import (
    AidFactory,
    AssignmentFactory,
    CallDocumentFactory,
    CostCategoryFactory,
    PartnerFactory,
    PartnerSearchFactory,
    QuestionFactory,
    ReviewerFactory,
    SearchReplyFactory,
)
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.funding.decisions_ground import a_reviewer, fund, judged, judged_call, keep, tell

pytestmark = pytest.mark.django_db
SCORE, TITLE, WORDS = "Because the pilot is sound", "Secret of the deep", "We ask you to look once more"
OF_ALL = {"list", "feed", "call", "check_call", "document"}
LINK = {"partner_part", "partner_confirm", "partner_decline", "partner_budget", "partner_questions", "partner_figures",
        "partner_files"}  # fmt: skip


@pytest.fixture
def g(home, manager, organisation):
    """A decided call: the application in the middle is funded, appealed and granted; another waits."""
    call = judged_call(name="Blue pilots", code="BPX")
    application = judged(call, 4, 40_000, 20_000, lead=organisation, title=TITLE)
    done = application.assignments.get()
    done.scores.update(words=SCORE)
    application.submissions.update(content={"title": TITLE, "partners": [], "answers": [], "lead": organisation.name})
    with_account = application.partners.get(is_lead=False)
    with_account.organisation = OrganisationFactory(name="Emajõe Filters")
    with_account.save()
    gone = PartnerFactory(application=application, declined=True, organisation=OrganisationFactory(name="Loire Data"))
    by_link = PartnerFactory(application=application, confirmed=True)
    removed = PartnerFactory(application=application, declined=True)
    removed_token = links.token_of(removed)
    Partner.objects.filter(pk=removed.pk).update(link_version=2)
    panel = a_reviewer(call, is_on_panel=True, declared_at=timezone.now())
    rolf = a_reviewer(call)
    AssignmentFactory(application=application, reviewer=rolf, conflicted=True)
    bound = MembershipFactory(organisation=home, role=Membership.Role.MANAGER).user
    AssignmentFactory(application=application, reviewer=ReviewerFactory(call=call, user=bound), conflicted=True)
    waits = judged(call, 4, 10_000, title="Open to all")
    fund(application, manager)
    keep(waits, 1, manager)
    CallDocumentFactory(call=call)
    CostCategoryFactory(call=call)
    question = QuestionFactory(call=call)
    tell(call, manager)
    decision = Decision.objects.get(application=application)
    owner = MembershipFactory(organisation=organisation, role=Membership.Role.OWNER).user
    appeals.file(decision=decision, words=WORDS, by=owner)
    award = decision.awards.get(partner__is_lead=True)
    grant = granting.grant(award=award, by=manager)
    search = PartnerSearchFactory()
    return SimpleNamespace(
        home=home, call=call, application=application, done=done, panel=panel.user, rolf=rolf.user, bound=bound,
        owner=owner, manager=manager, organisation=organisation, with_account=with_account, gone=gone,
        by_link=by_link, removed_token=removed_token, decision=decision, question=question, grant=grant, search=search,
        aid=AidFactory(organisation=organisation), reply=SearchReplyFactory(search=search),
    )  # fmt: skip


NOTHING = 0  # no row has this id, whatever other tests have left behind


def addresses(g, token: str = "") -> dict[str, str]:
    """Every address of the room by its name, with things of the application in the middle."""
    values = {
        "slug": g.call.slug, "reference": g.application.reference, "number": g.application.number, "field": "title",
        "token": token or "x", "key": g.done.key, "code": code_of(g.application), "kind": "funded",
    }  # fmt: skip
    pks = {
        "funder": g.call.funders.first().pk, "question": g.question.pk, "criterion": g.call.criteria.get().pk,
        "document": g.call.documents.get().pk, "letter_pdf": g.decision.letters.first().pk,
        "give_up": g.decision.awards.last().pk, "moderate": g.call.criteria.get().pk, "reviewer": g.done.reviewer_id,
        "consortium_partner": g.with_account.pk, "search": g.search.pk, "search_answer": g.reply.pk,
        "grant_award": g.decision.awards.last().pk, "reverse_aid": g.aid.pk, "grant": g.grant.pk,
        **dict.fromkeys(("search_fits", "search_csv", "team", "sheet_pdf", "sheet_csv"), g.search.pk),
    }  # fmt: skip
    found = {}
    for name, parameters in _room().items():
        given = {parameter: values[parameter] for parameter in parameters if parameter in values}
        if "pk" in parameters:
            given["pk"] = next((pk for end, pk in pks.items() if name.endswith(end)), NOTHING)
        if name.startswith(("statement", "declaration", "hand_in_declaration")) and "slug" in parameters:
            given["slug"] = g.organisation.slug
        if name.startswith(("search", "sheet", "team")) and name != "search_answer" and "pk" in parameters:
            given["pk"] = g.search.pk
        if name == "handed_in":
            given["number"] = 1
        if name == "consortium":
            given["reference"] = g.search.topic.reference
        found[name] = reverse(f"funding:{name}", kwargs=given)
    return found


def _room() -> dict[str, list[str]]:
    """The names of the room's addresses with what stands in each."""
    _prefix, room = get_resolver().namespace_dict["funding"]
    return {name: room.reverse_dict.getlist(name)[0][0][0][1] for name in room.reverse_dict if isinstance(name, str)}


def opened(client, paths: dict[str, str]) -> dict[str, str]:
    """What opens for somebody, as text; what leads to signing in or elsewhere in the room does not count."""
    found = {}
    for name, path in paths.items():
        answer = client.get(path)
        content = b"".join(answer) if answer.streaming else answer.content
        if answer.status_code == 200:
            found[name] = content.decode(errors="replace")
    return found


def person(g, who: str) -> User | None:
    """Who it is; none for a visitor."""
    members = {"lead_editor": (g.organisation, "editor"), "lead_viewer": (g.organisation, "viewer"),
               "partner": (g.with_account.organisation, "owner"), "declined": (g.gone.organisation, "owner"),
               "evaluator": (g.home, "evaluator")}  # fmt: skip
    named = {"lead_owner": g.owner, "assigned": g.done.reviewer.user, "conflicted": g.rolf, "panel": g.panel,
             "bound_manager": g.bound, "manager": g.manager}  # fmt: skip
    if who in members:
        return MembershipFactory(organisation=members[who][0], role=members[who][1]).user
    if who == "bound_by_company":
        user = MembershipFactory(organisation=g.home, role="manager").user
        MembershipFactory(user=user, organisation=g.organisation, role="viewer")
        return User.objects.get(pk=user.pk)
    if who == "other_reviewer":
        return a_reviewer(g.call).user
    if who == "stranger":
        return MembershipFactory(organisation=OrganisationFactory(), role="owner").user
    return named.get(who)


WRITTEN_BY_LEAD = {"application", "attachments", "budget", "check", "consortium_partner", "declarations",
                   "history_field", "own_figures", "own_files", "own_questions", "partners", "project", "receipt",
                   "receipt_pdf"}  # fmt: skip
OF_MEMBERS = {"applications", "grants", "searches"}
BENEFICIARY = {"declaration", "grant", "statement", "statement_pdf"}
TOLD = {"decision", "letter_pdf"}
READER = {"handed_in"} | WRITTEN_BY_LEAD | OF_MEMBERS | BENEFICIARY | TOLD
TEAM = {
    "aid_declarations", "appeals", "assignments", "begin", "bring_reviewer", "call_grants", "consortium", "create",
    "criteria", "documents", "end_grant", "enter_aid", "form", "funders", "goal", "grant", "grant_award", "grant_money",
    "grant_money_csv", "grant_money_xlsx", "invite_reviewer", "ledger", "ledger_csv", "letter_template", "letters",
    "make_known", "overview", "preview", "ranking", "register_imports", "reserve", "reverse_aid", "reviewer",
    "reviewers", "reviews", "scores", "scores_csv", "scores_xlsx", "search", "search_csv", "search_fits",
    "sheet_csv", "sheet_pdf", "statement", "statement_pdf", "team", "trail", "trail_csv", "trail_json",
} | OF_MEMBERS  # fmt: skip
OF_ONE = {"answer_appeal", "choose_reviewer", "discussion", "ranked", "trail_of_application",
          "trail_of_application_csv", "trail_of_application_json"}  # fmt: skip
REACHED = {
    "lead_owner": READER | {"appeal", "consortium", "withdraw_application"},
    "lead_editor": READER | {"consortium", "withdraw_application"},
    "lead_viewer": READER,
    "partner": OF_MEMBERS | TOLD | {"consortium"},
    "declined": OF_MEMBERS | {"consortium"},
    "assigned": {"discussion", "review", "reviews"},
    "conflicted": {"reviews"},
    "other_reviewer": {"reviews"},
    "panel": {"discussion", "panel", "ranking", "reviews"},
    "bound_manager": TEAM,
    "bound_by_company": TEAM | READER,
    "manager": TEAM | OF_ONE | TOLD | {"handed_in"},
    "evaluator": set(),
    "stranger": OF_MEMBERS | {"consortium"},
    "visitor": set(),
}
SCORES_OPEN_TO = {"assigned", "panel", "manager"}
APPEAL_OPEN_TO = {"lead_owner", "lead_editor", "lead_viewer", "partner", "bound_by_company", "manager"}
GRANTED = {"grant", "grants", "call_grants"}


def test_each_opens_what_concerns_them_and_reads_nothing_that_does_not(g, sign_in, client):
    paths = {name: path for name, path in addresses(g).items() if "token" not in _room()[name]}
    for who, reached in REACHED.items():
        user = person(g, who)
        found = opened(sign_in(user) if user else client, paths)
        told = {word: {name for name, text in found.items() if word in text} for word in (SCORE, TITLE, WORDS)}

        assert found.keys() == OF_ALL | reached, who
        assert bool(told[SCORE]) == (who in SCORES_OPEN_TO), (who, told[SCORE])
        assert bool(told[WORDS]) == (who in APPEAL_OPEN_TO), (who, told[WORDS])
        if who == "bound_manager":
            assert told[TITLE] <= GRANTED
        elif not reached & (READER | TOLD | {"discussion"}) - OF_MEMBERS:
            assert not told[TITLE], (who, told[TITLE])


def test_link_opens_the_own_part_of_those_who_take_part_and_nothing_for_others(g, client):
    links_of = {"by_link": links.token_of(g.by_link), "declined": links.token_of(g.gone), "removed": g.removed_token}
    reached = {"by_link": LINK, "declined": {"partner_part", "partner_decline"}, "removed": set()}
    for who, token in links_of.items():
        paths = {name: path for name, path in addresses(g, token).items() if "token" in _room()[name]}
        found = opened(client, paths)

        assert found.keys() == reached[who] - {"partner_confirm"}, who
        for text in found.values():
            assert SCORE not in text
            assert WORDS not in text
            assert g.with_account.name not in text, "of the other partners nothing"

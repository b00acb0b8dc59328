"""Every address of the room for every kind of person: who may, who is told why not, and that nothing changes then."""

from itertools import product

import pytest
from django.urls import reverse
from lxml import html

from core.models import AuditEvent, Mail
from opportunities.models import Feedback, ImportRun, Opportunity, RefusedRecord, Source
from opportunities.urls import urlpatterns
from tests.client import CheckingClient
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, SourceFactory, imported, table

pytestmark = pytest.mark.django_db

PEOPLE = ["anonymous", "owner", "colleague", "viewer", "outsider", "manager", "evaluator"]
MANAGERS, MEMBERS = {"manager"}, {"owner", "colleague", "viewer", "outsider"}
SIGNED_IN = {*PEOPLE} - {"anonymous"}
ONLY_MANAGERS = "This page is for cluster managers."
ONLY_MEMBERS = "This page is for members of the cluster."
ONLY_ANSWERING = "Only owners and editors of the organisation answer for it."

# name: (what it is about, method, who may, what the others are told; None: that it is not there)
PAGES = {
    "list": ("", "get", MANAGERS | MEMBERS, ONLY_MEMBERS),
    "export": ("", "get", MANAGERS | MEMBERS, ONLY_MEMBERS),
    "feed": ("", "get", MEMBERS, ONLY_MEMBERS),
    "answered": ("", "get", MEMBERS, ONLY_MEMBERS),
    "how": ("", "get", {*PEOPLE}, ""),
    "inbox": ("", "get", MANAGERS, ONLY_MANAGERS),
    "inbox_item": ("opportunity", "get", MANAGERS, ONLY_MANAGERS),
    "who_fits": ("opportunity", "get", MANAGERS, ONLY_MANAGERS),
    "publish": ("opportunity", "post", MANAGERS, ONLY_MANAGERS),
    "dismiss": ("opportunity", "post", MANAGERS, ONLY_MANAGERS),
    "restore": ("opportunity", "post", MANAGERS, ONLY_MANAGERS),
    "curate": ("opportunity", "post", MANAGERS, ONLY_MANAGERS),
    "partners": ("opportunity", "both", MANAGERS, ONLY_MANAGERS),
    "hand_over": ("opportunity", "post", MANAGERS, ONLY_MANAGERS),
    "answers": ("", "get", MANAGERS, ONLY_MANAGERS),
    "member_feed": ("member", "get", MANAGERS, ONLY_MANAGERS),
    "sources": ("", "get", MANAGERS, ONLY_MANAGERS),
    "source_create": ("", "both", MANAGERS, ONLY_MANAGERS),
    "source": ("source", "get", MANAGERS, ONLY_MANAGERS),
    "source_edit": ("source", "both", MANAGERS, ONLY_MANAGERS),
    "upload": ("source", "post", MANAGERS, ONLY_MANAGERS),
    "fetch": ("source", "post", MANAGERS, ONLY_MANAGERS),
    "import": ("import", "get", MANAGERS, ONLY_MANAGERS),
    "columns": ("import", "both", MANAGERS, ONLY_MANAGERS),
    "refused_csv": ("import", "get", MANAGERS, ONLY_MANAGERS),
    "read_again": ("import", "post", MANAGERS, ONLY_MANAGERS),
    "stop": ("import", "post", MANAGERS, ONLY_MANAGERS),
    "set_aside": ("import", "post", MANAGERS, ONLY_MANAGERS),
    "detail": ("opportunity", "get", MANAGERS | MEMBERS, None),
    "answer": ("opportunity", "post", MEMBERS - {"viewer"}, {"viewer": ONLY_ANSWERING, "": ONLY_MEMBERS}),
    "take_back": ("opportunity", "post", MEMBERS - {"viewer"}, {"viewer": ONLY_ANSWERING, "": ONLY_MEMBERS}),
}
DATA = {
    "answer": {"answer": "interested"},
    "curate": {"note": "A note"},
    "source_create": {"name": "Planted", "format": "csv", "schedule": "daily"},
    "source_edit": {"name": "Renamed", "format": "csv", "schedule": "daily"},
}
MODELS = (Opportunity, Feedback, Source, ImportRun, RefusedRecord, AuditEvent, Mail)


@pytest.fixture
def about(manager, owner, organisation, outsider) -> dict[str, object]:
    """What the addresses name; the outsider's company has data of its own."""
    published = OpportunityFactory(published=True, title="Open to all members")
    FeedbackFactory(organisation=outsider.own_membership.organisation, opportunity=published, sentence="Our secret")
    source = SourceFactory(name="Feed", url="https://feeds.example/a.csv")
    run = imported(table(2, refused=1), source=source)
    return {
        "": None,
        "opportunity": published.reference,
        "member": organisation.slug,
        "source": source.slug,
        "import": run.pk,
    }


@pytest.fixture
def clients(request, sign_in) -> dict[str, CheckingClient]:
    people = {name: request.getfixturevalue(name) for name in PEOPLE if name != "anonymous"}
    return {"anonymous": CheckingClient()} | {name: sign_in(person) for name, person in people.items()}


def address(name: str, about: dict[str, object]) -> str:
    argument = about[PAGES[name][0]]
    return reverse(f"opportunities:{name}", args=[argument] if argument is not None else [])


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def methods(name: str) -> list[str]:
    return {"both": ["get", "post"]}.get(PAGES[name][1], [PAGES[name][1]])


def text(response) -> str:
    return html.document_fromstring(response.content).xpath("string(//body)")


def test_table_names_every_address():
    assert set(PAGES) == {pattern.name for pattern in urlpatterns}


def test_everybody_else_is_refused_with_the_reason_and_nothing_changes(about, clients):
    before, swept = rows(), 0
    for name, who in product(PAGES, PEOPLE):
        if who in PAGES[name][2]:
            continue
        for method in methods(name):
            response = getattr(clients[who], method)(address(name, about), DATA.get(name, {}))
            where = f"{method} {name} by {who}: {response.status_code}"
            if who == "anonymous":
                assert response.status_code == 302, where
                assert response["Location"].startswith("/accounts/login/?next="), where
            else:
                told = PAGES[name][3]
                told = told.get(who, told[""]) if isinstance(told, dict) else told
                assert response.status_code == (403 if told else 404), where
                assert told is None or told in text(response), where
                assert "Open to all members" not in text(response), where
                assert "Our secret" not in text(response), where
            swept += 1
    assert swept >= 160
    assert rows() == before


def test_everybody_named_is_let_in(about, clients):
    swept = 0
    for name, who in product(PAGES, PEOPLE):
        if who in PAGES[name][2] and "get" in methods(name):
            response = clients[who].get(address(name, about))
            assert response.status_code == 200, f"{name} by {who}"
            if response["Content-Type"].startswith("text/html"):
                assert html.document_fromstring(response.content).xpath("string(//h1)").strip(), f"{name} by {who}"
            swept += 1
    assert swept >= 35


def test_get_on_what_changes_is_refused_and_changes_nothing(about, clients):
    before, swept = rows(), 0
    for name, who in product(PAGES, SIGNED_IN):
        if PAGES[name][1] == "post":
            response = clients[who].get(address(name, about), DATA.get(name, {}))
            assert (response.status_code, response["Allow"]) == (405, "POST"), f"{name} by {who}"
            swept += 1
    assert swept >= 70
    assert rows() == before


def test_post_without_its_token_is_refused_and_changes_nothing(about, manager, owner):
    before, swept = rows(), 0
    for name in PAGES:
        if "post" in methods(name):
            client = CheckingClient(enforce_csrf_checks=True)
            client.force_login(manager if PAGES[name][2] == MANAGERS else owner)
            response = client.post(address(name, about), DATA.get(name, {}))
            assert response.status_code == 403, name
            swept += 1
    assert swept >= 14
    assert rows() == before


@pytest.mark.parametrize("status", ["inbox", "dismissed"])
def test_what_is_not_published_is_not_there_for_members(clients, status):
    hidden = OpportunityFactory(status=status, title="Still being read", note="Between us")
    for who in (*sorted(MEMBERS), "evaluator"):
        response = clients[who].get(hidden.get_absolute_url())
        assert response.status_code == 404, who
        assert "Still being read" not in text(response)
    assert "Still being read" in text(clients["manager"].get(hidden.get_absolute_url()))


def test_withdrawn_opportunity_stays_readable_for_those_who_answered_or_got_it_only(clients, organisation, outsider):
    found = OpportunityFactory(title="Was open once")
    FeedbackFactory(organisation=organisation, opportunity=found)
    assert "Was open once" in text(clients["owner"].get(found.get_absolute_url()))
    assert clients["outsider"].get(found.get_absolute_url()).status_code == 404
    FeedbackFactory(organisation=outsider.own_membership.organisation, opportunity=found, opened=True)
    assert clients["outsider"].get(found.get_absolute_url()).status_code == 404, (
        "to have looked is not to have answered"
    )


@pytest.mark.parametrize("path", ["imports/999999/", "sources/none/", "inbox/none/", "none/", "members/none/"])
def test_unknown_objects_are_not_there(clients, path):
    response = clients["manager"].get(f"/opportunities/{path}")
    assert response.status_code == 404
    assert html.document_fromstring(response.content).xpath("string(//h1)").strip()

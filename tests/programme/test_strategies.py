"""A strategy from its first words to its end: who writes it, who reads which version, what is told on the way."""

import re
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from core.actions import Refused
from core.models import AuditEvent, Mail
from members.models import Membership
from programme.actions import goals, strategies
from programme.models import Endorsement, Goal, Strategy
from tests.factories.members import MembershipFactory, OrganisationFactory
from tests.factories.programme import EndorsementFactory, GoalFactory, KPIFactory, StrategyFactory
from tests.programme.ground import anchored, consulted, draft

WORDS = {
    "name": "Out of the Baltic",
    "starts_on": "2026-01-01",
    "ends_on": "2028-12-31",
    "vision": "Our members clean water on three more coasts.",
    "skills": "Tenders in Finnish\nExport finance",
}


def test_a_manager_writes_a_draft_and_the_trail_says_so(sign_in, manager):
    client = sign_in(manager)

    response = client.post("/programme/strategy/new/", WORDS, follow=True)

    strategy = Strategy.objects.get()
    assert (strategy.status, strategy.number, strategy.slug) == ("draft", 0, "out-of-the-baltic")
    page = response.content.decode()
    assert "Our members clean water on three more coasts." in page
    assert "Export finance" in page
    assert AuditEvent.objects.get(action="programme.strategy_added").actor_id == manager.pk


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"ends_on": "2026-01-01"}, "It would end before it starts. Choose a later day."),
        ({"ends_on": "soon"}, "Write a date, such as 2027-05-03."),
        ({"vision": ""}, "We need this."),
        ({"name": "The last one"}, "There is a strategy of this name already. Add its years."),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(sign_in, manager, typed, told):
    StrategyFactory(name="The last one")

    response = sign_in(manager).post("/programme/strategy/new/", WORDS | {"skills": "Tenders in Polish"} | typed)

    page = response.content.decode()
    assert told in page
    assert "Tenders in Polish" in page
    assert Strategy.objects.count() == 1


def test_a_name_taken_in_the_same_moment_is_refused(manager):
    StrategyFactory(name="Twice")
    says = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "vision": "V"}

    with pytest.raises(Refused, match="named Twice already"):
        strategies.add_strategy(name="Twice", **says, by=manager)
    with pytest.raises(Refused, match="named Twice already"):
        strategies.change_strategy(strategy=StrategyFactory(), name="Twice", by=manager)


def test_consulting_keeps_a_version_word_for_word_and_mails_everybody_once(sign_in, manager):
    strategy = draft(name="Out of the Baltic")
    EndorsementFactory(strategy=strategy, number=1, asked_at=None, email="region@region.example")
    client = sign_in(manager)

    client.post(f"/programme/strategy/{strategy.slug}/consult/", {"why": ""})
    client.post(f"/programme/strategy/{strategy.slug}/consult/", {"why": "once more"})

    strategy.refresh_from_db()
    assert (strategy.status, strategy.number) == ("consulted", 1)
    [version] = strategy.versions.all()
    assert version.content["vision"] == strategy.vision
    assert [goal["name"] for goal in version.content["goals"]] == ["Water in Finland"]
    assert Mail.objects.filter(kind="strategy").count() == 2
    assert "Out of the Baltic" in Mail.objects.filter(kind="strategy")[0].subject
    assert AuditEvent.objects.filter(action="programme.strategy_consulted").count() == 1
    with pytest.raises(Refused, match="It says the same as version 1"):
        strategies.put_to_stakeholders(strategy=strategy, why="x", by=manager)


def test_without_a_goal_or_without_anybody_to_ask_nothing_goes_out(manager):
    bare = StrategyFactory()
    EndorsementFactory(strategy=bare, number=1, asked_at=None)
    with pytest.raises(Refused, match="Write at least one goal first"):
        strategies.put_to_stakeholders(strategy=bare, by=manager)
    lonely = GoalFactory(strategy=StrategyFactory()).strategy
    with pytest.raises(Refused, match="Name at least one key company"):
        strategies.put_to_stakeholders(strategy=lonely, by=manager)

    assert not Mail.objects.exists()


def test_a_change_asks_everybody_again_and_old_answers_stay_with_the_old_version(sign_in, manager):
    strategy = consulted(manager)
    Endorsement.objects.update(answer="endorsed", answered_at=strategy.created_at, words="We bring two engineers.")
    client = sign_in(manager)

    client.post(f"/programme/strategy/{strategy.slug}/edit/", WORDS)
    page = client.get(f"/programme/strategy/{strategy.slug}/").content.decode()
    assert "It says something else now than version 1" in page
    client.post(f"/programme/strategy/{strategy.slug}/consult/", {"why": "Three coasts, not two."})

    old, new = strategy.endorsements.order_by("number")
    assert (old.number, old.answer, old.words) == (1, "endorsed", "We bring two engineers.")
    assert (new.number, new.answer, new.email) == (2, "asked", old.email)
    assert Mail.objects.filter(kind="strategy").count() == 2
    assert "Three coasts, not two." in Mail.objects.latest("pk").text
    page = client.get(f"/programme/strategy/{strategy.slug}/stakeholders/").content.decode()
    assert "Said of version 1." in page
    assert "Version 2, of 1 who were asked: behind it 0, against it 0, silent 1." in re.sub(r"\s+", " ", page)


def test_anchoring_needs_a_key_company_and_no_objection_or_the_reason(sign_in, manager):
    strategy = consulted(manager)
    EndorsementFactory(
        strategy=strategy, number=1, answer="objected", answered_at=strategy.created_at, words="Not Finland."
    )
    client, address = sign_in(manager), f"/programme/strategy/{strategy.slug}/anchor/"

    page = client.get(address).content.decode()
    assert "No key company stands behind this version so far. There is 1 open objection." in page
    client.post(address, {"why": " "})
    strategy.refresh_from_db()
    assert strategy.status == "consulted"
    with pytest.raises(Refused, match="Say why you anchor it all the same"):
        strategies.anchor(strategy=strategy, by=manager)

    client.post(address, {"why": "The board decided so."})
    client.post(address, {"why": "The board decided so."})

    strategy.refresh_from_db()
    assert (strategy.status, strategy.anchored_number) == ("anchored", 1)
    assert strategy.why_anchored == "The board decided so."
    [event] = AuditEvent.objects.filter(action="programme.strategy_anchored")
    assert (event.details["why"], len(event.details["lacking"])) == ("The board decided so.", 2)
    assert "The board decided so." in client.get(f"/programme/strategy/{strategy.slug}/").content.decode()


def test_with_a_key_company_behind_it_no_reason_is_asked(sign_in, manager):
    strategy = consulted(manager)
    strategy.endorsements.update(answer="endorsed", answered_at=strategy.created_at)

    sign_in(manager).post(f"/programme/strategy/{strategy.slug}/anchor/")

    strategy.refresh_from_db()
    assert (strategy.status, strategy.why_anchored) == ("anchored", "")


def test_what_has_changed_since_it_was_read_is_not_anchored(manager):
    strategy = consulted(manager)
    strategies.change_strategy(strategy=strategy, vision="Something else.", by=manager)

    with pytest.raises(Refused, match="It says something else than version 1"):
        strategies.anchor(strategy=strategy, why="We want it.", by=manager)
    with pytest.raises(Refused, match="Put it to the key companies"):
        strategies.anchor(strategy=draft(), why="We want it.", by=manager)


def test_the_page_that_anchors_leads_to_asking_where_that_comes_first(sign_in, manager):
    changed = consulted(manager)
    strategies.change_strategy(strategy=changed, vision="Something else.", by=manager)
    client = sign_in(manager)

    for strategy, told in ((draft(), "Put it to the key companies"), (changed, "says something else than version 1")):
        for ask in (client.get, client.post):
            response = ask(f"/programme/strategy/{strategy.slug}/anchor/", follow=True)
            assert response.redirect_chain == [(f"/programme/strategy/{strategy.slug}/consult/", 302)]
            assert told in response.content.decode()
            assert "all the same" not in response.content.decode()


def test_members_read_the_anchored_version_until_the_next_one_is(sign_in, manager, viewer):
    strategy = anchored(manager, vision="Clean water around the Baltic Sea.")
    strategies.change_strategy(strategy=strategy, vision="Only for the cluster team so far.", by=manager)
    strategies.put_to_stakeholders(strategy=strategy, why="New vision.", by=manager)

    client = sign_in(viewer)
    for address in ("", "card/"):
        page = client.get(f"/programme/strategy/{strategy.slug}/{address}").content.decode()
        assert "Clean water around the Baltic Sea." in page
        assert "Only for the cluster team so far." not in page
    assert "The board decided so." not in client.get(f"/programme/strategy/{strategy.slug}/").content.decode()
    strategies.anchor(strategy=strategy, why="Once more.", by=manager)
    assert "Only for the cluster team so far." in client.get(f"/programme/strategy/{strategy.slug}/").content.decode()


def test_a_strategy_that_is_over_does_not_change_any_more(sign_in, manager, viewer):
    strategy = anchored(manager)
    client = sign_in(manager)
    client.post(f"/programme/strategy/{strategy.slug}/end/")
    client.post(f"/programme/strategy/{strategy.slug}/end/")

    strategy.refresh_from_db()
    assert strategy.status == "over"
    assert AuditEvent.objects.filter(action="programme.strategy_over").count() == 1
    page = client.post(f"/programme/strategy/{strategy.slug}/edit/", WORDS).content.decode()
    assert "This strategy is over. What it said stays as it was" in page
    with pytest.raises(Refused, match="is over"):
        goals.add_goal(strategy=strategy, name="One more", by=manager)
    with pytest.raises(Refused, match="anchored comes to its end"):
        strategies.end(strategy=draft(), by=manager)
    assert Goal.objects.citable().filter(strategy=strategy).count() == 0
    assert strategy.vision in sign_in(viewer).get(f"/programme/strategy/{strategy.slug}/").content.decode()


def test_versions_are_compared_in_words(sign_in, manager):
    strategy = consulted(manager, vision="Two coasts.")
    kpi = KPIFactory(goal=strategy.goals.get(), name="Orders", target=20)
    strategies.change_strategy(strategy=strategy, vision="<b>Three</b> coasts.", by=manager)
    client = sign_in(manager)

    page = re.sub(r"\s+", " ", client.get(f"/programme/strategy/{strategy.slug}/versions/").content.decode())

    assert "<del>Two coasts.</del> <ins>&lt;b&gt;Three&lt;/b&gt; coasts.</ins>" in page
    assert "<ins>Orders: 20 by" in page
    assert client.get(f"/programme/strategy/{strategy.slug}/versions/?old=1&new=1").content.count(b"<ins>") == 0
    assert client.get(f"/programme/strategy/{strategy.slug}/versions/?old=77").status_code == 302
    kept = client.get(f"/programme/strategy/{strategy.slug}/versions/1/").content.decode()
    assert "Two coasts." in kept
    assert kpi.name not in kept


READERS = {"owner": True, "colleague": True, "viewer": True, "outsider": True, "partner": False, "evaluator": False}


@pytest.mark.parametrize(("who", "reads"), READERS.items())
def test_who_reads_and_who_does_not(request, sign_in, manager, who, reads):
    if who == "partner":
        user = MembershipFactory(organisation=OrganisationFactory(partner=True)).user
    else:
        user = request.getfixturevalue(who)
    first, secret = anchored(manager, name="Anchored"), draft(name="Secret draft")
    client = sign_in(user)

    found = client.get(f"/programme/strategy/{first.slug}/")
    assert (first.vision in found.content.decode()) is reads
    assert (client.get(f"/programme/strategy/{first.slug}/card.pdf").get("Content-Type") == "application/pdf") is reads
    assert client.get(f"/programme/strategy/{secret.slug}/").status_code in (403, 404)
    assert "Secret draft" not in client.get("/programme/strategy/").content.decode()
    for address in ("edit/", "consult/", "anchor/", "stakeholders/", "versions/", "versions/1/", "goals/new/"):
        assert client.get(f"/programme/strategy/{first.slug}/{address}").status_code == 403, address


@pytest.mark.parametrize("who", ["owner", "colleague", "viewer", "outsider", "evaluator"])
def test_only_managers_write(request, manager, who):
    user, strategy = request.getfixturevalue(who), draft()
    goal = strategy.goals.get()
    acts = [
        lambda: strategies.add_strategy(**(WORDS | {"starts_on": None, "ends_on": None}), by=user),
        lambda: strategies.change_strategy(strategy=strategy, vision="Mine", by=user),
        lambda: strategies.put_to_stakeholders(strategy=strategy, by=user),
        lambda: strategies.anchor(strategy=strategy, why="x", by=user),
        lambda: strategies.end(strategy=strategy, by=user),
        lambda: goals.add_goal(strategy=strategy, name="Mine", by=user),
        lambda: goals.change_goal(goal=goal, name="Mine", by=user),
        lambda: goals.delete_goal(goal=goal, by=user),
        lambda: goals.give_up(goal=goal, why="x", by=user),
        lambda: goals.take_up(goal=goal, by=user),
        lambda: goals.save_kpi(goal=goal, name="Mine", by=user),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert Membership.Role.MANAGER not in {each.role for each in user.all_memberships}

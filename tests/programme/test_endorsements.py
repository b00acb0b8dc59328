"""Who is asked about a strategy, by a link without an account, and what they say."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from core.actions import Refused
from core.models import AuditEvent, Mail
from programme import links
from programme.actions import endorsements, strategies
from programme.models import Endorsement, Strategy
from tests.factories.members import OrganisationFactory
from tests.factories.programme import EndorsementFactory, GoalFactory, StrategyFactory
from tests.programme.ground import consulted, draft


def address(endorsement: Endorsement) -> str:
    return f"/programme/p/strategy/{links.token_of(endorsement)}/"


def asked(manager) -> Endorsement:
    return consulted(manager, vision="Clean water around the Baltic Sea.").endorsements.get()


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_stakeholder_reads_one_version_on_one_page_and_stands_behind_it(client, manager):
    endorsement = asked(manager)

    page = text(client.get(address(endorsement)))
    assert "Clean water around the Baltic Sea." in page
    assert "Water in Finland" in page
    assert "Version 1" in page
    page = text(client.post(address(endorsement), {"answer": "endorsed", "words": "We bring two."}, follow=True))

    endorsement.refresh_from_db()
    assert (endorsement.answer, endorsement.words) == ("endorsed", "We bring two.")
    assert "Thank you. Your answer is noted" in page
    event = AuditEvent.objects.get(action="programme.strategy_answered")
    assert (event.actor_id, event.details["who"], event.details["number"]) == (None, "Somebody, Klarflod", 1)


def test_the_same_answer_twice_is_once_and_another_takes_its_place(client, manager):
    endorsement = asked(manager)

    for answer in ("endorsed", "endorsed", "objected"):
        client.post(address(endorsement), {"answer": answer, "words": "Not Finland."})

    endorsement.refresh_from_db()
    assert endorsement.answer == "objected"
    told = AuditEvent.objects.filter(action="programme.strategy_answered").order_by("pk")
    assert [each.details["answer"] for each in told] == ["endorsed", "objected"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"answer": "objected", "words": "  "}, "Say what you object to. Without it, nobody knows what to change."),
        ({"words": "We like it."}, "Choose one of the two."),
        ({"answer": "perhaps", "words": "We like it."}, "Choose from the list."),
    ],
)
def test_an_objection_needs_words_and_what_was_typed_stays(client, manager, typed, told):
    endorsement = asked(manager)

    page = text(client.post(address(endorsement), typed))

    assert told in page
    assert "We like it." in page or typed["words"] == "  "
    endorsement.refresh_from_db()
    assert (endorsement.answer, endorsement.answered_at) == ("asked", None)
    with pytest.raises(Refused, match="Say what you object to"):
        endorsements.answer(endorsement=endorsement, endorses=False, words=" ")


def test_words_of_a_stakeholder_are_no_markup(client, sign_in, manager):
    endorsement = asked(manager)
    client.post(address(endorsement), {"answer": "objected", "words": "<script>alert(1)</script>"})

    page = text(sign_in(manager).get(f"/programme/strategy/{endorsement.strategy.slug}/stakeholders/"))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_endorsement_after_the_strategy_changed_is_told_and_counts_for_its_version(client, sign_in, manager):
    old = asked(manager)
    strategies.change_strategy(strategy=old.strategy, vision="Something else.", by=manager)
    strategies.put_to_stakeholders(strategy=old.strategy, why="Another vision.", by=manager)

    page = text(client.get(address(old)))
    assert "The strategy has changed since" in page
    assert "You read version 1 here, and what you say counts for it." in page
    assert "Clean water around the Baltic Sea." in page
    assert "Something else." not in page
    answering = page.partition('id="answer"')[2]  # where one lands after an answer, far below the notice
    assert "It counts for version 1. Your link to version 2 is in a newer mail." in answering
    client.post(address(old), {"answer": "endorsed", "words": "With pleasure."})

    old.refresh_from_db()
    new = old.strategy.endorsements.get(number=2)
    assert (old.answer, new.answer) == ("endorsed", "asked")
    event = AuditEvent.objects.get(action="programme.strategy_answered")
    assert (event.details["number"], event.details["newest"]) == (1, 2)
    with pytest.raises(Refused, match="No key company stands behind this version"):
        strategies.anchor(strategy=old.strategy, by=manager)
    page = text(sign_in(manager).get(f"/programme/strategy/{old.strategy.slug}/stakeholders/"))
    assert "What was said of earlier versions" in page
    assert "With pleasure." in page


def test_a_forged_a_foreign_and_an_ended_link_open_nothing(client, manager):
    endorsement = asked(manager)
    waiting = EndorsementFactory(strategy=endorsement.strategy, number=1, asked_at=None)

    forged = client.get(f"/programme/p/strategy/{links.token_of(endorsement)[:-2]}xx/")
    assert (forged.status_code, "This link opens nothing" in text(forged)) == (404, True)
    assert "Clean water" not in text(forged)
    early = client.get(address(waiting))
    assert (early.status_code, "This link opens nothing" in text(early)) == (404, True)
    Strategy.objects.update(status="over", anchored_number=1, anchored_at=endorsement.asked_at)
    ended = client.post(address(endorsement), {"answer": "endorsed"})
    assert (ended.status_code, "This strategy is over" in text(ended)) == (410, True)
    endorsement.refresh_from_db()
    assert endorsement.answer == "asked"
    assert "noindex" in ended.headers["X-Robots-Tag"]


def test_a_manager_puts_a_company_on_the_list_and_nobody_is_mailed_before_the_strategy_is_out(sign_in, manager):
    strategy, company = StrategyFactory(), OrganisationFactory(name="Klarflod Vattenteknik")
    typed = {"organisation": company.pk, "name": "", "person": "Ulla", "email": "Ulla@Klarflod.example"}
    client, at = sign_in(manager), f"/programme/strategy/{strategy.slug}/stakeholders/"

    client.post(at, typed | {"is_key_company": "on"})
    again = text(client.post(at, typed))

    endorsement = strategy.endorsements.get()
    assert (endorsement.name, endorsement.email) == ("Klarflod Vattenteknik", "ulla@klarflod.example")
    assert (endorsement.is_key_company, endorsement.asked_at, endorsement.number) == (True, None, 1)
    assert "is on the list already" in again
    assert not Mail.objects.exists()
    assert AuditEvent.objects.filter(action="programme.stakeholder_added").count() == 1


def test_somebody_without_a_name_is_not_put_on_the_list(sign_in, manager):
    strategy = StrategyFactory()
    typed = {"organisation": "", "name": "", "person": "Ulla", "email": "no address"}

    page = text(sign_in(manager).post(f"/programme/strategy/{strategy.slug}/stakeholders/", typed))

    assert "Choose an organisation above, or write the name of the body here." in page
    assert 'value="no address"' in page
    assert not strategy.endorsements.exists()


def test_who_is_added_while_it_is_consulted_gets_the_link_at_once(sign_in, manager):
    strategy = consulted(manager)
    typed = {"organisation": "", "name": "Region", "person": "Rolf", "email": "rolf@region.example"}

    sign_in(manager).post(f"/programme/strategy/{strategy.slug}/stakeholders/", typed)

    endorsement = strategy.endorsements.get(email="rolf@region.example")
    assert endorsement.asked_at
    assert links.token_of(endorsement) in Mail.objects.get(to="rolf@region.example").text


def test_the_link_goes_out_again_once_a_day_and_only_to_those_who_are_silent(sign_in, manager):
    endorsement = asked(manager)
    client, at = sign_in(manager), f"/programme/strategy/{endorsement.strategy.slug}/stakeholders/{endorsement.pk}"

    client.post(f"{at}/send-again/")
    told = text(client.post(f"{at}/send-again/", follow=True))

    assert Mail.objects.filter(kind="strategy").count() == 2
    assert "It was sent today already." in told
    endorsements.answer(endorsement=endorsement, endorses=True, words="")
    assert "Only those who have not answered" in text(client.post(f"{at}/send-again/", follow=True))


def test_who_is_taken_off_the_list_has_no_link_any_more_and_answers_stay(client, sign_in, manager):
    endorsement = asked(manager)
    link, at = address(endorsement), f"/programme/strategy/{endorsement.strategy.slug}/stakeholders"
    answered = EndorsementFactory(
        strategy=endorsement.strategy, answer="endorsed", answered_at=endorsement.asked_at, name="Region"
    )

    sign_in(manager).post(f"{at}/{endorsement.pk}/take-off/")
    kept = text(sign_in(manager).post(f"{at}/{answered.pk}/take-off/", follow=True))

    assert client.get(link).status_code == 404
    assert "Region has answered. What was said stays." in kept
    assert endorsement.strategy.endorsements.get() == answered
    assert AuditEvent.objects.filter(action="programme.stakeholder_taken_off").count() == 1


@pytest.mark.parametrize("who", ["owner", "viewer", "outsider", "evaluator"])
def test_only_managers_ask_and_see_who_is_asked(request, sign_in, manager, who):
    user, endorsement = request.getfixturevalue(who), asked(manager)
    client, at = sign_in(user), f"/programme/strategy/{endorsement.strategy.slug}/stakeholders/"
    facts = {"organisation": None, "name": "X", "person": "X", "email": "x@x.example", "is_key_company": True}

    for act in (
        lambda: endorsements.ask(strategy=endorsement.strategy, by=user, **facts),
        lambda: endorsements.take_off(endorsement=endorsement, by=user),
        lambda: endorsements.send_again(endorsement=endorsement, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert endorsement.email not in text(client.get(at))
    assert client.post(f"{at}{endorsement.pk}/take-off/").status_code == 403
    assert not Endorsement.objects.visible_to(user).exists()
    assert Endorsement.objects.get() == endorsement


def test_a_link_opens_one_strategy_and_nothing_else(client, manager):
    endorsement = asked(manager)
    other = draft(vision="Not for your eyes.")
    GoalFactory(strategy=endorsement.strategy, name="Added after it went out")

    page = text(client.get(address(endorsement)))

    assert other.vision not in page
    assert "Added after it went out" not in page

"""What closing a wave does: from then on nothing in the database leads from a company to its answers."""

import json
from uuid import UUID

import pytest
from django.db import connection

from evaluations import links
from evaluations.actions import waves
from evaluations.models import Invitee, Response, Wave
from members.models import Membership, User
from tests.evaluations.surveys import ANSWERS, HELPED, hand_in, opened, url
from tests.factories.members import MembershipFactory, OrganisationFactory, UserFactory

COLUMNS = {"id", "wave_id", "is_complete", "answers", "size_class", "country", "section", "experience"}


@pytest.fixture
def manager() -> User:
    """Of this module's own: its tests commit, so that rows know their transactions."""

    user = UserFactory(name="Maja Manager", email="maja@cluster.example")
    MembershipFactory(user=user, organisation=OrganisationFactory(home=True), role=Membership.Role.MANAGER)
    return user


def rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def dump() -> dict[str, list[str]]:
    """Every row of every table of the database as text, with what PostgreSQL itself keeps beside it."""
    tables = [name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {
        name: [row for (row,) in rows(f'SELECT row_to_json(t)::text || t.ctid::text FROM "{name}" t')]  # noqa: S608
        for name in tables
    }


def told(number: int) -> str:
    """Words by which the test, and nobody else, knows whose answers these are."""
    return f"words-of-company-{number}"


def steps(number: int) -> list[str]:
    """The same in answers that are kept: three steps of a scale, others for each company."""
    return ["much" if number & bit else "a_little" for bit in (4, 2, 1)]


@pytest.fixture
def answered(client, manager) -> tuple[Wave, list[Invitee], bytes, list[UUID]]:
    """A wave of ten companies in the same groups, eight of which have answered, one half-way."""
    wave = opened(manager, companies=10)
    invitees = list(wave.invitees.order_by("pk"))
    for number, invitee in enumerate(invitees[:8]):
        said = {f"q-helped-{row}": step for row, step in zip(HELPED, steps(number), strict=False)}
        hand_in(client, invitee, **said | {"q-quote": told(number), "q-quote_permission": "no"})
    client.post(url(invitees[8]), {"q-quote": told(8), "seen": "{}"})
    wave.refresh_from_db()
    return wave, invitees, bytes(wave.key), [links.response_id(wave, each) for each in invitees]


@pytest.mark.django_db(transaction=True)
def test_while_open_only_the_key_leads_to_an_answer(answered):
    """Otherwise the test below would look for something that never was there."""
    _wave, invitees, key, ids = answered

    assert [Response.objects.get(pk=ids[n]).answers["quote"] for n in range(8)] == [told(n) for n in range(8)]
    everything = dump()
    found = [name for name, lines in everything.items() if any(told(3) in line for line in lines)]
    assert found == ["evaluations_response"]
    assert any(key.hex() in line for line in everything["evaluations_wave"])
    line = next(line for line in everything["evaluations_response"] if told(3) in line)
    for secret in (invitees[3].email, invitees[3].company, str(invitees[3].organisation_id) + ","):
        assert secret not in line.replace(f'"wave_id":{invitees[3].wave_id},', "")


@pytest.mark.django_db(transaction=True)
def test_after_closing_nothing_joins_a_company_with_its_answers(answered, manager):
    wave, invitees, key, ids = answered

    waves.close_wave(wave=wave, by=manager)

    everything = dump()
    responses = everything.pop("evaluations_response")
    assert len(responses) == 8
    # The key is gone, and so is every place to which it led: also for somebody who kept a copy of it.
    assert not [line for lines in everything.values() for line in lines if key.hex() in line]
    assert not [each for each in ids if any(str(each) in line for line in responses)]
    # No other table knows an answer, its id, or where it lies.
    now = list(Response.objects.values_list("pk", flat=True))
    for secret in [*map(str, now), *map(told, range(10))]:
        assert not [name for name, lines in everything.items() if any(secret in line for line in lines)], secret
    # An answer knows nothing but its wave and its groups: no person, no time, no number.
    for line in responses:
        kept = json.loads(line[: line.rindex("}") + 1])
        assert set(kept) == COLUMNS
        assert set(kept["answers"]) == {*ANSWERS}, "words are not kept among the answers"
        for invitee in invitees:
            for secret in (invitee.email, invitee.company, invitee.person, links.token_of(invitee)):
                assert secret not in line


@pytest.mark.django_db(transaction=True)
def test_neither_transaction_nor_order_of_rows_tells_whose_answer_is_whose(answered, manager):
    wave, _invitees, _key, _ids = answered
    written = rows("SELECT xmin::text FROM evaluations_response WHERE is_complete")
    asked = rows("SELECT xmin::text FROM evaluations_invitee WHERE has_answered")
    assert {*written} == {*asked}, "while the wave is open, each answer is written together with its mark"

    waves.close_wave(wave=wave, by=manager)

    (together,) = {*rows("SELECT xmin::text FROM evaluations_response")}
    assert together not in asked
    stored = [json.loads(said) for (said,) in rows("SELECT answers::text FROM evaluations_response ORDER BY ctid")]
    order = [[said["helped"][row] for row in HELPED[:3]] for said in stored]
    assert sorted(order) == sorted(steps(n) for n in range(8))
    assert order != [steps(n) for n in range(8)], "one time in 40,320 this is chance"


@pytest.mark.django_db(transaction=True)
def test_no_key_of_the_database_binds_an_answer_to_anything_but_its_wave():
    bound = rows(
        "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' "
        "AND 'evaluations_response'::regclass IN (conrelid, confrelid)"
    )

    assert bound == [("evaluations_response", "evaluations_wave")]


@pytest.mark.django_db(transaction=True)
def test_half_way_answers_are_deleted_and_counts_are_final(answered, manager, client):
    wave, invitees, _key, _ids = answered

    waves.close_wave(wave=wave, by=manager)

    assert set(Response.objects.values_list("is_complete", flat=True)) == {True}
    assert Response.objects.count() == Invitee.objects.filter(has_answered=True).count() == 8
    hand_in(client, invitees[9])
    assert Response.objects.count() == 8
    with pytest.raises(TypeError):
        links.response_id(Wave.objects.get(), invitees[0])

"""Two who change a timetable at once: one waits for the other, and the database has the last word."""

import threading

import pytest
from django.db import connection, transaction

from core.actions import Refused
from matchmaking.actions import meetings
from matchmaking.models import Meeting
from tests.matchmaking.ground import Ground, ground

HAND, REQUEST = Meeting.Origin.HAND, Meeting.Origin.REQUEST


@pytest.fixture
def round_(db) -> Ground:
    return ground()


def add(g: Ground, by, *, here: int = 0, there: int = 0, slot: int = 0, origin: str = HAND, **more) -> Meeting:
    return meetings.add(
        timetable=g.timetable, one=g.there[there], other=g.here[here], slot=g.slots[slot], origin=origin, by=by, **more
    )


def refused(saying: str):
    return pytest.raises(Refused, match=saying)


@pytest.mark.django_db(transaction=True)
def test_who_wants_the_last_table_waits_for_the_one_who_takes_it():
    """Real connections: each thread has its own."""
    g, taken, commit, ends = ground(each=2, tables=1), threading.Event(), threading.Event(), []

    def first() -> None:
        with transaction.atomic():
            add(g, None, origin=REQUEST)
            taken.set()
            commit.wait(10)
        connection.close()

    def second() -> None:
        taken.wait(10)
        try:
            add(g, None, here=1, there=1, origin=REQUEST)
        except Refused as refusal:
            ends.append(str(refusal))
        connection.close()

    threads = [threading.Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    threads[1].join(0.5)
    assert ends == []
    commit.set()
    for thread in threads:
        thread.join()

    assert Meeting.objects.count() == 1
    assert len(ends) == 1
    assert ends[0].startswith("No table is free")


def test_database_guards_what_other_code_writes_past_the_actions(round_, manager, monkeypatch):
    round_.meeting(0, 0, 0)
    monkeypatch.setattr(meetings, "_insist_on_a_free_slot", lambda *_: None)
    with refused("in the meantime"):
        add(round_, manager, there=1)
    assert Meeting.objects.count() == 1

"""Two who change a timetable at once: one waits for the other, and the database has the last word."""

import pytest

from core.actions import Refused
from matchmaking.actions import meetings
from matchmaking.models import Meeting
from tests.matchmaking.ground import Ground, ground
from tests.racing import second_waits

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
    g = ground(each=2, tables=1)
    ends = second_waits(lambda: add(g, None, origin=REQUEST), lambda: add(g, None, here=1, there=1, origin=REQUEST))

    assert Meeting.objects.count() == 1
    assert len(ends) == 1
    assert str(ends[0]).startswith("No table is free")


def test_database_guards_what_other_code_writes_past_the_actions(round_, manager, monkeypatch):
    round_.meeting(0, 0, 0)
    monkeypatch.setattr(meetings, "_insist_on_a_free_slot", lambda *_: None)
    with refused("in the meantime"):
        add(round_, manager, there=1)
    assert Meeting.objects.count() == 1

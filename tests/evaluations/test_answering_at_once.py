"""Two who answer at once, or answer while the wave closes: real connections, each thread has its own."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from core.actions import Refused
from evaluations.actions import answering, waves
from evaluations.models import Invitee, Response, Wave
from tests.evaluations.surveys import ANSWERS, CONTENT
from tests.factories.evaluations import InviteeFactory, VersionFactory, WaveFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def invitee() -> Invitee:
    return InviteeFactory(wave=WaveFactory(version=VersionFactory(content=CONTENT)))


class Pair:
    """One who has acted and not committed yet, and another who acts meanwhile."""

    def __init__(self, first: Callable[[], object], second: Callable[[], object]) -> None:
        self.ends: list[object] = []
        self._acted, self._commit = threading.Event(), threading.Event()
        self._threads = [threading.Thread(target=self._first, args=[first])]
        self._threads.append(threading.Thread(target=self._second, args=[second]))
        for thread in self._threads:
            thread.start()
        self._acted.wait(10)
        self._threads[1].join(0.5)
        self.waited = not self.ends
        self._commit.set()
        for thread in self._threads:
            thread.join(10)

    def _first(self, act: Callable[[], object]) -> None:
        with transaction.atomic():
            act()
            self._acted.set()
            self._commit.wait(10)
        connection.close()

    def _second(self, act: Callable[[], object]) -> None:
        self._acted.wait(10)
        try:
            self.ends.append(act())
        except Refused as refusal:
            self.ends.append(refusal)
        connection.close()


def save(invitee: Invitee, *, hand_in: bool = True, **changes: object) -> answering.Saved:
    return answering.save(invitee=invitee, posted=ANSWERS | changes, seen={}, hand_in=hand_in)


def test_two_tabs_hand_in_at_once_and_there_is_one_answer(invitee):
    pair = Pair(lambda: save(invitee), lambda: save(invitee, role=["doors"]))

    assert pair.waited, "the second waits for the first"
    assert pair.ends[0].is_handed_in
    kept = Response.objects.get()
    assert (kept.is_complete, kept.answers["role"]) == (True, ["doors"])
    assert Invitee.objects.filter(has_answered=True).count() == 1


def test_two_first_taps_make_one_row(invitee):
    def tap(**posted: object) -> Callable[[], answering.Saved]:
        return lambda: answering.save(invitee=invitee, posted=posted, seen={})

    pair = Pair(tap(size_class="micro"), tap(role=["scout"]))

    assert pair.waited
    assert Response.objects.get().answers == {"size_class": "micro", "role": ["scout"]}


def test_closing_waits_for_who_hands_in(invitee):
    pair = Pair(lambda: save(invitee), lambda: waves.close_wave(wave=invitee.wave, by=None))

    assert pair.waited
    assert Wave.objects.get().status == "closed"
    assert Response.objects.get().is_complete
    assert Invitee.objects.get().has_answered


def test_who_comes_while_it_closes_is_told_and_nothing_is_half_done(invitee):
    pair = Pair(lambda: waves.close_wave(wave=invitee.wave, by=None), lambda: save(invitee))

    assert pair.waited
    assert isinstance(pair.ends[0], answering.Closed)
    assert not Response.objects.exists()
    assert not Invitee.objects.get().has_answered


def test_wave_is_closed_once(invitee):
    close = [lambda: waves.close_wave(wave=invitee.wave, by=None)] * 2
    pair = Pair(*close)

    assert pair.waited
    assert "Only a wave that is open can be closed." in str(pair.ends[0])


def test_saying_no_and_handing_in_at_once_leave_one_of_the_two(invitee):
    Pair(lambda: save(invitee), lambda: answering.decline(invitee=invitee))

    current: QuerySet = Invitee.objects.values_list("has_declined", "has_answered")
    assert list(current) == [(True, False)]
    assert not Response.objects.exists()

"""Outcomes and journeys are gathered from the rooms below: once, in step with what is told there, and no more."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations import outcomes, tasks
from evaluations.models import Journey, Outcome
from matchmaking.actions import feedback
from matchmaking.models import Seat
from opportunities.models import Feedback, Showing
from tests.factories.evaluations import OutcomeFactory, ResponseFactory, WaveFactory
from tests.factories.members import OrganisationFactory
from tests.factories.opportunities import FeedbackFactory, OpportunityFactory, ShowingFactory
from tests.matchmaking.ground import Ground, ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def met(home, time_machine) -> Ground:
    """A published round with two meetings, an hour after its end. The first participant belongs to a member."""
    g = ground()
    g.publish()
    g.meeting(0, 0, slot=0)
    g.meeting(1, 1, slot=1)
    member = OrganisationFactory(headcount=20, turnover_eur=1, balance_eur=1)
    participant = g.here[0]
    participant.organisation, participant.size_class, participant.country = member, "small", "SE"
    participant.nace_codes = ["28.29"]
    participant.save()
    time_machine.move_to(g.slots[-1].ends_at + timedelta(hours=1), tick=False)
    return g


def seat(g: Ground, number: int = 0) -> Seat:
    return g.here[number].seats.get()


# --- meetings ---------------------------------------------------------------------------------------------------------


def test_what_sides_tell_of_meetings_becomes_outcomes_once(met):
    feedback.tell(seat=seat(met), held="yes", relevance=5, next_step="project", words="A test bed together")
    feedback.tell(seat=seat(met, 1), held="yes", next_step="none")
    outcomes.gather()
    before = list(Outcome.objects.order_by("pk").values())
    outcomes.gather()
    assert list(Outcome.objects.order_by("pk").values()) == before
    mine = Outcome.objects.get(source_key=f"seat:{seat(met).pk}")
    assert (mine.source, mine.months, mine.rung) == ("meeting", 0, "project")
    assert (mine.organisation, mine.round) == (met.here[0].organisation, met.round)
    assert (mine.size_class, mine.country, mine.section) == ("small", "SE", "C")
    assert (mine.began_on, mine.told_on) == (timezone.localdate(seat(met).slot.starts_at), timezone.localdate())
    guest = Outcome.objects.get(source_key=f"seat:{seat(met, 1).pk}")
    assert (guest.organisation, guest.rung) == (met.here[1].organisation, "nothing")


def test_changes_and_withdrawals_follow(met):
    feedback.tell(seat=seat(met), held="yes", next_step="contact")
    feedback.tell(seat=seat(met, 1), held="yes", next_step="deal")
    outcomes.gather()
    first = Outcome.objects.get(source_key=f"seat:{seat(met).pk}")
    feedback.tell(seat=seat(met), held="yes", next_step="proposal")
    feedback.tell(seat=seat(met, 1), held="moved")
    outcomes.gather()
    assert Outcome.objects.get() == first, "changed in its place, and the other is gone"
    assert Outcome.objects.get().rung == "opportunity"


def test_what_was_told_of_a_seat_that_was_given_up_does_not_count(met):
    feedback.tell(seat=seat(met), held="yes", next_step="contact")
    outcomes.gather()
    Seat.objects.filter(pk=seat(met).pk).update(is_given_up=True)
    outcomes.gather()
    assert not Outcome.objects.exists()


def test_later_outcomes_come_with_worth_and_attribution(met, time_machine):
    feedback.tell(seat=seat(met), held="yes", next_step="contact")
    time_machine.shift(timedelta(days=93))
    told = {"stage": "sales", "amount": "under_50k", "attribution": "would_not", "words": "First order"}
    feedback.tell_outcome(seat=seat(met), months=3, **told)
    outcomes.gather()
    later = Outcome.objects.get(months=3)
    assert (later.rung, later.amount, later.attribution, later.words) == tuple(told.values())


def test_gathering_of_meetings_leaves_other_sources_alone(met):
    interest = OutcomeFactory()
    outcomes.gather()
    assert Outcome.objects.get() == interest


def test_gathering_asks_the_same_few_questions_however_much_there_is(met):
    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            outcomes.gather_meetings()
            outcomes.gather_journeys()
        return len(captured)

    feedback.tell(seat=seat(met), held="yes", next_step="contact")
    ShowingFactory()
    few = questions()
    feedback.tell(seat=seat(met, 1), held="yes", next_step="contact")
    ShowingFactory.create_batch(20)
    assert questions() == few


# --- surveys ----------------------------------------------------------------------------------------------------------


def option(key: str, **more: object) -> dict[str, object]:
    return {"key": key, "text": {"en": key}} | more


@pytest.fixture
def wave(home):
    """A closed wave whose question about results has three rungs and "nothing"."""
    steps = [option(each, rung=each) for each in ("contact", "project", "sales")]
    results = {
        "key": "came", "kind": "multiple", "facet": "results", "text": {"en": "What came of it?"},
        "options": [*steps, option("none", alone=True)],
    }  # fmt: skip
    content = {"title": {"en": "Survey"}, "languages": ["en"], "label": {"en": "Invented"}, "questions": [results]}
    return WaveFactory(closed=True, version__content=content)


def test_closed_wave_gives_each_companys_furthest_step_and_nothing_that_leads_back(wave):
    for said in (["contact", "sales"], ["contact"], ["none"]):
        ResponseFactory(wave=wave, answers={"came": said}, size_class="micro", country="FI")
    ResponseFactory(wave=wave, answers={})
    ResponseFactory(wave=wave, answers={"came": ["sales"]}, half_way=True)
    for _ in range(2):
        outcomes.gather()
    rows = Outcome.objects.filter(source="survey", wave=wave)
    assert sorted(rows.values_list("rung", flat=True)) == ["contact", "nothing", "sales"]
    assert set(rows.values_list("organisation", "told_on", "began_on", "size_class", "country")) == {
        (None, None, None, "micro", "FI")
    }
    assert {each.source_key for each in rows} == {f"wave:{wave.pk}:{number}" for number in (1, 2, 3)}


def test_numbers_of_survey_outcomes_follow_no_order_of_the_responses(wave):
    """Forty in the same order by chance happens once in more than ten to the forty-seventh."""
    for place in range(40):
        ResponseFactory(wave=wave, answers={"came": ["contact"]}, country=f"{place:02}")
    outcomes.gather()
    as_answered = list(wave.responses.values_list("country", flat=True))
    assert list(Outcome.objects.order_by("pk").values_list("country", flat=True)) != as_answered
    assert sorted(Outcome.objects.values_list("country", flat=True)) == sorted(as_answered)


def test_wave_that_is_open_or_asks_for_no_results_gives_none(wave):
    open_wave = WaveFactory(version=wave.version)
    ResponseFactory(wave=open_wave, answers={"came": ["sales"]})
    plain = {"title": {"en": "S"}, "languages": ["en"], "label": {"en": "Invented"}, "questions": [
        {"key": "came", "kind": "text", "text": {"en": "What came of it?"}}]}  # fmt: skip
    ResponseFactory(wave=WaveFactory(closed=True, version__content=plain), answers={"came": "sales"})
    outcomes.gather()
    assert not Outcome.objects.exists()


# --- journeys ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(home):
    """A small member and something that was shown to it."""
    return {"organisation": OrganisationFactory(headcount=20, turnover_eur=1, balance_eur=1),
            "opportunity": OpportunityFactory(published=True)}  # fmt: skip


def at(days: int):
    return timezone.now() - timedelta(days=days)


def test_journey_has_the_day_of_each_step(pair):
    ShowingFactory(**pair, first_at=at(100), first_rank=3, first_reasons=["target_market", "shared_words"])
    FeedbackFactory(**pair, opened=True, at=at(99))
    FeedbackFactory(**pair, at=at(98))
    OutcomeFactory(**pair, rung="contact", told_on=at(5).date())
    OutcomeFactory(**pair, months=12, rung="agreement", told_on=at(1).date())
    outcomes.gather()
    journey = Journey.objects.get()
    assert (journey.size_class, journey.rank, journey.reason) == ("small", 3, "target_market")
    days = [(timezone.now() - each).days for each in (journey.shown_at, journey.opened_at, journey.interested_at)]
    assert days == [100, 99, 98]
    assert (journey.met_on, journey.project_on, journey.contract_on) == (at(5).date(), at(1).date(), at(1).date())
    assert journey.declined_at is None


def test_what_is_under_the_fold_was_not_shown(pair):
    showing = ShowingFactory(**pair, channel=Showing.Channel.FOLDED)
    outcomes.gather()
    assert not Journey.objects.exists()
    ShowingFactory(**pair, first_at=showing.first_at + timedelta(hours=5), first_rank=5)
    outcomes.gather()
    assert Journey.objects.get().rank == 5


def test_what_was_found_and_opened_counts_from_that_day_without_a_reason(pair):
    opened = FeedbackFactory(**pair, opened=True, at=at(4))
    ShowingFactory(**pair, first_at=at(2))
    outcomes.gather()
    journey = Journey.objects.get()
    assert (journey.shown_at, journey.opened_at) == (opened.at, opened.at)


@pytest.mark.parametrize("is_mailed", [True, False])
def test_what_a_manager_hands_over_is_shown_with_that_reason(pair, is_mailed):
    FeedbackFactory(**pair, handed_over=True, at=at(3))
    if is_mailed:
        ShowingFactory(**pair, channel="hand_over", first_at=at(3), first_reasons=["handed_over"])
    outcomes.gather()
    journey = Journey.objects.get()
    assert (journey.reason, journey.rank, journey.opened_at) == ("handed_over", None, None)


def test_answers_without_opening_count_as_opened_and_a_no_is_kept(pair):
    said = FeedbackFactory(**pair, not_for_us=True, at=at(1))
    outcomes.gather()
    journey = Journey.objects.get()
    assert (journey.opened_at, journey.declined_at, journey.interested_at) == (said.at, said.at, None)


def test_journey_follows_what_is_taken_back_and_goes_with_its_last_trace(pair):
    interest = FeedbackFactory(**pair, at=at(100))
    showing = ShowingFactory(**pair, first_at=at(101))
    OutcomeFactory(**pair, rung="project")
    outcomes.gather()
    pk = Journey.objects.get().pk
    assert Journey.objects.get().project_on
    interest.delete()
    outcomes.gather()
    journey = Journey.objects.get(pk=pk)
    assert (journey.interested_at, journey.met_on, journey.project_on) == (None, None, None)
    showing.delete()
    outcomes.gather()
    assert not Journey.objects.exists()


def test_gathering_again_changes_nothing(pair):
    ShowingFactory(**pair)
    Feedback.objects.create(**pair, kind="saved")
    assert outcomes.gather_journeys() == 1
    assert outcomes.gather_journeys() == 0


def test_task_gathers(pair):
    ShowingFactory(**pair)
    tasks.gather_outcomes()
    assert Journey.objects.count() == 1

"""From records to opportunities: new, changed, known, and one opportunity of which several sources speak."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.db import connection
from django.urls import resolve
from hypothesis import given, settings
from hypothesis import strategies as st

from opportunities.feeds import Budget, Code, Kind, Record
from opportunities.models import ImportRun, Opportunity, Source, SourceRecord
from opportunities.upsert import content_hash, content_of, next_deadline, reference_of, store
from tests.factories.opportunities import SourceFactory, record

pytestmark = pytest.mark.django_db


def run_of(format: str = "sedia", source: Source | None = None) -> ImportRun:  # noqa: A002 - the word of the field
    return ImportRun.objects.create(source=source or SourceFactory(format=format), format=format, file_name="f")


def all_rows() -> list[list[dict]]:
    """Everything that an import may write, with every column but the run that last saw it."""
    return [list(model.objects.order_by("pk").values()) for model in (Opportunity, SourceRecord)]


def test_store_counts_created_unchanged_updated():
    run = run_of()
    assert store(run, [record(1), record(2)]) == {"created": 2}
    assert store(run, [record(1), record(2)]) == {"unchanged": 2}
    assert store(run, [record(1, title="Other words"), record(2), record(3)]) == {
        "updated": 1,
        "unchanged": 1,
        "created": 1,
    }
    assert Opportunity.objects.get(reference="eu-topic-1").title == "Other words"


def test_store_again_changes_no_row_at_all():
    run = run_of()
    told = [
        record(1, deadlines=(date(2199, 1, 1), datetime(2199, 6, 1, 17, tzinfo=UTC)), details={"a": {"b": 1.5}}),
        record(2, budget=Budget(10.5, 99, 1e9), starts_at=date(2199, 3, 28), published_on=date(2026, 3, 1)),
        record(3, codes=(Code("cpv", "72000000", "IT services"),), keywords=("ö", "x"), countries=("SE",)),
        record(4, kind=Kind.PARTNERING, partnering_type="TR", published_on=date(2026, 2, 28)),
    ]
    store(run, told)
    before = all_rows()
    assert store(run_of(source=run.source), told) == {"unchanged": 4}
    assert all_rows() == before


def test_store_leaves_what_people_decided_alone():
    run = run_of()
    store(run, [record(1)])
    Opportunity.objects.update(status="published", note="Call them", effort_hours=8, fits=3)
    store(run, [record(1, title="Corrected")])
    found = Opportunity.objects.get()
    assert (found.title, found.status, found.note, found.effort_hours) == ("Corrected", "published", "Call them", 8)
    assert found.fits is None, "it says something else now: who fits is counted again"


def test_store_does_not_undo_a_decision_made_meanwhile(monkeypatch):
    run = run_of()
    store(run, [record(1)])
    real = content_of

    def publish_meanwhile(told: Record) -> dict:
        Opportunity.objects.update(status="published")
        return real(told)

    monkeypatch.setattr("opportunities.upsert.content_of", publish_meanwhile)
    store(run, [record(1, title="Corrected")])
    assert Opportunity.objects.values_list("title", "status").get() == ("Corrected", "published")


@pytest.mark.parametrize(
    ("first", "second"), [("sedia", "topics"), ("ted-search", "eforms"), ("een-pod-v6", "een-pod")]
)
def test_two_formats_of_a_network_make_one_opportunity_with_two_records(first, second):
    store(run_of(first), [record(1, summary="From the first", url="")])
    counts = store(run_of(second), [record(1, title="Otherwise", summary="From the second", url="https://a.example/")])
    assert counts == {"updated": 1}
    found = Opportunity.objects.get()
    assert (found.title, found.summary, found.url) == ("Topic 1", "From the first", "https://a.example/")
    assert list(found.records.order_by("pk").values_list("format", flat=True)) == [first, second]


def topic(external_id: str, call: str, language: str = "en", **told: object) -> Record:
    """A topic of the portal as one of its formats keys it."""
    code = Code("topic", "HORIZON-CL6-2027-01-WATER")
    return record(
        1, external_id=external_id, codes=(code,), language=language, details={"call_identifier": call}, **told
    )


BY_SEARCH = topic("HORIZON-CL6-2027-01-WATER:50139106:en", "HORIZON-CL6-2027-01", summary="", url="https://a.example/")
BY_LIST = topic("HORIZON-CL6-2027-01-WATER", "HORIZON-CL6-2027-01", summary="From the list")


@pytest.mark.parametrize(
    "order", [(("sedia", BY_SEARCH), ("topics", BY_LIST)), (("topics", BY_LIST), ("sedia", BY_SEARCH))]
)
def test_topic_with_and_without_its_call_in_the_key_is_one_opportunity(order):
    runs = [run_of(name) for name, _ in order]
    counts = [store(run, [told]) for _ in range(2) for run, (_, told) in zip(runs, order, strict=True)]

    assert counts == [{"created": 1}, {"updated": 1}, {"unchanged": 1}, {"unchanged": 1}]
    found = Opportunity.objects.get()
    assert (found.reference, found.summary) == ("eu-horizon-cl6-2027-01-water", "From the list")
    assert set(found.records.values_list("format", flat=True)) == {"sedia", "topics"}


def test_topic_that_has_its_longer_name_is_found_by_another_source():
    store(run_of("sedia"), [BY_SEARCH])
    Opportunity.objects.update(reference="eu-horizon-cl6-2027-01-water-50139106-en")
    assert store(run_of("sedia"), [BY_SEARCH]) == {"unchanged": 1}
    assert Opportunity.objects.get().records.count() == 2


@pytest.mark.parametrize(
    "other",
    [
        topic("HORIZON-CL6-2027-01-WATER:50139107:en", "HORIZON-CL6-2028-01"),
        topic("HORIZON-CL6-2027-01-WATER:50139106:fr", "HORIZON-CL6-2027-01", "fr"),
    ],
    ids=["call", "language"],
)
def test_topic_of_another_call_or_language_stays_apart(other):
    run = run_of("sedia")
    assert store(run, [BY_SEARCH, other]) == {"created": 2}
    assert store(run, [BY_SEARCH, other]) == {"unchanged": 2}


def test_list_of_another_call_stays_apart_from_a_topic_of_the_same_name():
    store(run_of("sedia"), [BY_SEARCH])
    run = run_of("topics")
    again = topic("HORIZON-CL6-2027-01-WATER", "HORIZON-CL6-2028-01")
    assert store(run, [again]) == {"created": 1}
    assert store(run, [again]) == {"unchanged": 1}


def test_other_formats_stay_apart():
    store(run_of("csv"), [record(1)])
    store(run_of("csv"), [record(1)])
    store(run_of("rss"), [record(1)])
    assert Opportunity.objects.count() == 3


def test_second_source_adds_only_what_is_missing_and_says_so_once():
    store(run_of("sedia"), [record(1)])
    other = run_of("topics")
    assert store(other, [record(1, stage="single-stage")]) == {"updated": 1}
    assert store(other, [record(1, stage="two-stage")]) == {"unchanged": 1}, "the gap is filled already"
    assert Opportunity.objects.get().stage == "single-stage"


def test_budget_of_two_sources_is_never_mixed():
    store(run_of("sedia"), [record(1, budget=Budget(maximum=100, currency="SEK"))])
    store(run_of("topics"), [record(1, budget=Budget(minimum=500, total=9000))])
    found = Opportunity.objects.get()
    assert (found.budget_min, found.budget_max, found.budget_total, found.currency) == (None, 100, None, "SEK")


def test_deadline_of_another_source_brings_its_closing():
    store(run_of("een-pod-v6"), [record(1, kind=Kind.PARTNERING, published_on=date(2026, 11, 1))])
    store(run_of("een-pod"), [record(1, kind=Kind.PARTNERING, deadlines=(date(2198, 1, 1),))])
    found = Opportunity.objects.get()
    assert (found.closes_at.year, found.deadline.year) == (2198, 2198)


def test_first_source_that_falls_silent_erases_nothing_of_the_other():
    first = run_of("sedia")
    store(first, [record(1, stage="single-stage")])
    store(run_of("topics"), [record(1, organisation="The agency", deadlines=(date(2199, 1, 1),))])
    store(first, [record(1, title="Corrected")])
    found = Opportunity.objects.get()
    assert (found.title, found.organisation, found.stage) == ("Corrected", "The agency", "single-stage")
    assert found.deadline.year == 2199


def test_only_source_may_take_back_what_it_said():
    run = run_of("sedia")
    store(run, [record(1, stage="single-stage", deadlines=(date(2199, 1, 1),))])
    store(run, [record(1)])
    found = Opportunity.objects.get()
    assert (found.stage, found.deadline, found.closes_at) == ("", None, None)


def test_one_source_with_two_formats_does_not_go_back_and_forth():
    source = SourceFactory(format="auto")
    long, short = record(1, description="Long text"), record(1, title="Short")
    store(run_of("sedia", source), [long])
    store(run_of("topics", source), [short])
    before = all_rows()
    assert store(run_of("sedia", source), [long]) == {"unchanged": 1}
    assert store(run_of("topics", source), [short]) == {"unchanged": 1}
    assert all_rows() == before
    assert Opportunity.objects.get().title == "Topic 1"


def test_ids_that_differ_in_a_dot_are_two_opportunities():
    counts = store(run_of("sedia"), [record(1, external_id="MG-1.1-2016"), record(2, external_id="MG-11-2016")])
    assert counts == {"created": 2}
    assert set(Opportunity.objects.values_list("reference", flat=True)) == {"eu-mg-1-1-2016", "eu-mg-11-2016"}


def test_two_ids_of_one_reference_in_one_batch_are_one_opportunity():
    counts = store(run_of("sedia"), [record(1, external_id="A-1"), record(1, external_id="a 1", stage="one")])
    assert counts == {"created": 1, "updated": 1}
    assert Opportunity.objects.get().stage == "one"
    assert SourceRecord.objects.count() == 2


@pytest.mark.parametrize("external_id", ["x" * 250, "???", "//", "Ärende 12/2026 (å)", "e" * 120])
def test_reference_is_an_address_whatever_the_id(external_id):
    run = run_of("csv")
    store(run, [record(1, external_id=external_id)])
    found = Opportunity.objects.get()
    assert len(found.reference) <= 120
    assert resolve(found.get_absolute_url()).kwargs == {"reference": found.reference}


def test_raw_record_with_nul_and_half_surrogate_is_kept():
    store(run_of(), [record(1, raw="a\x00b\ud800c")])
    assert SourceRecord.objects.get().raw == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


def test_source_record_keeps_the_newest_words_of_the_source():
    run = run_of()
    store(run, [record(1, raw="old")])
    store(run, [record(1, raw="new", title="New")])
    assert SourceRecord.objects.get().raw == "new"


def test_text_of_two_million_letters_is_kept_and_searched():
    words = " ".join(f"w{number}x" for number in range(250_000))
    store(run_of(), [record(1, description=words)])
    assert Opportunity.objects.get().description == words
    assert Opportunity.objects.search("w17x").count() == 1


@settings(max_examples=150, deadline=None)
@given(
    days=st.lists(st.dates(date(1970, 1, 1), date(2199, 12, 31)), max_size=3),
    starts=st.none() | st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    published=st.none() | st.dates(date(1970, 1, 1), date(2199, 12, 31)),
    money=st.tuples(*[st.none() | st.floats(0, 9.9e14, allow_nan=False)] * 3),
    status=st.sampled_from(["", "open", "closed", "award", "cancelled"]),
)
def test_any_record_is_kept_and_known_again(days, starts, published, money, status):
    told = record(
        1,
        kind=Kind.PARTNERING,
        deadlines=tuple(sorted(set(days))),
        starts_at=starts,
        published_on=published,
        budget=Budget(*money),
        status=status,
    )
    run = run_of()
    assert store(run, [told]) == {"created": 1}
    found = Opportunity.objects.get()
    assert found.content_hash == content_hash({name: getattr(found, name) for name in content_of(told)})
    assert store(run, [told]) == {"unchanged": 1}
    Opportunity.objects.all().delete()


def test_cancelled_and_awarded_are_closed():
    run = run_of()
    store(run, [record(1, status="award", published_on=date(2026, 1, 1)), record(2, status="cancelled"), record(3)])
    assert list(Opportunity.objects.open().values_list("reference", flat=True)) == ["eu-topic-3"]


@pytest.mark.parametrize(
    ("day", "expected"), [("2026-01-01", "2026-02-01"), ("2026-02-02", "2026-03-01"), ("2026-04-01", "2026-03-01")]
)
def test_next_deadline_is_the_first_to_come_or_the_last(day, expected):
    deadlines = ["2026-03-01T12:00:00+00:00", "2026-02-01T12:00:00+00:00"]
    at = datetime.fromisoformat(f"{day}T00:00:00+00:00")
    assert next_deadline(deadlines, at).date().isoformat() == expected
    assert next_deadline([], at) is None


@pytest.mark.parametrize("number", [1, 3, 100])
def test_store_asks_the_same_few_queries_however_many_records(number, django_assert_num_queries):
    run = run_of()
    with django_assert_num_queries(7):  # savepoint and its release, the lock, two reads, two writes
        store(run, [record(each) for each in range(number)])
    with django_assert_num_queries(7):
        store(run, [record(each, title="New") for each in range(number)])


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_no_duplicates():
    runs, faults = [run_of("sedia"), run_of("topics")], []

    def read(run: ImportRun) -> None:
        try:
            for start in range(0, 120, 20):
                store(run, [record(number) for number in range(start, start + 20)])
        except Exception as fault:  # noqa: BLE001 - told to the test, which fails with it
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=read, args=[run]) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    assert Opportunity.objects.count() == 120
    assert SourceRecord.objects.count() == 240


def test_reference_of_family_and_of_a_table():
    assert reference_of("HORIZON-CL5-2026-D3", run_of("topics")) == "eu-horizon-cl5-2026-d3"
    own = reference_of("Nr 7", run_of("csv", SourceFactory(slug="partners")))
    assert own.startswith("partners-nr-7-")

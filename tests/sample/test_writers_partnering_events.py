"""Partnering requests, events and news of the sample: believable content, and files that the feeds read back whole."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from babel.dates import format_date

from cluster_portal.sample import FILES, records, written
from cluster_portal.sample.writers import een_pod, working_day
from core import codelists
from opportunities import feeds

# A Thursday, the last day of a year, and a Saturday on which summer time has just ended.
DAYS = (date(2026, 8, 20), date(2027, 12, 31), date(2028, 10, 28))
SAMPLES = {sample.name: sample for sample in FILES}
PARTNERING = ("een-pod-v6.xml", "een-pod.json", "partners.csv")
OWN = (*PARTNERING, "events.ics", "news.xml")
REQUESTS = [record for name in PARTNERING for record in records(SAMPLES[name])]
EVENTS = records(SAMPLES["events.ics"])
NEWS = records(SAMPLES["news.xml"])

each_day = pytest.mark.parametrize("today", DAYS, ids=str)
each_partnering_file = pytest.mark.parametrize("name", PARTNERING)


def data(name, today):
    ((_, content),) = written(SAMPLES[name], today=today)
    return content


def read_back(name, today, refused=0):
    sample = SAMPLES[name]
    found = list(feeds.read(sample.format, data(name, today), file=name))
    told = [item.reason for item in found if isinstance(item, feeds.Refusal)]
    assert len(told) == refused, told
    return [item for item in found if isinstance(item, feeds.Record)]


def reference_without_day(request):
    return request["type"], request["country"], request["published_ago"], request["serial"]


class TestContent:
    def test_there_are_enough_requests_of_all_types_from_many_countries(self):
        assert Counter(request["via"] for request in REQUESTS) == {
            "een-pod-v6.xml": 55,
            "een-pod.json": 27,
            "partners.csv": 11,
        }
        types = Counter(request["type"] for request in REQUESTS)
        assert set(types) == {"BO", "BR", "TO", "TR", "RDR"}
        assert min(types.values()) >= 5
        assert len({request["country"] for request in REQUESTS}) >= 25

    def test_two_requests_stand_in_two_files(self):
        times = Counter(reference_without_day(request) for request in REQUESTS)
        twice = [key for key, count in times.items() if count > 1]
        assert len(twice) == 2
        for key in twice:
            first, second = (request for request in REQUESTS if reference_without_day(request) == key)
            assert first["via"] != second["via"]
            assert first["title"] == second["title"]
            assert first["description"] != second["description"]

    def test_no_sentence_is_used_in_two_requests(self):
        unlike = {reference_without_day(request): request for request in REQUESTS}
        sentences = [
            sentence
            for request in unlike.values()
            for sentence in re.split(r"(?<=[.?])\s+", " ".join(request["description"].split()))
            if len(sentence) > 30
        ]
        assert len(sentences) > 400
        assert [sentence for sentence, times in Counter(sentences).items() if times > 1] == []

    @pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: request["title"][:50])
    def test_request_keeps_the_limits_of_the_network(self, request_):
        assert len(request_["title"]) <= 256
        assert 60 <= len(request_["summary"]) <= 500
        words = " ".join(
            str(request_.get(key, "")) for key in ("summary", "description", "advantages", "sought", "role")
        )
        assert 60 <= len(words.split()) <= 240
        assert len(request_["technologies"]) <= 5
        assert len(request_["markets"]) <= 5
        assert 1 <= len(request_.get("partnership", ["typed by hand"])) <= 3
        assert request_["country"] in codelists.countries()
        assert set(request_.get("targets", ())) <= set(codelists.countries())
        assert all(code in codelists.nace() for code in request_.get("nace", ()))

    @pytest.mark.parametrize("scheme", ["technologies", "markets"])
    def test_a_keyword_code_has_one_label(self, scheme):
        keywords = {een_pod.code_and_label(keyword) for request in REQUESTS for keyword in request[scheme]}
        assert len(keywords) > 25
        assert all(code.isdigit() and len(code) == 8 and label for code, label in keywords)
        assert [code for code, times in Counter(code for code, _ in keywords).items() if times > 1] == []

    def test_no_coming_year_is_named(self):
        texts = [str(value) for record in (*REQUESTS, *EVENTS, *NEWS) for value in record.values()]
        assert len(texts) > 1000
        assert [text for text in texts if re.search(r"\b20(2[5-9]|[3-9]\d)\b", text)] == []

    def test_addresses_are_invented(self):
        links = [record[key] for record in (*EVENTS, *NEWS) for key in ("url", "link") if key in record]
        assert len(links) == len(EVENTS) + len(NEWS)
        assert [link for link in links if not re.match(r"https:/{2,4}[a-z0-9-]+\.example(/|$)", link)] == []


class TestPartnering:
    @each_day
    @each_partnering_file
    def test_every_request_comes_back(self, name, today):
        found = read_back(name, today)
        content = records(SAMPLES[name])
        assert [record.external_id for record in found] == [een_pod.reference(request, today) for request in content]
        for record, request in zip(found, content, strict=True):
            assert record.kind is feeds.Kind.PARTNERING
            assert record.title == request["title"]
            assert record.summary == request["summary"]
            assert record.countries == (request["country"],)
            assert set(record.target_countries) == set(request.get("targets", ()))
            assert record.published_on == working_day(today, -request["published_ago"])
            assert working_day(today, request["deadline_in"]) in record.deadlines
            assert "notes" not in record.details
            assert "unknown_codes" not in record.details

    @each_partnering_file
    def test_the_file_is_recognised(self, name):
        assert feeds.detect(data(name, DAYS[0])) == SAMPLES[name].format

    @pytest.mark.parametrize("name", PARTNERING[:2])
    def test_type_keywords_and_status_come_back(self, name):
        for record, request in zip(read_back(name, DAYS[0]), records(SAMPLES[name]), strict=True):
            assert record.partnering_type == request["type"]
            assert record.status == ("open" if request["deadline_in"] >= 0 else "closed")
            codes = {(code.scheme, code.code) for code in record.codes}
            for scheme, key in (("een-technology", "technologies"), ("een-market", "markets")):
                assert {(scheme, een_pod.code_and_label(keyword)[0]) for keyword in request[key]} <= codes

    def test_paragraphs_survive_in_all_three_formats(self):
        for name in PARTNERING:
            for record, request in zip(read_back(name, DAYS[0]), records(SAMPLES[name]), strict=True):
                first = " ".join(request["description"].strip().split("\n\n")[0].split())
                assert record.description.split("\n\n")[0] == first

    def test_contact_persons_stay_outside(self):
        advisers = [request["adviser"] for request in REQUESTS if "adviser" in request]
        assert len(advisers) >= 3
        exported = data("een-pod-v6.xml", DAYS[0]).decode()
        raw = "".join(record.raw for record in read_back("een-pod-v6.xml", DAYS[0]))
        for told in (*advisers, "@een.example"):
            assert told in exported
            assert told not in raw

    def test_a_research_request_names_its_call_with_its_year(self):
        request = next(r for r in records(SAMPLES["een-pod.json"]) if r["type"] == "RDR")
        record = next(r for r in read_back("een-pod.json", DAYS[1]) if r.title == request["title"])
        deadline = working_day(DAYS[1], request["call_deadline_in"])
        assert record.deadlines == (working_day(DAYS[1], request["deadline_in"]), deadline)
        assert f"-{deadline.year}-" in record.details["call"]

    def test_the_table_is_as_a_person_saves_it(self):
        table = data("partners.csv", DAYS[0])
        with pytest.raises(UnicodeDecodeError):
            table.decode("utf-8")
        assert "Köhn & Söhne" in table.decode("cp1252")
        deadline = working_day(DAYS[0], records(SAMPLES["partners.csv"])[0]["deadline_in"])
        assert f";{deadline:%d.%m.%Y}\r\n".encode() in table


class TestEvents:
    @each_day
    def test_every_event_comes_back_at_its_time(self, today):
        found = {record.external_id.partition("@")[0]: record for record in read_back("events.ics", today)}
        assert set(found) == {event["uid"] for event in EVENTS}
        assert len(EVENTS) >= 25
        for event in (event for event in EVENTS if "repeat" not in event):
            record = found[event["uid"]]
            assert record.kind is feeds.Kind.EVENT
            assert record.title == event["title"]
            start = record.starts_at
            if isinstance(start, datetime):
                assert f"{start:%H:%M}" == event["at"]
                assert str(start.tzinfo) == event["zone"]
                assert record.ends_at - start == timedelta(hours=event["hours"])
                start = start.date()
            else:
                assert record.ends_at - start == timedelta(days=event["days"] - 1)
            assert abs(start - today - timedelta(days=event["starts_in"])) <= timedelta(days=5)
            assert start.weekday() < 5
            assert record.url == event["url"]
            assert record.keywords == tuple(event["categories"])

    def test_places_name_their_country(self):
        countries = {
            record.external_id.partition("@")[0]: record.countries for record in read_back("events.ics", DAYS[0])
        }
        for event in EVENTS:
            named = codelists.country_code(event["location"].rpartition(",")[2])
            assert countries[event["uid"]] == ((named,) if named else ())
            assert named or event["location"] == "Online"

    @each_day
    def test_the_repeating_event_leaves_out_one_morning(self, today):
        (event,) = [event for event in EVENTS if "repeat" in event]
        starts = [r.starts_at for r in read_back("events.ics", today) if r.external_id.startswith(event["uid"])]
        weeks = [(start.date() - starts[0].date()).days // 7 for start in starts]
        assert weeks == [0, 4, 12, 16, 20]
        assert {f"{start:%H:%M}" for start in starts} == {"07:30"}

    def test_whole_days_and_a_cancelled_fair_are_among_them(self):
        found = read_back("events.ics", DAYS[0])
        assert len([record for record in found if not isinstance(record.starts_at, datetime)]) == 2
        assert [record.title for record in found if record.status == "cancelled"] == [
            "Joint stand at a sensor and measurement fair"
        ]

    def test_the_calendar_carries_its_time_zones(self):
        calendar = data("events.ics", DAYS[0])
        zones = {event["zone"] for event in EVENTS if "zone" in event}
        assert len(zones) > 10
        assert set(re.findall(r"^TZID:(\S+)", calendar.decode(), re.MULTILINE)) == zones

    def test_registration_closes_before_the_event(self):
        for event in EVENTS:
            assert event.get("registration_in", 0) <= event["starts_in"] - 7

    def test_the_last_day_to_register_is_told(self):
        event = EVENTS[0]
        last = format_date(working_day(DAYS[0], event["registration_in"]), "d MMMM y", locale="en")
        assert read_back("events.ics", DAYS[0])[0].description.endswith(f"Registration closes on {last}.")


class TestNews:
    @each_day
    def test_every_item_comes_back_repaired(self, today):
        offering = [item for item in NEWS if not item.get("offers_nothing")]
        read = read_back("news.xml", today, refused=len(NEWS) - len(offering))
        found = {record.external_id: record for record in read}
        assert len(found) == len(offering) >= 11
        for item in offering:
            record = found[item["link"].rpartition("/")[2]]
            assert record.title == item.get("reads_as", item["title"])
            assert record.url == "https://" + item["link"].removeprefix("https:").lstrip("/")
            assert record.published_on == working_day(today, -item["published_ago"])
            expected = (working_day(today, item["deadline_in"]),) if "deadline_in" in item else ()
            assert record.deadlines == expected
            assert record.keywords == tuple(item["tags"])

    def test_the_faults_of_real_feeds_are_in_it(self):
        feed = data("news.xml", DAYS[0])
        assert feed.startswith(b"<!--")
        assert feed.index(b"-->") < feed.index(b"<?xml")
        assert feed.count(b"<title>Read more</title>") == 1
        assert feed.count(b"https:////") == 1
        assert re.search(rb"<title>Deadline: \d", feed)

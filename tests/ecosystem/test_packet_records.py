"""Each record of a packet is judged by itself: the good ones go on, the others say what is wrong."""

import re

import pytest

from ecosystem.exchange import Answer, Card, Part, Revealed, Withdrawn, records, verify
from opportunities import feeds
from tests.ecosystem.packets import OPPORTUNITY, expected, outgoing, packet, written

CARD = {"id": "c1", "purpose": "Suppliers for a harbour"}


def taken(**payload):
    return verify(written(payload=payload), expected())


def test_good_records_go_on_beside_a_bad_one():
    found = taken(opportunities=[{"id": "a", "kind": "gift", "title": "x"}, OPPORTUNITY, 3])

    assert [each["id"] for each in found.opportunities] == [OPPORTUNITY["id"]]
    told = {(each.part, each.position, each.id): each.message for each in found.refused}
    assert set(told) == {(Part.OPPORTUNITIES, 1, "a"), (Part.OPPORTUNITIES, 3, "")}
    assert told[Part.OPPORTUNITIES, 1, "a"].startswith("The kind 'gift' is none of partnering, tender,")


def test_card_comes_through_with_all_that_it_says():
    revealed = Revealed(
        "Fjordsens AS", "Bergen", "https://fjordsens.example", "Sensors", "Kari Lie", "kari@fjordsens.example"
    )
    card = Card("c1", "Harbours", "research", "small", "NO", "NO0", ("Sensors", "Tests"), ("A harbour",), revealed)

    assert verify(packet(cards=(card,)), expected()).cards == (card,)


def test_card_that_nobody_has_revealed_says_nothing_of_a_name():
    data = packet()

    assert outgoing().cards[0].revealed is None
    assert verify(data, expected()).cards[0].revealed is None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": ""}, "The id has other signs than letters, digits"),
        ({"id": "x" * 121}, "The id has other signs than letters, digits"),
        ({"id": 5}, "The id is no text."),
        ({"purpose": "  <b></b> "}, "The purpose says nothing."),
        ({"purpose": "x" * 161}, "The purpose is longer than 160 characters."),
        ({"country": "Norway"}, "The country is no country: two capital letters are wanted, such as NO."),
        ({"region": "NO08"}, "The region is no large region: a code of NUTS-1 is wanted, such as SE2."),
        ({"size_class": "huge"}, "The size class “huge” is none of micro, small, medium, large."),
        ({"kind": ["<b>gift</b>"]}, "The kind is none of company, research, public, cluster, intermediary."),
        ({"offers": "Sensors"}, "The list of what it offers is no list."),
        ({"offers": ["x"] * 51}, "The list of what it offers has too many lines."),
        ({"seeks": ["x", 4]}, "The line 2 of the list of what it looks for is no text."),
        ({"revealed": {}}, "The name is missing."),
        ({"revealed": 5}, "The part that says who it is cannot be read."),
        ({"revealed": {"name": "A", "website": "javascript:alert(1)"}}, "The website is no address of a web page."),
        ({"revealed": {"name": "A", "contact_email": "nobody"}}, "The contact's address is no e-mail address."),
        ({"seeks": ["\x00"]}, "A text holds signs that cannot be kept"),
    ],
    ids=str,
)
def test_card_that_is_none_is_refused_with_its_place(changed, said):
    found = taken(cards=[CARD | changed, CARD | {"id": "c2"}])

    assert [card.id for card in found.cards] == ["c2"]
    (refused,) = found.refused
    assert refused.message.startswith(said), refused.message
    assert refused.message.endswith(" Ask the sender to correct it and to send it again.")
    assert not re.search(r"Input|Field|_|\w\.\w", refused.message), refused.message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": "k1", "kind": "event"}, "The record has no title. Ask the sender to correct it and to send it again."),
        (
            {"id": "k1", "kind": "gift", "title": "x"},
            "The kind 'gift' is none of partnering, tender, funding, event. Ask",
        ),
        ({"id": "", "kind": "event", "title": "x"}, "The id has other signs than letters, digits, dots, colons"),
        ("gift", "This is no record: an object with names and values is wanted. Ask the sender to correct it"),
    ],
    ids=str,
)
def test_opportunity_that_is_none_is_refused_in_words_for_its_sender(row, said):
    (refused,) = taken(opportunities=[row]).refused

    assert refused.message.startswith(said), refused.message
    assert "import" not in refused.message


def test_markup_does_not_come_through():
    (card,) = taken(cards=[CARD | {"offers": ["<script>alert(1)</script>Sensors <b>for</b>\nsalt water"]}]).cards

    assert card.offers == ("Sensors for salt water",)


def test_record_that_stands_twice_counts_once():
    found = taken(
        cards=[CARD, CARD], answers=[{"card": "x", "answer": "interested"}] * 2, opportunities=[OPPORTUNITY] * 2
    )

    assert (len(found.cards), len(found.answers), len(found.opportunities)) == (1, 1, 1)
    assert [(each.part, each.position) for each in found.refused] == [
        (Part.OPPORTUNITIES, 2),
        (Part.CARDS, 2),
        (Part.ANSWERS, 2),
    ]


def test_answers_and_withdrawals_come_through():
    answers = (Answer("c1", "interested", "Two of our harbours would test it."), Answer("c2", "not_for_us"))
    gone = (Withdrawn(Part.OPPORTUNITIES, "a"), Withdrawn(Part.CARDS, "a"))

    found = verify(packet(answers=answers, withdrawn=gone), expected())

    assert (found.answers, found.withdrawn, found.refused) == (answers, gone, ())


@pytest.mark.parametrize(
    "payload",
    [
        {"answers": [{"card": "c1", "answer": "perhaps"}]},
        {"answers": [{"answer": "interested"}]},
        {"withdrawn": [{"part": "answers", "id": "c1"}]},
        {"withdrawn": [{"part": "cards"}]},
        {"opportunities": [{"id": "a b", "kind": "tender", "title": "x"}]},
        {"opportunities": [{"id": None, "kind": "tender", "title": "x"}]},
        {"opportunities": [{"id": "a", "kind": "tender"}]},
        {"opportunities": [{"id": "a", "kind": "tender", "title": "x", "deadlines": ["2027-02-30"]}]},
    ],
    ids=str,
)
def test_other_records_that_are_none_are_refused(payload):
    found = taken(**payload)

    assert len(found.refused) == 1
    assert (found.opportunities, found.answers, found.withdrawn) == ((), (), ())


def test_field_that_a_later_version_adds_breaks_nothing():
    assert taken(cards=[CARD | {"colour": "blue"}]).refused == ()


def test_feed_reads_what_the_packet_holds_without_contact_persons():
    row = OPPORTUNITY | {
        "partnering_type": "TR",
        "summary": "Call Kari on +47 55 12 34 56.",
        "contact": {"name": "Kari Lie", "email": "kari@fjordsens.example"},
        "countries": ["NO"],
        "target_sizes": ["small", "huge"],
        "codes": [{"scheme": "nace", "code": "26.51"}, {"scheme": "nace", "code": "99.99"}],
        "deadlines": ["2027-09-30", "2027-08-31T12:00:00+02:00"],
        "budget": {"minimum": 1000, "maximum": 5000, "currency": "nok"},
        "status": "open",
        "origin": {"network": "een", "id": "TRNO20270401001"},
    }
    (record,) = feeds.read("exchange", records.feed_of([row]))

    assert (record.external_id, record.kind, record.partnering_type) == ("kyst-17", "partnering", "TR")
    assert (record.countries, record.target_sizes, [each.code for each in record.codes]) == (
        ("NO",),
        ("small",),
        ["26.51"],
    )
    assert [str(day)[:10] for day in record.deadlines] == ["2027-08-31", "2027-09-30"]
    assert (record.budget.maximum, record.budget.currency, record.status) == (5000, "NOK", "open")
    assert record.details["origin"] == {"network": "een", "id": "TRNO20270401001"}
    assert "Kari Lie" not in record.raw
    assert "12 34" not in record.summary


@pytest.mark.parametrize("data", [b"{}", b"[]", b"{", b'{"opportunities": 3}', b"[" * 100_000], ids=range(5))
def test_feed_says_when_a_file_holds_no_opportunities(data):
    with pytest.raises(feeds.NotThisFormat) as caught:
        feeds.read("exchange", data)
    assert "Ask the sender" in caught.value.reason

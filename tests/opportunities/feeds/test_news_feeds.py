"""RSS, Atom and WordPress posts."""

import json
from datetime import date

import pytest

from opportunities.feeds import Kind, NotThisFormat
from tests.opportunities.feeds.samples import one, read_all, records, refusals


def rss(*items: str, before: str = "") -> str:
    return (
        f'{before}<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Havsbris agency</title>'
        f"<language>de-DE</language>{''.join(items)}</channel></rss>"
    )


def item(
    title: str = "Grants for pumps", *, link: str = "https://agency.example/pumps", text: str = "Apply.", more: str = ""
) -> str:
    return f"<item><title>{title}</title><link>{link}</link><description><![CDATA[{text}]]></description>{more}</item>"


def test_item_becomes_a_record():
    more = (
        "<pubDate>Tue, 01 Sep 2026 10:00:00 GMT</pubDate><category>Water</category><author>ann@agency.example</author>"
    )

    record = one("rss", rss(item(more=more)))

    assert record.kind is Kind.FUNDING
    assert record.external_id == record.url == "https://agency.example/pumps"
    assert record.organisation == "Havsbris agency"
    assert record.language == "de"
    assert record.published_on == date(2026, 9, 1)
    assert record.keywords == ("Water",)
    assert "ann@" not in repr(record)


@pytest.mark.parametrize("before", ["<!-- made by a cache -->\n", "\n\n  ", "<!-- a --><!-- <b> -->"])
def test_text_before_the_declaration_is_skipped(before):
    assert one("rss", rss(item(), before=before)).title == "Grants for pumps"


def test_address_with_too_many_slashes_is_repaired():
    assert one("rss", rss(item(link="https:////agency.example/a b"))).url == "https://agency.example/a%20b"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "ftp://agency.example/x", "https://", "data:text/html,x"])
def test_address_that_is_no_web_page_is_dropped(link):
    assert one("rss", rss(item(link=link, more="<guid>7</guid>"))).url == ""


@pytest.mark.parametrize("title", ["Read more", "Weiterlesen...", "Läs mer", "", "»"])
def test_empty_title_is_taken_from_the_text_or_the_address(title):
    told = one("rss", rss(item(title, text="<p>Support for leak detection in towns</p><p>Read more</p>")))
    untold = one("rss", rss(item(title, text="Read more", link="https://agency.example/call/leak-detection_2027.html")))

    assert told.title == "Support for leak detection in towns"
    assert untold.title == "Leak detection 2027"


@pytest.mark.parametrize(
    ("title", "rest"),
    [
        ("Frist: 22. November 2026 – Förderaufruf Wasserstoff", "Förderaufruf Wasserstoff"),
        ("Water grants (deadline 22 November 2026)", "Water grants"),
        ("Sista dag 22.11.2026: Stöd till vattenteknik", "Stöd till vattenteknik"),
        ("Date limite : 22 novembre 2026 - Appel à projets", "Appel à projets"),
    ],
)
def test_deadline_in_the_title_becomes_the_deadline(title, rest):
    record = one("rss", rss(item(title)))

    assert record.deadlines == (date(2026, 11, 22),)
    assert record.title == rest


def test_other_date_in_the_title_is_no_deadline():
    record = one("rss", rss(item("Conference of 3 May 2027 in Tartu")))

    assert record.deadlines == ()
    assert record.title == "Conference of 3 May 2027 in Tartu"
    assert record.kind is Kind.EVENT


def test_deadline_in_the_text_is_found():
    record = one("rss", rss(item(text="<p>Opens 1 May 2027.</p><p>The deadline is 30 June 2027.</p>")))

    assert record.deadlines == (date(2027, 6, 30),)


def test_call_listed_as_closed_says_so():
    assert one("rss", rss(item("Geschlossen: Förderung für Pumpen"))).status == "closed"
    assert one("rss", rss(item("Grants for pumps [closed]"))).status == "closed"
    assert one("rss", rss(item("Closed loops in industry"))).status == ""


def test_kind_can_be_told_by_who_knows_the_source():
    assert one("rss", rss(item()), kind=Kind.EVENT).kind is Kind.EVENT


def test_markup_and_scripts_become_plain_text():
    record = one("rss", rss(item(text="<p>One &amp;amp; two</p><script>alert(1)</script><ul><li>three</li></ul>")))

    assert record.description == "One & two\n\n- three"


def test_atom_entry_becomes_a_record():
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Cluster</title><entry><id>urn:x:1</id>
      <title>Tender: pumps</title><link href="https://cluster.example/1"/><updated>2026-09-01T10:00:00Z</updated><summary>Pumps</summary>
      <author><name>Ann Person</name><email>ann@cluster.example</email></author></entry></feed>"""

    record = one("rss", atom)

    assert record.kind is Kind.TENDER
    assert record.published_on == date(2026, 9, 1)
    assert "Ann Person" not in repr(record)


def test_wordpress_post_becomes_a_record():
    post = {
        "id": 7,
        "date": "2026-09-01T10:00:00",
        "link": "https:///cluster.example/7",
        "title": {"rendered": "Pumps &#8211; now"},
    }
    post |= {"content": {"rendered": "<p>Apply</p>"}, "guid": {"rendered": "https://cluster.example/?p=7"}}

    record = one("rss", json.dumps([post]))

    assert record.title == "Pumps – now"
    assert record.external_id == "https://cluster.example/?p=7"
    assert record.url == "https://cluster.example/7"


def test_truncated_feed_gives_its_items_and_tells_the_break():
    whole = rss(item(more="<guid>1</guid>"), item(more="<guid>2</guid>"))
    found = whole[: whole.rindex("<guid>2")]

    assert records("rss", found)[0].external_id == "1"
    assert "not well-formed" in refusals("rss", found)[-1].reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<!DOCTYPE html><html><body>Sorry</body></html>", "web page"),
        ("<TED_EXPORT/>", "no RSS or Atom feed"),
        ("/etc/passwd", "no RSS or Atom feed"),
        ("https://agency.example/feed", "no RSS or Atom feed"),
    ],
)
def test_another_kind_of_file_is_not_this_format(data, reason):
    with pytest.raises(NotThisFormat, match=reason):
        read_all("rss", data)


@pytest.mark.parametrize(
    ("title", "told", "kind"),
    [
        ("Polish brewery seeks recovery of carbon dioxide", "It fills bottles.", Kind.PARTNERING),
        ("Two shipyards", "They are looking for makers of hatches.", Kind.PARTNERING),
        ("Agency looks for ideas", "Apply for a grant.", Kind.FUNDING),
        ("Half the price of the first robot", "Open until 3 May 2027.", Kind.FUNDING),
    ],
)
def test_words_tell_who_seeks_and_who_gives(title, told, kind):
    assert one("rss", rss(item(title, text=told))).kind is kind


def test_plain_news_is_no_funding():
    (refusal,) = refusals("rss", rss(item("Our office moves", text="Find us at the quay.")))
    assert "This is news" in refusal.reason

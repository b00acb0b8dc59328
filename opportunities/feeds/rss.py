"""News feeds of clusters and agencies: RSS, Atom, and WordPress posts in JSON.

Repairs what such feeds get wrong: text before `<?xml`, "https:////host", "Read more" as the title, the deadline inside
the title.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import feedparser

from opportunities.feeds import building, dates, guessing, json_records, text
from opportunities.feeds.json_records import Json, first, listed
from opportunities.feeds.types import Found, Kind, Moment, NotThisFormat, Record, Refusal, Unreadable
from opportunities.feeds.xml import NO_WEB_PAGE, as_utf8, is_web_page

MAX_FEED = 20 * 1024 * 1024
_MOST_BEFORE = 1 << 16
_BEGINNING = re.compile(rb"<\?xml|<rss\b|<feed\b|<(?:\w+:)?RDF\b")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_EMPTY_TITLE = re.compile(
    r"^\W*(?:read more|more|continue reading|learn more|details|weiterlesen|mehr(?: lesen| erfahren)?"
    r"|lire (?:la suite|plus)|en savoir plus|läs mer|læs mere|les mer|lue lisää|leggi (?:tutto|di più)|leer más"
    r"|saiba mais|lees (?:meer|verder)|czytaj (?:więcej|dalej)|loe (?:lähemalt|edasi)|untitled|link)\W*$",
    re.IGNORECASE,
)
_LONGEST_MADE_TITLE = 140


def read(data: bytes, *, kind: Kind | None = None) -> Iterator[Found]:
    """The entries of a feed; `kind` says what they offer when the source is known. Raises NotThisFormat."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}:
        return json_records.read(
            data,
            lambda post, raw: _post(post, raw, kind),
            lists=(),
            marks={"title.rendered"},
            what="list of WordPress posts",
        )
    parsed = _parsed(data)
    about = dict(parsed.feed)
    language, publisher = first(about.get("language")), first(about.get("title"))
    # Plain dicts, because feedparser's own answer to "published" with "updated" and a warning.
    found = enumerate((_Entry(dict(entry), language, publisher, kind) for entry in parsed.entries), 1)
    entries = building.records(found, lambda entry: entry.record(), lambda entry: entry.raw)
    return _with_break(entries, parsed, len(parsed.entries))


def _parsed(data: bytes) -> Any:
    if len(data) > MAX_FEED:
        raise NotThisFormat(f"The file is larger than {MAX_FEED >> 20} MB: no news feed is. Split it.")
    body = as_utf8(data)
    if is_web_page(body):
        raise NotThisFormat(NO_WEB_PAGE)
    start = _BEGINNING.search(body, 0, _MOST_BEFORE)
    if not start:
        raise NotThisFormat("This file is no RSS or Atom feed: neither <rss> nor <feed> stands at its beginning.")
    if _ENTITY.search(body):
        raise NotThisFormat("The feed declares entities (<!ENTITY). Feeds need none and such files can be harmful.")
    parsed = _through_feedparser(body[start.start() :])
    if not parsed.version and not parsed.entries:
        raise NotThisFormat("This file is no RSS or Atom feed: it has neither a known version nor an entry.")
    return parsed


def _through_feedparser(body: bytes) -> Any:
    """What feedparser reads. It raises whatever its parts raise on damaged feeds, hence the list of faults."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        # A file object, because feedparser opens text as an address or a file name.
        return feedparser.parse(BytesIO(body), response_headers=headers)
    except (LookupError, AttributeError, TypeError, ValueError, AssertionError, RecursionError) as fault:
        raise NotThisFormat("The feed is too damaged to be read. Get it from its source again.") from fault


def _with_break(found: Iterator[Found], parsed: Any, count: int) -> Iterator[Found]:
    yield from found
    if parsed.bozo and isinstance(parsed.bozo_exception, feedparser.exceptions.ThingsNobodyCaresAboutButMe):
        return
    if parsed.bozo:
        reason = "The feed is not well-formed here; later entries may be lost. Get it from its source again."
        yield count + 1, Refusal("", count + 1, reason)


class _Entry:
    """One entry, of whichever kind of feed."""

    def __init__(self, entry: Json, language: str, publisher: str, kind: Kind | None) -> None:
        self.entry, self.language, self.publisher, self.kind = entry, language, publisher, kind
        names = ("id", "link", "title", "published", "updated", "tags")
        told: Json = {name: entry[name] for name in names if entry.get(name)}
        told["content"] = self._body()
        self.raw = json.dumps(text.without_contact_fields(told), ensure_ascii=False, default=str)

    def _body(self) -> str:
        long = [first(part.get("value")) for part in listed(self.entry.get("content")) if isinstance(part, dict)]
        return max([*long, first(self.entry.get("summary"))], key=len)

    def record(self) -> Record:
        """The entry as a record. Raises Unreadable."""
        tags = [first(tag.get("term")) for tag in listed(self.entry.get("tags")) if isinstance(tag, dict)]
        draft = _draft(
            title=first(self.entry.get("title")),
            body=self._body(),
            link=first(self.entry.get("link")),
            tags=tags,
            kind=self.kind,
        )
        draft.external_id = first(self.entry.get("id")) or draft.external_id
        draft.organisation = self.publisher
        draft.language = self.language.partition("-")[0]
        draft.published_on = _day(self.entry.get("published_parsed") or self.entry.get("updated_parsed"))
        return draft.finished(self.raw)


def _day(parts: Any) -> date | None:
    try:
        return date(*parts[:3]) if parts else None
    except (ValueError, TypeError):
        return None


def _post(post: Json, raw: str, kind: Kind | None) -> Record:
    """A WordPress post: texts stand as {"rendered": html}."""
    draft = _draft(
        title=_rendered(post.get("title")),
        body=_rendered(post.get("content")) or _rendered(post.get("excerpt")),
        link=first(post.get("link")),
        tags=[],
        kind=kind,
    )
    draft.external_id = _rendered(post.get("guid")) or draft.external_id or first(post.get("id"))
    draft.published_on = draft.day("publication date", first(post.get("date")))
    return draft.finished(raw)


def _rendered(value: object) -> str:
    return first(value.get("rendered")) if isinstance(value, dict) else first(value)


def _draft(*, title: str, body: str, link: str, tags: list[str], kind: Kind | None) -> building.Draft:
    words = text.plain(body)
    link = text.web_address(link)
    title = text.line(title[: building.LONGEST_TITLE + 1])
    if not any(letter.isalnum() for letter in title) or _EMPTY_TITLE.match(title):
        title = _title_from(words, link)
    title, on = _deadline_in(title)
    deadlines = on or _deadlines_in(words)
    # What has a last day to answer is a call, whatever it is called.
    kind = kind or guessing.kind(title, " ".join(tags), words[:600], link) or (Kind.FUNDING if deadlines else None)
    if title and kind is None:
        raise Unreadable("This is news: it speaks of no call, tender, event or partner, and of no deadline.")
    draft = building.Draft(
        kind=kind or Kind.FUNDING,
        external_id=link or (building.made_id(title, words[:200]) if title else ""),
        title=title,
        description=words,
        keywords=tags,
        url=link,
        status=guessing.status(title),
    )
    draft.deadlines = deadlines
    return draft


def _title_from(words: str, link: str) -> str:
    """What the entry is about, from the beginning of its text or from its address."""
    line = next((part.strip("- ") for part in words.split("\n") if len(part) > 10 and not _EMPTY_TITLE.match(part)), "")
    if line:
        return text.shortened(line, _LONGEST_MADE_TITLE)
    path = [part for part in unquote(urlsplit(link).path).split("/") if part]
    name = re.sub(r"[-_]+", " ", path[-1].rsplit(".", 1)[0]).strip() if path else ""
    if not name:
        raise Unreadable("The entry has no title, no text and no telling address. Enter it by hand if it matters.")
    return name[:1].upper() + name[1:]


def _deadline_in(title: str) -> tuple[str, list[Moment]]:
    """(title without its deadline, the deadline) of "Frist: 22. November 2026 - Grants for ..."."""
    for on, start, end in dates.in_text(title):
        word = guessing.DEADLINE_WORDS.search(title[:start])
        if word:
            rest = f"{title[: word.start()]} {title[end:]}".strip(" -–—:|,;.()[]")
            return (rest if len(rest) > 10 else title), [on]
    return title, []


def _deadlines_in(words: str) -> list[Moment]:
    """The dates that stand right behind a word for deadline."""
    head = words[:20_000]
    return [
        on for on, start, _ in dates.in_text(head) if guessing.DEADLINE_WORDS.search(head[max(0, start - 60) : start])
    ]

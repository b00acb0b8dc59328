"""What reviewers see of what was handed in: as it stands, or without what tells who applies.

A pure room: no Django, no database, no clock. It reads the content of a submission and writes down anew what may be
shown, entry by entry: what is not named here is not shown, whatever a later format adds.

In a blind call organisations are numbered, persons, addresses, regions and registration numbers are left out, answers
that tell who applies and links are left out, and so are files, whose names, words and hidden properties tell who wrote
them. Of PDFs that the call asks for without names a copy is read: see `anonymising`. In the words that remain the names
of all that take part, e-mail addresses, web addresses and telephone numbers are replaced. Words that describe an
organisation without naming it stay: a call that is blind should ask for none.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funding.interests import COMMON, LEGAL_FORMS

Content = Mapping[str, Any]
HIDDEN = "[…]"
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB = re.compile(r"(?:https?://|www\.)[^\s<>\"')\]]+", re.IGNORECASE)
DOMAIN = re.compile(
    r"\b(?:[a-z0-9-]+\.)+(?:com|net|org|eu|info|example|se|fi|dk|no|de|ee|lv|lt|pl|is)\b", re.IGNORECASE
)
TELEPHONE = re.compile(r"(?<![\w.])\+\d[\d\s()/-]{6,}\d")
SHORTEST_PART = 4
LINK, FILE = "link", "file"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question in its own words, and what it got: words, one option, or several."""

    text: str
    kind: str
    value: str | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One organisation's part. `name` is its number in a blind call. Amounts are EUR as text."""

    name: str
    is_lead: bool
    kind: str
    country: str
    funder: str
    activities: tuple[str, ...]
    role: str
    costs: tuple[tuple[str, str], ...]
    total: str
    grant: str | None
    own_money: str | None
    other_money: str | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be read: its key with the caller, its name and its size in bytes."""

    key: int
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reviewer sees of an application."""

    title: str
    summary: str
    months: int | None
    answers: tuple[Answer, ...]
    parts: tuple[Part, ...]
    files: tuple[File, ...]


def shown(content: Content, *, blind: bool, label: Callable[[int], str]) -> Shown:
    """What may be shown of a submission's content. `label` says what the n-th organisation is called, from 1."""
    partners: Sequence[Content] = content.get("partners") or ()
    labels = [label(number) for number in range(1, len(partners) + 1)]
    words = _Redaction(content, labels) if blind else _as_it_stands
    parts = zip(partners, labels, strict=True)
    return Shown(
        title=words(content.get("title") or ""),
        summary=words(content.get("summary") or ""),
        months=content.get("months"),
        answers=_answers(content, words, blind=blind),
        parts=tuple(_part(each, number if blind else each["name"], words, blind=blind) for each, number in parts),
        files=_files(content, blind=blind),
    )


def _files(content: Content, *, blind: bool) -> tuple[File, ...]:
    """In a blind call those of which a copy is read, under numbers: a file's name tells who gave it."""
    found = content.get("attachments") or ()
    if not blind:
        return tuple(File(each["id"], each["name"], each["size"]) for each in found)
    read = [each for each in found if each.get("read_blind")]
    return tuple(File(each["id"], f"{number}.pdf", each["size"]) for number, each in enumerate(read, start=1))


def names_in(content: Content, text: str) -> tuple[str, ...]:
    """What of a text names those who apply, as it is written there: organisations, persons, addresses, numbers."""
    found = _Redaction(content, [HIDDEN] * len(content.get("partners") or ())).found(text)
    return tuple(dict.fromkeys(found))


def _as_it_stands(text: str) -> str:
    return text


def _part(partner: Content, name: str, words: Callable[[str], str], *, blind: bool) -> Part:
    return Part(
        name=name,
        is_lead=bool(partner.get("is_lead")),
        kind=partner.get("kind") or "",
        country=partner.get("country") or "",
        funder=(partner.get("funder") or {}).get("name") or "",
        activities=tuple(partner.get("activities") or ()),
        role=words(partner.get("role") or ""),
        costs=tuple((each["name"], each["amount"]) for each in partner.get("costs") or ()),
        total=partner.get("total") or "0",
        grant=partner.get("grant"),
        own_money=partner.get("own_money"),
        other_money=partner.get("other_money"),
        answers=_answers(partner, words, blind=blind),
    )


def _answers(content: Content, words: Callable[[str], str], *, blind: bool) -> tuple[Answer, ...]:
    rows = content.get("answers") or ()
    kept = [each for each in rows if not (blind and (each.get("tells_who") or each.get("kind") in (LINK, FILE)))]
    return tuple(Answer(each["text"], each["kind"], _value(each.get("value"), words)) for each in kept)


def _value(value: object, words: Callable[[str], str]) -> str | bool | tuple[str, ...]:
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple):
        return tuple(words(str(each)) for each in value)
    return words("" if value is None else str(value))


class _Redaction:
    """Replaces, in any words, what names those who apply. Accents and case do not matter."""

    def __init__(self, content: Content, labels: Sequence[str]) -> None:
        said: dict[str, str] = {}
        for partner, label in zip(content.get("partners") or (), labels, strict=True):
            for name in (partner.get("name"), partner.get("registration_number")):
                said |= dict.fromkeys(_forms(name or ""), label)
            said |= dict.fromkeys(_persons(partner.get("person") or ""), HIDDEN)
            said |= dict.fromkeys(_persons(partner.get("confirmed_by") or ""), HIDDEN)
        lead = content.get("lead") or ""
        said |= {each: HIDDEN for each in _forms(lead) if each not in said}
        self.said = said
        longest_first = sorted(said, key=len, reverse=True)
        spelled = "|".join(r"[\W_]+".join(re.escape(word) for word in each.split()) for each in longest_first)
        self.names = re.compile(rf"(?<!\w)(?:{spelled})(?:s|'s|’s)?(?!\w)") if spelled else None

    def __call__(self, text: str) -> str:
        for pattern in (E_MAIL, WEB, DOMAIN, TELEPHONE):
            text = pattern.sub(HIDDEN, text)
        return self._without_names(text, self.names) if self.names else text

    def found(self, text: str) -> list[str]:
        """What would be replaced, in the order of its kinds."""
        said = [each.group() for pattern in (E_MAIL, WEB, TELEPHONE) for each in pattern.finditer(text)]
        if self.names:
            plain, origin = _plain(text)
            spans = ((origin[each.start()], origin[each.end() - 1] + 1) for each in self.names.finditer(plain))
            said += [text[start:end] for start, end in spans]
        return said

    def _without_names(self, text: str, names: re.Pattern[str]) -> str:
        plain, origin = _plain(text)
        pieces, at = [], 0
        for found in names.finditer(plain):
            start, end = origin[found.start()], origin[found.end() - 1] + 1
            key = " ".join(re.findall(r"\w+", found.group()))
            label = self.said.get(key) or self.said.get(key.removesuffix(" s")) or self.said.get(key.removesuffix("s"))
            pieces += [text[at:start], label or HIDDEN]
            at = end
        return "".join([*pieces, text[at:]])


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in lower case without accents, and for each of its characters the place that it had."""
    plain, origin = [], []
    for at, letter in enumerate(text):
        for each in unicodedata.normalize("NFKD", letter).casefold():
            if not unicodedata.combining(each):
                plain.append(each)
                origin.append(at)
    return "".join(plain), origin


def _forms(name: str) -> list[str]:
    """A name as it may be written: whole, and without its legal form. Words that many names share are no name."""
    words = re.findall(r"\w+", _plain(name)[0])
    short = [word for word in words if word not in LEGAL_FORMS]
    told = [word for word in short if len(word) >= SHORTEST_PART and word not in COMMON]
    forms = [words, short] if told or len(words) > 1 else [words]
    if told and short[:1] == told[:1]:
        forms.append(told[:1])
    return [" ".join(each) for each in forms if each]


def _persons(name: str) -> list[str]:
    """A person's name: whole, and the family name, which stands last."""
    words = re.findall(r"\w+", _plain(name)[0])
    last = [words[-1]] if len(words) > 1 and len(words[-1]) >= SHORTEST_PART else []
    return [" ".join(words), *last] if words else []

"""Conflicts of interest that can be seen: who reviews, set beside who applies.

A pure room: no Django, no database, no clock. It compares what is known and says what it found; what is not known it
cannot see, which is why each reviewer declares as well.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

# Legal forms around the Baltic Sea and beside it: they do not tell one company from another.
_LEGAL = (
    "ab abp ag aps as asa bv cooperative ek eg ehf ev fmba gbr ggmbh gmbh hb hf inc is ivs kb kft kg ks llc llp lp ltd"
    " mb nv oao ohg ou oy oyj plc publ ry rf sa sarl sas se sia sl sp spa srl stiftung tmi uab ug vsi zoo"
)
LEGAL_FORMS = frozenset(_LEGAL.split())
# Words that many names share; a name of these alone is no match within another name.
_COMMON = (
    "academy agency association board business centre center city cluster college company consulting council"
    " department development energy engineering faculty foundation group holding innovation institute international"
    " ministry municipality network of and the for partner partners project region research school science services"
    " solutions systems technologies technology university"
    " baltic nordic north northern south southern east eastern west western central europe european scandinavian sea"
    " green blue smart digital first new united global advanced applied general national regional"
)
COMMON = frozenset(_COMMON.split())
# Hosts that give an address to anybody. National ones end in several ways, which the first part tells.
_FREE = (
    "aol btinternet bredband comhem fastmail freenet gmail gmx googlemail hot hotmail icloud inbox interia live luukku"
    " mail mailbox me msn o2 one onet online outlook posteo proton protonmail rambler rocketmail seznam spray"
    " t-online telia tutanota virgilio web wp yahoo yandex ymail zoho"
)
FREE_MAIL = frozenset(_FREE.split())
# Second-level names under which countries register.
SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})
SHORTEST_NAME = 4


class Kind(StrEnum):
    """How somebody is bound to an applicant, the strongest first."""

    MEMBER = "member"
    PERSON = "person"
    LINKED = "linked"
    DECLARED = "declared"
    EMPLOYER = "employer"
    ADDRESS = "address"
    RIVAL = "rival"
    TOGETHER = "together"


# Nobody can overrule these: the reviewer would judge the own application.
FINAL = frozenset({Kind.MEMBER, Kind.PERSON})


@dataclass(frozen=True, slots=True)
class Person:
    """Who reviews. Organisations and undertakings by their keys.

    `organisations`: where the person is a member. `undertakings`: the groups of companies of these. `partners`: with
    whom these took part in earlier applications. `rival`: the one of the own organisations that takes part in the same
    call, "" for none. `declared`: names that the person has declared an interest in.
    """

    email: str
    employer: str = ""
    organisations: frozenset[int] = frozenset()
    undertakings: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    rival: str = ""
    declared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Party:
    """One organisation that applies: what the application says of it, and its key where the portal knows it."""

    name: str
    emails: tuple[str, ...] = ()
    website: str = ""
    organisation: int | None = None
    undertaking: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One tie between a reviewer and an organisation that applies. `detail`: the employer, or the domain."""

    kind: Kind
    party: str
    detail: str = ""

    @property
    def is_final(self) -> bool:
        return self.kind in FINAL


def findings(person: Person, parties: Iterable[Party]) -> tuple[Finding, ...]:
    """What speaks against a reviewer of an application: the strongest tie to each of its organisations."""
    found = [tie for party in parties if (tie := _tie(person, party))]
    if person.rival and all(each.kind != Kind.MEMBER for each in found):
        found.append(Finding(Kind.RIVAL, person.rival))
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.party)))


def _tie(person: Person, party: Party) -> Finding | None:
    if party.organisation is not None and party.organisation in person.organisations:
        return Finding(Kind.MEMBER, party.name)
    if person.email.casefold() in {each.casefold() for each in party.emails}:
        return Finding(Kind.PERSON, party.name)
    if party.undertaking is not None and party.undertaking in person.undertakings:
        return Finding(Kind.LINKED, party.name)
    if any(same_name(each, party.name) for each in person.declared):
        return Finding(Kind.DECLARED, party.name)
    if same_name(person.employer, party.name):
        return Finding(Kind.EMPLOYER, party.name, person.employer)
    if domain := _shared_domain(person, party):
        return Finding(Kind.ADDRESS, party.name, domain)
    if party.organisation is not None and party.organisation in person.partners:
        return Finding(Kind.TOGETHER, party.name)
    return None


def name_parts(name: str) -> tuple[str, ...]:
    """The words that tell a name: lower case, no accents, no legal form. Vilnius UAB "Žalia" is vilnius, zalia."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    plain = plain.casefold().replace("ø", "o").replace("ł", "l").replace("/", "").replace(".", "")
    words = re.findall(r"\w+", plain)
    return tuple(word for word in words if word not in LEGAL_FORMS) or tuple(words)


def same_name(one: str, other: str) -> bool:
    """Whether two names are of one organisation, or one of its departments: the shorter stands whole in the longer."""
    short, long = sorted((name_parts(one), name_parts(other)), key=len)
    if not short:
        return False
    if short == long:
        return True
    tells = any(len(word) >= SHORTEST_NAME and word not in COMMON for word in short)
    runs = (long[at : at + len(short)] for at in range(len(long) - len(short) + 1))
    return tells and any(run == short for run in runs)


def domain_of(address: str) -> str:
    """The domain of an e-mail address or of a website; "" of a host that gives addresses to anybody."""
    host = address.rpartition("@")[2] if "@" in address else urlsplit(address).hostname or ""
    host = host.strip().casefold().removeprefix("www.").rstrip(".")
    labels = host.split(".")
    second = -3 if len(labels) > 2 and labels[-2] in SECOND_LEVEL else -2
    if len(labels) < -second or labels[second] in FREE_MAIL:
        return ""
    return host


def _shared_domain(person: Person, party: Party) -> str:
    own = domain_of(person.email)
    theirs = {domain_of(each) for each in (*party.emails, party.website)} - {""}
    return next((each for each in sorted(theirs) if own and _within(own, each)), "")


def _within(one: str, other: str) -> bool:
    """The same domain, or one below the other: cs.lund.example is within lund.example."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")

"""Who is meant in a wave, who can be asked, and why others cannot. Read in a constant number of queries."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from babel.languages import get_official_languages
from django.conf import settings
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import MailStop
from evaluations import groups
from evaluations.models import Wave
from matchmaking.models import Participant
from members.models import Consent, Membership, Organisation

NOBODY, NOT_AGREED, STOPPED, ELSEWHERE = "nobody", "not_agreed", "stopped", "elsewhere"
WHY_NOT = {
    NOBODY: _("Nobody of the company is in the portal"),
    NOT_AGREED: _("Nobody has agreed to be asked in surveys"),
    STOPPED: _("Has agreed, and has stopped these mails"),
    ELSEWHERE: _("The only person who agreed is asked for another company"),
}
ROLES = (Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.VIEWER)


class Contact(NamedTuple):
    """Somebody who could be asked."""

    person: str
    email: str


class Company(NamedTuple):
    """One company of the population, its groups, and its contact, or why it has none."""

    organisation_id: int | None
    name: str
    groups: Mapping[str, str]
    language: str
    contact: Contact | None
    why_not: str = ""


class _Found(NamedTuple):
    """A company before anybody looked whom to ask there."""

    organisation_id: int | None
    name: str
    size_class: str
    country: str
    section: str
    languages: Sequence[str]
    people: Sequence[Contact]


def population(wave: Wave, *, at: datetime | None = None) -> list[Company]:
    """Every company that a wave means, by name. Its groups are as they are at `at`, now if nothing is said."""
    at = at or timezone.now()
    found = _participants(wave) if wave.population == Wave.Population.ROUND else _members()
    times = groups.times_on_record(at)
    in_scope = [(each, facts) for each in found if _is_meant(wave, facts := _groups(each, times))]
    agreed = set(Consent.objects.holding("surveys").values_list("address", flat=True))
    stopped = set(MailStop.objects.filter(kind="survey").values_list("address", flat=True))
    offered = wave.version.content.get("languages") or ["en"]
    taken: set[str] = set()
    companies = []
    for each, facts in in_scope:
        contact, why_not = _whom(each.people, agreed, stopped, taken)
        taken |= {contact.email} if contact else set()
        language = language_for(each.country, each.languages, offered)
        companies.append(Company(each.organisation_id, each.name, facts, language, contact, why_not))
    return companies


def frame(companies: Iterable[Company]) -> list[dict[str, object]]:
    """How many companies there are in each combination of groups: what results are weighted to."""
    counted = Counter(tuple(each.groups.values()) for each in companies)
    return [dict(zip(groups.GROUPS, combination, strict=True)) | {"n": n} for combination, n in sorted(counted.items())]


def language_for(country: str, spoken: Sequence[str], offered: Sequence[str]) -> str:
    """In which of the languages offered a company is asked: its country's own before others that it speaks."""
    official = [each for each in get_official_languages(country, de_facto=True) if not spoken or each in spoken]
    return next((each for each in [*official, *spoken] if each in offered), offered[0])


def language_of(organisation: Organisation) -> str:
    """In which language a member is spoken to by mail and by link, where no questionnaire says it."""
    return language_for(organisation.country, organisation.profile.languages, settings.LINK_LANGUAGES)


def _members() -> list[_Found]:
    rows = Organisation.objects.members().filter(kind=Organisation.Kind.COMPANY, is_home=False)
    order = Case(*(When(role=role, then=Value(at)) for at, role in enumerate(ROLES)), default=Value(len(ROLES)))
    people: dict[int, list[Contact]] = {}
    memberships = Membership.objects.filter(user__is_active=True, organisation__in=rows.values("pk"))
    for each in memberships.select_related("user").order_by(order, "pk"):
        people.setdefault(each.organisation_id, []).append(Contact(each.user.name, each.user.email))
    return [
        _Found(
            each.pk,
            each.name,
            each.size_class,
            each.country,
            groups.section((each.profile.nace_codes or [""])[0]),
            each.profile.languages,
            people.get(each.pk, ()),
        )
        for each in rows.select_related("profile").by_name()
    ]


def _participants(wave: Wave) -> list[_Found]:
    """The companies that took part, each once however many people it sent."""
    rows = Participant.objects.confirmed().filter(round=wave.round).select_related("organisation")
    of_company: dict[object, list[Participant]] = {}
    for each in rows.by_name():
        of_company.setdefault(each.organisation_id or each.company.casefold(), []).append(each)
    return [
        _Found(
            first.organisation_id,
            first.company,
            first.size_class or (first.organisation.size_class if first.organisation else ""),
            first.country,
            groups.section((first.nace_codes or [""])[0]),
            first.languages,
            [Contact(each.person, each.email) for each in everybody],
        )
        for everybody in of_company.values()
        for first in everybody[:1]
    ]


def _groups(found: _Found, times: Mapping[int, int]) -> dict[str, str]:
    """Of a guest there is no record to tell its experience from."""
    known = found.organisation_id is not None
    experience = groups.experience(times.get(found.organisation_id, 0)) if known else ""
    return {
        "size_class": found.size_class,
        "country": found.country,
        "section": found.section,
        "experience": str(experience),
    }


def _is_meant(wave: Wave, facts: Mapping[str, str]) -> bool:
    only = (("size_class", wave.sizes), ("country", wave.countries), ("section", wave.sections))
    return all(not wanted or facts[group] in wanted for group, wanted in only)


def _whom(
    people: Sequence[Contact], agreed: set[str], stopped: set[str], taken: set[str]
) -> tuple[Contact | None, str]:
    """The first who agreed and still wants such mails; otherwise how near somebody comes to it."""
    if not people:
        return None, NOBODY
    willing = [each for each in people if each.email in agreed]
    reachable = [each for each in willing if each.email not in stopped]
    if free := [each for each in reachable if each.email not in taken]:
        return free[0], ""
    return None, (ELSEWHERE if reachable else STOPPED if willing else NOT_AGREED)

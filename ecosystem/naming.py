"""What must not stand on a card of a company, read from the database; and its words as they may stand there."""

from collections.abc import Iterable

from django.db.models import Q

from ecosystem import anonymity
from ecosystem.anonymity import Names
from members.models import Organisation, Profile

MOST_LINES = 6


def names_of(organisation: Organisation) -> Names:
    """The names that belong to a company. A word of its name that other members say of themselves tells nothing."""
    people = organisation.memberships.exclude(user__name="").values_list("user__name", flat=True)
    return Names(
        company=organisation.name,
        town=organisation.town,
        website=organisation.website,
        people=tuple(people),
        common=_common(organisation, anonymity.parts_of_name(organisation.name)),
    )


def _common(organisation: Organisation, words: Iterable[str]) -> frozenset[str]:
    others = Profile.objects.filter(organisation__is_member=True).exclude(organisation=organisation)
    return frozenset(word for word in words if others.filter(_says(word)).exists())


def _says(word: str) -> Q:
    said = Q()
    for name in ("summary", "offers", "seeks"):
        said |= Q(**{f"{name}__unaccent__icontains": word})
    return said


def safe_lines(lines: Iterable[str], names: Names) -> str:
    """The first lines of a profile that do not tell who it is, one a line."""
    return "\n".join([line for line in lines if not anonymity.telling(line, names)][:MOST_LINES])[:1000]

"""What must not stand on a card of a company, read from the database; and its words as they may stand there."""

from collections.abc import Iterable

from django.db.models import Q

from ecosystem import anonymity
from ecosystem.anonymity import Names
from members.models import Organisation, Profile

MOST_LINES = 6


def names_of(organisation: Organisation) -> Names:
    """The names that belong to a company. A word of its name that other members say of themselves tells nothing."""
    people = organisation.memberships.exclude(user__name="").order_by("pk").values_list("user__name", flat=True)
    return Names(
        company=organisation.name,
        town=organisation.town,
        website=organisation.website,
        people=tuple(people),
        common=_common(organisation),
    )


def _common(organisation: Organisation) -> frozenset[str]:
    others = Profile.objects.filter(organisation__is_member=True).exclude(organisation=organisation)
    said = {word: _says("icontains", word) for word in anonymity.parts_of_name(organisation.name)}
    if short := anonymity.short_name(organisation.name):
        said[short] = _says("iregex", rf"\m{short}\M")  # within other words it says nothing
    return frozenset(word for word, says in said.items() if others.filter(says).exists())


def _says(how: str, word: str) -> Q:
    said = Q()
    for name in ("summary", "offers", "seeks"):
        said |= Q(**{f"{name}__unaccent__{how}": word})
    return said


def safe_lines(lines: Iterable[str], names: Names) -> str:
    """The first lines of a profile that do not tell who it is, one a line."""
    return "\n".join([line for line in lines if not anonymity.telling(line, names)][:MOST_LINES])[:1000]

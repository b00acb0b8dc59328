"""How participants are shown to each other: by name where the company agreed, otherwise as a card without it."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from core.codelists import countries, nace
from matchmaking.models import Participant


def card(participant: Participant, *, by_name: bool, reasons: Collection[str] = ()) -> dict[str, Any]:
    """What one reader sees of a participant. `by_name` says that this reader may know who it is."""
    return {
        "id": participant.pk,
        "title": participant.company if by_name else without_name(participant),
        "person": participant.person if by_name else "",
        "website": participant.website if by_name else "",
        "place": place(participant, with_town=by_name),
        "cluster": participant.cluster.name,
        "size": participant.get_size_class_display(),
        "summary": participant.summary if by_name else "",
        "offers": participant.offer_lines,
        "seeks": participant.seek_lines,
        "fields": [entry.label for code in participant.nace_codes if (entry := nace().get(code))],
        "languages": participant.languages,
        "reasons": list(reasons),
        "by_name": by_name,
    }


def title(participant: Participant, *, reader: Participant) -> str:
    """What one participant calls another: by name where it may know it."""
    by_name = participant.shows_name or participant.pk in names_known_to(reader)
    return participant.company if by_name else without_name(participant)


def without_name(participant: Participant) -> str:
    """What stands where the name would: size and country are not enough to tell who it is."""
    size = participant.get_size_class_display()
    where = countries().get(participant.country, "")
    if size and where:
        return _("%(size)s company in %(country)s") % {"size": size, "country": where}
    if where:
        return _("Company in %(country)s") % {"country": where}
    return _("Company of %(cluster)s") % {"cluster": participant.cluster.name}


def place(participant: Participant, *, with_town: bool) -> str:
    """Town and country, or the country alone."""
    parts = [participant.town if with_town else "", countries().get(participant.country, participant.country)]
    return ", ".join(part for part in parts if part)


def names_known_to(participant: Participant) -> set[int]:
    """The ids of those whose name this participant may know beside who shows it: whom it meets."""
    timetable = participant.round.timetable_id
    if timetable is None:
        return set()
    seats = participant.seats.standing().filter(timetable=timetable)
    pairs = seats.values_list("meeting__a_id", "meeting__b_id")
    return {pk for pair in pairs for pk in pair} - {participant.pk}

"""Tables that somebody asks for: a subject by up to three groups, of some groups only, protected like every other.

Only groups whose size is shown take part, as in the tables that every wave has. Where groups are crossed or filtered,
the sizes of the crossed groups are published first; a table shows nothing of a group whose size is hidden. So tables
of different subjects say nothing of each other that the sizes do not say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from core import runs
from core.actions import Refused
from evaluations import preparations, protection, tabulating
from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.types import Category, Key, Protected, Table
from evaluations.models import Publication, Query, Wave
from evaluations.models.publications import Audience
from evaluations.tabulating import GROUPS, RESPONSE, Subject

MOST_DIMENSIONS = 3
MOST_CELLS = 1500
Groups = dict[str, tuple[Category, ...]]
Filters = Mapping[str, Sequence[str]]


def subjects(wave: Wave) -> dict[str, Subject]:
    """What can be asked for of a wave, by name."""
    found = tabulating.subjects(wave.questionnaire, wave.recoded())
    return {subject.name: subject for subject in found}


def groups_with_size(wave: Wave) -> Groups:
    """The groups of each kind whose size in-house readers see: these can be broken down by and filtered."""
    made = Publication.objects.filter(wave=wave, audience=Audience.HOUSE, subject=RESPONSE, filters={})
    alone = {each.dimensions[0]: each for each in made if len(each.dimensions) == 1}
    return {name: protection.shown_groups(protection.from_json(each.table)) for name, each in alone.items()}


def insist_on_fit(wave: Wave, name: str, dimensions: Sequence[str], filters: Filters) -> None:
    """Raises Refused, in words, for what cannot be asked. It looks at no answer."""
    _fitting(wave, name, dimensions, filters)


def execute(query_id: int) -> None:
    """Makes the table of a query, for the worker."""
    runs.execute(Query, query_id, _answer)


def _answer(query: Query) -> None:
    # What its worker could not finish within its time, the next one cannot either.
    if query.cursor.get("begun"):
        raise runs.RunFailed(_("This table takes too long to protect. Ask for fewer breakdowns, or for fewer groups."))
    runs.checkpoint(query, cursor={"begun": True})
    try:
        with transaction.atomic():
            about, shown = _fitting(query.wave, query.subject, query.dimensions, query.filters)
            publication = _published(query.wave, about, query.dimensions, query.filters, shown)
            runs.checkpoint(query, done=1, publication=publication)
    except BadTable:
        raise runs.RunFailed(
            _("This table is too large to be protected beside what was asked of the question already. Ask for less.")
        ) from None
    except Refused as refusal:
        raise runs.RunFailed(str(refusal)) from None


def _fitting(wave: Wave, name: str, dimensions: Sequence[str], filters: Filters) -> tuple[Subject, Groups]:
    about = subjects(wave).get(name)
    if about is None:
        raise Refused(_("This survey has no such question. Choose one of the list."))
    shown = _taking_part(wave, dimensions, filters)
    _insist_on_size(about, shown, dimensions)
    return about, shown


def _taking_part(wave: Wave, dimensions: Sequence[str], filters: Filters) -> Groups:
    if len(dimensions) > MOST_DIMENSIONS or not {*dimensions, *filters} <= {*GROUPS}:
        raise Refused(_("Choose up to three breakdowns of the list."))
    known = groups_with_size(wave)
    found = {}
    for each in {*dimensions, *filters}:
        found[each] = tuple(group for group in known.get(each, ()) if each not in filters or group in filters[each])
        if not found[each]:
            raise Refused(_("Too few answered in these groups. Choose larger ones, or leave them out."))
    return found


def _insist_on_size(about: Subject, shown: Groups, dimensions: Sequence[str]) -> None:
    cells = len(about.categories) + 1
    for name in dimensions:
        cells *= len(shown[name]) + 1
    if cells > MOST_CELLS:
        words = _("This table would have %(cells)s figures; %(most)s are the most. Leave a breakdown out, or filter.")
        raise Refused(words % {"cells": cells, "most": MOST_CELLS})


def _published(wave: Wave, about: Subject, dimensions: list[str], filters: Filters, shown: Groups) -> Publication:
    answered = tabulating.frame(wave.responses.complete().values(*GROUPS, "answers"), wave.recoded())
    threshold = wave.fewest_in_house
    cut = {name: groups for name, groups in shown.items() if len(groups) < answered[name].nunique() or name in filters}
    unsafe: frozenset[Key] = frozenset()
    if len(shown) > 1:
        names = sorted(shown)
        sizes = tabulating.table(answered, None, names, threshold=threshold, shown=cut)
        sized = _given(wave, RESPONSE, sizes, None, filters)
        unsafe = frozenset(_without_size(protection.from_json(sized.table), dimensions, about))
    table = tabulating.table(answered, about, dimensions, threshold=threshold, shown=cut)
    return _given(wave, about.name, replace(table, unsafe=unsafe), about, filters)


def _given(wave: Wave, name: str, table: Table, about: Subject | None, filters: Filters) -> Publication:
    """The publication; refused when earlier ones say too much for it already."""
    made = protection.publish(
        wave=wave,
        audience=Audience.HOUSE,
        subject=name,
        table=table,
        about=about,
        filters=filters,
        populations=preparations.populations(wave, table.dimensions[1:]) if about and not filters else {},
    )
    protected = protection.from_json(made.table)
    if protected.known or protected.withheld:
        raise Refused(_("This table cannot be given any more: with what was given before, it would show single firms."))
    return made


def _without_size(sized: Protected, dimensions: Sequence[str], about: Subject) -> Iterator[Key]:
    """The figures of the groups whose size is hidden."""
    for key, cell in sized.cells.items():
        spot = dict(zip(sized.dimensions, key, strict=True))
        beyond = [name for name in spot if name not in dimensions and spot[name] is not None]
        if cell.n is None and not beyond:
            group = tuple(spot[name] for name in dimensions)
            yield from ((answer, *group) for answer in (*about.answers, None))

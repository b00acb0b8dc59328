"""Tables that somebody asks for: a subject by up to three groups, of some groups only, protected like every other.

Only groups whose size is shown take part, as in the tables that every wave has. Where groups are crossed or filtered,
the sizes of the crossed groups are published first; a table shows nothing of a group whose size is hidden. So tables
of different subjects say nothing of each other that the sizes do not say.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd
from django.db import transaction
from django.utils.translation import gettext as _

from core import runs
from core.actions import Refused
from evaluations import outcome_tables, preparations, protection, quarters, tabulating
from evaluations.disclosure.faults import BadTable
from evaluations.disclosure.types import Category, Key, Protected, Table
from evaluations.models import Publication, Query, Wave
from evaluations.models.publications import Audience
from evaluations.models.waves import FEWEST_IN_HOUSE
from evaluations.quarters import OUTCOMES, Quarter
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


def insist_on_fit(wave: Wave | None, name: str, dimensions: Sequence[str], filters: Filters) -> None:
    """Raises Refused, in words, for what cannot be asked. It looks at no answer. Without a wave it is of outcomes."""
    if wave is None:
        _fitting_outcomes(name, dimensions, filters)
    else:
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
            runs.checkpoint(query, done=1, publication=_of_survey(query) if query.wave else _of_outcomes(query))
    except BadTable:
        raise runs.RunFailed(
            _("This table is too large to be protected beside what was asked of the question already. Ask for less.")
        ) from None
    except Refused as refusal:
        raise runs.RunFailed(str(refusal)) from None


def _of_survey(query: Query) -> Publication:
    wave = query.wave
    about, shown = _fitting(wave, query.subject, query.dimensions, query.filters)
    answered = tabulating.frame(wave.responses.complete().values(*GROUPS, "answers"), wave.recoded())

    def given(subject: Subject | None, table: Table) -> Publication:
        return protection.publish(
            wave=wave,
            audience=Audience.HOUSE,
            subject=subject.name if subject else RESPONSE,
            table=table,
            about=subject,
            filters=query.filters,
            populations=preparations.populations(wave, table.dimensions[1:]) if subject and not query.filters else {},
        )

    return _published(query, answered, about, shown, wave.fewest_in_house, given)


def _of_outcomes(query: Query) -> Publication:
    shown = _fitting_outcomes(query.subject, query.dimensions, query.filters)
    counted = quarters.frame_named(query.quarter)

    def given(subject: Subject | None, table: Table) -> Publication:
        return quarters.publish(Quarter.named(query.quarter), subject, table, filters=query.filters)

    return _published(query, counted, OUTCOMES, shown, FEWEST_IN_HOUSE, given)


def _fitting_outcomes(name: str, dimensions: Sequence[str], filters: Filters) -> Groups:
    if len(dimensions) > MOST_DIMENSIONS:
        raise Refused(_("Choose up to three breakdowns of the list."))
    subject, _colon, quarter = name.partition(":")
    shown = outcome_tables.taking_part(quarter if subject == OUTCOMES.name else "", dimensions, filters)
    _insist_on_size(OUTCOMES, shown, dimensions)
    return shown


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


def _published(
    query: Query,
    frame: pd.DataFrame,
    about: Subject,
    shown: Groups,
    threshold: int,
    given: Callable[[Subject | None, Table], Publication],
) -> Publication:
    """The table of a query, after the sizes of its groups where they are crossed or filtered.

    `given` publishes a table of the subject, or of the sizes alone. Refused when earlier ones say too much already.
    """
    cut = {
        name: groups for name, groups in shown.items() if len(groups) < frame[name].nunique() or name in query.filters
    }
    unsafe: frozenset[Key] = frozenset()
    if len(shown) > 1:
        sizes = tabulating.table(frame, None, sorted(shown), threshold=threshold, shown=cut)
        sized = _insist_on_given(given(None, sizes))
        unsafe = frozenset(_without_size(protection.from_json(sized.table), query.dimensions, about))
    table = tabulating.table(frame, about, query.dimensions, threshold=threshold, shown=cut)
    return _insist_on_given(given(about, replace(table, unsafe=unsafe)))


def _insist_on_given(made: Publication) -> Publication:
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

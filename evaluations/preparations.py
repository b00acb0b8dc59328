"""When a wave has closed, its tables are made once: every subject alone and by each group, for both audiences.

In-house tables of a subject come first (see protection). A worker that dies leaves its tables behind; the next one
begins the subject anew, and finds the tables that are there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from core import runs
from core.actions import Refused, record
from evaluations import changing, computing, instrument, protection, quarters, tabulating
from evaluations.disclosure import Protected, Table, protect
from evaluations.disclosure.types import Category, Key
from evaluations.models import Invitee, Preparation, Publication, Wave
from evaluations.models.publications import Audience
from evaluations.permissions import can_run_waves
from evaluations.tabulating import GROUPS, RESPONSE, Subject
from members.models import User
from members.permissions import insist

ORDER = (Audience.HOUSE, Audience.PUBLIC)
WEIGHTED_BY = "size_class"


@transaction.atomic
def start(*, wave: Wave, by: User | None) -> Preparation:
    """Queues the tables of a closed wave. `by`: None when the portal closed it by itself."""
    if by is not None:
        insist(can_run_waves(by))
    current = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
    if current.status != Wave.Status.CLOSED:
        raise Refused(_("Close the wave first. Figures are made when no answer can come any more."))
    if current.preparations.filter(status__in=[Preparation.Status.QUEUED, Preparation.Status.RUNNING]).exists():
        raise Refused(_("The figures of this wave are being made."))
    preparation = Preparation.objects.create(wave=current, started_by=by, total=len(_subjects(current)) + 1)
    record("evaluations.preparation_started", by=by, on=preparation, wave=current.slug)
    transaction.on_commit(lambda: current_app.send_task("evaluations.prepare", [preparation.pk]))
    return preparation


def execute(preparation_id: int) -> None:
    """Makes the tables of a queued preparation, for the worker."""
    runs.execute(Preparation, preparation_id, _prepare)


def _prepare(preparation: Preparation) -> None:
    if preparation.wave is None:
        quarters.make(preparation)
        return
    work = _Work(preparation, preparation.wave)
    steps: list[Subject | None] = [None, *_subjects(preparation.wave)]
    runs.checkpoint(preparation, total=len(steps))
    for place, subject in enumerate(steps[preparation.done :], preparation.done + 1):
        work.sizes() if subject is None else work.answers(subject)
        runs.checkpoint(preparation, done=place)


def _subjects(wave: Wave) -> tuple[Subject, ...]:
    return tabulating.subjects(instrument.read(wave.version.content))


def populations(wave: Wave, dimensions: Sequence[str]) -> dict[Key, int]:
    """How many firms the population had, by groups and together (None), as it was when the wave opened."""
    found: Counter[Key] = Counter()
    for cell in wave.frame:
        spot = tuple(cell.get(name, "") for name in dimensions)
        found[spot] += cell["n"]
        if dimensions:
            found[(None,) * len(dimensions)] += cell["n"]
    return dict(found)


class _Work:
    """The answers of one wave, and what is made of them."""

    def __init__(self, preparation: Preparation, wave: Wave) -> None:
        self.preparation, self.wave = preparation, wave
        rows = wave.responses.complete().values(*GROUPS, "answers")
        self.answered: pd.DataFrame = tabulating.frame(rows)
        self.earlier = _earlier(wave)

    def sizes(self) -> None:
        """How many answered, by each group; beside it how many were asked and how many there are."""
        for audience in ORDER:
            for name in GROUPS:
                table = tabulating.table(self.answered, None, [name], threshold=self._threshold(audience))
                if not table.cells:
                    continue
                made = protection.publish(
                    wave=self.wave,
                    audience=audience,
                    subject=RESPONSE,
                    table=table,
                    preparation=self.preparation,
                )
                made.figures = self._response(name)
                made.save(update_fields=["figures"])
                runs.checkpoint(self.preparation)

    def _response(self, name: str) -> dict[str, Any]:
        asked = Counter(Invitee.objects.filter(wave=self.wave).values_list(name, flat=True))
        firms = populations(self.wave, [name])
        groups = sorted({*asked, *(key[0] for key in firms if key[0] is not None)})
        return {
            "groups": [{"group": group, "asked": asked[group], "population": firms.get((group,))} for group in groups],
            "asked": asked.total(),
            "population": firms.get((None,)),
        }

    def answers(self, subject: Subject) -> None:
        """A subject alone and by each group."""
        for audience in ORDER:
            for dimensions in self._best_order(audience, subject):
                made = self._publish(audience, subject, dimensions)
                if not dimensions:
                    self._compare(made, subject)

    def _best_order(self, audience: str, subject: Subject) -> list[list[str]]:
        """The order in which the tables of a subject cost least: each is protected beside those before it.

        A subject shown alone in full may leave nothing that its breakdowns can show; then they come first.
        """
        groups = [[name] for name in GROUPS if name != subject.facet and len(self._shown(audience, name)) > 1]
        by_size = sorted(groups, key=lambda each: each != [WEIGHTED_BY])
        last = [*by_size, []]
        published = Publication.objects.filter(wave=self.wave, subject=subject.name)
        if done := list(published.filter(audience=audience).order_by("pk").values_list("dimensions", flat=True)):
            # Begun before: what is out stands first.
            return [*done, *(each for each in last if each not in done)]
        house = list(published)
        orders = ([[], *by_size], [[], *groups], last, [*groups, []], [*by_size[:1], [], *by_size[1:]])
        return min(orders, key=lambda order: self._cost(audience, subject, order, house))

    def _cost(
        self, audience: str, subject: Subject, order: list[list[str]], house: list[Publication]
    ) -> tuple[int, int, int]:
        """How many tables show nothing, what is hidden of the subject alone, and of all tables together."""
        sizes = Publication.objects.filter(wave=self.wave, audience=audience, subject=RESPONSE).order_by("pk")
        known = [protection.from_json(each.table) for each in sizes]
        made: list[Protected] = []
        for dimensions in order:
            table = self._table(audience, subject, dimensions)
            if audience == Audience.PUBLIC:
                table = protection.for_public(house, table)
            made.append(protect(table, [*known, *made]))
            runs.checkpoint(self.preparation)
        hidden = [sum(cell.n is None for cell in each.cells.values()) for each in made]
        return sum(each.withheld for each in made), hidden[order.index([])], sum(hidden)

    def _publish(self, audience: str, subject: Subject, dimensions: list[str]) -> Publication:
        firms = populations(self.wave, dimensions)
        made = protection.publish(
            wave=self.wave,
            audience=audience,
            subject=subject.name,
            table=self._table(audience, subject, dimensions),
            about=subject,
            preparation=self.preparation,
            populations=firms,
        )
        if dimensions == [WEIGHTED_BY]:
            made.figures["weighted"] = computing.weighted(protection.from_json(made.table), subject, firms)
            made.save(update_fields=["figures"])
        runs.checkpoint(self.preparation)
        return made

    def _table(self, audience: str, subject: Subject, dimensions: list[str]) -> Table:
        cut = {name: self._shown(audience, name) for name in dimensions}
        return tabulating.table(
            self.answered,
            subject,
            dimensions,
            threshold=self._threshold(audience),
            shown={name: shown for name, shown in cut.items() if len(shown) < self.answered[name].nunique()},
        )

    def _compare(self, alone: Publication, subject: Subject) -> None:
        """Beside the wave before, where it asked the same."""
        if self.earlier is None:
            return
        before = Publication.objects.filter(
            wave=self.earlier, audience=alone.audience, subject=subject.name, dimensions=[]
        ).first()
        if before is None:
            return
        now, then = (instrument.read(wave.version.content) for wave in (self.wave, self.earlier))
        alone.figures["since"] = {"wave": self.earlier.slug, "name": self.earlier.name}
        alone.figures["changes"] = changing.changes(
            _asked(self.earlier, then, subject.name, before.figures),
            _asked(self.wave, now, subject.name, alone.figures),
            threshold=max(self._threshold(alone.audience), getattr(self.earlier, _FEWEST[alone.audience])),
            overlap=_overlap(self.earlier, self.wave),
        )
        alone.save(update_fields=["figures"])

    def _threshold(self, audience: str) -> int:
        return int(getattr(self.wave, _FEWEST[audience]))

    def _shown(self, audience: str, name: str) -> tuple[Category, ...]:
        made = Publication.objects.filter(
            wave=self.wave, audience=audience, subject=RESPONSE, dimensions=[name]
        ).first()
        return protection.shown_groups(protection.from_json(made.table)) if made else ()


_FEWEST: Mapping[str, str] = {Audience.HOUSE: "fewest_in_house", Audience.PUBLIC: "fewest_in_public"}


def _asked(wave: Wave, questionnaire: instrument.Questionnaire, name: str, figures: Mapping[str, Any]):
    """The answers of a subject as a wave asked for them; none if it did not."""
    subject = next((each for each in tabulating.subjects(questionnaire) if each.name == name), None)
    question = questionnaire.question(subject.question) if subject else None
    return changing.asked(wave.slug, subject, question, figures) if subject and question else {}


def _earlier(wave: Wave) -> Wave | None:
    """The wave of the same family that closed before this one."""
    family = Wave.objects.with_results().filter(version__questionnaire=wave.version.questionnaire_id)
    return family.filter(closed_at__lt=wave.closed_at).select_related("version").first()


def _overlap(a: Wave, b: Wave) -> int:
    """How many companies were asked in both waves."""
    organisations = Invitee.objects.filter(wave=b, organisation__isnull=False).values("organisation")
    return Invitee.objects.filter(wave=a, organisation__in=organisations).count()

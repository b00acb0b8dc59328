"""When a wave has closed, its tables are made once: every subject alone and by each group, for both audiences.

In-house tables of a subject come first (see protection). A worker that dies leaves its tables behind; the next one
begins the subject anew, and finds the tables that are there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from core import runs
from core.actions import Refused, record
from evaluations import changing, computing, protection, quarters, recoding, sizes, tabulating
from evaluations.disclosure import Memory, Protected, Table
from evaluations.disclosure.types import Category, Key
from evaluations.models import Invitee, Preparation, Publication, Wave
from evaluations.models.publications import Audience
from evaluations.permissions import can_run_waves
from evaluations.statistics import Asked
from evaluations.tabulating import GROUPS, RESPONSE, Subject
from members.models import Organisation, User
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
    _fix_recoding(current)
    preparation = Preparation.objects.create(wave=current, started_by=by, total=len(_subjects(current)) + 1)
    record("evaluations.preparation_started", by=by, on=preparation, wave=current.slug)
    transaction.on_commit(lambda: current_app.send_task("evaluations.prepare", [preparation.pk]))
    return preparation


def _fix_recoding(wave: Wave) -> None:
    """Decides once which steps and groups stand together; where tables are out, it stays as they are."""
    if wave.publications.exists():
        return
    home, answers = home_country(), wave.responses.complete().count()
    scales = tabulating.scales(wave.questionnaire)
    house, public = (
        recoding.chosen(answers=answers, threshold=threshold, scales=scales, frame=wave.frame, home=home)
        for threshold in (wave.fewest_in_house, max(wave.fewest_in_house, wave.fewest_in_public))
    )
    # Groups are the same for all: who takes part in a breakdown is known from the sizes that are shown in-house.
    public = replace(public, groups=house.groups)
    wave.recoding = {Audience.HOUSE: house.as_json(), Audience.PUBLIC: public.as_json()}
    wave.save(update_fields=["recoding"])


def home_country() -> str:
    """The country of the cluster itself."""
    return Organisation.objects.filter(is_home=True).values_list("country", flat=True).first() or ""


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


def _subjects(wave: Wave, audience: str = Audience.HOUSE) -> tuple[Subject, ...]:
    return tabulating.subjects(wave.questionnaire, wave.recoded(audience))


def populations(wave: Wave, dimensions: Sequence[str]) -> dict[Key, int]:
    """How many firms the population had, by groups and together (None), as it was when the wave opened."""
    found: Counter[Key] = Counter()
    recoded = wave.recoded()
    for cell in wave.frame:
        spot = tuple(recoded.group(name, cell.get(name, "")) for name in dimensions)
        found[spot] += cell["n"]
        if dimensions:
            found[(None,) * len(dimensions)] += cell["n"]
    return dict(found)


class _Work:
    """The answers of one wave, and what is made of them."""

    def __init__(self, preparation: Preparation, wave: Wave) -> None:
        self.preparation, self.wave = preparation, wave
        rows = wave.responses.complete().values(*GROUPS, "answers")
        self.answered: pd.DataFrame = tabulating.frame(rows, wave.recoded())
        self.earlier = _earlier(wave)
        self.memory = Memory()

    def sizes(self) -> None:
        """How many answered, by each group; beside it how many were asked and how many there are."""
        for audience in ORDER:
            for name in GROUPS:
                table = sizes.table(name, self._totals(name), threshold=self._threshold(audience))
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

    def _totals(self, name: str) -> dict[str, tuple[int, int]]:
        """Of each group, how many were asked and how many answered."""
        asked, answered = self._asked(name), Counter(self.answered[name])
        return {group: (asked[group], answered[group]) for group in sorted({*asked, *answered})}

    def _asked(self, name: str) -> Counter[str]:
        recoded = self.wave.recoded()
        values = Invitee.objects.filter(wave=self.wave).values_list(name, flat=True)
        return Counter(recoded.group(name, value) for value in values)

    def _response(self, name: str) -> dict[str, Any]:
        asked = self._asked(name)
        firms = populations(self.wave, [name])
        groups = sorted({*asked, *(key[0] for key in firms if key[0] is not None)})
        return {
            "groups": [{"group": group, "asked": asked[group], "population": firms.get((group,))} for group in groups],
            "asked": asked.total(),
            "population": firms.get((None,)),
        }

    def answers(self, subject: Subject) -> None:
        """A subject alone and by each group."""
        self.memory = Memory()
        for audience in ORDER:
            about = next(each for each in _subjects(self.wave, audience) if each.name == subject.name)
            for dimensions in self._best_order(audience, about):
                made = self._publish(audience, about, dimensions)
                if not dimensions:
                    self._compare(made, about)

    def _best_order(self, audience: str, subject: Subject) -> list[list[str]]:
        """The subject alone, then its breakdowns in the order that costs least: each is protected beside those before.

        Alone it comes first even where that leaves its breakdowns nothing to show: it is what most readers ask.
        """
        groups = [[name] for name in GROUPS if name != subject.facet and len(self._shown(audience, name)) > 1]
        orders = [[[], *groups], [[], *sorted(groups, key=lambda each: each != [WEIGHTED_BY])]]
        published = Publication.objects.filter(wave=self.wave, subject=subject.name)
        if done := list(published.filter(audience=audience).order_by("pk").values_list("dimensions", flat=True)):
            # Begun before: what is out stands first.
            return [*done, *(each for each in orders[-1] if each not in done)]
        house = list(published)
        return min(orders, key=lambda order: self._cost(audience, subject, order, house))

    def _cost(
        self, audience: str, subject: Subject, order: list[list[str]], house: list[Publication]
    ) -> tuple[int, int]:
        """How many tables show nothing, and how much is hidden of all tables together."""
        sizes = Publication.objects.filter(wave=self.wave, audience=audience, subject=RESPONSE).order_by("pk")
        known = [protection.from_json(each.table) for each in sizes]
        made: list[Protected] = []
        for dimensions in order:
            table = self._table(audience, subject, dimensions)
            if audience == Audience.PUBLIC:
                table = protection.for_public(house, table)
            made.append(self.memory.protect(table, [*known, *made]))
            runs.checkpoint(self.preparation)
        hidden = sum(cell.n is None for each in made for cell in each.cells.values())
        return sum(each.withheld for each in made), hidden

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
            protecting=self.memory.protect,
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
        alone.figures["since"] = {"wave": self.earlier.slug, "name": self.earlier.name}
        alone.figures["changes"] = changing.changes(
            _asked(self.earlier, subject.name, before),
            _asked(self.wave, subject.name, alone),
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


def _asked(wave: Wave, name: str, made: Publication) -> dict[str, Asked]:
    """The answers of a subject as a wave asked for them; none if it did not."""
    subject = next((each for each in _subjects(wave, made.audience) if each.name == name), None)
    question = wave.questionnaire.question(subject.question) if subject else None
    return changing.asked(wave.slug, subject, question, made.figures) if subject and question else {}


def _earlier(wave: Wave) -> Wave | None:
    """The wave of the same family that closed before this one."""
    family = Wave.objects.with_results().filter(version__questionnaire=wave.version.questionnaire_id)
    return family.filter(closed_at__lt=wave.closed_at).select_related("version").first()


def _overlap(a: Wave, b: Wave) -> int:
    """How many companies were asked in both waves."""
    organisations = Invitee.objects.filter(wave=b, organisation__isnull=False).values("organisation")
    return Invitee.objects.filter(wave=a, organisation__in=organisations).count()

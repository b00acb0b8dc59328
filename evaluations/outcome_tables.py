"""What members told of outcomes, protected for everybody who is no manager.

Counted are members, not things: in each quarter a member counts once, at the highest rung that it told of. A table
sums the four quarters up to its cut-off: tables of two cut-offs differ by whole quarters, and each is protected beside
the earlier ones with that in mind. A quarter is counted once and stays as it was counted, whatever is corrected later:
otherwise the same quarter in two tables would show what one member has changed.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from evaluations import protection
from evaluations.disclosure.types import Table
from evaluations.models import Outcome, Preparation, Publication, Rung
from evaluations.models.publications import Audience
from evaluations.models.waves import FEWEST_IN_HOUSE, FEWEST_IN_PUBLIC
from evaluations.tabulating import ANSWER, SINGLE, Subject

OUTCOMES, QUARTER = "outcomes", "quarter"
ABOUT = Subject(OUTCOMES, OUTCOMES, SINGLE, tuple(Rung.values))
QUARTERS = 4


def quarters(cut_off: date) -> list[date]:
    """The last days of the four quarters that end with this one, the earliest first."""
    found = [cut_off]
    while len(found) < QUARTERS:
        found.append(begin(found[-1]) - timedelta(days=1))
    return found[::-1]


def begin(end: date) -> date:
    """The first day of a quarter, by its last."""
    return end.replace(day=1, month=end.month - 2)


@transaction.atomic
def publish(cut_off: date, audience: str = Audience.PUBLIC) -> Publication | None:
    """The table of a cut-off; none when nobody told anything. Raises BadTable."""
    protection.lock(None)
    made = Publication.objects.filter(wave=None, subject=OUTCOMES, cut_off=cut_off)
    if not made.filter(audience=audience).exists():
        _publish(cut_off)
    return made.filter(audience=audience).first()


def _publish(cut_off: date) -> None:
    ends = quarters(cut_off)
    counts = [_counted(end) for end in ends]
    if not any(sum(each.values()) for each in counts):
        return
    cells = {(rung,): sum(each.get(rung, 0) for each in counts) for rung in Rung.values}
    where = {QUARTER: tuple(end.isoformat() for end in ends)}
    for audience, fewest in ((Audience.HOUSE, FEWEST_IN_HOUSE), (Audience.PUBLIC, FEWEST_IN_PUBLIC)):
        table = Table((ANSWER,), cells, fewest, where=where)
        protection.publish(wave=None, audience=audience, subject=OUTCOMES, table=table, about=ABOUT, cut_off=cut_off)


def _counted(end: date) -> dict[str, int]:
    """How many members reached each rung in a quarter, as it was counted first."""
    kept = Preparation.objects.filter(wave=None, cut_off=end, status=Preparation.Status.DONE).first()
    if kept is None:
        kept = Preparation.objects.create(
            cut_off=end, status=Preparation.Status.DONE, finished_at=timezone.now(), cursor={"members": _count(end)}
        )
    return dict(kept.cursor["members"])


def _count(end: date) -> dict[str, int]:
    told = Outcome.objects.filter(organisation__isnull=False, told_on__range=(begin(end), end))
    highest: dict[int, str] = {}
    for organisation, rung in told.values_list("organisation", "rung"):
        highest[organisation] = max(rung, highest.get(organisation, rung), key=_height)
    return dict(Counter(highest.values()))


def _height(rung: str) -> int:
    return _RUNGS.index(rung)


_RUNGS: Sequence[str] = Rung.values

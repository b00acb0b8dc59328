"""The goals of a strategy, how they are measured, and what was measured."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, models, transaction
from django.db.models import Max, ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members.models import User
from members.permissions import insist
from programme.actions.strategies import locked
from programme.models import KPI, Goal, Reading, Strategy
from programme.permissions import can_run_the_programme


@transaction.atomic
def add_goal(*, strategy: Strategy, by: User, **says: object) -> Goal:
    """A goal at the end of the list. `says`: name, why, markets, sectors, hours, money_eur."""
    insist(can_run_the_programme(by))
    current = locked(strategy)
    last = current.goals.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    try:
        with transaction.atomic():
            goal = current.goals.create(position=position, **says)
    except IntegrityError:
        raise _named_twice(says["name"]) from None
    record("programme.goal_added", by=by, on=goal, strategy=current.pk)
    return goal


@transaction.atomic
def change_goal(*, goal: Goal, by: User, **says: object) -> list[str]:
    """Changes what is given and returns which did change."""
    current = _held(goal, by)
    changed = {name: value for name, value in says.items() if getattr(current, name) != value}
    if changed:
        try:
            with transaction.atomic():
                Goal.objects.filter(pk=current.pk).update(**changed)
        except IntegrityError:
            raise _named_twice(says["name"]) from None
        record("programme.goal_changed", by=by, on=current, fields=sorted(changed))
    return sorted(changed)


def _held(goal: Goal, by: User) -> Goal:
    insist(can_run_the_programme(by))
    locked(goal.strategy)
    current = Goal.objects.select_for_update().filter(pk=goal.pk).first()
    if current is None:
        raise Refused(_("This goal was deleted meanwhile."))
    return current


def _named_twice(name: object) -> Refused:
    return Refused(_("There is a goal named %(name)s already.") % {"name": name}, field="name")


@transaction.atomic
def delete_goal(*, goal: Goal, by: User) -> None:
    """Takes a goal out that nothing cites and of which nothing was measured; any other is given up instead."""
    current = _held(goal, by)
    kpis = list(current.kpis.select_for_update())  # nobody reads one of them at the same moment
    if Reading.objects.filter(kpi__in=kpis).exists():
        raise Refused(_("Something was measured of this goal. Give it up instead: then what was measured stays."))
    record("programme.goal_deleted", by=by, on=current, strategy=current.strategy_id)
    try:
        with transaction.atomic():
            current.delete()
    except ProtectedError as cited:
        words = {"things": _named(cited.protected_objects)}
        raise Refused(_("This goal is cited: %(things)s. Give it up instead: what cites it stays.") % words) from None


def _named(things: Iterable[models.Model]) -> str:
    """A few of them by name, the rest as a number."""
    names = [f"“{thing}”" for thing in sorted(things, key=str)]
    more = len(names) - 3
    return ", ".join(names[:3]) + (_(" and %(n)s more") % {"n": more} if more > 0 else "")


@transaction.atomic
def give_up(*, goal: Goal, why: str, by: User) -> None:
    """Nothing new can cite it. What cites it stays, and so does the reason."""
    current = _held(goal, by)
    if current.given_up_at:
        return
    if not why.strip():
        raise Refused(_("Say why: those who work for it will ask."), field="why")
    Goal.objects.filter(pk=current.pk).update(given_up_at=timezone.now(), why_given_up=why.strip())
    record("programme.goal_given_up", by=by, on=current, why=why.strip())


@transaction.atomic
def take_up(*, goal: Goal, by: User) -> None:
    """Takes it back that a goal was given up."""
    current = _held(goal, by)
    if current.given_up_at:
        Goal.objects.filter(pk=current.pk).update(given_up_at=None, why_given_up="")
        record("programme.goal_taken_up", by=by, on=current, was=current.why_given_up)


@transaction.atomic
def save_kpi(*, goal: Goal, kpi: KPI | None = None, by: User, **says: object) -> KPI:
    """A new or a changed indicator. `says`: name, unit, baseline, target, due_on, source."""
    current = _held(goal, by)
    saved = current.kpis.get(pk=kpi.pk) if kpi else KPI(goal=current, position=current.kpis.count())
    if kpi and all(getattr(saved, name) == value for name, value in says.items()):
        return saved
    for name, value in says.items():
        setattr(saved, name, value)
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError:
        said = _("This goal has an indicator named %(name)s already.") % {"name": says["name"]}
        raise Refused(said, field="name") from None
    record("programme.kpi_saved", by=by, on=saved, goal=current.pk, fields=sorted(says))
    return saved


@transaction.atomic
def delete_kpi(*, kpi: KPI, by: User) -> None:
    """Takes an indicator out that was never read."""
    _held(kpi.goal, by)
    current = _held_kpi(kpi)
    if current.readings.exists():
        raise Refused(_("This indicator was read already. It stays, so that what was read stays."))
    record("programme.kpi_deleted", by=by, on=current, goal=current.goal_id)
    current.delete()


def _held_kpi(kpi: KPI) -> KPI:
    current = KPI.objects.select_for_update().filter(pk=kpi.pk).first()
    if current is None:
        raise Refused(_("This indicator was deleted meanwhile."))
    return current


@transaction.atomic
def read_kpi(*, kpi: KPI, on: date, value: Decimal, words: str = "", by: User) -> Reading:
    """What an indicator stood at on a day. A second value for the same day takes the first one's place; the trail
    keeps both. Also of a strategy that is over: results come late."""
    insist(can_run_the_programme(by))
    if on > timezone.localdate():
        raise Refused(_("This day is still to come. Write what was read today or before."), field="on")
    current = _held_kpi(kpi)
    before = current.readings.filter(on=on).first()
    if before and (before.value, before.words) == (value, words):
        return before
    now = {"value": value, "words": words, "by": by, "at": timezone.now()}
    reading, _is_new = current.readings.update_or_create(on=on, defaults=now)
    was = str(before.value) if before else None
    record("programme.kpi_read", by=by, on=kpi, day=on.isoformat(), value=str(value), was=was)
    return reading

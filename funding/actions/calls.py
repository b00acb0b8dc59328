"""A call from its set-up to its end: what may change when, and who is told."""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.marks import insist_on_seen, mark_of
from core.slugs import free_slug
from funding.models import ActivityType, CostCategory, FundingCall
from funding.permissions import can_run_calls
from funding.starts import Parts
from members.models import User
from members.permissions import insist

# First words of the room's own addresses, which no call's address may be.
RESERVED_SLUGS = frozenset(
    {
        "new",
        "searches",
        "consortium",
        "replies",
        "applications",
        "reviews",
        "decisions",
        "letters",
        "grants",
        "ledger",
        "aid",
        "p",
    }
)
Categories = Sequence[tuple[str, str]]


def mark_of_call(call: FundingCall) -> str:
    """The mark of what the page of basics shows."""
    return mark_of(call, activities_of(call), categories_of(call))


def activities_of(call: FundingCall) -> list[str]:
    """The names of what its projects may do, in order."""
    return [each.name for each in call.activity_types.all()]


def categories_of(call: FundingCall) -> list[tuple[str, str]]:
    """Its cost categories, each with what belongs there."""
    return [(each.name, each.help) for each in call.cost_categories.all()]


@transaction.atomic
def add_call(
    *, by: User, activities: Sequence[str] = (), categories: Categories = (), start: Parts | None = None,
    **facts: object,
) -> FundingCall:  # fmt: skip
    """Begins a call. Nobody sees it before it is published. `start`: funders, questions and criteria to begin with."""
    insist(can_run_calls(by))
    slug = free_slug(FundingCall, str(facts["name"]), RESERVED_SLUGS)
    try:
        with transaction.atomic():
            call = FundingCall.objects.create(slug=slug, created_by=by, **facts)
    except IntegrityError:
        raise _taken(facts) from None
    _set_activities(call, activities)
    _set_categories(call, categories)
    if start:
        start.add_to(call)
    record("funding.call_added", by=by, on=call)
    return call


def _taken(facts: dict[str, object]) -> Refused:
    words = {"name": facts.get("name"), "code": facts.get("code")}
    return Refused(_("There is a call named %(name)s, or with the short name %(code)s, already.") % words)


@transaction.atomic
def change_call(
    *, call: FundingCall, by: User, activities: Sequence[str], categories: Categories, seen: str = "", **facts: object
) -> list[str]:
    """Changes a call that is being written, and returns what did change."""
    current = locked_draft(call, by)
    insist_on_seen(seen, mark_of_call(current))
    changed = {name: value for name, value in facts.items() if getattr(current, name) != value}
    if changed:
        try:
            with transaction.atomic():
                FundingCall.objects.filter(pk=current.pk).update(**changed)
        except IntegrityError:
            raise _taken(facts) from None
    names = sorted(changed)
    names += ["activities"] if _set_activities(current, activities) else []
    names += ["categories"] if _set_categories(current, categories) else []
    if names:
        record("funding.call_changed", by=by, on=current, fields=names)
    return names


def locked_draft(call: FundingCall, by: User) -> FundingCall:
    """The call's row, held until the end, as long as it is being written: what is published never changes."""
    insist(can_run_calls(by))
    current = FundingCall.objects.select_for_update().get(pk=call.pk)
    if current.status != FundingCall.Status.DRAFT:
        raise Refused(_("The call is published, so nothing was changed. Applicants rely on what it says."))
    return current


def _set_activities(call: FundingCall, names: Sequence[str]) -> bool:
    """Names them anew. One that a funder pays for is renamed, never lost: without any, the funder would pay for all."""
    there = {each.name: each for each in call.activity_types.prefetch_related("funders")}
    gone = [row for name, row in there.items() if name not in names]
    new = [name for name in names if name not in there]
    if len(gone) != len(new):
        for row in gone:
            if funder := next(iter(row.funders.all()), None):
                words = {"funder": funder, "activity": row}
                raise Refused(_("%(funder)s pays for “%(activity)s”. Take it out there first.") % words)
        ActivityType.objects.filter(pk__in=[row.pk for row in gone]).delete()
        gone = []
    renamed = dict(zip(new, gone, strict=False))
    return _put_in_order(call.activity_types, ({"name": name} for name in names), there | renamed)


def _set_categories(call: FundingCall, rows: Categories) -> bool:
    there = {each.name: each for each in call.cost_categories.all()}
    gone = [row.pk for name, row in there.items() if name not in dict(rows)]
    CostCategory.objects.filter(pk__in=gone).delete()
    return bool(gone) | _put_in_order(
        call.cost_categories, ({"name": name, "help": words} for name, words in rows), there
    )


def _put_in_order(rows: object, wanted: Iterable[dict[str, str]], there: dict[str, object]) -> bool:
    """Makes, renames and numbers them; True if anything changed."""
    changed = False
    for position, facts in enumerate(wanted):
        row = there.get(facts["name"]) or rows.model(call=rows.instance)
        facts |= {"position": position}
        if row.pk is None or any(getattr(row, name) != value for name, value in facts.items()):
            changed = True
            for name, value in facts.items():
                setattr(row, name, value)
            row.save()
    return changed


@transaction.atomic
def throw_away(*, call: FundingCall, by: User) -> None:
    """A call that was never published goes, with all that was written in it."""
    current = locked_draft(call, by)
    record("funding.call_thrown_away", by=by, on=current)
    current.delete()

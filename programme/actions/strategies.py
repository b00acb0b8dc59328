"""A strategy's way: written, put to those whom it needs, anchored, over. Each version is kept word for word."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.actions import Refused, record
from core.slugs import free_slug
from members.models import User
from members.permissions import insist
from programme import emails
from programme.content import content_of, has_changed, newest_version
from programme.models import Endorsement, Strategy
from programme.permissions import can_run_the_programme

# First words of the room's own addresses, which no strategy's address may be.
RESERVED_SLUGS = frozenset({"new"})
Status, Answer = Strategy.Status, Endorsement.Answer


@transaction.atomic
def add_strategy(*, name: str, starts_on: date, ends_on: date, vision: str, skills: str = "", by: User) -> Strategy:
    """Begins a draft. Nobody but the cluster team sees it."""
    insist(can_run_the_programme(by))
    says = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "vision": vision, "skills": skills}
    try:
        with transaction.atomic():
            strategy = Strategy.objects.create(slug=free_slug(Strategy, name, RESERVED_SLUGS), created_by=by, **says)
    except IntegrityError:
        raise _name_taken(name) from None
    record("programme.strategy_added", by=by, on=strategy)
    return strategy


def _name_taken(name: object) -> Refused:
    return Refused(_("There is a strategy named %(name)s already.") % {"name": name}, field="name")


@transaction.atomic
def change_strategy(*, strategy: Strategy, by: User, **says: object) -> list[str]:
    """Changes its words and returns which did change. Who was asked keeps the version that was read."""
    insist(can_run_the_programme(by))
    current = locked(strategy)
    changed = {name: value for name, value in says.items() if getattr(current, name) != value}
    if changed:
        try:
            with transaction.atomic():
                Strategy.objects.filter(pk=current.pk).update(**changed)
        except IntegrityError:
            raise _name_taken(says["name"]) from None
        record("programme.strategy_changed", by=by, on=current, fields=sorted(changed))
    return sorted(changed)


def locked(strategy: Strategy) -> Strategy:
    """The strategy's row, held until the end. Raises Refused when it is over: then nothing of it changes any more."""
    current = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if current.status == Status.OVER:
        raise Refused(_("This strategy is over. What it said stays as it was: begin a new one."))
    return current


@transaction.atomic
def put_to_stakeholders(*, strategy: Strategy, why: str = "", by: User) -> Strategy:
    """Keeps what it says as a version and asks everybody on the list. What they said of an older one stays."""
    insist(can_run_the_programme(by))
    current = locked(strategy)
    people = list(current.endorsements.filter(number=asked_about(current)).order_by("pk"))
    content = content_of(current)
    if not any(not goal["given_up"] for goal in content["goals"]):
        raise Refused(_("Write at least one goal first: without one there is nothing to agree to."))
    if not people:
        raise Refused(_("Name at least one key company or stakeholder to be asked."))
    before = newest_version(current)
    if before is not None and before.content == content:
        words = {"number": before.number}
        raise Refused(_("It says the same as version %(number)s. Nobody is asked a second time.") % words)
    number = current.number + 1
    current.versions.create(number=number, content=content, why=why, by=by)
    Strategy.objects.filter(pk=current.pk).update(number=number, status=Status.CONSULTED)
    current.refresh_from_db()
    for person in people:
        _ask_anew(person, current, why)
    record("programme.strategy_consulted", by=by, on=current, number=number, asked=len(people), why=why)
    return current


def asked_about(strategy: Strategy) -> int:
    """The version that the list of people belongs to: of a draft, the first that there will be."""
    return max(strategy.number, 1)


def _ask_anew(person: Endorsement, strategy: Strategy, why: str) -> None:
    """The first time the row itself; after that a row of its own, so that the old answer stays as it was."""
    if person.number != strategy.number:
        same = ("organisation_id", "name", "person", "email", "is_key_company")
        person = Endorsement(strategy=strategy, **{name: getattr(person, name) for name in same})
        person.number = strategy.number
    person.strategy, person.asked_at = strategy, timezone.now()
    person.save()
    emails.send_strategy(endorsement=person, why=why)


@transaction.atomic
def anchor(*, strategy: Strategy, why: str = "", by: User) -> None:
    """It holds from now on, and members read it. Without a key company behind it, or against an objection, only with
    the reason, which is kept."""
    insist(can_run_the_programme(by))
    current = locked(strategy)
    if current.status == Status.ANCHORED:
        return
    if first := what_comes_first(current):
        raise Refused(first)
    lacking = what_is_lacking(current)
    if lacking and not why:
        raise Refused(" ".join([*lacking, _("Say why you anchor it all the same.")]))
    Strategy.objects.filter(pk=current.pk).update(
        status=Status.ANCHORED,
        anchored_at=timezone.now(),
        anchored_number=current.number,
        why_anchored=why if lacking else "",
    )
    record("programme.strategy_anchored", by=by, on=current, number=current.number, lacking=lacking, why=why)


def what_comes_first(strategy: Strategy) -> str:
    """Why what it says now cannot be anchored before the stakeholders are asked, in a sentence; empty if it can."""
    if strategy.status == Status.DRAFT:
        return _("Put it to the key companies and stakeholders first.")
    if has_changed(strategy):
        words = {"number": strategy.number}
        return _("It says something else than version %(number)s. Put it to the stakeholders again.") % words
    return ""


def what_is_lacking(strategy: Strategy) -> list[str]:
    """What speaks against anchoring the newest version, in sentences."""
    answers = list(strategy.endorsements.filter(number=strategy.number).values_list("answer", "is_key_company"))
    lacking = []
    if (Answer.ENDORSED, True) not in answers:
        lacking.append(_("No key company stands behind this version so far."))
    if objections := sum(answer == Answer.OBJECTED for answer, _is_key in answers):
        said = ngettext("There is %(n)s open objection.", "There are %(n)s open objections.", objections)
        lacking.append(said % {"n": objections})
    return lacking


@transaction.atomic
def end(*, strategy: Strategy, by: User) -> None:
    """Its time is over: nothing new can cite its goals. What cites them stays, and so does what it said."""
    insist(can_run_the_programme(by))
    current = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if current.status == Status.OVER:
        return
    if current.status != Status.ANCHORED:
        raise Refused(_("Only a strategy that is anchored comes to its end."))
    Strategy.objects.filter(pk=current.pk).update(status=Status.OVER)
    record("programme.strategy_over", by=by, on=current)

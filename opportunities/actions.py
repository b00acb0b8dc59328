"""Every write of the room: curation by managers, answers by members, sources."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.models import Mail
from members.models import Membership, Organisation, User
from members.permissions import can_manage, insist
from opportunities import emails
from opportunities.models import Feedback, ImportRun, Opportunity, Showing, Source
from opportunities.permissions import can_answer, can_be_answered
from opportunities.querysets import FeedbackQuerySet
from opportunities.upsert import next_deadline
from programme.actions.aims import aim

SCHEDULES = {
    Source.Schedule.HOURLY: timedelta(hours=1),
    Source.Schedule.DAILY: timedelta(days=1),
    Source.Schedule.WEEKLY: timedelta(weeks=1),
}


def _filter_soon() -> None:
    """The filter looks for what has changed by itself; the message only makes it look at once."""
    transaction.on_commit(lambda: current_app.send_task("opportunities.filter_pending", countdown=1))


@transaction.atomic
def _move(*, opportunity: Opportunity, to: str, by: User, action: str) -> Opportunity:
    insist(can_manage(by))
    allowed = [old for old, new in Opportunity.TRANSITIONS.items() if to in new]
    moved = Opportunity.objects.filter(pk=opportunity.pk, status__in=allowed).update(
        status=to, curated_by=by, curated_at=timezone.now(), updated_at=timezone.now()
    )
    opportunity.refresh_from_db(fields=["status", "curated_by", "curated_at", "updated_at"])
    if moved:
        record(action, by=by, on=opportunity)
        _filter_soon()
    elif opportunity.status != to:
        state = opportunity.get_status_display().lower()
        raise Refused(_("This opportunity is %(state)s already.") % {"state": state})
    return opportunity


def publish(*, opportunity: Opportunity, by: User) -> Opportunity:
    """Lets it reach the members it fits. Doing it twice changes nothing."""
    insist(can_manage(by))
    if not opportunity.is_open:
        raise Refused(_("The last day to answer has passed. Dismiss it, or correct it at its source."))
    return _move(opportunity=opportunity, to=Opportunity.Status.PUBLISHED, by=by, action="opportunities.published")


def dismiss(*, opportunity: Opportunity, by: User) -> Opportunity:
    """Takes it out of the inbox, or back from the members. It is kept, and can be restored."""
    return _move(opportunity=opportunity, to=Opportunity.Status.DISMISSED, by=by, action="opportunities.dismissed")


def restore(*, opportunity: Opportunity, by: User) -> Opportunity:
    """Back to the inbox: undoes a publication or a dismissal."""
    return _move(opportunity=opportunity, to=Opportunity.Status.INBOX, by=by, action="opportunities.restored")


@transaction.atomic
def curate(
    *, opportunity: Opportunity, note: str, effort_hours: int | None, by: User, **aimed_at: object
) -> Opportunity:
    """Writes the manager's note to members, what it takes in hours and, if that is said, which goal it serves."""
    insist(can_manage(by))
    if aimed_at:
        aim(at=opportunity, by=by, **aimed_at)
    changed = {}
    if note != opportunity.note:
        changed |= {"note": note, "note_by": by if note else None, "note_at": timezone.now() if note else None}
    if effort_hours != opportunity.effort_hours:
        changed["effort_hours"] = effort_hours
    if changed:
        for name, value in changed.items():
            setattr(opportunity, name, value)
        opportunity.updated_at = timezone.now()
        opportunity.save(update_fields=[*changed, "updated_at"])
        record("opportunities.curated", by=by, on=opportunity, fields=sorted(changed))
        _filter_soon()
    return opportunity


@transaction.atomic
def open_to_partners(*, opportunity: Opportunity, words: str, by: User) -> Opportunity:
    """Everybody may read that it exists, with the team's words for whom we look for; no words take it back.

    Raises Refused for what members cannot read yet, and where the source's terms do not allow it.
    """
    insist(can_manage(by))
    if words and opportunity.status != Opportunity.Status.PUBLISHED:
        raise Refused(_("Publish it first: what members cannot read is not for partners either."))
    if words and not opportunity.source.may_be_public:
        said = _(
            "The terms of “%(source)s” are not known to allow this. Look at them, then say so on the source's page."
        )
        raise Refused(said % {"source": opportunity.source})
    if words != opportunity.for_partners:
        opportunity.for_partners, opportunity.updated_at = words, timezone.now()
        opportunity.save(update_fields=["for_partners", "updated_at"])
        record(
            "opportunities.opened_to_partners" if words else "opportunities.closed_to_partners", by=by, on=opportunity
        )
    return opportunity


@transaction.atomic
def hand_over(*, opportunity: Opportunity, to: Iterable[Organisation], sentence: str, by: User) -> int:
    """Gives it to chosen members with a sentence, by mail and at the top of their feed. How many had not had it yet."""
    insist(can_manage(by))
    if opportunity.status != Opportunity.Status.PUBLISHED:
        raise Refused(_("Publish it first: members can open what is published only."))
    if not opportunity.is_open:
        raise Refused(_("The last day to answer has passed."))
    handed = sum(_hand_to(organisation, opportunity, sentence, by) for organisation in to)
    if handed:
        _filter_soon()
    return handed


def _hand_to(organisation: Organisation, opportunity: Opportunity, sentence: str, by: User) -> bool:
    _feedback, is_new = Feedback.objects.get_or_create(
        organisation=organisation,
        opportunity=opportunity,
        kind=Feedback.Kind.HANDED_OVER,
        defaults={"user": by, "sentence": sentence},
    )
    if is_new:
        record("opportunities.handed_over", by=by, on=opportunity, organisation_id=organisation.pk)
        _mail_hand_over(opportunity, organisation, sentence, by)
    return is_new


def _mail_hand_over(opportunity: Opportunity, organisation: Organisation, sentence: str, by: User) -> None:
    readers = organisation.memberships.exclude(role=Membership.Role.VIEWER).filter(user__is_active=True)
    queued = [
        emails.send_hand_over(
            opportunity=opportunity, organisation=organisation, to=membership.user, sentence=sentence, by=by
        )
        for membership in readers.select_related("user")
    ]
    if any(sent and sent.status != Mail.Status.STOPPED for sent in queued):
        by_mail = {
            "channel": Showing.Channel.HAND_OVER,
            "first_rank": 1,
            "first_reasons": [Feedback.Kind.HANDED_OVER.value],
        }
        note_shown(showings=[Showing(organisation=organisation, opportunity=opportunity, **by_mail)])


# What one answer takes the place of.
INSTEAD_OF = {
    Feedback.Kind.INTERESTED: {Feedback.Kind.NOT_FOR_US},
    Feedback.Kind.NOT_FOR_US: {Feedback.Kind.INTERESTED, Feedback.Kind.SAVED},
    Feedback.Kind.SAVED: {Feedback.Kind.NOT_FOR_US},
}


@transaction.atomic
def answer(
    *,
    opportunity: Opportunity,
    organisation: Organisation,
    kind: str,
    by: User,
    reason: str = "",
    sentence: str | None = None,
    rank_shown: int | None = None,
    reasons_shown: Sequence[str] = (),
) -> Feedback:
    """A member says interested, saved or not for us. The last word counts; the audit trail keeps the earlier ones.

    Without a `sentence` the one that was said before stays. The same answer again changes nothing.
    """
    said = _answers(opportunity, organisation, by)
    before = said.filter(kind=kind).first()
    sentence = (before.sentence if before else "") if sentence is None else sentence
    if before and (before.reason, before.sentence) == (reason, sentence):
        return before
    said.filter(kind__in=INSTEAD_OF[Feedback.Kind(kind)]).delete()
    told = {"user": by, "reason": reason, "sentence": sentence, "at": timezone.now()}
    feedback, _is_new = said.update_or_create(
        organisation=organisation,
        opportunity=opportunity,
        kind=kind,
        defaults=told,
        create_defaults=told | {"rank_shown": rank_shown, "reasons_shown": list(reasons_shown)},
    )
    record(f"opportunities.{kind}", by=by, on=opportunity, organisation_id=organisation.pk, reason=reason)
    _filter_soon()
    return feedback


@transaction.atomic
def take_back(*, opportunity: Opportunity, organisation: Organisation, by: User) -> None:
    """Undoes the last word of a member. Doing it twice changes nothing."""
    said = _answers(opportunity, organisation, by).said()
    last = min(said, key=lambda each: Feedback.LAST_WORD.index(each.kind), default=None)
    if last is not None:
        last.delete()
        record("opportunities.took_back", by=by, on=opportunity, organisation_id=organisation.pk, kind=last.kind)
        _filter_soon()


def _answers(opportunity: Opportunity, organisation: Organisation, by: User) -> FeedbackQuerySet:
    """What a member has said of an opportunity, for a person who may change it; nobody else does at the same time."""
    insist(can_answer(by, organisation))
    if not (verdict := can_be_answered(opportunity)):
        raise Refused(verdict.reason)
    Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    return Feedback.objects.filter(organisation=organisation, opportunity=opportunity)


def note_opened(
    *,
    opportunity: Opportunity,
    organisation: Organisation,
    by: User,
    rank_shown: int | None,
    reasons_shown: Sequence[str],
) -> None:
    """Remembers the first opening. It is a trace, not an answer: no audit event, no new filter run."""
    Feedback.objects.get_or_create(
        organisation=organisation,
        opportunity=opportunity,
        kind=Feedback.Kind.OPENED,
        defaults={"user": by, "rank_shown": rank_shown, "reasons_shown": list(reasons_shown)},
    )


def note_shown(*, showings: Iterable[Showing]) -> None:
    """Remembers what was put before a member, in one statement: the first time stays, the last one moves.

    It is a trace, too. The rows are written in one order, so that two pages at once do not wait for each other in turn.
    """
    now = timezone.now()
    rows = sorted(showings, key=lambda each: (each.organisation_id, each.opportunity_id, each.channel))
    for row in rows:
        row.first_at = row.last_at = now
        row.last_rank, row.last_reasons = row.first_rank, row.first_reasons
    Showing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["organisation", "opportunity", "channel"],
        update_fields=["last_at", "last_rank", "last_reasons"],
    )


@transaction.atomic
def save_source(*, source: Source, by: User, mapping: dict[str, str] | None = None) -> Source:
    """Keeps a new or changed source; one with an address is read soon, and anew: nothing is known of it before."""
    insist(can_manage(by))
    is_new = source.pk is None
    if mapping is not None:
        source.mapping = mapping
    source.next_fetch_at = timezone.now() if source.url else None
    source.etag = source.last_modified = source.last_error = ""
    source.save()
    record("opportunities.source_added" if is_new else "opportunities.source_changed", by=by, on=source)
    return source


@transaction.atomic
def set_aside(*, run: ImportRun, by: User) -> int:
    """Marks what a run refused as dealt with: it stays readable."""
    insist(can_manage(by))
    changed = run.refusals.filter(resolved_at=None).update(resolved_at=timezone.now())
    if changed:
        record("opportunities.refusals_set_aside", by=by, on=run, count=changed)
    return changed


def move_deadlines_on() -> int:
    """Where a deadline has passed and another follows, the next one counts from now on. How many moved."""
    now, moved = timezone.now(), 0
    passed = Opportunity.objects.open(now).filter(deadline__lt=now).only("pk", "deadlines", "deadline")
    for opportunity in passed.iterator():
        upcoming = next_deadline(opportunity.deadlines, now)
        if upcoming != opportunity.deadline:
            moved += Opportunity.objects.filter(pk=opportunity.pk).update(deadline=upcoming)
    return moved

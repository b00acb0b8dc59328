"""What a company, the partner and the cluster team say of one card, until the two are introduced and after."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from ecosystem import emails, wordings
from ecosystem.models import Shortlist, ShortlistCard
from ecosystem.permissions import can_run_card, can_speak_for
from members.models import User
from members.permissions import can_answer_for, insist

Status, Field, How = ShortlistCard.Status, ShortlistCard.Field, ShortlistCard.How


def held(card: ShortlistCard) -> ShortlistCard:
    """The row, held until the end of the transaction, with what the acts look at."""
    return ShortlistCard.objects.for_page().select_for_update(of=("self",)).get(pk=card.pk)


def team_of(shortlist: Shortlist) -> QuerySet[User]:
    """The managers who may know who stands on a list: not those who belong to its partner."""
    return User.objects.managers().exclude(memberships__organisation=shortlist.partnership.organisation_id)


def insist_on_open(shortlist: Shortlist) -> None:
    """A closed list changes no more."""
    if not shortlist.is_open:
        raise Refused(_("This shortlist is closed."))


@transaction.atomic
def agree(*, card: ShortlistCard, fields: Sequence[str], by: User, how: str = How.PORTAL) -> ShortlistCard:
    """The company agrees to be shown without a name, and to what is revealed at an introduction: always its name.

    Who agrees is the contact person, if a contact is to be revealed. Before it is introduced, it may change its mind
    about the fields.
    """
    insist(can_answer_for(by, card.organisation))
    current = held(card)
    _insist_on_answerable(current)
    wanted = [field for field in Field.values if field == Field.NAME or field in fields]
    contact = by if Field.CONTACT in wanted else None
    if current.status in ShortlistCard.AGREED and (current.fields, current.contact) == (wanted, contact):
        return current
    if current.status in (Status.ASKED, Status.DECLINED):
        current.status = Status.CONSENTED
    current.fields, current.contact, current.wording = wanted, contact, wordings.newest()
    current.answered_by, current.answered_at, current.answered_how = by, timezone.now(), how
    current.save(update_fields=["status", "fields", "contact", "wording", "answered_by", "answered_at", "answered_how"])
    record(
        "ecosystem.card_agreed", by=by, on=current, organisation_id=current.organisation_id,
        fields=wanted, wording=current.wording, how=how,
    )  # fmt: skip
    return current


def _insist_on_answerable(card: ShortlistCard) -> None:
    if card.status == Status.REVEALED:
        raise Refused(_("You are introduced already. Take it back if you want no more of it."))
    if card.status in (Status.DRAFT, Status.WITHDRAWN):
        raise Refused(_("There is nothing to answer any more."))
    insist_on_open(card.shortlist)
    if card.status in (Status.ASKED, Status.DECLINED) and card.shortlist.until < timezone.localdate():
        raise Refused(_("The day to answer has passed. Write to the cluster team if you still want to come in."))


@transaction.atomic
def decline(*, card: ShortlistCard, by: User, how: str = How.PORTAL) -> ShortlistCard:
    """Not for us: the partner never sees the card. Twice is once."""
    insist(can_answer_for(by, card.organisation))
    current = held(card)
    if current.status == Status.DECLINED:
        return current
    if current.status in ShortlistCard.AGREED:
        raise Refused(_("You have agreed before. Take it back instead."))
    _insist_on_answerable(current)
    current.status = Status.DECLINED
    current.answered_by, current.answered_at, current.answered_how = by, timezone.now(), how
    current.save(update_fields=["status", "answered_by", "answered_at", "answered_how"])
    record("ecosystem.card_declined", by=by, on=current, organisation_id=current.organisation_id, how=how)
    return current


@transaction.atomic
def withdraw(*, card: ShortlistCard, by: User, how: str = How.PORTAL) -> ShortlistCard:
    """The company takes it back, whenever it likes: the partner sees nothing of it from now on. Twice is once."""
    insist(can_answer_for(by, card.organisation))
    current = held(card)
    if current.status == Status.WITHDRAWN:
        return current
    if current.status not in ShortlistCard.AGREED:
        raise Refused(_("There is nothing to take back."))
    before, current.status, current.withdrawn_at = current.status, Status.WITHDRAWN, timezone.now()
    current.save(update_fields=["status", "withdrawn_at"])
    record(
        "ecosystem.card_withdrawn", by=by, on=current, organisation_id=current.organisation_id, before=before, how=how
    )
    if before in (Status.INTERESTED, Status.REVEALED):
        for manager in team_of(current.shortlist):
            emails.send_card_withdrawn(card=current, to=manager)
    return current


@transaction.atomic
def say_interest(*, card: ShortlistCard, interested: bool, by: User | None, sentence: str = "") -> ShortlistCard:
    """The partner would like to meet the company behind a card, or not. The last word counts until then.

    `by` is None when the partner's own portal says so in a signed packet, which may say why in a `sentence`.
    """
    if by is not None:
        insist(can_speak_for(by, card.shortlist.partnership))
    current = held(card)
    if current.status == Status.REVEALED and interested:
        return current
    if current.status not in (Status.SHOWN, Status.INTERESTED, Status.NOT_INTERESTED):
        raise Refused(_("This card is not open any more."))
    insist_on_open(current.shortlist)
    wanted = Status.INTERESTED if interested else Status.NOT_INTERESTED
    if current.status == wanted:
        return current
    current.status = wanted
    current.save(update_fields=["status"])
    record(f"ecosystem.partner_{wanted}", by=by, on=current, organisation_id=current.organisation_id)
    if interested:
        for manager in team_of(current.shortlist):
            emails.send_partner_interested_in(card=current, to=manager, sentence=sentence)
    return current


@transaction.atomic
def introduce(*, card: ShortlistCard, by: User) -> ShortlistCard:
    """Reveals what the company has agreed to, and writes to both sides. Twice is once."""
    insist(can_run_card(by, card))
    current = held(card)
    if current.status == Status.REVEALED:
        return current
    if current.status != Status.INTERESTED:
        raise Refused(_("Both sides have to want it: the company has agreed, and the partner is interested."))
    insist_on_open(current.shortlist)
    if not current.organisation.is_member:
        raise Refused(_("%(name)s is no member of the cluster.") % {"name": current.organisation})
    current.status, current.revealed_at = Status.REVEALED, timezone.now()
    current.save(update_fields=["status", "revealed_at"])
    record("ecosystem.card_revealed", by=by, on=current, organisation_id=current.organisation_id, fields=current.fields)
    for membership in current.organisation.memberships.who_answer():
        emails.send_introduced_to_company(card=current, to=membership.user)
    for membership in current.shortlist.partnership.organisation.memberships.who_answer():
        emails.send_introduced_to_partner(card=current, to=membership.user)
    return current


@transaction.atomic
def note_outcome(*, card: ShortlistCard, outcome: str, note: str, by: User) -> ShortlistCard:
    """What came of an introduction, as the cluster team hears of it."""
    insist(can_run_card(by, card))
    current = held(card)
    if current.revealed_at is None:
        raise Refused(_("They have not been introduced yet."))
    if (current.outcome, current.outcome_note) == (outcome, note):
        return current
    current.outcome, current.outcome_note, current.outcome_at = outcome, note, timezone.now()
    current.save(update_fields=["outcome", "outcome_note", "outcome_at"])
    record("ecosystem.outcome_noted", by=by, on=current, organisation_id=current.organisation_id, outcome=outcome)
    return current

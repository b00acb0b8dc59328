"""Who is asked whether they stand behind a strategy, and what they say."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members.models import Organisation, User
from members.permissions import insist
from programme import emails
from programme.actions.strategies import asked_about, locked
from programme.models import Endorsement, Strategy
from programme.permissions import can_run_the_programme


@transaction.atomic
def ask(
    *,
    strategy: Strategy,
    organisation: Organisation | None,
    name: str,
    person: str,
    email: str,
    is_key_company: bool,
    by: User,
) -> Endorsement:
    """Puts somebody on the list. The mail goes out when the strategy does; at once when it is out already."""
    insist(can_run_the_programme(by))
    current, email = locked(strategy), email.strip().lower()
    facts = {"organisation": organisation, "name": name, "person": person, "is_key_company": is_key_company}
    is_out = current.number > 0
    try:
        with transaction.atomic():
            endorsement = current.endorsements.create(
                email=email,
                number=asked_about(current),
                asked_at=timezone.now() if is_out else None,
                **facts,
            )
    except IntegrityError:
        raise Refused(_("%(email)s is on the list already.") % {"email": email}, field="email") from None
    record("programme.stakeholder_added", by=by, on=endorsement, number=endorsement.number)
    if is_out:
        emails.send_strategy(endorsement=endorsement)
    return endorsement


@transaction.atomic
def take_off(*, endorsement: Endorsement, by: User) -> None:
    """Takes somebody off the list who has not answered; the link opens nothing any more."""
    insist(can_run_the_programme(by))
    locked(endorsement.strategy)
    current = Endorsement.objects.select_for_update().filter(pk=endorsement.pk).first()
    if current is None:
        return
    if current.answer != Endorsement.Answer.ASKED:
        raise Refused(_("%(name)s has answered. What was said stays.") % {"name": current.name})
    record("programme.stakeholder_taken_off", by=by, on=current, number=current.number)
    current.delete()


@transaction.atomic
def send_again(*, endorsement: Endorsement, by: User) -> bool:
    """The link once more, once a day at most. Whether it went out."""
    insist(can_run_the_programme(by))
    strategy = locked(endorsement.strategy)
    if endorsement.answer != Endorsement.Answer.ASKED or endorsement.number != strategy.number:
        raise Refused(_("Only those who have not answered about the newest version get their link again."))
    if not emails.send_strategy_again(endorsement=endorsement):
        return False
    record("programme.stakeholder_reminded", by=by, on=endorsement, number=endorsement.number)
    return True


@transaction.atomic
def answer(*, endorsement: Endorsement, endorses: bool, words: str) -> Endorsement:
    """What somebody says by the link, of the version that the link is about; the last answer counts.

    It counts for that version alone, whatever the strategy says by now.
    """
    locked(endorsement.strategy)
    current = Endorsement.objects.select_for_update(of=("self",)).select_related("strategy").get(pk=endorsement.pk)
    if not endorses and not words.strip():
        raise Refused(_("Say what you object to. Without it, nobody knows what to change."), field="words")
    said = {"answer": Endorsement.Answer.ENDORSED if endorses else Endorsement.Answer.OBJECTED, "words": words.strip()}
    if said == {"answer": current.answer, "words": current.words}:
        return current
    Endorsement.objects.filter(pk=current.pk).update(answered_at=timezone.now(), **said)
    current.refresh_from_db()
    record(
        "programme.strategy_answered",
        by=None,
        on=current,
        organisation_id=current.organisation_id,
        who=f"{current.person}, {current.name}",
        number=current.number,
        newest=current.strategy.number,
        **said,
    )
    return current

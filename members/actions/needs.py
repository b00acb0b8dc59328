"""Writes of the needs assessment: an organisation, or the cluster team with it, says what it lacks this year."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members import emails, needs
from members.models import NeedsAssessment, Organisation, User
from members.permissions import can_edit_organisation, can_manage, insist
from members.reading import needs as needs_reading


@transaction.atomic
def save_needs(
    *, organisation: Organisation, year: int, answers: Mapping[str, int], words: str, by: User
) -> NeedsAssessment:
    """Saves the answers given and leaves the others as they are: a page that was open longer takes nothing away.

    A manager fills it in together with the organisation, whose people are told. Whoever changed it last has said it.
    """
    insist(can_edit_organisation(by, organisation))
    _check(organisation, year, answers)
    NeedsAssessment.objects.get_or_create(organisation=organisation, year=year)
    current = NeedsAssessment.objects.select_for_update().get(organisation=organisation, year=year)
    said = {**current.answers, **answers}
    if (said, words) == (current.answers, current.words) and current.filled_in_by_id:
        return current
    current.answers, current.words = said, words
    current.filled_in_by, current.filled_in_at = by, timezone.now()
    current.is_with_manager = _is_with_manager(by, organisation)
    current.save()
    record("members.needs_assessed", by=by, on=current, organisation_id=organisation.pk, answered=len(said))
    if current.is_with_manager:
        emails.send_needs_filled_in(assessment=current, by=by)
    return current


def _check(organisation: Organisation, year: int, answers: Mapping[str, int]) -> None:
    if not organisation.is_member:
        raise Refused(_("Only members of the cluster have a needs assessment."))
    if year != timezone.localdate().year:
        raise Refused(_("A new year has begun since this page was opened. Look at your answers and save once more."))
    if not set(needs.KEYS).issuperset(answers) or any(not needs.LOWEST <= n <= needs.HIGHEST for n in answers.values()):
        raise Refused(_("Each answer is a number from 1 to 5."))


def _is_with_manager(by: User, organisation: Organisation) -> bool:
    return by.is_manager and all(each.organisation_id != organisation.pk for each in by.all_memberships)


@transaction.atomic
def remind_of_needs(*, organisation: Organisation, by: User) -> int:
    """Asks those who answer for a member to fill it in: at most once a year each. How many mails were queued."""
    insist(can_manage(by))
    year = timezone.localdate().year
    if not organisation.is_member:
        raise Refused(_("Only members of the cluster have a needs assessment."))
    if NeedsAssessment.objects.with_answers_to(needs.KEYS).filter(organisation=organisation, year=year).exists():
        raise Refused(_("%(name)s has filled it in meanwhile.") % {"name": organisation})
    return _remind(organisation, year, by=by)


def remind_everybody() -> int:
    """The yearly reminder, to each member that has not answered all and whom nobody reminded this year.

    How many mails were queued. Run again, it reminds only those who became members meanwhile.
    """
    year = needs_reading.this_year()
    return sum(_remind(each, year, by=None) for each in needs_reading.without(year).filter(reminded_at=None))


@transaction.atomic
def _remind(organisation: Organisation, year: int, *, by: User | None) -> int:
    sent = emails.send_needs_reminder(organisation=organisation, year=year)
    if sent:
        record("members.needs_reminded", by=by, on=organisation, organisation_id=organisation.pk, year=year, sent=sent)
    return sent

"""Who was there, and what the cluster paid."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core.actions import Refused, record
from core.templatetags.portal import money
from members.models import User
from members.permissions import insist
from programme.actions.registrations import held
from programme.models import Registration
from programme.permissions import can_lead, can_run_the_programme


@transaction.atomic
def mark(*, registration: Registration, attended: bool | None, by: User) -> None:
    """Notes whether somebody was there; None takes it back. Twice is once."""
    insist(can_lead(by, registration.activity))
    current = _held(registration)
    if current.status != Registration.Status.REGISTERED:
        raise Refused(_("%(person)s has no place in this activity.") % {"person": current.person})
    if not current.activity.has_begun:
        raise Refused(_("Mark who is there from the moment it begins."))
    if not current.activity.counts_who_is_there:
        raise Refused(_("This activity does not take place: nobody is there."))
    if current.attended is not attended:
        _note("attended", current, by=by, attended=attended)


@transaction.atomic
def pay_support(*, registration: Registration, amount: Decimal | None, by: User) -> None:
    """Notes what the cluster paid for somebody, at most what the activity costs; None takes it back."""
    insist(can_run_the_programme(by))
    current = _held(registration)
    if amount is not None and amount > current.activity.cost_eur:
        words = {"cost": money(current.activity.cost_eur)}
        raise Refused(_("A participant's cost is %(cost)s: the support is not more than that.") % words)
    if current.support_eur != amount:
        _note("support_paid", current, by=by, support_eur=amount)


def _held(registration: Registration) -> Registration:
    activity = held(registration.activity)
    current = Registration.objects.select_for_update().get(pk=registration.pk)
    current.activity = activity
    return current


def _note(action: str, registration: Registration, *, by: User, **change: object) -> None:
    for name, value in change.items():
        setattr(registration, name, value)
    registration.save(update_fields=list(change))
    told = {name: value if isinstance(value, bool | None) else str(value) for name, value in change.items()}
    words = {"activity": registration.activity_id, **told}
    record(f"programme.{action}", by=by, on=registration, organisation_id=registration.organisation_id, **words)

"""Keeping what the cluster has with its partners: offers, agreements, contacts."""

from collections.abc import Mapping

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from ecosystem import emails
from ecosystem.models import Agreement, PartnerContact, Partnership
from ecosystem.permissions import can_run_partners
from members.actions.organisations import add_organisation
from members.models import Organisation, User
from members.permissions import insist


@transaction.atomic
def add_partner(*, organisation: Organisation | None, by: User, new: Mapping[str, str] | None = None) -> Partnership:
    """Begins to keep what the cluster has with an organisation, or a new one of the facts in `new`. Twice is once."""
    insist(can_run_partners(by))
    organisation = organisation or add_organisation(**(new or {}), is_member=False, by=by)
    if organisation.is_home or organisation.is_member:
        raise Refused(
            _("%(name)s belongs to the cluster itself. Choose an organisation of its own.") % {"name": organisation}
        )
    partnership, is_new = Partnership.objects.get_or_create(organisation=organisation)
    if is_new:
        record("ecosystem.partner_added", by=by, on=partnership, organisation_id=organisation.pk)
    return partnership


@transaction.atomic
def change_partner(*, partnership: Partnership, by: User, **facts: object) -> list[str]:
    """Changes what is given, and returns what did change."""
    insist(can_run_partners(by))
    current = Partnership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=partnership.pk)
    changed = _set(current, facts)
    if changed:
        record("ecosystem.partner_changed", by=by, on=current, organisation_id=current.organisation_id, fields=changed)
    return changed


def _set(row: models.Model, facts: dict[str, object]) -> list[str]:
    """Writes what differs, and returns the names of what did."""
    changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, facts[name])
    if changed:
        row.save(update_fields=changed)
    return changed


@transaction.atomic
def save_agreement(
    *, partnership: Partnership, by: User, agreement: Agreement | None = None, **facts: object
) -> Agreement:
    """A new agreement, or a changed one."""
    insist(can_run_partners(by))
    is_new = agreement is None
    row = agreement or Agreement(partnership=partnership)
    for name, value in facts.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("This agreement is there already: the same title, signed on the same day.")) from None
    action = "ecosystem.agreement_added" if is_new else "ecosystem.agreement_changed"
    record(action, by=by, on=row, organisation_id=partnership.organisation_id)
    return row


@transaction.atomic
def remove_agreement(*, agreement: Agreement, by: User) -> None:
    """It was entered by mistake. Twice is once."""
    _remove(agreement, "ecosystem.agreement_removed", by)


@transaction.atomic
def save_contact(
    *, partnership: Partnership, by: User, contact: PartnerContact | None = None, **facts: object
) -> PartnerContact:
    """Somebody new to write to, or what changed of them."""
    insist(can_run_partners(by))
    is_new = contact is None
    row = contact or PartnerContact(partnership=partnership)
    for name, value in facts.items():
        setattr(row, name, value)
    row.email = row.email.strip().lower()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(_("%(email)s is among the contacts already.") % {"email": row.email}) from None
    action = "ecosystem.contact_added" if is_new else "ecosystem.contact_changed"
    record(action, by=by, on=row, organisation_id=partnership.organisation_id)
    return row


@transaction.atomic
def remove_contact(*, contact: PartnerContact, by: User) -> None:
    """Nobody to write to any more. Twice is once."""
    _remove(contact, "ecosystem.contact_removed", by)


def _remove(row: Agreement | PartnerContact, action: str, by: User) -> None:
    insist(can_run_partners(by))
    if type(row).objects.filter(pk=row.pk).exists():
        record(action, by=by, on=row, organisation_id=row.partnership.organisation_id)
        row.delete()


def remind_of_agreements() -> None:
    """Writes to the cluster team of agreements that end within sixty days: once for each of them and its end."""
    ending = Agreement.objects.ending(timezone.localdate()).select_related("partnership__organisation")
    managers = list(User.objects.managers())
    for agreement in ending:
        for manager in managers:
            emails.send_agreement_ends(agreement=agreement, to=manager)

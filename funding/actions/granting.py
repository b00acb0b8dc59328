"""From an award to a grant: the day on which an organisation gets the legal right to the money."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import aid as ledger
from funding.actions import aid
from funding.asking import as_handed_in
from funding.eligibility import de_minimis
from funding.models import Award, Decision, Funder, FundingCall, Grant, Partner
from funding.permissions import can_decide, can_run_calls
from members.actions.organisations import add_organisation
from members.actions.undertakings import undertaking_of
from members.models import Organisation, User
from members.permissions import insist

FUNDED = Decision.Outcome.FUNDED
GRANTED_BY = (FundingCall.Status.DECIDED, FundingCall.Status.OVER)


# Which organisation a partner is


@transaction.atomic
def name_organisation(*, part: Partner, organisation: Organisation, by: User) -> Partner:
    """The secretary says which of the portal's organisations a partner is."""
    insist(can_run_calls(by))
    current = Partner.objects.select_for_update(no_key=True).get(pk=part.pk)
    if Grant.objects.filter(award__partner=current).exists():
        raise Refused(_("This part is granted. Its organisation stays as it is."))
    if organisation.is_home:
        raise Refused(_("The cluster organisation itself is not granted money of its own call."))
    others = Partner.objects.filter(application=current.application_id, organisation=organisation)
    if others.exclude(pk=current.pk).exists():
        raise Refused(_("%(name)s has another part in this application.") % {"name": organisation})
    if current.organisation_id != organisation.pk:
        Partner.objects.filter(pk=current.pk).update(organisation=organisation)
        record("funding.partner_named", by=by, on=current, organisation_id=organisation.pk)
    part.organisation = organisation
    return part


@transaction.atomic
def add_as_organisation(*, part: Partner, by: User) -> Organisation:
    """Makes an organisation of a partner that the portal does not know. It is no member and has no people here."""
    insist(can_run_calls(by))
    facts = {"kind": part.kind, "country": part.country, "nuts": part.region, "is_member": False}
    organisation = add_organisation(name=part.name, by=by, **facts)
    name_organisation(part=part, organisation=organisation, by=by)
    return organisation


# Granting


@transaction.atomic
def grant(*, award: Award, on: date | None = None, by: User) -> Grant:
    """Grants an award on a day, today if none is given. Twice is once.

    De minimis aid is checked with the undertaking held: nobody grants to it, joins or leaves it meanwhile.
    """
    insist(can_run_calls(by))
    if not (may := can_decide(by, award.decision.application)):
        raise Refused(str(may.reason))
    on = on or timezone.localdate()
    current = _locked(award)
    if found := Grant.objects.filter(award=current).first():
        return found
    organisation = _fits(current, on)
    undertaking_of(organisation)
    organisation.refresh_from_db(fields=["undertaking"])
    if current.funder.is_de_minimis:
        _has_room(current, organisation, on)
    title = str(as_handed_in([current.decision.application])[0])
    made = Grant.objects.create(award=current, organisation=organisation, title=title, granted_on=on)
    amount = str(current.amount_eur)
    record("funding.granted", by=by, on=made, organisation_id=organisation.pk, amount=amount, granted_on=str(on))
    if current.funder.is_de_minimis:
        aid.enter_grant(grant=made, amount_eur=current.amount_eur, by=by)
    return made


def grant_all(*, call: FundingCall, on: date | None = None, by: User) -> tuple[list[Grant], list[tuple[Award, str]]]:
    """Grants each award of a call by itself; returns the new grants, and the awards that were refused, with reasons."""
    insist(can_run_calls(by))
    standing = Award.objects.standing()
    waiting = standing.filter(decision__application__call=call, grant=None, decision__outcome=FUNDED)
    granted, refused = [], []
    for award in waiting.order_by("pk"):
        try:
            granted.append(grant(award=award, on=on, by=by))
        except Refused as reason:
            refused.append((award, str(reason)))
    return granted, refused


def _locked(award: Award) -> Award:
    """The award as it is now, with its partner and funder held."""
    list(Partner.objects.filter(pk=award.partner_id).select_for_update(no_key=True))
    list(Funder.objects.filter(pk=award.funder_id).select_for_update(no_key=True))
    rows = Award.objects.select_related("partner__organisation__profile", "funder", "decision__application__call")
    current = rows.select_for_update(of=("self",), no_key=True).filter(pk=award.pk).first()
    if current is None:
        raise Refused(_("This award was taken back."))
    return current


def _fits(award: Award, on: date) -> Organisation:
    """Which organisation is granted it, if it can be granted on that day at all."""
    call, name = award.decision.application.call, award.partner.name
    if call.status not in GRANTED_BY or award.decision.outcome != FUNDED:
        raise Refused(_("%(name)s: grants follow once the decisions are made known.") % {"name": name})
    if not Award.objects.standing().filter(pk=award.pk).exists():
        raise Refused(_("%(name)s: this award does not stand any more.") % {"name": name})
    if on > timezone.localdate():
        raise Refused(_("The day of granting is in the future. Grant it on that day."))
    if on < timezone.localdate(call.decided_at):
        raise Refused(_("The day of granting is before the day of the decision."))
    if award.partner.organisation is None:
        raise Refused(_("%(name)s: say first which organisation it is.") % {"name": name})
    return award.partner.organisation


def _has_room(award: Award, organisation: Organisation, on: date) -> None:
    if on > de_minimis.LAST_DAY:
        words = {"name": award.partner.name, "day": ledger.in_words(de_minimis.LAST_DAY)}
        raise Refused(_("%(name)s: the rules of de minimis aid ended on %(day)s.") % words)
    found = ledger.room_of(organisation, award.funder.member_state, on)
    if award.amount_eur > found.left:
        raise Refused(ledger.no_room(award, found))

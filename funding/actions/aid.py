"""What is written to the ledger of de minimis aid. Entries are added and reversed, never changed."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding.eligibility import types
from funding.models import Aid, Grant, Partner
from funding.permissions import can_run_calls
from members.actions.undertakings import undertaking_of
from members.models import Organisation, User
from members.permissions import insist

AS_DECLARED = "As declared in an application"


@transaction.atomic
def enter(
    *,
    organisation: Organisation,
    source: str,
    member_state: str,
    authority: str,
    amount_eur: Decimal,
    granted_on: date,
    by: User,
    beneficiary: str = "",
    **more: object,
) -> Aid | None:
    """Adds one entry; None when the same stands there already, from whatever source.

    `more`: beneficiary_number, instrument, nace, brought_by, declaration.
    """
    insist(can_run_calls(by))
    check_facts(amount_eur=amount_eur, granted_on=granted_on)
    undertaking_of(organisation)
    organisation.refresh_from_db(fields=["undertaking"])
    same = {"member_state": member_state, "amount_eur": amount_eur, "granted_on": granted_on}
    if Aid.objects.of(organisation).standing().filter(**same).exists():
        return None
    facts = same | {
        "authority": authority,
        "beneficiary": beneficiary or organisation.name,
        "nace": nace_of(organisation),
    }
    return _add(organisation=organisation, source=source, by=by, **(facts | more))


def check_facts(*, amount_eur: Decimal, granted_on: date) -> None:
    """Refuses what no grant can be."""
    if amount_eur <= 0:
        raise Refused(_("Write an amount above 0."))
    if granted_on > timezone.localdate():
        raise Refused(_("The day of granting is in the future. Aid is entered once it is granted."))


def enter_grant(*, grant: Grant, amount_eur: Decimal, by: User | None) -> Aid:
    """The entry of something that was granted here. The undertaking is held and its room known already."""
    partner, funder = grant.award.partner, grant.award.funder
    return _add(
        organisation=grant.organisation,
        source=Aid.Source.GRANT,
        grant=grant,
        beneficiary=grant.organisation.name,
        beneficiary_number=partner.registration_number,
        member_state=funder.member_state,
        authority=funder.name,
        amount_eur=amount_eur,
        granted_on=grant.granted_on,
        nace=nace_of(grant.organisation),
        by=by,
    )


@transaction.atomic
def reverse(*, aid: Aid, reason: str, by: User) -> Aid:
    """Takes an entry back by another one that says why. What was granted here follows its grant instead."""
    insist(can_run_calls(by))
    if aid.grant_id is not None:
        raise Refused(_("This was granted here. End the grant early to change it."))
    undertaking_of(aid.organisation)
    if aid.reverses_id is not None or Aid.objects.filter(reverses=aid).exists():
        raise Refused(_("This entry is reversed already."))
    if not (reason := reason.strip()):
        raise Refused(_("Say why the entry is reversed."))
    return reversed_by(aid, reason=reason, by=by)


def reversed_by(aid: Aid, *, reason: str, by: User | None) -> Aid:
    """The entry that takes another one back. The undertaking is held already."""
    copied = ("organisation", "source", "grant", "beneficiary", "beneficiary_number", "member_state", "authority",
              "granted_on", "instrument", "nace", "brought_by", "declaration")  # fmt: skip
    facts = {name: getattr(aid, name) for name in copied}
    return _add(by=by, reverses=aid, amount_eur=-aid.amount_eur, reason=reason[:300], **facts)


@transaction.atomic
def take_over_partner(*, partner: Partner, by: User) -> int:
    """Puts on the ledger what a partner declared in its application; how many entries are new."""
    insist(can_run_calls(by))
    if partner.organisation is None:
        raise Refused(_("Say first which organisation it is."))
    said = [types.Aid.model_validate(each) for each in partner.declared_aid or ()]
    return take_over(organisation=partner.organisation, said=said, by=by)


def take_over(*, organisation: Organisation, said: Iterable[types.Aid], by: User) -> int:
    """Declared aid on the ledger; how many entries are new."""
    entered = [
        enter(
            organisation=organisation,
            source=Aid.Source.DECLARED,
            beneficiary=each.undertaking,
            member_state=each.member_state,
            authority=AS_DECLARED,
            amount_eur=each.amount,
            granted_on=each.granted_on,
            by=by,
        )
        for each in said
        if each.amount > 0
    ]
    return sum(each is not None for each in entered)


def nace_of(organisation: Organisation) -> str:
    """The sector that the register asks for: the first activity that the profile names."""
    profile = getattr(organisation, "profile", None)
    return next(iter(profile.nace_codes), "") if profile else ""


def _add(*, by: User | None, **facts: object) -> Aid:
    aid = Aid.objects.create(entered_by=by, **facts)
    words = {"amount": str(aid.amount_eur), "member_state": aid.member_state, "granted_on": str(aid.granted_on)}
    action = "funding.aid_reversed" if aid.reverses_id else "funding.aid_entered"
    record(action, by=by, on=aid, organisation_id=aid.organisation_id, source=aid.source, **words)
    return aid

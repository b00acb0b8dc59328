"""How much de minimis aid an undertaking may still be granted: read from the ledger by the rules of the regulation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import codelists
from core.templatetags.portal import money
from funding.eligibility import de_minimis, types
from funding.models import Aid, Award, Decision, FundingCall
from members.models import Organisation

Key = tuple[int, int]
Had = Mapping[Key, list[types.Aid]]
Waiting = Mapping[tuple[Key, str], Mapping[int, Decimal]]


@dataclass(frozen=True)
class Room:
    """What one Member State has granted an undertaking in the three years up to a day, and what it still may.

    `returns`: the later days on which room comes back, with what there is from each, if nothing is granted until then.
    """

    member_state: str
    day: date
    counted: Decimal
    left: Decimal
    returns: tuple[tuple[date, Decimal], ...]

    @property
    def is_over(self) -> bool:
        """More was granted than the ceiling allows: companies were joined, or aid was declared, after it was."""
        return self.counted > de_minimis.CEILING

    def day_for(self, amount: Decimal) -> date | None:
        """The first later day with room for an amount; None when there is none for so much."""
        return next((day for day, left in self.returns if left >= amount), None)


def aid_of(organisation: Organisation) -> list[types.Aid]:
    """What counts of the organisation's single undertaking, as the rules of eligibility read it."""
    return aid_by_undertaking([organisation]).get(key_of(organisation), [])


def aid_by_undertaking(organisations: Iterable[Organisation]) -> dict[Key, list[types.Aid]]:
    """What counts of several undertakings, in one query."""
    organisations = list(organisations)
    together = {each.undertaking_id for each in organisations if each.undertaking_id}
    of = Q(organisation__in=[each.pk for each in organisations]) | Q(organisation__undertaking__in=together)
    found: dict[Key, list[types.Aid]] = {}
    rows = Aid.objects.standing().filter(of).select_related("organisation").order_by("granted_on", "pk")
    for each in rows:
        entry = types.Aid(
            undertaking=each.organisation.name,
            member_state=each.member_state,
            amount=each.amount_eur,
            granted_on=each.granted_on,
        )
        found.setdefault(key_of(each.organisation), []).append(entry)
    return found


def key_of(organisation: Organisation) -> Key:
    """What tells two undertakings apart: who has none yet stands alone."""
    return organisation.undertaking_id or 0, 0 if organisation.undertaking_id else organisation.pk


def room_of(organisation: Organisation, member_state: str, day: date) -> Room:
    """The room of the organisation's single undertaking in a Member State on a day."""
    return room_in(aid_of(organisation), member_state, day)


def room_in(aid: list[types.Aid], member_state: str, day: date) -> Room:
    """The room that aid leaves in a Member State on a day."""
    where = {"member_state": member_state, "day": day}
    return Room(
        counted=de_minimis.counted(aid, **where),
        left=de_minimis.room_throughout(aid, **where),
        returns=tuple(de_minimis.returns(aid, **where)),
        **where,
    )


def warnings_of(award: Award, day: date) -> list[str]:
    """Sentences on what stands against granting an award on a day, by the ledger; none when nothing does.

    Other awards to the same undertaking that are not granted yet are counted as if they came first.
    """
    return warnings_by_award([award], day)[award.pk]


def warnings_by_award(awards: Iterable[Award], day: date) -> dict[int, list[str]]:
    """The warnings of several awards, in two queries. Needs their funders, partners and organisations at hand."""
    awards = list(awards)
    concerned = [each for each in awards if each.funder.is_de_minimis and each.partner.organisation]
    organisations = [each.partner.organisation for each in concerned]
    had, waiting = aid_by_undertaking(organisations), _waiting(organisations)
    return {each.pk: _warnings(each, day, had, waiting) for each in awards}


def warnings_of_decision(decision: Decision, day: date) -> list[str]:
    """The same of all awards of a decision that stand, each with the name of the partner."""
    rows = decision.awards.filter(given_up_at=None).select_related("funder", "partner__organisation")
    awards = list(rows.order_by("partner__position", "pk"))
    found = warnings_by_award(awards, day)
    return [_named(each, warning) for each in awards for warning in found[each.pk]]


def _named(award: Award, warning: str) -> str:
    name = f"{award.partner.name}: "
    return warning if warning.startswith(name) else name + warning


def _warnings(award: Award, day: date, had: Had, waiting: Waiting) -> list[str]:
    if not award.funder.is_de_minimis:
        return []
    organisation, state = award.partner.organisation, award.funder.member_state
    if organisation is None:
        return [_("Nobody has said yet which organisation it is. Until then its de minimis aid cannot be looked up.")]
    found = room_in(had.get(key_of(organisation), []), state, day)
    others = waiting.get((key_of(organisation), state), {})
    others_eur = sum((amount for pk, amount in others.items() if pk != award.pk), Decimal(0))
    warnings = []
    if day > de_minimis.LAST_DAY:
        last_day = in_words(de_minimis.LAST_DAY)
        warnings.append(_("The rules of de minimis aid end on %(day)s.") % {"day": last_day})
    if award.amount_eur > found.left:
        warnings.append(no_room(award, found))
    elif award.amount_eur + others_eur > found.left:
        words = {"left": money(found.left), "waiting": money(others_eur)}
        warnings.append(
            _("There is room for %(left)s, but %(waiting)s wait to be granted to the same undertaking.") % words
        )
    if award.partner.declared_aid is None:
        warnings.append(_("The undertaking has not declared its de minimis aid with this application."))
    return warnings


def no_room(award: Award, found: Room) -> str:
    """Why an award cannot be granted on a day: how much room there is, and from when there is enough."""
    words = {
        "amount": money(award.amount_eur),
        "left": money(found.left),
        "state": codelists.countries().get(found.member_state, found.member_state),
        "name": award.partner.name,
        "day": in_words(found.day),
    }
    said = (
        _("%(name)s: %(amount)s is more than the de minimis room. In %(state)s %(left)s are left on %(day)s.") % words
    )
    if later := found.day_for(award.amount_eur):
        return said + " " + _("There is enough room from %(day)s.") % {"day": in_words(later)}
    return said + " " + _("There is never room for so much.")


def in_words(day: date) -> str:
    """3 May 2027."""
    return date_format(day, "j F Y")


def _waiting(organisations: Iterable[Organisation]) -> Waiting:
    """EUR of awards that are decided and not granted, by undertaking, Member State and award."""
    organisations = list(organisations)
    together = {each.undertaking_id for each in organisations if each.undertaking_id}
    same = Q(partner__organisation__in=[each.pk for each in organisations])
    rows = (
        Award.objects.standing()
        .filter(
            same | Q(partner__organisation__undertaking__in=together),
            grant=None,
            funder__is_de_minimis=True,
            decision__outcome=Decision.Outcome.FUNDED,
            decision__application__call__status__in=[FundingCall.Status.PUBLISHED, FundingCall.Status.DECIDED],
        )
        .select_related("partner__organisation", "funder")
    )
    found: dict[tuple[Key, str], dict[int, Decimal]] = {}
    for each in rows:
        of = (key_of(each.partner.organisation), each.funder.member_state)
        found.setdefault(of, {})[each.pk] = each.amount_eur
    return found

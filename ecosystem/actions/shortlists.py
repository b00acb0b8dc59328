"""The manager's side of a shortlist: who stands on it, in which words, and when it is asked, shown and introduced."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from ecosystem import anonymity, emails, naming
from ecosystem.actions.cards import held, insist_on_open
from ecosystem.models import Partnership, Shortlist, ShortlistCard
from ecosystem.permissions import can_run_card, can_run_list, can_run_partners
from members.models import Membership, Organisation, User
from members.permissions import insist

Status = ShortlistCard.Status
# With fewer members of one kind and size in a region, the region tells who it is.
FEWEST_ALIKE = 3


@transaction.atomic
def add_shortlist(*, partnership: Partnership, by: User, **facts: object) -> Shortlist:
    """Begins a list for a partner. The partner sees nothing of it before cards are shown."""
    insist(can_run_partners(by))
    shortlist = Shortlist(partnership=partnership, created_by=by, **facts)
    insist(can_run_list(by, shortlist))
    shortlist.save()
    record("ecosystem.shortlist_added", by=by, on=shortlist)
    return shortlist


@transaction.atomic
def change_shortlist(*, shortlist: Shortlist, by: User, **facts: object) -> list[str]:
    """Changes what is given, and returns what did change. Once a company was asked, what is sought stays."""
    insist(can_run_list(by, shortlist))
    current = _locked(shortlist)
    changed = sorted(name for name, value in facts.items() if getattr(current, name) != value)
    if set(changed) - {"until"} and current.cards.exclude(status=Status.DRAFT).exists():
        raise Refused(_("Companies were asked with these words. Only the day until which they answer can change."))
    for name in changed:
        setattr(current, name, facts[name])
    if changed:
        current.save(update_fields=changed)
        record("ecosystem.shortlist_changed", by=by, on=current, fields=changed)
    return changed


@transaction.atomic
def close_shortlist(*, shortlist: Shortlist, by: User) -> None:
    """Nobody is asked or introduced any more; what was introduced stays. Twice is once."""
    insist(can_run_list(by, shortlist))
    current = _locked(shortlist)
    if current.is_open:
        current.status = Shortlist.Status.CLOSED
        current.save(update_fields=["status"])
        record("ecosystem.shortlist_closed", by=by, on=current)


def _locked(shortlist: Shortlist) -> Shortlist:
    rows = Shortlist.objects.select_for_update(of=("self",)).select_related("partnership__organisation")
    return rows.get(pk=shortlist.pk)


@transaction.atomic
def put_on(*, shortlist: Shortlist, organisations: Iterable[Organisation], by: User) -> int:
    """Drafts a card for each, in words of its profile that do not tell who it is. How many were not there yet."""
    insist(can_run_list(by, shortlist))
    insist_on_open(_locked(shortlist))
    return sum(_put_on(shortlist, organisation, by) for organisation in organisations)


def _put_on(shortlist: Shortlist, organisation: Organisation, by: User) -> bool:
    if not organisation.is_member or organisation.is_home:
        raise Refused(_("%(name)s is no member of the cluster.") % {"name": organisation})
    insist(can_run_card(by, ShortlistCard(shortlist=shortlist, organisation=organisation)))
    profile, names = getattr(organisation, "profile", None), naming.names_of(organisation)
    words = (
        {
            name: naming.safe_lines(lines, names)
            for name, lines in (("offers", profile.offer_lines), ("seeks", profile.seek_lines))
        }
        if profile
        else {}
    )
    defaults = _facts(organisation) | words
    card, is_new = ShortlistCard.objects.get_or_create(
        shortlist=shortlist, organisation=organisation, defaults=defaults
    )
    if is_new:
        record("ecosystem.card_drafted", by=by, on=card, organisation_id=organisation.pk)
    return is_new


def _facts(organisation: Organisation) -> dict[str, str]:
    return {"kind": organisation.kind, "size_class": organisation.size_class, "country": organisation.country}


def alike(organisation: Organisation, region: str = "") -> int:
    """How many members are of the same kind, size and country, and region if one is given: itself among them."""
    same = Organisation.objects.members().filter(is_home=False, nuts__startswith=region, **_facts(organisation))
    return same.count()


def _may_tell_region(organisation: Organisation, region: str) -> bool:
    return organisation.nuts.startswith(region) and alike(organisation, region) >= FEWEST_ALIKE


@transaction.atomic
def write_card(*, card: ShortlistCard, offers: str, seeks: str, with_region: bool, by: User) -> None:
    """The words and the place that the partner will see. Refuses words that tell who it is, and a region that does."""
    insist(can_run_card(by, card))
    current = held(card)
    if current.status != Status.DRAFT:
        raise Refused(_("This company was asked with these words. They stay as they are."))
    insist_on_anonymous(current.organisation, offers, seeks)
    region = current.organisation.nuts[:3] if with_region else ""
    if region and not _may_tell_region(current.organisation, region):
        raise Refused(
            _(
                "Fewer than three of our members in this region are of this kind and size: it would tell who it is. "
                "Leave the region out."
            )
        )
    current.offers, current.seeks, current.region = offers, seeks, region
    current.save(update_fields=["offers", "seeks", "region"])
    record("ecosystem.card_written", by=by, on=current, organisation_id=current.organisation_id)


def insist_on_anonymous(organisation: Organisation, *texts: str) -> None:
    """Refuses words that tell who a company is, and names them."""
    names = naming.names_of(organisation)
    found = [word for text in texts for word in anonymity.telling(text, names)]
    if found:
        words = ", ".join(f"“{word}”" for word in dict.fromkeys(found))
        raise Refused(_("These words tell who it is: %(words)s. Say it without them.") % {"words": words})


@transaction.atomic
def take_off(*, card: ShortlistCard, by: User) -> None:
    """Takes a company off the list that was not asked yet. Twice is once."""
    insist(can_run_list(by, card.shortlist))
    current = ShortlistCard.objects.select_for_update().filter(pk=card.pk).first()
    if current is None:
        return
    if current.status != Status.DRAFT:
        raise Refused(_("This company was asked already. It stays on the list."))
    record("ecosystem.card_taken_off", by=by, on=current, organisation_id=current.organisation_id)
    current.delete()


@transaction.atomic
def ask(*, shortlist: Shortlist, by: User) -> int:
    """Asks all companies on the list that were not asked yet, by mail to those who answer for them. How many."""
    insist(can_run_list(by, shortlist))
    current = _locked(shortlist)
    insist_on_open(current)
    if current.until < timezone.localdate():
        raise Refused(_("The day to answer has passed. Choose a later one first."))
    drafts = current.cards.for_page().select_for_update(of=("self",)).filter(status=Status.DRAFT).order_by("pk")
    return sum(_ask(card, by) for card in drafts)


def _ask(card: ShortlistCard, by: User) -> bool:
    company = card.organisation
    if not (card.offers or card.seeks):
        raise Refused(_("The card of %(name)s is empty. Write what it offers or looks for.") % {"name": company})
    try:
        insist_on_anonymous(company, card.offers, card.seeks)
    except Refused as refusal:
        raise Refused(f"{company}: {refusal}") from None
    people = list(company.memberships.who_answer())
    if not people:
        raise Refused(
            _("Nobody answers for %(name)s in the portal. Take it off the list, or invite somebody.")
            % {"name": company}
        )
    for name, value in _facts(company).items():
        setattr(card, name, value)
    if card.region and not _may_tell_region(company, card.region):
        card.region = ""
    card.status, card.asked_by, card.asked_at = Status.ASKED, by, timezone.now()
    card.save(update_fields=["status", "asked_by", "asked_at", "kind", "size_class", "country", "region"])
    record("ecosystem.card_asked", by=by, on=card, organisation_id=company.pk)
    _write_to(card, people)
    return True


def _write_to(card: ShortlistCard, people: Iterable[Membership]) -> None:
    for membership in people:
        emails.send_card_asked(card=card, to=membership.user)


@transaction.atomic
def show(*, shortlist: Shortlist, by: User) -> int:
    """Shows the partner all cards that were agreed to since, together: no moment tells who answered when. How many."""
    insist(can_run_list(by, shortlist))
    current = _locked(shortlist)
    insist_on_open(current)
    agreed = current.cards.select_for_update(of=("self",)).filter(status=Status.CONSENTED, organisation__is_member=True)
    agreed = list(agreed.order_by("pk"))
    if not agreed:
        return 0
    current.shown_at = timezone.now()
    current.save(update_fields=["shown_at"])
    for card in agreed:
        card.status = Status.SHOWN
        card.save(update_fields=["status"])
        record("ecosystem.card_shown", by=by, on=card, organisation_id=card.organisation_id)
    for membership in current.partnership.organisation.memberships.who_answer():
        emails.send_cards_shown(shortlist=current, count=len(agreed), to=membership.user)
    return len(agreed)

"""Which companies control one another: what organisations say, and which are one single undertaking.

Organisations are locked before undertakings, each in the order of their numbers.
"""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from members.models import LinkedCompany, Organisation, Undertaking, User
from members.permissions import can_answer_for, can_manage, insist


@transaction.atomic
def tell_linked(
    *, organisation: Organisation, name: str, country: str, link: str, by: User, registration_number: str = ""
) -> LinkedCompany:
    """The organisation says that it is linked to a company."""
    insist(can_answer_for(by, organisation))
    name = " ".join(name.split())
    if _same(name, organisation.name):
        raise Refused(_("%(name)s is your own company. Name the other one.") % {"name": name})
    facts = {"name": name, "country": country, "link": link, "registration_number": registration_number}
    try:
        with transaction.atomic():
            linked = LinkedCompany.objects.create(organisation=organisation, **facts)
    except IntegrityError:
        raise Refused(_("%(name)s stands on your list already.") % {"name": name}) from None
    _told(organisation)
    record("members.linked_company_told", by=by, on=linked, organisation_id=organisation.pk, link=link)
    return linked


@transaction.atomic
def take_back_linked(*, linked: LinkedCompany, by: User) -> None:
    """The organisation is not linked to a company any more. The cluster team decides what follows. Twice is once."""
    insist(can_answer_for(by, linked.organisation))
    current = LinkedCompany.objects.select_for_update().filter(pk=linked.pk).first()
    if current is None:
        return
    _told(linked.organisation)
    record("members.linked_company_taken_back", by=by, on=current, organisation_id=current.organisation_id)
    current.delete()


@transaction.atomic
def tell_no_links(*, organisation: Organisation, by: User) -> None:
    """The organisation says that no company controls it, and that it controls none."""
    insist(can_answer_for(by, organisation))
    if organisation.linked_companies.exists():
        raise Refused(_("Take the companies on your list away first."))
    _told(organisation)
    record("members.no_links_told", by=by, on=organisation, organisation_id=organisation.pk)


def _told(organisation: Organisation) -> None:
    Organisation.objects.filter(pk=organisation.pk).update(links_told_at=timezone.now())


@transaction.atomic
def settle_link(*, linked: LinkedCompany, is_organisation: Organisation | None, by: User) -> Undertaking | None:
    """The cluster team says which organisation a linked company is, which joins the two, or that it is none here."""
    insist(can_manage(by))
    if is_organisation is not None and is_organisation.pk == linked.organisation_id:
        raise Refused(_("A company is not linked to itself. Choose the other one."))
    changed = LinkedCompany.objects.filter(pk=linked.pk).update(
        is_organisation=is_organisation, settled_at=timezone.now()
    )
    if not changed:
        raise Refused(_("The organisation has taken this company off its list."))
    record(
        "members.link_settled", by=by, on=linked, organisation_id=linked.organisation_id, found=bool(is_organisation)
    )
    return join(organisations=[linked.organisation, is_organisation], by=by) if is_organisation else None


@transaction.atomic
def join(*, organisations: Iterable[Organisation], by: User) -> Undertaking:
    """Makes organisations one undertaking, with all others that are one with any of them. Twice is once."""
    insist(can_manage(by))
    pks = {each.pk for each in organisations}
    if len(pks) < 2:
        raise Refused(_("Choose two different organisations."))
    found = _locked(pks)
    if any(each.is_home for each in found):
        raise Refused(_("The cluster organisation itself is not joined with others."))
    old = {each.undertaking_id for each in found if each.undertaking_id}
    known = Undertaking.objects.filter(pk__in=old).order_by("pk").first()
    kept = known or Undertaking.objects.create(name=found[0].name)
    for each in found:
        if each.undertaking_id == kept.pk:
            continue
        Organisation.objects.filter(pk=each.pk).update(undertaking=kept)
        record("members.undertaking_joined", by=by, on=each, organisation_id=each.pk, undertaking=kept.pk)
    Undertaking.objects.filter(pk__in=old - {kept.pk}).delete()
    return kept


@transaction.atomic
def separate(*, organisation: Organisation, by: User) -> None:
    """The organisation stands alone from now on. Twice is once."""
    insist(can_manage(by))
    (current,) = (each for each in _locked({organisation.pk}) if each.pk == organisation.pk)
    if current.undertaking_id is None:
        return
    Organisation.objects.filter(pk=current.pk).update(undertaking=None)
    record(
        "members.undertaking_separated", by=by, on=current, organisation_id=current.pk,
        undertaking=current.undertaking_id,
    )  # fmt: skip


def undertaking_of(organisation: Organisation) -> Undertaking:
    """The organisation's undertaking, held until the end of the transaction; one of its own is made at first use.

    As long as it is held, no company joins it or leaves it.
    """
    current = Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation.pk)
    if current.undertaking_id is None:
        current.undertaking = Undertaking.objects.create(name=current.name)
        current.save(update_fields=["undertaking"])
    return Undertaking.objects.select_for_update(no_key=True).get(pk=current.undertaking_id)


def _locked(pks: set[int]) -> list[Organisation]:
    """The organisations and all that are one with them, by name, held with their undertakings."""
    while True:
        undertakings = _undertakings(pks)
        together = Organisation.objects.filter(Q(pk__in=pks) | Q(undertaking__in=undertakings))
        list(together.order_by("pk").select_for_update(no_key=True).values_list("pk"))
        rows = Undertaking.objects.filter(pk__in=undertakings).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk"))
        # Somebody may have joined them with others while we waited for the locks.
        if _undertakings(pks) == undertakings:
            return list(together.by_name())


def _undertakings(pks: set[int]) -> set[int]:
    rows = Organisation.objects.filter(pk__in=pks, undertaking__isnull=False)
    return set(rows.values_list("undertaking", flat=True))


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()

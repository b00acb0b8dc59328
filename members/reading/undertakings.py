"""Linked companies as they are told, looked through and settled."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import Lower

from members import codes
from members.models import LinkedCompany, Organisation, Undertaking

SHOWN_LINKS = 50


def links(organisation: Organisation) -> dict[str, object]:
    """What an organisation says of linked companies, and which organisations are one undertaking with it."""
    together = Organisation.objects.none()
    if organisation.undertaking_id:
        together = Organisation.objects.filter(undertaking=organisation.undertaking_id).exclude(pk=organisation.pk)
    return {"linked": list(organisation.linked_companies.order_by("pk")), "together": list(together.by_name())}


def waiting_links() -> list[LinkedCompany]:
    """What organisations said and the cluster team has not looked at, those that wait longest first."""
    rows = LinkedCompany.objects.filter(settled_at=None).select_related("organisation")
    return list(rows.order_by("told_at", "pk")[:SHOWN_LINKS])


def suggestions(linked: Iterable[LinkedCompany]) -> dict[int, list[Organisation]]:
    """For each linked company the organisations of its name, in one query: capitals and accents do not matter."""
    rows = list(linked)
    wanted = {codes.folded(each.name) for each in rows}
    names = Organisation.objects.filter(is_home=False).only("name", "slug")
    by_name: dict[str, list[Organisation]] = {}
    for each in names:
        if (name := codes.folded(each.name)) in wanted:
            by_name.setdefault(name, []).append(each)
    return {
        each.pk: [found for found in by_name.get(codes.folded(each.name), []) if found.pk != each.organisation_id]
        for each in rows
    }


def undertakings() -> QuerySet[Undertaking]:
    """Undertakings of more than one organisation, by name, with them."""
    rows = Undertaking.objects.annotate(companies=Count("organisations")).filter(companies__gt=1)
    return rows.prefetch_related(Prefetch("organisations", Organisation.objects.by_name())).order_by(
        Lower("name"), "pk"
    )

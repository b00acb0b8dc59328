"""Where the hours of services went: by service, by gap and by member, of one year."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Gap
from programme.models import ServiceRequest

DELIVERED = Q(status=ServiceRequest.Status.DELIVERED)


def delivered(year: int) -> QuerySet[ServiceRequest]:
    """What was delivered in a year."""
    return ServiceRequest.objects.filter(DELIVERED, delivered_on__range=(date(year, 1, 1), date(year, 12, 31)))


def years() -> list[int]:
    """The years in which something was delivered, and this one; the newest first."""
    found = ServiceRequest.objects.filter(DELIVERED).dates("delivered_on", "year")
    return sorted({timezone.localdate().year, *(each.year for each in found)}, reverse=True)


def overview(year: int) -> list[dict[str, object]]:
    """Three tables of the same figures."""
    gaps = dict(Gap.choices)
    heads = (
        ("service", _("By service"), "service__name", str),
        ("gap", _("By gap"), "service__gap", gaps.__getitem__),
        ("member", _("By member"), "organisation__name", str),
    )
    return [{"key": key, "title": title, "rows": _rows(year, name, label)} for key, title, name, label in heads]


def _rows(year: int, name: str, label) -> list[dict[str, object]]:
    found = delivered(year).values(name).order_by()
    sums = found.annotate(n=Count("pk"), agreed=Sum("agreed_hours"), spent=Sum("delivered_hours"),
                          helped=Avg("satisfied"), judged=Count("satisfied"))  # fmt: skip
    return [each | {"label": label(each[name])} for each in sums.order_by("-spent", name)]


def as_file(year: int) -> Iterator[list[object]]:
    """Every delivered request of the year, for a spreadsheet."""
    yield [_("Service"), _("Gap"), _("Function"), _("Member"), _("Asked on"), _("Hours agreed"), _("Delivered on"),
           _("Hours spent"), _("Did it help (1 to 5)"), _("In the member's words")]  # fmt: skip
    rows = delivered(year).select_related("service", "organisation").order_by("delivered_on", "pk")
    for each in rows.iterator(chunk_size=500):
        service = each.service
        yield [service.name, service.get_gap_display(), service.get_function_display(), each.organisation.name,
               timezone.localdate(each.asked_at).isoformat(), each.agreed_hours, each.delivered_on.isoformat(),
               each.delivered_hours, each.satisfied or "", each.satisfied_words]  # fmt: skip

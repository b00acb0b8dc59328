"""The catalogue as a member finds it, the matrix as the cluster team does, and the requests."""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from members import needs
from members.models import Gap, NeedsAssessment, Organisation, User
from programme.actions.requests import OPEN
from programme.models import Service, ServiceRequest
from programme.querysets import ServiceRequestQuerySet


class Need(NamedTuple):
    """What an organisation lacks, and how we know."""

    gap: Gap
    year: int
    about: list[str]

    @property
    def reason(self) -> str:
        """As the page says it."""
        words = {"year": self.year, "about": "; ".join(f"“{each}”" for each in self.about)}
        return _("You said in %(year)s that you need help with %(about)s.") % words


def needs_of(organisation: Organisation) -> dict[str, Need]:
    """The gaps of an organisation that count as a need, by the newest assessment; the greatest first."""
    newest = NeedsAssessment.objects.filter(organisation=organisation).exclude(answers={}).order_by("-year").first()
    if newest is None:
        return {}
    means = needs.gaps_of(newest.answers)
    found = sorted((gap for gap, mean in means.items() if mean >= needs.NEED_FROM), key=lambda gap: -means[gap])
    return {gap: Need(gap, newest.year, _said(gap, newest)) for gap in found}


def _said(gap: Gap, assessment: NeedsAssessment) -> list[str]:
    """The questions of a gap that were answered with a need."""
    asked = [each for each in needs.QUESTIONS if each.gap == gap]
    return [str(each.text) for each in asked if assessment.answers.get(each.key, 0) >= needs.NEED_FROM]


def catalogue(user: User, organisation: Organisation | None) -> dict[str, object]:
    """Services that fit the needs of the organisation first, each with its reason; then the others."""
    services = list(Service.objects.visible_to(user).select_related("provider").order_by("gap", "function", "name"))
    wanted = needs_of(organisation) if organisation else {}
    open_now = _open_requests(organisation)
    rows = [_row(each, wanted.get(each.gap), open_now.get(each.pk)) for each in services]
    order = list(wanted)
    fitting = [row for row in rows if row["service"].gap in wanted and row["service"].is_offered]
    return {
        "organisation": organisation,
        "fitting": sorted(fitting, key=lambda row: order.index(row["service"].gap)),
        "others": [row for row in rows if row not in fitting and row["service"].is_offered],
        "stopped": [row for row in rows if not row["service"].is_offered],
        "has_told": bool(wanted) or (organisation and organisation.needs_assessments.exists()),
    }


def _row(service: Service, need: Need | None, asked: ServiceRequest | None) -> dict[str, object]:
    return {"service": service, "reason": need.reason if need else "", "open": asked}


def _open_requests(organisation: Organisation | None) -> dict[int, ServiceRequest]:
    if organisation is None:
        return {}
    return {each.service_id: each for each in organisation.service_requests.filter(status__in=OPEN)}


def requests(user: User) -> ServiceRequestQuerySet:
    """What this person may see, the newest first."""
    rows = ServiceRequest.objects.visible_to(user).select_related("service", "organisation", "asked_by")
    return rows.order_by("-asked_at", "-pk")


def requests_as_file(rows: ServiceRequestQuerySet) -> Iterator[list[object]]:
    """Each request with what was agreed, delivered and said of it."""
    yield [
        _("Service"), _("Member"), _("Asked by"), _("Asked on"), _("What they need"), _("State"), _("Hours agreed"),
        _("By"), _("What was agreed, or why not"), _("Delivered on"), _("Hours spent"), _("Did it help (1 to 5)"),
        _("In the member's words"),
    ]  # fmt: skip
    for each in rows.iterator(chunk_size=500):
        yield [
            each.service.name, each.organisation.name, each.asked_by or "",
            timezone.localdate(each.asked_at).isoformat(), each.words, each.get_status_display(), each.agreed_hours,
            each.due_on, each.answer, each.delivered_on, each.delivered_hours, each.satisfied, each.satisfied_words,
        ]  # fmt: skip


def first_answer(request: ServiceRequest) -> dict[str, object]:
    """With what an answer begins: as it was agreed, or the hours that the service usually takes."""
    hours = request.service.hours if request.agreed_hours is None else request.agreed_hours
    return {"agreed_hours": hours, "due_on": request.due_on, "answer": request.answer}


def request_row(request: ServiceRequest) -> dict[str, object]:
    """A request with its age in days, its sign and whether it is late."""
    today = timezone.localdate()
    signs = {"asked": "look", "agreed": "busy", "delivered": "good"}
    return {
        "request": request,
        "sign": signs.get(request.status, "quiet"),
        "age": (today - timezone.localdate(request.asked_at)).days,
        "is_late": request.status == ServiceRequest.Status.AGREED and bool(request.due_on) and request.due_on < today,
    }


def counts(service: Service) -> dict[str, int]:
    """How often a service was asked for and delivered."""
    delivered = Count("pk", filter=Q(status=ServiceRequest.Status.DELIVERED))
    return service.requests.aggregate(asked=Count("pk"), delivered=delivered)


def need_counts(year: int) -> tuple[dict[str, int], int]:
    """How many members need each gap this year, and how many have told anything."""
    told = NeedsAssessment.objects.filter(year=year, organisation__is_member=True).exclude(answers={})
    found: dict[str, int] = defaultdict(int)
    rows = list(told.values_list("answers", flat=True))
    for answers in rows:
        for gap, mean in needs.gaps_of(answers).items():
            found[gap] += mean >= needs.NEED_FROM
    return dict(found), len(rows)

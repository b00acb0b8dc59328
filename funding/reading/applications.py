"""What the pages of an application show: its steps with what is missing, its state, and the list of own ones."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.clocks import second_in
from funding import checklist, links
from funding.forms.questions import shown
from funding.models import Application, Decision, FundingCall, Partner, Question, Submission
from funding.permissions import can_apply_for, can_write
from funding.reading import decisions
from members.models import Membership, Organisation, User

STEPS = (
    (checklist.CONSORTIUM, _("Consortium")),
    (checklist.PROJECT, _("Project")),
    (checklist.BUDGET, _("Budget")),
    (checklist.DECLARATIONS, _("Declarations")),
    (checklist.ATTACHMENTS, _("Attachments")),
    (checklist.CHECK, _("Check and hand in")),
)
STATES = {
    Application.Status.DRAFT: ("busy", _("Draft")),
    Application.Status.SUBMITTED: ("good", _("Handed in")),
    Application.Status.AMENDING: ("look", _("Handed in, being amended")),
    Application.Status.WITHDRAWN: ("quiet", _("Withdrawn")),
}
PARTNER_STATES = {
    Partner.Status.DRAFT: ("quiet", _("Not invited yet")),
    Partner.Status.INVITED: ("busy", _("Invited")),
    Partner.Status.CONFIRMED: ("good", _("Confirmed")),
    Partner.Status.DECLINED: ("stop", _("Declined")),
}


def page_context(application: Application, user: User, step: str = "") -> dict[str, object]:
    """What each page of an application is made with."""
    points = checklist.checklist(application, moment=timezone.now())
    blocking = [point for point in points if point.blocks and point.rule != "deadline"]
    verdict = can_write(user, application)
    call = application.call
    return {
        "application": application,
        "call": call,
        "points": points,
        "steps": _steps(application, blocking, step),
        "missing": by_step(application, blocking),
        "may_write": verdict,
        "may_apply": can_apply_for(user, application.lead),
        "state": _state(application),
        "deadline": second_in(call.deadline, call.time_zone),
        "may_withdraw": call.phase in (FundingCall.Phase.OPEN, FundingCall.Phase.REVIEW),
        "is_decided": Decision.objects.told().filter(application=application).exists(),
        "last": application.submissions.order_by("-number").first(),
    }


def _steps(application: Application, blocking: Sequence[checklist.Point], current: str) -> list[dict[str, object]]:
    lacking = {point.step for point in blocking}
    if lacking:
        lacking.add(checklist.CHECK)
    return [
        {
            "label": label,
            "url": reverse(f"funding:{name}", args=[application.reference]),
            "state": "current" if name == current else "todo" if name in lacking else "done",
        }
        for name, label in STEPS
    ]


def by_step(application: Application, blocking: Sequence[checklist.Point]) -> list[dict[str, object]]:
    """What is missing, by the step where it is mended."""
    labels = dict(STEPS)
    return [
        {
            "label": labels[step],
            "url": reverse(f"funding:{step}", args=[application.reference]),
            "points": list(points),
        }
        for step, points in groupby(blocking, key=lambda point: point.step)
    ]


def own_applications(user: User) -> QuerySet[Application]:
    """What a person's organisations lead or take part in, the newest first."""
    own = [each.organisation_id for each in user.all_memberships if not each.organisation.is_home]
    parts = Partner.objects.filter(organisation__in=own, is_lead=False)
    found = Application.objects.of(user).select_related("call", "lead", "decision")
    return found.prefetch_related(Prefetch("partners", parts, to_attr="own_parts")).order_by("-changed_at", "-pk")


def rows(applications: Iterable[Application], user: User) -> list[dict[str, object]]:
    """The list of own applications as the page shows it."""
    return [
        {
            "application": each,
            "state": _state(each),
            "is_late": each.status == Application.Status.DRAFT and not each.call.takes_applications,
            "leads": any(m.organisation_id == each.lead_id for m in user.all_memberships),
        }
        for each in applications
    ]


def _state(application: Application) -> tuple[str, object]:
    decision = getattr(application, "decision", None)
    if decision and decision.told_at and application.status != Application.Status.WITHDRAWN:
        return decisions.STATES[Decision.Outcome(decision.outcome)], decision.get_outcome_display()
    return STATES[Application.Status(application.status)]


def may_lead(user: User) -> list[Organisation]:
    """For which organisations a person applies."""
    roles = {Membership.Role.OWNER, Membership.Role.EDITOR}
    return [m.organisation for m in user.all_memberships if m.role in roles and not m.organisation.is_home]


def applying(user: User, calls: Sequence[FundingCall]) -> dict[int, list[dict[str, object]]]:
    """By call: for which organisations a person applies, what each has begun, and whether it may begin another."""
    mine = may_lead(user) if user.is_authenticated else []
    rows = Application.objects.filter(call__in=calls, lead__in=mine).exclude(status=Application.Status.WITHDRAWN)
    begun: dict[tuple[int, int], list[Application]] = {}
    for each in rows.select_related("call", "lead", "decision").order_by("number") if mine else ():
        begun.setdefault((each.call_id, each.lead_id), []).append(each)
    return {
        call.pk: [
            {
                "organisation": each,
                "begun": [{"application": row, "state": _state(row)} for row in begun.get((call.pk, each.pk), [])],
                "may_start": not (call.one_consortium_only and begun.get((call.pk, each.pk))),
            }
            for each in mine
        ]
        for call in calls
    }


def part_url(application: Application, user: User) -> str:
    """The own part of somebody whose organisation takes part without leading; "" when there is none to open."""
    own = {organisation.pk for organisation in may_lead(user)}
    invited = application.partners.exclude(status=Partner.Status.DRAFT).filter(is_lead=False, organisation__in=own)
    part = invited.first()
    return reverse("funding:partner_part", args=[links.token_of(part)]) if part else ""


def consortium(application: Application) -> list[dict[str, object]]:
    """Every partner with its state in words."""
    partners = application.partners.select_related("funder").order_by("position", "pk")
    return [{"partner": each, "state": PARTNER_STATES[Partner.Status(each.status)]} for each in partners]


def handed_in(submission: Submission, *, with_figures: bool) -> dict[str, object]:
    """What was handed in, for a page. Answers and figures of partners are for the cluster team, and the lead's own."""
    content = dict(submission.content)
    content["answers"] = _in_words(content.get("answers", []))
    content["partners"] = [
        {
            **each,
            **{name: Decimal(each[name] or 0) for name in ("total", "grant", "own_money")},
            "costs": [cost | {"amount": Decimal(cost["amount"])} for cost in each["costs"]],
            "figures": None,
            "answers": _in_words(each["answers"]) if with_figures or each["is_lead"] else [],
        }
        for each in content.get("partners", [])
    ]
    hidden = {each["id"] for each in content["partners"] if not each["is_lead"] and not with_figures}
    content["attachments"] = [each for each in content.get("attachments", []) if each["partner"] not in hidden]
    call: FundingCall = submission.application.call
    return {"submission": submission, "content": content, "at": second_in(submission.at, call.time_zone)}


def _in_words(answers: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    return [each | {"shown": shown(Question(kind=each["kind"]), each["value"])} for each in answers]

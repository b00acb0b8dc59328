"""What the pages of the needs assessment show."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from core.models import AuditEvent
from members import needs
from members.models import NeedsAssessment, Organisation, User
from members.permissions import can_edit_organisation

ASKED = len(needs.QUESTIONS)


def this_year() -> int:
    """The year that an assessment counts for now."""
    return timezone.localdate().year


def of_organisation(organisation: Organisation, user: User) -> dict[str, object]:
    """This year's answers, those before as a hint, and each year's gaps; two questions to the database."""
    rows = NeedsAssessment.objects.visible_to(user).filter(organisation=organisation).select_related("filled_in_by")
    by_year = {each.year: each for each in rows.order_by("-year")}
    year = this_year()
    earlier = [each for each in by_year.values() if each.year < year]
    return {
        "organisation": organisation,
        "year": year,
        "assessment": by_year.get(year),
        "before": next(iter(earlier), None),
        "history": [history_row(each) for each in by_year.values()],
        "may_edit": can_edit_organisation(user, organisation),
        "asked": ASKED,
    }


def history_row(assessment: NeedsAssessment) -> dict[str, object]:
    """One year in words: the mean of each gap, and whether it counts as a need."""
    return {
        "assessment": assessment,
        "answered": len(assessment.answers),
        "gaps": [
            {"gap": gap, "mean": mean, "is_need": mean >= needs.NEED_FROM}
            for gap, mean in needs.gaps_of(assessment.answers).items()
        ],
    }


def without(year: int) -> QuerySet[Organisation]:
    """Members that have not answered all questions of the year, with what they said and when they were reminded."""
    whole = NeedsAssessment.objects.with_answers_to(needs.KEYS).filter(organisation=OuterRef("pk"), year=year)
    said = Prefetch("needs_assessments", NeedsAssessment.objects.order_by("-year"), to_attr="assessed")
    reminded = AuditEvent.objects.filter(
        action="members.needs_reminded", organisation_id=OuterRef("pk"), details__year=year
    )
    rows = Organisation.objects.members().exclude(Exists(whole)).annotate(reminded_at=reminded.values("at")[:1])
    return rows.prefetch_related(said).by_name()


def worklist_row(organisation: Organisation, year: int) -> dict[str, object]:
    """One of them: how far it is, and the year it last told."""
    now = next((each for each in organisation.assessed if each.year == year), None)
    return {
        "organisation": organisation,
        "answered": len(now.answers) if now else 0,
        "last_year": next((each.year for each in organisation.assessed if each.year < year), None),
        "reminded_at": organisation.reminded_at,
    }

"""What this room holds on organisations and people. Answers to surveys are nobody's: no row says whose they are."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, ADDRESS, NAME, Holding, Person, register
from evaluations.models import FollowUp, Invitee, Outcome, Query, Wave

AS_THE_WAVE = _("As long as the survey: it shows how many were asked")
FOR_REPORTS = _("Without an end: reports count it, in protected figures")


def _take_out(person: Person) -> None:
    """Whoever has not answered is not asked any more. A closed wave stays as it was counted."""
    waiting = Invitee.objects.filter(email__in=person.addresses, wave__status=Wave.Status.OPEN, has_answered=False)
    waiting.update(is_taken_out=True)


HOLDINGS = (
    Holding(
        model=Invitee,
        name=_("Surveys that the person was asked in"),
        purpose=_("Sending the link, and a reminder to who has not answered"),
        kept_for=AS_THE_WAVE,
        fields=("wave__name", "company", "person", "email", "language", "created_at", "has_answered", "has_declined",
                "reminders", "reminded_at"),
        addresses=("email",),
        ends=_take_out,
        overwritten={"person": NAME, "email": ADDRESS, "link_version": F("link_version") + 1},
    ),
    Holding(
        model=Invitee,
        name=_("Surveys that it was asked in"),
        purpose=_("Asking each company once, through one person"),
        kept_for=AS_THE_WAVE,
        # Whether an answer came is for the person alone.
        fields=("wave__name", "person", "email", "size_class", "country", "section", "experience", "created_at"),
        organisation="organisation",
    ),
    Holding(
        model=FollowUp,
        name=_("Questions what came of something"),
        purpose=_("Learning after 3 and 12 months what an interest, a grant or a service led to"),
        kept_for=FOR_REPORTS,
        fields=("organisation__name", "months", "email", "began_on", "asked_at", "reminded_at", "answered_at"),
        organisation="organisation",
        addresses=("email",),
        overwritten={"email": ADDRESS},
    ),
    Holding(
        model=Outcome,
        name=_("What came of interests, meetings, grants and services"),
        purpose=_("Proving to funders what the cluster's work leads to"),
        kept_for=FOR_REPORTS,
        fields=("source", "opportunity__title", "round__name", "activity__name", "months", "rung", "amount",
                "attribution", "words", "began_on", "told_on"),
        organisation="organisation",
    ),
    Holding(
        model=Query,
        name=_("Tables that were asked for"),
        purpose=_("Protecting figures: what was answered before decides what may be shown next"),
        kept_for=FOR_REPORTS,
        fields=("subject", "dimensions", "filters", "at"),
        users=("by",),
        overwritten={"by_label": NAME},
    ),
)  # fmt: skip

register(
    "evaluations",
    _("Evaluations"),
    HOLDINGS,
    left_out={
        ACTS: [
            "BenchmarkImport.by", "Preparation.started_by", "Query.started_by", "Questionnaire.created_by",
            "QuestionnaireVersion.published_by", "Report.started_by", "ReportLink.created_by", "Wave.created_by",
        ],
        "How far a member came with an opportunity: worked out each hour from rows that are listed.": [
            "Journey.organisation",
        ],
    },
)  # fmt: skip

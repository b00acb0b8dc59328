"""What this room holds on organisations and people."""

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, ADDRESS, NAME, Holding, Person, register
from matchmaking.actions.leaving import withdraw
from matchmaking.models import MeetingRequest, Outcome, Participant, Round, RoundPartner, Seat, Wish

FOR_REPORTS = _("Without an end: reports of rounds count it")
TWO_TOOK_PART = _("Two took part in it. The other one keeps what was agreed; the name is gone.")
# A draft of a timetable is nobody's to see.
PUBLISHED = Q(timetable=F("timetable__round__timetable"))


def _leave_rounds(person: Person) -> None:
    rows = Participant.objects.filter(email__in=person.addresses)
    ahead = rows.exclude(round__status__in=(Round.Status.OVER, Round.Status.CANCELLED))
    for participant in ahead.filter(status=Participant.Status.CONFIRMED).order_by("round", "pk"):
        withdraw(participant=participant)
    asked = ahead.filter(status=Participant.Status.INVITED)
    asked.update(status=Participant.Status.WITHDRAWN, status_at=timezone.now())


HOLDINGS = (
    Holding(
        model=Participant,
        name=_("Places in matchmaking rounds"),
        purpose=_("Inviting somebody, finding meetings that fit, and telling where and when they are"),
        kept_for=FOR_REPORTS,
        fields=("round__name", "cluster__name", "company", "person", "email", "phone", "country", "town", "website",
                "time_zone", "size_class", "summary", "offers", "seeks", "nace_codes", "languages", "quota", "status",
                "status_at", "shows_name", "shows_name_at", "keeps_profile", "keeps_profile_at", "chosen_at",
                "reminded_at", "checked_in_at", "arrives_at", "no_show_at", "created_at"),
        addresses=("email",),
        ends=_leave_rounds,
        overwritten={"person": NAME, "email": ADDRESS, "phone": "", "keeps_profile": False,
                     "link_version": F("link_version") + 1},
    ),
    Holding(
        model=Participant,
        name=_("Who takes part for it in matchmaking rounds"),
        purpose=_("Inviting the organisation, and finding meetings that fit"),
        kept_for=FOR_REPORTS,
        fields=("round__name", "company", "person", "email", "summary", "offers", "seeks", "nace_codes", "languages",
                "status", "status_at", "shows_name", "shows_name_at", "keeps_profile", "created_at"),
        organisation="organisation",
    ),
    Holding(
        model=Participant,
        name=_("Companies that it brings to matchmaking rounds"),
        purpose=_("Inviting them in its name"),
        kept_for=FOR_REPORTS,
        fields=("round__name", "company", "status", "created_at"),
        organisation="cluster",
    ),
    Holding(
        model=RoundPartner,
        name=_("Rounds that it is a partner of"),
        purpose=_("Bringing companies to a round"),
        kept_for=FOR_REPORTS,
        fields=("round__name", "places"),
        organisation="organisation",
    ),
    Holding(
        model=Wish,
        name=_("Wishes for meetings"),
        purpose=_("Making a timetable; nobody reads them"),
        kept_for=FOR_REPORTS,
        fields=("participant__round__name", "kind", "at"),
        addresses=("participant__email",),
        kept_because=_("The timetable was made from them. They stand with a place that has no name any more."),
    ),
    Holding(
        model=MeetingRequest,
        name=_("Requests to meet that were sent"),
        purpose=_("Agreeing on a meeting"),
        kept_for=FOR_REPORTS,
        fields=("sender__round__name", "sentence", "status", "slot__starts_at", "created_at"),
        organisation="sender__organisation",
        addresses=("sender__email",),
        kept_because=TWO_TOOK_PART,
    ),
    Holding(
        model=MeetingRequest,
        name=_("Requests to meet that were answered"),
        purpose=_("Agreeing on a meeting"),
        kept_for=FOR_REPORTS,
        fields=("receiver__round__name", "answer", "status", "slot__starts_at", "created_at", "answered_at"),
        organisation="receiver__organisation",
        addresses=("receiver__email",),
        kept_because=TWO_TOOK_PART,
    ),
    Holding(
        model=Seat,
        name=_("Meetings, and what was said of them"),
        purpose=_("The timetable of a day, and seeing whether meetings were worth it"),
        kept_for=FOR_REPORTS,
        fields=("timetable__round__name", "slot__starts_at", "meeting__status", "held", "relevance", "next_step",
                "words", "told_at"),
        addresses=("participant__email",),
        only=PUBLISHED,
        kept_because=TWO_TOOK_PART,
    ),
    Holding(
        model=Seat,
        name=_("Meetings"),
        purpose=_("The timetable of a day"),
        kept_for=FOR_REPORTS,
        fields=("timetable__round__name", "slot__starts_at", "meeting__status"),
        organisation="participant__organisation",
        only=PUBLISHED,
    ),
    Holding(
        model=Outcome,
        name=_("What came of meetings"),
        purpose=_("Proving to funders what the cluster's meetings lead to, in protected figures"),
        kept_for=FOR_REPORTS,
        fields=("seat__timetable__round__name", "months", "stage", "amount", "attribution", "words", "told_at"),
        addresses=("seat__participant__email",),
        kept_because=_("It tells of the company, in figures without names."),
    ),
)  # fmt: skip

register(
    "matchmaking",
    _("Matchmaking rounds"),
    HOLDINGS,
    left_out={ACTS: ["ForbiddenPair.by", "Round.created_by", "Timetable.published_by", "Timetable.started_by"]},
)

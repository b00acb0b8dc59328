"""Members who got nothing: nothing opened, no interest, no meeting in twelve months. With what to do next."""

from dateutil.relativedelta import relativedelta
from django.contrib.postgres.lookups import Unaccent
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.models import Outcome
from matchmaking.models import Meeting, Seat
from members.models import Organisation
from opportunities.models import Feedback, Showing

NOBODY, NO_PROFILE, NOTHING_SHOWN, NOT_OPENED = range(4)
FEWEST_STEPS = 2  # with fewer of the five questions answered the filter has hardly anything to go by


def got_nothing() -> QuerySet[Organisation]:
    """Those members, each with `state`: what stands in the way first."""
    now = timezone.now()
    since = now - relativedelta(months=12)
    own = {"organisation": OuterRef("pk")}
    did = Feedback.objects.filter(**own, at__gte=since).exclude(kind=Feedback.Kind.HANDED_OVER)
    met = Seat.objects.standing().filter(
        participant__organisation=OuterRef("pk"),
        meeting__status=Meeting.Status.HELD,
        timetable=F("participant__round__timetable"),
        slot__ends_at__gte=since,
    )
    told = Outcome.objects.filter(**own, told_on__gte=since.date())
    shown = Showing.objects.filter(**own, last_at__gte=since).exclude(channel=Showing.Channel.FOLDED)
    times = shown.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    rows = Organisation.objects.members().for_list().filter(~Exists(did), ~Exists(met), ~Exists(told))
    state = Case(
        When(people=0, then=NOBODY),
        When(steps__lt=FEWEST_STEPS, then=NO_PROFILE),
        When(~Q(Exists(shown)), then=NOTHING_SHOWN),
        default=Value(NOT_OPENED),
        output_field=IntegerField(),
    )
    return rows.annotate(state=state, shown=Coalesce(Subquery(times), 0)).order_by(
        "state", Lower(Unaccent("name")), "pk"
    )


def row(organisation: Organisation) -> dict[str, object]:
    """A line: who, why, and where the manager goes on."""
    feed = reverse("opportunities:member_feed", args=[organisation.slug])
    page = organisation.get_absolute_url()
    why, label, url = {
        NOBODY: (
            _("Nobody of them has come in yet."),
            _("Invite somebody"),
            reverse("members:invite", args=[organisation.slug]),
        ),
        NO_PROFILE: (_("The profile says too little to find anything."), _("Look at the profile"), page),
        NOTHING_SHOWN: (_("Nothing was shown: they have not looked, or nothing fits."), _("See what fits"), feed),
        NOT_OPENED: (
            ngettext(
                "%(n)s opportunity was shown, and not opened.", "%(n)s were shown, and none opened.", organisation.shown
            )
            % {"n": organisation.shown},
            _("Hand one over"),
            feed,
        ),
    }[organisation.state]
    size = organisation.get_size_class_display()
    return {"organisation": organisation, "size": size, "why": why, "label": label, "url": url, "page": page}


def counts(found: QuerySet[Organisation]) -> dict[str, int]:
    """How many there are, out of how many members."""
    return {"without": found.count(), "members": Organisation.objects.members().count()}

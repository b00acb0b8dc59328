"""The groups that companies count in: where each comes from, and in which words it is shown."""

from collections.abc import Mapping
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F
from django.utils.translation import gettext as _

from core import codelists
from core.templatetags.portal import country
from evaluations.models import Segment
from matchmaking.models import Seat
from members.models import Organisation, SizeClass
from opportunities.models import Feedback

GROUPS = ("size_class", "country", "section", "experience")
# How far back interests and meetings count as experience, and from how many on somebody is experienced.
YEARS_BACK, EXPERIENCED = 3, 4


def section(code: str) -> str:
    """The NACE section above a code: 28.9 is in C. "" for what the list does not hold."""
    if code not in codelists.nace():
        return ""
    return (codelists.ancestors(codelists.nace(), code) or [code])[-1]


def sections() -> list[tuple[str, str]]:
    """The 22 sections as choices."""
    return [(code, f"{code} {entry.label}") for code, entry in sorted(codelists.nace().items()) if len(code) == 1]


def label(group: str, value: str) -> str:
    """A value of a group in words."""
    if not value:
        return _("Not known")
    if group == "country":
        return country(value)
    if group == "section":
        return dict(sections()).get(value, value)
    choices = {"size_class": SizeClass.choices, "experience": Segment.Experience.choices}[group]
    return str(dict(choices).get(value, value))


def groups_of(organisation: Organisation) -> dict[str, str]:
    """The groups that it counts in now, as far as the portal knows them. Needs the profile at hand."""
    codes = organisation.profile.nace_codes if hasattr(organisation, "profile") else []
    return {
        "size_class": organisation.size_class or "",
        "country": organisation.country,
        "section": section(codes[0]) if codes else "",
    }


def experience(times: int) -> str:
    """From how often a company showed interest or met somebody within three years."""
    if times == 0:
        return Segment.Experience.FIRST_STEPS
    return Segment.Experience.EXPERIENCED if times >= EXPERIENCED else Segment.Experience.SOME


def times_on_record(at: datetime) -> Mapping[int, int]:
    """Organisation -> interests it showed and meetings it held in the three years before."""
    since = at - relativedelta(years=YEARS_BACK)
    interests = Feedback.objects.filter(kind=Feedback.Kind.INTERESTED, at__gt=since, at__lte=at)
    met = Seat.objects.standing().filter(
        meeting__status="held",
        timetable=F("participant__round__timetable"),
        slot__ends_at__gt=since,
        slot__ends_at__lte=at,
        participant__organisation__isnull=False,
    )
    times: dict[int, int] = {}
    counts = (
        interests.order_by().values_list("organisation").annotate(n=Count("pk")),
        met.order_by().values_list("participant__organisation").annotate(n=Count("meeting", distinct=True)),
    )
    for rows in counts:
        for organisation, n in rows:
            times[organisation] = times.get(organisation, 0) + n
    return times

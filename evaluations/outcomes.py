"""What came of things, gathered from the rooms below: one record for each source and time, one journey for each pair.

Gathering again changes nothing; what was changed or taken back below follows. It writes what differs and no more.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from random import SystemRandom

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core.locks import only_one
from ecosystem.models import ShortlistCard
from evaluations import instrument
from evaluations.filters.outcomes import EVERYTHING, TWELVE_MONTHS, since
from evaluations.groups import GROUPS, groups_of, section
from evaluations.models import Outcome, Rung, Wave
from evaluations.reading import funnel
from funding.models import Grant, PartnerSearch
from funding.reading.consortia import applied_elsewhere
from funding.reading.grants import GrantOutcome, outcomes_of_grants
from matchmaking.models import Outcome as MeetingOutcome
from members.models import Organisation
from programme.models import ServiceRequest

CHUNK = 2_000
# What decides whether a record is as it should be; all of it is written.
CONTENT = ("organisation_id", "opportunity_id", "round_id", "grant_id", "service_request_id", "introduction_id",
           "size_class", "country", "section", "rung", "amount", "attribution", "words", "began_on",
           "told_on")  # fmt: skip
PARTICIPANT = ("organisation_id", "round_id", "size_class", "country", "nace_codes")
OF_A_MEETING = (
    *("pk", "seat_id", "months", "stage", "amount", "attribution", "words", "told_at", "seat__slot__starts_at"),
    *(f"seat__participant__{name}" for name in PARTICIPANT),
)


def gather() -> None:
    """Everything, if nobody else is at it."""
    with only_one("evaluations.gather") as is_ours:
        if is_ours:
            gather_meetings()
            gather_grants()
            gather_searches()
            gather_services()
            gather_introductions()
            gather_surveys()
            gather_journeys()
            for period in (TWELVE_MONTHS, EVERYTHING):
                funnel.prepare(since(period))


# --- meetings ---------------------------------------------------------------------------------------------------------


def gather_meetings() -> int:
    """What sides of meetings told, as outcomes. How many were written or removed."""
    known: set[tuple[str, int]] = set()
    changed = 0
    for rows in _told_of_meetings():
        wanted = {(row.source_key, row.months): row for row in rows}
        known |= wanted.keys()
        changed += _write(wanted, Outcome.Source.MEETING)
    gone = [
        pk
        for pk, key, months in Outcome.objects.filter(source=Outcome.Source.MEETING)
        .values_list("pk", "source_key", "months")
        .iterator()
        if (key, months) not in known
    ]
    Outcome.objects.filter(pk__in=gone).delete()
    return changed + len(gone)


def _told_of_meetings() -> Iterator[list[Outcome]]:
    """In chunks, in the order in which they came. What a given-up seat said does not count: it did not meet."""
    last = 0
    while True:
        found = MeetingOutcome.objects.filter(pk__gt=last, seat__is_given_up=False).order_by("pk")
        rows = list(found.values(*OF_A_MEETING)[:CHUNK])
        if not rows:
            return
        last = rows[-1]["pk"]
        yield [_of_a_meeting(row) for row in rows]


def _of_a_meeting(row: Mapping[str, object]) -> Outcome:
    who = {name: row[f"seat__participant__{name}"] for name in PARTICIPANT}
    return Outcome(
        source=Outcome.Source.MEETING,
        source_key=f"seat:{row['seat_id']}",
        months=row["months"],
        organisation_id=who["organisation_id"],
        round_id=who["round_id"],
        size_class=who["size_class"],
        country=who["country"],
        section=section(who["nace_codes"][0]) if who["nace_codes"] else "",
        rung=row["stage"],
        amount=row["amount"],
        attribution=row["attribution"],
        words=row["words"],
        began_on=timezone.localdate(row["seat__slot__starts_at"]),
        told_on=timezone.localdate(row["told_at"]),
    )


def _write(wanted: Mapping[tuple[str, int], Outcome], source: str) -> int:
    """Writes those that are new or differ from what is on record."""
    keys = {key for key, _months in wanted}
    rows = Outcome.objects.filter(source=source, source_key__in=keys)
    present = {(row.source_key, row.months): [getattr(row, name) for name in CONTENT] for row in rows}
    stale = [row for key, row in wanted.items() if present.get(key) != [getattr(row, name) for name in CONTENT]]
    Outcome.objects.bulk_create(
        stale,
        update_conflicts=True,
        unique_fields=["source", "source_key", "months"],
        update_fields=[name.removesuffix("_id") for name in CONTENT],
    )
    return len(stale)


# --- grants -----------------------------------------------------------------------------------------------------------


def gather_grants() -> int:
    """What grants to members prove by themselves: an opportunity, a project. How many were written.

    What came of them later, their beneficiaries tell: see `follow_ups`. A grant is never removed.
    """
    changed = 0
    told = outcomes_of_grants()
    while rows := list(islice(told, CHUNK)):
        found = Grant.objects.filter(pk__in=[row.grant_id for row in rows], organisation__is_member=True)
        whose = {each.pk: each.organisation for each in found.select_related("organisation__profile")}
        wanted = {
            (f"grant:{row.grant_id}", 0): _of_a_grant(row, whose[row.grant_id]) for row in rows if row.grant_id in whose
        }
        changed += _write(wanted, Outcome.Source.GRANT)
    return changed


def _of_a_grant(row: GrantOutcome, organisation: Organisation) -> Outcome:
    return Outcome(
        source=Outcome.Source.GRANT,
        source_key=f"grant:{row.grant_id}",
        grant_id=row.grant_id,
        opportunity_id=row.topic_id,
        organisation=organisation,
        **groups_of(organisation),
        rung=row.rung,
        began_on=row.granted_on,
        told_on=row.reached_on,
    )


# --- partner searches -------------------------------------------------------------------------------------------------


def gather_searches() -> int:
    """Applications that consortia of members handed in elsewhere: an opportunity that each of them works on.

    How many were written or removed. What came of them later, they tell: see `follow_ups`.
    """
    wanted = {}
    for search, organisation in applied_elsewhere():
        if organisation.is_member:
            row = _of_a_search(search, organisation)
            wanted[row.source_key, 0] = row
    gone = [
        pk
        for pk, key in Outcome.objects.filter(source=Outcome.Source.INTEREST, months=0).values_list("pk", "source_key")
        if (key, 0) not in wanted
    ]
    return _write(wanted, Outcome.Source.INTEREST) + Outcome.objects.filter(pk__in=gone).delete()[0]


def _of_a_search(search: PartnerSearch, organisation: Organisation) -> Outcome:
    return Outcome(
        source=Outcome.Source.INTEREST,
        source_key=f"interest:{organisation.pk}:{search.topic_id}",
        organisation=organisation,
        opportunity_id=search.topic_id,
        **groups_of(organisation),
        rung=Rung.OPPORTUNITY,
        began_on=timezone.localdate(search.started_at),
        told_on=search.outcome_on,
    )


# --- services ---------------------------------------------------------------------------------------------------------

# What a member says of a service on the day: that it helped is new knowledge; that it did not at all is nothing.
HELPED, NOT_AT_ALL = 4, 1


def gather_services() -> int:
    """What members said of services at once: new knowledge, or nothing. How many were written or removed.

    What came of them later they tell after 3 and 12 months: see `follow_ups`.
    """
    said = ServiceRequest.objects.filter(status=ServiceRequest.Status.DELIVERED, organisation__is_member=True)
    rows = said.filter(Q(satisfied__gte=HELPED) | Q(satisfied=NOT_AT_ALL)).select_related("organisation__profile")
    known: set[str] = set()
    changed, told = 0, rows.order_by("pk").iterator(chunk_size=CHUNK)
    while found := list(islice(told, CHUNK)):
        wanted = {(each.source_key, 0): each for each in map(_of_a_service, found)}
        known |= {key for key, _months in wanted}
        changed += _write(wanted, Outcome.Source.SERVICE)
    at_once = Outcome.objects.filter(source=Outcome.Source.SERVICE, months=0)
    gone = [pk for pk, key in at_once.values_list("pk", "source_key") if key not in known]
    return changed + Outcome.objects.filter(pk__in=gone).delete()[0]


def _of_a_service(request: ServiceRequest) -> Outcome:
    organisation = request.organisation
    return Outcome(
        source=Outcome.Source.SERVICE,
        source_key=f"service:{request.pk}",
        service_request_id=request.pk,
        organisation=organisation,
        **groups_of(organisation),
        rung=Rung.KNOWLEDGE if request.satisfied >= HELPED else Rung.NOTHING,
        words=request.satisfied_words[:400],
        began_on=request.delivered_on,
        told_on=request.satisfied_on,
    )


# --- introductions ----------------------------------------------------------------------------------------------------

# What the cluster team hears of an introduction: two that are in touch have a contact, whether they met or not.
HEARD = {
    ShortlistCard.Outcome.CONTACT: Rung.CONTACT,
    ShortlistCard.Outcome.MEETING: Rung.CONTACT,
    ShortlistCard.Outcome.AGREEMENT: Rung.AGREEMENT,
    ShortlistCard.Outcome.NOTHING: Rung.NOTHING,
}


def gather_introductions() -> int:
    """What the cluster team noted of introductions. How many were written or removed.

    The company itself tells after 3 and 12 months: see `follow_ups`. The team's note is not the company's words.
    """
    noted = ShortlistCard.objects.introduced().filter(outcome__in=HEARD, organisation__is_member=True)
    rows = noted.select_related("shortlist", "organisation__profile").order_by("pk")
    wanted = {(each.source_key, 0): each for each in map(_of_an_introduction, rows)}
    at_once = Outcome.objects.filter(source=Outcome.Source.INTRODUCTION, months=0)
    gone = [pk for pk, key in at_once.values_list("pk", "source_key") if (key, 0) not in wanted]
    return _write(wanted, Outcome.Source.INTRODUCTION) + Outcome.objects.filter(pk__in=gone).delete()[0]


def _of_an_introduction(card: ShortlistCard) -> Outcome:
    organisation = card.organisation
    return Outcome(
        source=Outcome.Source.INTRODUCTION,
        source_key=f"intro:{card.pk}",
        introduction_id=card.pk,
        opportunity_id=card.shortlist.opportunity_id,
        organisation=organisation,
        **groups_of(organisation),
        rung=HEARD[card.outcome],
        began_on=timezone.localdate(card.revealed_at),
        told_on=timezone.localdate(card.outcome_at),
    )


# --- surveys ----------------------------------------------------------------------------------------------------------


def gather_surveys() -> int:
    """What companies told in waves that have closed, once for each wave. How many were written."""
    gathered = Outcome.objects.filter(source=Outcome.Source.SURVEY, wave=OuterRef("pk"))
    waves = Wave.objects.filter(status=Wave.Status.CLOSED).exclude(Exists(gathered)).select_related("version")
    return sum(_gather_wave(wave) for wave in waves)


@transaction.atomic
def _gather_wave(wave: Wave) -> int:
    """Each row is one company's furthest step, in an order by chance: no number leads back to an answer."""
    rungs = _rungs(instrument.read(wave.version.content))
    if not rungs:
        return 0
    said = wave.responses.complete().values(*GROUPS, "answers")
    told = [(row, _furthest(row["answers"], rungs)) for row in said]
    rows = [Outcome(rung=rung, **{name: row[name] for name in GROUPS}) for row, rung in told if rung]
    SystemRandom().shuffle(rows)
    for number, row in enumerate(rows, start=1):
        row.source, row.wave, row.source_key = Outcome.Source.SURVEY, wave, f"wave:{wave.pk}:{number}"
    Outcome.objects.bulk_create(rows, batch_size=CHUNK)
    return len(rows)


def _rungs(questionnaire: instrument.Questionnaire) -> dict[str, dict[str, str]]:
    """For each question about results the rung of each option; what stands alone, such as "nothing yet", is nothing."""
    return {
        question.key: {
            option.key: option.rung or Rung.NOTHING for option in question.options if option.rung or option.alone
        }
        for question in questionnaire.questions
        if question.facet == "results" and any(option.rung for option in question.options)
    }


def _furthest(answers: Mapping[str, object], rungs: Mapping[str, Mapping[str, str]]) -> str:
    """The highest rung that an answer stands on; blank where nothing was said."""
    said = [(question, answers.get(question) or []) for question in rungs]
    told = [
        rungs[question][key]
        for question, given in said
        for key in ([given] if isinstance(given, str) else given)
        if key in rungs[question]
    ]
    return max(told, key=Rung.values.index, default="")


# --- journeys ---------------------------------------------------------------------------------------------------------

# A step that was passed over counts as made with the next one: who is interested has opened it in some way.
JOURNEYS = """
WITH shown AS (
    SELECT organisation_id, opportunity_id, min(first_at) AS at,
           (array_agg(first_rank ORDER BY first_at) FILTER (WHERE channel = 'feed'))[1] AS rank,
           (array_agg(coalesce(first_reasons[1], '') ORDER BY first_at))[1] AS reason
    FROM opportunities_showing WHERE channel <> 'folded' GROUP BY 1, 2
), said AS (
    SELECT organisation_id, opportunity_id,
           min(at) FILTER (WHERE kind <> 'handed_over') AS opened_at,
           min(at) FILTER (WHERE kind = 'handed_over') AS handed_at,
           min(at) FILTER (WHERE kind = 'not_for_us') AS declined_at,
           min(at) FILTER (WHERE kind = 'interested') AS interested_at
    FROM opportunities_feedback GROUP BY 1, 2
), came AS (
    SELECT organisation_id, opportunity_id,
           min(told_on) FILTER (WHERE rung IN ('contact', 'opportunity', 'project', 'agreement', 'sales')) AS met_on,
           min(told_on) FILTER (WHERE rung IN ('project', 'agreement', 'sales')) AS project_on,
           min(told_on) FILTER (WHERE rung IN ('agreement', 'sales')) AS contract_on
    FROM evaluations_outcome WHERE source IN ('interest', 'grant', 'intro') AND opportunity_id IS NOT NULL GROUP BY 1, 2
), journey AS (
    SELECT organisation_id, opportunity_id, member.size_class AS size_class, shown.rank AS rank,
           coalesce(shown.reason, CASE WHEN handed_at IS NOT NULL THEN 'handed_over' END, '') AS reason,
           least(shown.at, opened_at, handed_at) AS shown_at, opened_at, interested_at,
           CASE WHEN interested_at IS NULL THEN declined_at END AS declined_at,
           CASE WHEN interested_at IS NOT NULL THEN met_on END AS met_on,
           CASE WHEN interested_at IS NOT NULL THEN project_on END AS project_on,
           CASE WHEN interested_at IS NOT NULL THEN contract_on END AS contract_on
    FROM shown FULL JOIN said USING (organisation_id, opportunity_id)
    LEFT JOIN came USING (organisation_id, opportunity_id)
    JOIN members_organisation member ON member.id = organisation_id
    WHERE least(shown.at, opened_at, handed_at) IS NOT NULL
)"""
STEPS = ("size_class", "rank", "reason", "shown_at", "opened_at", "interested_at", "declined_at", "met_on",
         "project_on", "contract_on")  # fmt: skip
ALL, PRESENT, FRESH = (", ".join(f"{of}{name}" for name in STEPS) for of in ("", "present.", "excluded."))
# Nothing but the names of columns is put into these.
WRITE = f"""{JOURNEYS}
INSERT INTO evaluations_journey AS present (organisation_id, opportunity_id, {ALL})
SELECT organisation_id, opportunity_id, {ALL} FROM journey
ON CONFLICT (organisation_id, opportunity_id) DO UPDATE SET ({ALL}) = ROW ({FRESH})
WHERE ({PRESENT}) IS DISTINCT FROM ({FRESH})
"""  # noqa: S608
REMOVE = f"""{JOURNEYS}
DELETE FROM evaluations_journey present WHERE NOT EXISTS (
    SELECT FROM journey WHERE journey.organisation_id = present.organisation_id
                          AND journey.opportunity_id = present.opportunity_id
)
"""  # noqa: S608


@transaction.atomic
def gather_journeys() -> int:
    """How far each pair has come, in two statements. How many were written or removed."""
    with connection.cursor() as cursor:
        changed = 0
        for statement in (WRITE, REMOVE):
            cursor.execute(statement)
            changed += cursor.rowcount
    return changed

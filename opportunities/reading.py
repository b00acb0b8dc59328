"""What the pages read, each in a constant number of queries."""

from dataclasses import replace
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from members.models import Organisation
from opportunities import cards, filter_runs, filtering, gather
from opportunities.filtering.rank import score_pairs
from opportunities.lists import EXPLAINED
from opportunities.models import Feedback, Match, MatchList, Opportunity, RefusedRecord

SHOWN = 5
OLDER = 10
CHOSEN_FROM = EXPLAINED
JUST_NOW = timedelta(minutes=10)  # so long an answered card stays where it was, with its way back
A_WEEK = timedelta(days=7)
FITTING = 12
CLOSE_MISSES = 8


# --- the member's feed -----------------------------------------------------------------------------------------------


def feed(organisation: Organisation) -> dict[str, object]:
    """The first few cards, the older ones folded, and what was read for this member this week."""
    chosen = _chosen(organisation)
    opportunities = _with_answers(organisation).in_bulk(chosen)
    matches = {match.opportunity_id: match for match in Match.objects.of(organisation, chosen)}
    found = [cards.card(opportunities[pk], reasons=cards.why(opportunities[pk], matches.get(pk))) for pk in chosen]
    return {
        "cards": found[:SHOWN],
        "older": found[SHOWN:],
        "read_this_week": Opportunity.objects.filter(created_at__gte=timezone.now() - A_WEEK).count(),
        "list_state": "" if found else _list_state(organisation),
    }


def _list_state(organisation: Organisation) -> str:
    """How an empty list stands: the first is being made, it is being made anew, or it is really empty."""
    seen = MatchList.objects.filter(organisation=organisation, run_id=F("organisation__match_state__run_id"))
    made_of = seen.select_related("run__model").defer("run__model__payload").first()
    if made_of is None:
        return "first"
    now = gather.signatures(made_of.run.model, gather.members(Organisation.objects.filter(pk=organisation.pk)))
    return "empty" if now.get(organisation.pk) == made_of.signature else "anew"


def _chosen(organisation: Organisation) -> list[int]:
    """What the feed shows, in order: handed over, what fits best, and where it was what was answered just now."""
    alive = Opportunity.objects.published().open()
    mine = Feedback.objects.filter(organisation=organisation, opportunity__in=alive)
    answered = mine.said().values("opportunity")
    handed = mine.filter(kind=Feedback.Kind.HANDED_OVER).exclude(opportunity__in=answered).order_by("-at", "-pk")
    chosen = list(handed.values_list("opportunity_id", flat=True)[:SHOWN])
    chosen += _varied(organisation, leave_out=chosen)
    just_now = mine.said().filter(at__gte=timezone.now() - JUST_NOW).exclude(rank_shown=None)
    for rank, pk in just_now.order_by("rank_shown", "at").values_list("rank_shown", "opportunity_id"):
        if pk not in chosen:
            chosen.insert(rank - 1, pk)
    return chosen[: SHOWN + OLDER]


def _varied(organisation: Organisation, *, leave_out: list[int]) -> list[int]:
    """The best that are not answered yet; no publisher fills the page alone, and what says the same comes later."""
    rows = Match.objects.shown_to(organisation).exclude(opportunity_id__in=leave_out)
    rows = rows.values_list("opportunity_id", "key", "run__model_id", "opportunity__organisation")[:CHOSEN_FROM]
    matches = tuple(filtering.Match(pk, key) for pk, key, _model, _publisher in rows)
    vectors = gather.vectors(rows[0][2], [match.opportunity_id for match in matches]) if matches else {}
    if len(vectors) < len(matches):  # a new epoch has begun, and the lists of the old one are still seen
        return [match.opportunity_id for match in matches]
    whole = filtering.MatchList(organisation.pk, matches, 0)
    publishers = {pk: publisher for pk, _key, _model, publisher in rows}
    shown = filtering.diversified(whole, vectors, publishers, size=SHOWN + OLDER)
    return [match.opportunity_id for match in shown]


def _with_answers(organisation: Organisation) -> QuerySet[Opportunity]:
    return (
        Opportunity.objects.with_answers_of(organisation)
        .select_related("note_by")
        .defer("description", "details", "codes", "search")
    )


def rank_of(opportunity: Opportunity, organisation: Organisation) -> int | None:
    """Where an opportunity stands in a member's feed, counted from 1."""
    chosen = _chosen(organisation)
    return chosen.index(opportunity.pk) + 1 if opportunity.pk in chosen else None


def one_card(opportunity: Opportunity, organisation: Organisation) -> dict[str, object]:
    """One card again, after an answer, as the feed shows it."""
    fresh = _with_answers(organisation).get(pk=opportunity.pk)
    match = Match.objects.of(organisation, [opportunity.pk]).first()
    return cards.card(fresh, reasons=cards.why(fresh, match))


def answered(organisation: Organisation, kind: str) -> QuerySet[Feedback]:
    """A member's answers of one kind, newest first."""
    said = Feedback.objects.filter(organisation=organisation, kind=kind).select_related("opportunity__source")
    return said.defer("opportunity__description", "opportunity__search").order_by("-at", "-pk")


def for_member(opportunity: Opportunity, organisation: Organisation) -> dict[str, object]:
    """What a detail page tells one member: why, or why not, and what they said."""
    shown = one_card(opportunity, organisation)
    refusals: list[str] = []
    if not shown["reasons"]:
        shown["reasons"], refusals = explain_pair(opportunity, organisation)
    return {"card": shown, "refusals": refusals}


def explain_pair(opportunity: Opportunity, organisation: Organisation) -> tuple[list[str], list[str]]:
    """Why a pair fits and which hard rules speak against it, computed now."""
    (member,) = gather.members(Organisation.objects.filter(pk=organisation.pk)) or (None,)
    model = filter_runs.current_model()
    if member is None or model is None:
        return [], []
    (supply,), today = gather.opportunities([opportunity]), timezone.localdate()
    others = tuple(said for said in member.feedback if said.opportunity_id != opportunity.pk)
    refusals = filtering.why_not(replace(member, feedback=others), supply, today=today)
    if refusals:
        return [], [filtering.sentence(refusal.reason) for refusal in refusals]
    vector = gather.vectors(model, [opportunity.pk]).get(opportunity.pk)
    if vector is None:
        return [], []
    (query,) = gather.queries(model, [member])
    return gather.sentences(gather.reasons(model, query, supply, vector, today=today)), []


def details(opportunity: Opportunity) -> dict[str, object]:
    """The foot of a detail page: codes, further facts, where it was seen."""
    return {
        "codes": [code for code in opportunity.codes if code["label"]],
        "more": [
            {"label": name.replace("_", " ").capitalize(), "value": value}
            for name, value in opportunity.details.items()
            if isinstance(value, str) and value
        ],
        "records": list(opportunity.records.select_related("source").defer("raw").order_by("first_seen_at", "pk")),
    }


# --- the manager's inbox ---------------------------------------------------------------------------------------------


def who_fits(opportunity: Opportunity) -> dict[str, object]:
    """The members it would be worth the time of, best first with reasons, and whom only a hard rule keeps out."""
    model = filter_runs.current_model()
    members = gather.members(Organisation.objects.members())
    if model is None or not members:
        return {"fitting": [], "missed": [], "is_ready": model is not None}
    vector = gather.vectors(model, [opportunity.pk]).get(opportunity.pk)
    if vector is None:
        return {"fitting": [], "missed": [], "is_ready": False}
    today, (supply,) = timezone.localdate(), gather.opportunities([opportunity])
    queries = gather.queries(model, members)
    index = filtering.Index.build(gather.engine_model(model.sha256), {supply.id: vector}, [supply])
    scored = filtering.rank(index, queries, today=today, keep=1)
    best = sorted((each for each in scored if each.matches), key=lambda each: -each.matches[0].key)
    by_id = {query.member.id: query for query in queries}
    slugs = dict(Organisation.objects.members().values_list("pk", "slug"))
    fitting = [
        _fit(query, slugs) | {"reasons": _told(query, gather.reasons(model, query, supply, vector, today=today))}
        for query in (by_id[each.member_id] for each in best[:FITTING])
    ]
    return {
        "fitting": fitting,
        "more": max(0, len(best) - FITTING),
        "missed": _near_misses(index, queries, supply, slugs),
        "is_ready": True,
        "asked": len(members),
    }


def _fit(query: filtering.MemberQuery, slugs: dict[int, str]) -> dict[str, object]:
    return {"id": query.member.id, "name": query.member.name, "slug": slugs[query.member.id]}


def _told(query: filtering.MemberQuery, kept: list[list]) -> list[str]:
    """Reasons told to the manager about the member."""
    reasons = (filtering.Reason(code, values) for code, values in kept)
    return [filtering.sentence(reason, about=query.member.name, translate=gettext) for reason in reasons]


def _near_misses(index, queries, supply: filtering.Opportunity, slugs: dict[int, str]) -> list[dict[str, object]]:
    """Members whom only a hard rule keeps out: on content alone it would be worth their time."""
    raw = score_pairs(index, queries)[:, 0]
    today = timezone.localdate()
    missed = []
    for score, query in sorted(zip(raw.tolist(), queries, strict=True), key=lambda pair: (-pair[0], pair[1].member.id)):
        if score < filtering.WORTH_YOUR_TIME or len(missed) == CLOSE_MISSES:
            break
        if refusals := filtering.why_not(query.member, supply, today=today):
            kept = [[each.reason.code, each.reason.values] for each in refusals]
            missed.append(_fit(query, slugs) | {"refusals": _told(query, kept)})
    return missed


def answers(user) -> QuerySet[Feedback]:
    """What members have said, newest first, with who and what."""
    found = Feedback.objects.visible_to(user).answers().select_related("organisation", "opportunity", "user")
    return found.defer("opportunity__description", "opportunity__search", "opportunity__details").order_by("-at", "-pk")


def refusals(run) -> QuerySet[RefusedRecord]:
    """What a reading refused, in the order of the file."""
    return run.refusals.defer("raw").order_by("pk")


def inbox_figures() -> dict[str, int]:
    """How the pile stands."""
    return Opportunity.objects.aggregate(
        inbox=Count("pk", filter=Q(status="inbox") & (Q(closes_at=None) | Q(closes_at__gte=timezone.now()))),
        published=Count("pk", filter=Q(status="published")),
    )

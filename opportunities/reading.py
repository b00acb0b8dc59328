"""What the pages read, each in a constant number of queries."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import takewhile

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from members.models import Organisation
from opportunities import cards, filter_runs, filtering, gather, words
from opportunities.filtering.rank import score_pairs
from opportunities.lists import EXPLAINED
from opportunities.models import (
    Feedback,
    Match,
    MatchList,
    Opportunity,
    RefusedRecord,
    ScoreModel,
    Showing,
    Source,
    SourceRecord,
)

SHOWN = 5
OLDER = 10
CHOSEN_FROM = EXPLAINED
JUST_NOW = timedelta(minutes=10)  # so long an answered card stays where it was, with its way back
A_WEEK = timedelta(days=7)
FITTING = 12
CLOSE_MISSES = 8
DOUBTS = 25


# --- the member's feed -----------------------------------------------------------------------------------------------


def feed(organisation: Organisation, *, about: str = "") -> dict[str, object]:
    """The first few cards, the older ones folded, and what was read for this member this week.

    With `about`, the member's name, its reasons are told to somebody else.
    """
    chosen = _chosen(organisation)
    opportunities = _with_answers(organisation).in_bulk(chosen)
    matches = {match.opportunity_id: match for match in Match.objects.of(organisation, chosen)}
    found = [_card(opportunities[pk], matches.get(pk), about=about) for pk in chosen]
    return {
        "cards": found[:SHOWN],
        "older": found[SHOWN:],
        "read_this_week": Opportunity.objects.filter(created_at__gte=timezone.now() - A_WEEK).count(),
        "list_state": "" if found else _list_state(organisation),
    }


def showings(organisation: Organisation, page: dict[str, object]) -> list[Showing]:
    """What a page of the feed puts before the member, as rows to be kept; what is answered already is left out."""
    ways = [Showing.Channel.FEED] * len(page["cards"]) + [Showing.Channel.FOLDED] * len(page["older"])
    return as_showings(organisation, [*page["cards"], *page["older"]], ways)


def as_showings(organisation: Organisation, found: list[dict[str, object]], ways: list[str]) -> list[Showing]:
    """Cards in the order in which a member has them before it, each with its way."""
    return [
        Showing(
            organisation=organisation,
            opportunity_id=card["id"],
            channel=way,
            first_rank=rank,
            first_reasons=card["reason_codes"],
        )
        for rank, (card, way) in enumerate(zip(found, ways, strict=True), start=1)
        if not card["answer"]
    ]


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


def standing(opportunity: Opportunity, organisation: Organisation) -> dict[str, object]:
    """What an answer is kept with: where an opportunity stands in the member's feed now, and with which reasons."""
    chosen = _chosen(organisation)
    rank = chosen.index(opportunity.pk) + 1 if opportunity.pk in chosen else None
    return {"rank_shown": rank, "reasons_shown": _reason_codes(opportunity, organisation)}


def _reason_codes(opportunity: Opportunity, organisation: Organisation) -> list[str]:
    """By the present list; of what has left the list because of an answer, those that it had before."""
    fresh, match = _as_listed(opportunity, organisation)
    if codes := cards.why_codes(fresh, match):
        return codes
    answered = Feedback.objects.filter(organisation=organisation, opportunity=opportunity).exclude(reasons_shown=[])
    shown = Showing.objects.filter(organisation=organisation, opportunity=opportunity)
    before = answered.order_by("-at").values_list("reasons_shown", flat=True).first()
    return before or shown.order_by("-last_at").values_list("last_reasons", flat=True).first() or []


def one_card(opportunity: Opportunity, organisation: Organisation) -> dict[str, object]:
    """One card again, after an answer, as the feed shows it."""
    card = _card(*_as_listed(opportunity, organisation))
    if not card["reasons"]:  # the last run left it out because it was answered
        pair = explain_pair(opportunity, organisation)
        card["reasons"] = pair.reasons if pair.is_close else []
    return card


def _as_listed(opportunity: Opportunity, organisation: Organisation) -> tuple[Opportunity, Match | None]:
    fresh = _with_answers(organisation).get(pk=opportunity.pk)
    return fresh, Match.objects.of(organisation, [opportunity.pk]).first()


def _card(opportunity: Opportunity, match: Match | None, *, about: str = "") -> dict[str, object]:
    codes = cards.why_codes(opportunity, match)
    return cards.card(opportunity, reasons=cards.why(opportunity, match, about=about), codes=codes)


def answered(organisation: Organisation, kind: str) -> QuerySet[Feedback]:
    """A member's answers of one kind, newest first."""
    said = Feedback.objects.filter(organisation=organisation, kind=kind).select_related("opportunity__source")
    return said.defer("opportunity__description", "opportunity__search").order_by("-at", "-pk")


def for_member(opportunity: Opportunity, organisation: Organisation) -> dict[str, object]:
    """What a detail page tells one member: why, or why not, what is shared all the same, and what they said."""
    shown = _card(*_as_listed(opportunity, organisation))
    pair = Pair() if shown["reasons"] else explain_pair(opportunity, organisation)
    if pair.is_close:
        shown |= {"reasons": pair.reasons, "reason_codes": pair.codes}
    is_far = pair.was_read and not pair.is_close and not pair.refusals
    return {"card": shown, "refusals": pair.refusals, "is_far": is_far, "shared": pair.reasons if is_far else []}


@dataclass(frozen=True)
class Pair:
    """What the filter says now of one opportunity and one member."""

    reasons: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    is_close: bool = False
    was_read: bool = False


def explain_pair(opportunity: Opportunity, organisation: Organisation) -> Pair:
    """Why a pair fits, which hard rules speak against it and whether it is worth the time, computed now."""
    (member,) = gather.members(Organisation.objects.filter(pk=organisation.pk)) or (None,)
    model = filter_runs.current_model()
    if member is None or model is None:
        return Pair()
    (supply,), today = gather.opportunities([opportunity]), timezone.localdate()
    others = replace(member, feedback=tuple(said for said in member.feedback if said.opportunity_id != supply.id))
    if refusals := filtering.why_not(others, supply, today=today):
        return Pair(refusals=[filtering.sentence(refusal.reason) for refusal in refusals], was_read=True)
    vector = gather.vectors(model, [supply.id]).get(supply.id)
    if vector is None:
        return Pair()
    (query,) = gather.queries(model, [member])
    index = filtering.Index.build(gather.engine_model(model.sha256), {supply.id: vector}, [supply])
    (ranked,) = filtering.rank(index, [replace(query, member=others)], today=today, keep=1)
    kept = gather.reasons(model, query, supply, vector, today=today)
    codes = [code for code, _values in kept]
    return Pair(gather.sentences(kept), codes, is_close=bool(ranked.matches), was_read=True)


def details(opportunity: Opportunity) -> dict[str, object]:
    """The text of a detail page and its foot: codes, further facts, where it was seen."""
    return {
        "codes": [code for code in opportunity.codes if code["label"]],
        "more": words.further_facts(opportunity.details),
        "summary": words.summary(opportunity.summary, opportunity.description),
        "paragraphs": list(words.paragraphs(opportunity.description)),
        "records": _spoken(opportunity),
    }


def _spoken(opportunity: Opportunity) -> list[SourceRecord]:
    """Who spoke of it, in that order. `instead_of` names the portals whose words a network has taken over."""
    rows = list(opportunity.records.select_related("source").defer("raw").order_by("first_seen_at", "pk"))
    peers = list(takewhile(lambda row: row.format == Source.Format.EXCHANGE, rows))
    if peers and len(peers) < len(rows):
        rows[len(peers)].instead_of = ", ".join(dict.fromkeys(row.source.name for row in peers))
    return rows


# --- the manager's inbox ---------------------------------------------------------------------------------------------


def who_fits(opportunity: Opportunity, among: QuerySet[Organisation]) -> dict[str, object]:
    """Those it would be worth the time of, best first with reasons, and whom only a hard rule keeps out."""
    model = filter_runs.current_model()
    vector = gather.vectors(model, [opportunity.pk]).get(opportunity.pk) if model else None
    (supply,) = gather.opportunities([opportunity])
    return _fitting(model, supply, vector, among)


def who_fits_words(words: str, among: QuerySet[Organisation]) -> dict[str, object]:
    """The same for what somebody looks for in plain words: read as a partnering request that nobody has kept."""
    model = filter_runs.current_model()
    wanted = filtering.Opportunity(id=1, kind="partnering", partnering_type="BR", text=words)
    vector = gather.engine_model(model.sha256).opportunity_vector(wanted) if model else None
    return _fitting(model, wanted, vector, among)


def _fitting(
    model: ScoreModel | None,
    supply: filtering.Opportunity,
    vector: filtering.OpportunityVector | None,
    among: QuerySet[Organisation],
) -> dict[str, object]:
    members = gather.members(among) if vector is not None else []
    if not members:
        return {"fitting": [], "missed": [], "is_ready": vector is not None}
    today = timezone.localdate()
    queries = gather.queries(model, members)
    index = filtering.Index.build(gather.engine_model(model.sha256), {supply.id: vector}, [supply])
    scored = filtering.rank(index, queries, today=today, keep=1)
    best = sorted((each for each in scored if each.matches), key=lambda each: -each.matches[0].key)
    by_id = {query.member.id: query for query in queries}
    slugs = dict(among.values_list("pk", "slug"))
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


def handed_to(opportunity: Opportunity) -> QuerySet[Feedback]:
    """To whom a manager has handed an item over, first things first."""
    handed = Feedback.objects.filter(opportunity=opportunity, kind=Feedback.Kind.HANDED_OVER)
    return handed.select_related("organisation").order_by("at", "pk")


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


def brought(run) -> dict[str, object]:
    """What a finished reading brought that wants a word: new ones that have closed, and what it was in doubt about."""
    mine = Opportunity.objects.filter(records__import_run=run).distinct()
    doubtful = mine.filter(details__has_key="notes").order_by("pk").only("title", "reference", "details")
    return {
        "new_and_closed": mine.filter(created_at__gte=run.created_at).closed().count(),
        "doubtful": [{"opportunity": each, "notes": each.details["notes"]} for each in doubtful[:DOUBTS]],
    }

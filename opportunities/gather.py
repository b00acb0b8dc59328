"""From rows of the database to what the filter's engine reads, in a constant number of queries."""

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.core.cache import cache
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from members.models import Organisation
from opportunities import filtering
from opportunities.filtering.vectors import side_of
from opportunities.models import Feedback, Opportunity, OpportunityVector, ScoreModel

# Euro reference rates, rounded: a soft factor compares orders of magnitude, not invoices.
EUR_PER_UNIT = {
    "EUR": 1.0, "SEK": 0.09, "DKK": 0.134, "NOK": 0.085, "PLN": 0.23, "GBP": 1.15, "CHF": 1.05, "CZK": 0.04,
    "HUF": 0.0025, "RON": 0.2, "BGN": 0.511, "ISK": 0.0068, "USD": 0.9,
}  # fmt: skip
ORGANISATION_KINDS = {
    Organisation.Kind.RESEARCH: "research",
    Organisation.Kind.PUBLIC: "public",
    Organisation.Kind.CLUSTER: "cluster",
    Organisation.Kind.INTERMEDIARY: "intermediary",
}


def members(organisations: QuerySet[Organisation]) -> list[filtering.Member]:
    """The organisations as the engine's members, in order of their ids."""
    rows = (
        organisations.filter(profile__isnull=False)
        .select_related("profile")
        .prefetch_related(Prefetch("feedback", queryset=Feedback.objects.order_by("pk"), to_attr="all_feedback"))
        .order_by("pk")
    )
    return [_member(row) for row in rows]


def _member(organisation: Organisation) -> filtering.Member:
    profile = organisation.profile
    return filtering.Member(
        id=organisation.pk,
        name=organisation.name,
        country=organisation.country,
        organisation_kind=_organisation_kind(organisation),
        size_class=organisation.size_class,
        text=profile.summary,
        offers=tuple(profile.offer_lines),
        seeks=tuple(profile.seek_lines),
        keywords=tuple(profile.technologies),
        codes=tuple(filtering.Code("nace", code) for code in profile.nace_codes),
        markets=tuple(profile.markets),
        languages=tuple(profile.languages),
        kinds=tuple(profile.kinds),
        hours_a_month=profile.hours_a_month,
        cofinance_eur_a_year=profile.cofinance_eur_a_year,
        trl_min=profile.trl_min,
        trl_max=profile.trl_max,
        feedback=tuple(
            filtering.Feedback(said.opportunity_id, said.kind, said.reason) for said in organisation.all_feedback
        ),
    )


def _organisation_kind(organisation: Organisation) -> str:
    if organisation.kind == Organisation.Kind.COMPANY:
        return {"": "", "large": "large"}.get(organisation.size_class, "sme")
    return ORGANISATION_KINDS[Organisation.Kind(organisation.kind)]


def digest(*parts: object) -> str:
    """A fingerprint of values that are written out the same in every process."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def signatures(model: ScoreModel, found: list[filtering.Member]) -> dict[int, str]:
    """For each member a fingerprint of all that its query depends on: profile, answers, and what was answered."""
    answered = {said.opportunity_id for member in found for said in member.feedback}
    rows = OpportunityVector.objects.filter(model=model, opportunity_id__in=answered)
    known = dict(rows.values_list("opportunity_id", "content_hash"))
    return {member.id: digest(member, [known.get(said.opportunity_id) for said in member.feedback]) for member in found}


def opportunities(rows: Iterable[Opportunity]) -> list[filtering.Opportunity]:
    """The rows as the engine's opportunities."""
    return [_opportunity(row) for row in rows]


def _opportunity(row: Opportunity) -> filtering.Opportunity:
    rate = EUR_PER_UNIT.get(row.currency or "EUR")
    return filtering.Opportunity(
        id=row.pk,
        kind=row.kind,
        partnering_type=row.partnering_type,
        title=row.title,
        summary=row.summary,
        text=row.description,
        keywords=tuple(row.keywords),
        codes=tuple(filtering.Code(code["scheme"], code["code"], code["label"]) for code in row.codes),
        countries=tuple(row.countries),
        target_countries=tuple(row.target_countries),
        target_kinds=tuple(row.target_kinds),
        target_sizes=tuple(row.target_sizes),
        deadline=timezone.localtime(row.deadline).date() if row.deadline else None,
        budget_min_eur=float(row.budget_min) * rate if rate and row.budget_min is not None else None,
        budget_max_eur=float(row.budget_max) * rate if rate and row.budget_max is not None else None,
        effort_hours=row.effort_hours,
        language=row.language,
        organisation=row.organisation,
    )


@lru_cache(maxsize=2)
def engine_model(sha256: str) -> filtering.ScoreModel:
    """The engine's model of an epoch, kept in the process: it never changes."""
    return filtering.ScoreModel.from_bytes(bytes(ScoreModel.objects.get(sha256=sha256).payload))


def vectors(model: ScoreModel | int, ids: Iterable[int] | None = None) -> dict[int, filtering.OpportunityVector]:
    """The vectors of this epoch by opportunity id: all of them, or those named."""
    rows = OpportunityVector.objects.filter(model=model)
    if ids is not None:
        rows = rows.filter(opportunity_id__in=list(ids))
    found = rows.values_list("opportunity_id", "payload")
    return {pk: filtering.OpportunityVector.from_bytes(bytes(payload)) for pk, payload in found.iterator()}


def queries(
    model: ScoreModel, found: list[filtering.Member], signed: dict[int, str] | None = None
) -> list[filtering.MemberQuery]:
    """The members' queries under this model. They are kept in the cache: only a changed member costs anything."""
    signed = signed or signatures(model, found)
    keys = {member.id: f"query:{model.sha256[:16]}:{member.id}:{signed[member.id][:24]}" for member in found}
    known = cache.get_many(keys.values())
    missing = [member for member in found if keys[member.id] not in known]
    if missing:
        answered = {said.opportunity_id for member in missing for said in member.feedback}
        theirs = vectors(model, answered)
        engine = engine_model(model.sha256)
        fresh = {keys[m.id]: filtering.member_query(engine, m, feedback_vectors=theirs) for m in missing}
        cache.set_many(fresh, timeout=7 * 24 * 3600)
        known |= fresh
    return [known[keys[member.id]] for member in found]


def reasons(
    model: ScoreModel,
    query: filtering.MemberQuery,
    opportunity: filtering.Opportunity,
    vector: filtering.OpportunityVector,
    *,
    today: date,
) -> list[list]:
    """Why a pair fits, as it is kept in a match: each reason's code and its values, free of language."""
    told = filtering.explain(
        engine_model(model.sha256),
        query.member,
        opportunity,
        today=today,
        query=query.sides[side_of(opportunity)],
        vector=vector,
    )
    return [[reason.code, dict(reason.values)] for reason in told]


def sentences(kept: list[list], *, about: str = "") -> list[str]:
    """The reasons of a match as sentences in the reader's language, to the member or about the one named."""
    reasons = (filtering.Reason(code, values) for code, values in kept)
    return [filtering.sentence(reason, about=about, translate=gettext) for reason in reasons]

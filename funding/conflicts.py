"""Ties between the reviewers of a call and who applies, from what the portal knows, and the same in words."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funding.interests import Finding, Kind, Party, Person, findings, same_name
from funding.models import Application, FundingCall, Partner, Reviewer, Submission
from members.models import Membership, Organisation

SAID = {
    Kind.MEMBER: gettext_lazy("Belongs to %(party)s, which takes part."),
    Kind.PERSON: gettext_lazy("Is named as a contact of %(party)s."),
    Kind.LINKED: gettext_lazy("Belongs to a company that is linked with %(party)s."),
    Kind.DECLARED: gettext_lazy("Has declared an interest in %(party)s."),
    Kind.EMPLOYER: gettext_lazy("Works at %(detail)s; %(party)s takes part."),
    Kind.ADDRESS: gettext_lazy("Has an e-mail address at %(detail)s, as %(party)s has."),
    Kind.RIVAL: gettext_lazy("Belongs to %(party)s, which takes part in another application of this call."),
    Kind.TOGETHER: gettext_lazy("Its organisation took part in an earlier application with %(party)s."),
}


def said(finding: Finding) -> str:
    """One tie as a sentence."""
    return str(SAID[finding.kind] % {"party": finding.party, "detail": finding.detail})


class Ties:
    """What is known of the reviewers and of the applications of a call, read in a constant number of queries."""

    def __init__(
        self, call: FundingCall, reviewers: Iterable[Reviewer], applications: Iterable[Application] | None = None
    ) -> None:
        reviewers = list(reviewers)
        asked = call.applications.handed_in() if applications is None else applications
        self.parties = _parties(list(asked))
        self.persons = _persons(call, reviewers)

    def of(self, reviewer: Reviewer, application: Application) -> tuple[Finding, ...]:
        """What speaks against this reviewer of this application."""
        return findings(self.persons[reviewer.pk], self.parties[application.pk])


def ties_of(reviewer: Reviewer, application: Application) -> tuple[Finding, ...]:
    """What speaks against one reviewer of one application."""
    return Ties(reviewer.call, [reviewer], [application]).of(reviewer, application)


def names_of(application: Application) -> list[str]:
    """The organisations of one application, as a reviewer is asked about them."""
    return _names(_parties([application])[application.pk])


def names_in(call: FundingCall) -> list[str]:
    """The organisations of all applications of a call in one list, which does not tell who is in which."""
    return _names([party for parties in _parties(list(call.applications.handed_in())).values() for party in parties])


def _names(parties: Iterable[Party]) -> list[str]:
    return sorted({party.name.casefold(): party.name for party in parties}.values(), key=str.casefold)


def is_bound(reviewer: Reviewer, application: Application) -> bool:
    """Whether a reviewer has named an organisation of this application as one that it is bound to."""
    return any(same_name(mine, theirs) for mine in reviewer.interests for theirs in names_of(application))


def _parties(applications: list[Application]) -> dict[int, list[Party]]:
    """Who applies, as it stands and as it was handed in: a partner that left after handing in is asked about, too."""
    found: dict[int, list[Party]] = {each.pk: [] for each in applications}
    rows = (
        Partner.objects.taking_part()
        .filter(application__in=found)
        .select_related("organisation", "application__created_by")
    )
    for row in rows:
        writer = row.application.created_by if row.is_lead else None
        emails = (row.email, writer.email if writer else "")
        found[row.application_id].append(
            Party(
                name=row.name,
                emails=tuple(each for each in emails if each),
                website=row.organisation.website if row.organisation else "",
                organisation=row.organisation_id,
                undertaking=row.organisation.undertaking_id if row.organisation else None,
            )
        )
    last = Submission.objects.filter(application__in=found).order_by("application", "-number").distinct("application")
    for application, partners in last.values_list("application", "content__partners"):
        known = {(party.organisation, party.name) for party in found[application]}
        for each in partners or ():
            if (each.get("organisation"), each["name"]) not in known:
                emails = tuple(filter(None, [each.get("email")]))
                found[application].append(Party(each["name"], emails, organisation=each.get("organisation")))
    return found


def _persons(call: FundingCall, reviewers: list[Reviewer]) -> dict[int, Person]:
    users = [each.user_id for each in reviewers]
    employed = Q(organisation__is_home=False) | Q(role=Membership.Role.MANAGER)
    own: dict[int, list[Organisation]] = defaultdict(list)
    for row in Membership.objects.filter(employed, user__in=users).select_related("organisation"):
        own[row.user_id].append(row.organisation)
    everywhere = {each.pk for organisations in own.values() for each in organisations}
    partners, rivals = _together(call, everywhere)
    return {
        each.pk: Person(
            email=each.user.email,
            employer=each.employer,
            organisations=frozenset(one.pk for one in own[each.user_id]),
            undertakings=frozenset(one.undertaking_id for one in own[each.user_id] if one.undertaking_id),
            partners=frozenset(one for mine in own[each.user_id] for one in partners[mine.pk]),
            rival=next((mine.name for mine in own[each.user_id] if mine.pk in rivals), ""),
            declared=frozenset(each.interests),
        )
        for each in reviewers
    }


def _together(call: FundingCall, organisations: set[int]) -> tuple[dict[int, set[int]], set[int]]:
    """With whom each organisation took part in earlier calls, and which of them take part in this one."""
    mine = Partner.objects.taking_part().filter(
        organisation__in=organisations, application__in=Application.objects.handed_in()
    )
    rows = Partner.objects.taking_part().filter(application__in=mine.values("application"), organisation__isnull=False)
    consortia: dict[int, set[int]] = defaultdict(set)
    in_this: set[int] = set()
    for application, of_call, organisation in rows.values_list("application", "application__call", "organisation"):
        if of_call == call.pk:
            in_this |= {organisation} & organisations
        else:
            consortia[application].add(organisation)
    partners: dict[int, set[int]] = defaultdict(set)
    for consortium in consortia.values():
        for each in consortium & organisations:
            partners[each] |= consortium - {each}
    return partners, in_this


def why_not(ties: Iterable[Finding]) -> str:
    """Several ties as one text."""
    return " ".join(said(each) for each in ties)[:600]


def needs_whole_list(reviewer: Reviewer) -> bool:
    """Panels and blind calls ask once about everybody who applies: a list that does not tell who is in which."""
    return reviewer.call.is_blind or reviewer.is_on_panel


def question() -> str:
    """What each reviewer is asked before anything is shown."""
    return _(
        "Do you, somebody close to you or your employer belong to one of these organisations, work with it, own a part "
        "of it, or gain or lose by its success?"
    )

"""What the pages of the room show, put together in a constant number of queries."""

from collections.abc import Iterable

from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent, MailStop
from members import cards, codes, history
from members.models import (
    Consent,
    Invitation,
    JoinRequest,
    LinkedCompany,
    Membership,
    Organisation,
    Profile,
    Undertaking,
    User,
)
from members.permissions import (
    can_edit_organisation,
    can_invite_to,
    can_see_organisations,
    can_see_people,
    roles_in,
)

SHOWN_EVENTS = 12
SHOWN_LINKS = 50
DIGEST = "digest"
# The kinds of mail that a person can stop, as the settings name them.
MAILS = {
    "invitation": _("Invitations"),
    "join-request": _("Requests to join that wait for an answer"),
    "join-declined": _("Answers to a request to join"),
    "hand-over": _("Opportunities that your cluster manager hands over"),
    "interest": _("Members who are interested in an opportunity"),
    DIGEST: _("The weekly digest"),
    "round-feedback": _("Questions about your meetings, on the day"),
    "round-outcome": _("Questions about your meetings, after 3 and 12 months"),
    "follow-up": _("Questions about what came of your interests, after 3 and 12 months"),
    "round-invitation": _("Invitations to matchmaking rounds"),
    "round-reminder": _("Reminders of matchmaking rounds"),
    "review-assigned": _("Applications to review"),
    "review-reminder": _("Reminders of reviews"),
    "survey": _("Surveys"),
    "survey-reminder": _("Reminders of surveys"),
    "needs-reminder": _("The yearly question what you need for working abroad"),
    "needs-filled-in": _("A needs assessment that the cluster team has filled in with you"),
    "service-asked": _("Members who ask for a service"),
    "service-answer": _("Answers to your requests of services, and whether they helped"),
    "grant-report": _("News of the reports of a grant"),
    "aid-declaration": _("Answers to a declaration of de minimis aid"),
    "grant-report-reminder": _("Reminders of reports that are due"),
    "agreement-ends": _("Agreements with partners that end soon"),
    "pool-news": _("Opportunities that the cluster shares with you as its partner"),
    "pool-interest": _("Partners who have a company for an opportunity"),
    "brought-in": _("Opportunities that partners propose"),
    "card-asked": _("Partners who look for companies like yours"),
    "cards-shown": _("Companies that the cluster shows you as its partner"),
    "card-interest": _("Partners who would like to meet a company"),
    "card-withdrawn": _("Companies that take their card back"),
    "introduction": _("Introductions between companies and partners"),
    "round-news": _("News of a matchmaking round: another venue, cancelled, withdrawn"),
}


def waiting_requests(user: User) -> int:
    """How many requests to join wait for this person's answer."""
    return JoinRequest.objects.visible_to(user).waiting().count()


def detail(organisation: Organisation, user: User) -> dict[str, object]:
    """One organisation as far as this person may see it. Needs its profile at hand."""
    context = {
        "organisation": organisation,
        "profile": organisation.profile,
        "facts": cards.facts(organisation),
        "sections": cards.sections(organisation.profile, organisation.slug),
        "may_edit": can_edit_organisation(user, organisation),
        "may_invite": can_invite_to(user, organisation),
        "sees_people": can_see_people(user, organisation),
        "roles": roles_in(organisation),
    }
    if context["sees_people"]:
        context |= {
            "people": list(Membership.objects.visible_to(user).filter(organisation=organisation).for_list()),
            "invitations": with_state(
                Invitation.objects.visible_to(user).filter(organisation=organisation).unanswered().for_list()
            ),
            "events": history.entries(events(organisation)[:SHOWN_EVENTS]),
        }
    return context


def links(organisation: Organisation) -> dict[str, object]:
    """What an organisation says of linked companies, and which organisations are one undertaking with it."""
    together = Organisation.objects.none()
    if organisation.undertaking_id:
        together = Organisation.objects.filter(undertaking=organisation.undertaking_id).exclude(pk=organisation.pk)
    return {"linked": list(organisation.linked_companies.order_by("pk")), "together": list(together.by_name())}


def waiting_links() -> list[LinkedCompany]:
    """What organisations said and the cluster team has not looked at, those that wait longest first."""
    rows = LinkedCompany.objects.filter(settled_at=None).select_related("organisation")
    return list(rows.order_by("told_at", "pk")[:SHOWN_LINKS])


def suggestions(linked: Iterable[LinkedCompany]) -> dict[int, list[Organisation]]:
    """For each linked company the organisations of its name, in one query: capitals and accents do not matter."""
    rows = list(linked)
    wanted = {codes.folded(each.name) for each in rows}
    names = Organisation.objects.filter(is_home=False).only("name", "slug")
    by_name: dict[str, list[Organisation]] = {}
    for each in names:
        if (name := codes.folded(each.name)) in wanted:
            by_name.setdefault(name, []).append(each)
    return {
        each.pk: [found for found in by_name.get(codes.folded(each.name), []) if found.pk != each.organisation_id]
        for each in rows
    }


def undertakings() -> QuerySet[Undertaking]:
    """Undertakings of more than one organisation, by name, with them."""
    rows = Undertaking.objects.annotate(companies=Count("organisations")).filter(companies__gt=1)
    return rows.prefetch_related(Prefetch("organisations", Organisation.objects.by_name())).order_by(
        Lower("name"), "pk"
    )


def events(organisation: Organisation) -> QuerySet[AuditEvent]:
    """Everything that was noted about an organisation, newest first, and who took the whole list along."""
    about = Q(organisation_id=organisation.pk) | Q(action="members.exported")
    return AuditEvent.objects.filter(about).order_by("-at", "-pk")


def with_state(invitations: Iterable[Invitation]) -> list[dict[str, object]]:
    """Invitations with where they stand, as sign and word."""
    stands = [(each, *cards.invitation_state(each)) for each in invitations]
    return [{"invitation": each, "state": state, "label": label} for each, state, label in stands]


def own_settings(user: User) -> dict[str, object]:
    """The memberships of a person, and the mails that the address wants no more of."""
    stopped = MailStop.objects.filter(address=user.email).order_by("kind")
    mails = [{"kind": each.kind, "label": MAILS.get(each.kind, each.kind), "at": each.at} for each in stopped]
    own = user.own_membership
    answers = own is not None and own.organisation.is_member and own.role != Membership.Role.VIEWER
    gets_digest = answers and DIGEST not in {each.kind for each in stopped}
    return {
        "memberships": user.all_memberships,
        "may_see_organisations": can_see_organisations(user),
        "stopped_mails": mails,
        "gets_digest": gets_digest,
    }


def everything(organisation: Organisation) -> dict[str, object]:
    """What this room holds on an organisation, as plain data."""
    people = Membership.objects.filter(organisation=organisation).for_list()
    invited = Invitation.objects.filter(organisation=organisation).for_list()
    return {
        "organisation": _plain(organisation),
        "profile": _plain(organisation.profile),
        "people": [{"name": each.user.name, "email": each.user.email, "role": each.role} for each in people],
        "invitations": [
            {"email": each.email, "role": each.role, "created_at": each.created_at, "accepted_at": each.accepted_at}
            for each in invited
        ],
        "consents": list(
            Consent.objects.filter(address__in=[each.user.email for each in people])
            .order_by("given_at")
            .values("address", "purpose", "wording", "given_at", "how", "withdrawn_at")
        ),
        "needs": list(
            organisation.needs_assessments.order_by("year").values(
                "year", "answers", "words", "is_with_manager", "filled_in_at", "filled_in_by__name"
            )
        ),
        "public_directory": list(
            organisation.listings.order_by("given_at").values("fields", "wording", "given_at", "withdrawn_at")
        ),
        "events": list(events(organisation).values("at", "actor_label", "action", "object_label", "details")),
    }


def _plain(row: Organisation | Profile) -> dict[str, object]:
    return model_to_dict(row, exclude=["id", "organisation"])

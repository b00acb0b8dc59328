"""What is held on an organisation, and what was noted about it."""

from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict

from core.models import AuditEvent
from members.models import Consent, Invitation, Membership, Organisation, Profile


def events(organisation: Organisation) -> QuerySet[AuditEvent]:
    """Everything that was noted about an organisation, newest first, and who took the whole list along."""
    about = Q(organisation_id=organisation.pk) | Q(action="members.exported")
    return AuditEvent.objects.filter(about).order_by("-at", "-pk")


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

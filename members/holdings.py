"""What this room, and core below it, holds on organisations and people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.holdings import ACTS, ADDRESS, NAME, Holding, Person, register
from core.mail import FAREWELL
from core.models import AuditEvent, Mail, MailStop
from members.models import (
    Consent,
    Invitation,
    JoinRequest,
    LinkedCompany,
    Listing,
    Membership,
    NeedsAssessment,
    Organisation,
    Profile,
    User,
)

AS_LONG_AS_THE_ACCOUNT = _("As long as the account is there")
AS_LONG_AS_KNOWN = _("As long as the organisation is known to the cluster")
AS_PROOF = _("Without an end: it proves what held when")
AS_THE_TRAIL = _("As long as the audit trail: it has no end")


def _end_sessions(person: Person) -> None:
    for session in UserSession.objects.filter(user=person.user_id):
        session.end()


def _withdraw_invitations(person: Person) -> None:
    Invitation.objects.unanswered().filter(email__in=person.addresses).update(withdrawn_at=timezone.now())


def _withdraw_consents(person: Person) -> None:
    held = Consent.objects.filter(address__in=person.addresses, withdrawn_at=None)
    held.update(withdrawn_at=timezone.now(), withdrawn_how=Consent.How.SETTINGS)


ACCOUNT = (
    Holding(
        model=User,
        name=_("Account"),
        purpose=_("Signing in, and telling colleagues and the cluster team who it is"),
        kept_for=AS_LONG_AS_THE_ACCOUNT,
        fields=("email", "name", "is_active", "joined_at", "last_login"),
        users=("pk",),
        overwritten={"email": ADDRESS, "name": NAME, "is_active": False, "last_login": None,
                     "password": make_password(None)},
    ),
    Holding(
        model=EmailAddress,
        name=_("Addresses to sign in with"),
        purpose=_("Proving whose an address is"),
        kept_for=AS_LONG_AS_THE_ACCOUNT,
        fields=("email", "verified", "primary"),
        users=("user",),
        is_deleted=True,
    ),
    Holding(
        model=Authenticator,
        name=_("Passkeys and second steps"),
        purpose=_("A safe way to sign in"),
        kept_for=AS_LONG_AS_THE_ACCOUNT,
        fields=("type", "created_at", "last_used_at"),
        users=("user",),
        is_deleted=True,
    ),
    Holding(
        model=SocialAccount,
        name=_("Accounts elsewhere"),
        purpose=_("Single sign-on"),
        kept_for=AS_LONG_AS_THE_ACCOUNT,
        fields=("provider", "uid", "date_joined", "last_login"),
        users=("user",),
        is_deleted=True,
    ),
    Holding(
        model=UserSession,
        name=_("Devices that are signed in"),
        purpose=_("Seeing them, and signing one out"),
        kept_for=_("Until it is signed out, or 30 days"),
        fields=("ip", "user_agent", "created_at", "last_seen_at"),
        users=("user",),
        ends=_end_sessions,
        is_deleted=True,
    ),
    Holding(
        model=Mail,
        name=_("Mails that were sent"),
        purpose=_("Sending each once, and finding out what went wrong with one"),
        kept_for=_("Until the person is erased"),
        fields=("created_at", "kind", "subject", "status", "sent_at"),
        addresses=("to",),
        meant=~Q(kind=FAREWELL),
        is_deleted=True,
    ),
    Holding(
        model=MailStop,
        name=_("Mails that were stopped"),
        purpose=_("Writing no more of that kind"),
        kept_for=_("Until they are wanted again"),
        fields=("kind", "at"),
        addresses=("address",),
        is_deleted=True,
    ),
    Holding(
        model=Consent,
        name=_("Consents"),
        purpose=_("Proving what was agreed to, by which words, and when it was taken back"),
        kept_for=AS_PROOF,
        fields=("address", "purpose", "wording", "given_at", "how", "withdrawn_at"),
        addresses=("address",),
        ends=_withdraw_consents,
        overwritten={"address": ADDRESS},
    ),
    Holding(
        model=AuditEvent,
        name=_("Audit trail of the own acts"),
        purpose=_("Organisations see who saw or changed their data; the cluster can account for its decisions"),
        kept_for=AS_THE_TRAIL,
        # No label: a reviewer's would name an application that is to be judged blind.
        fields=("at", "action", "object_type"),
        users=("actor_id",),
        kept_because=_("It tells what happened to others' data. “A person who left” stands there instead of the name."),
    ),
)  # fmt: skip
COMING_IN = (
    Holding(
        model=Membership,
        name=_("People and their roles"),
        purpose=_("Who may do what for the organisation"),
        kept_for=_("Until the person is removed"),
        fields=("organisation__name", "user__name", "user__email", "role", "created_at"),
        organisation="organisation",
        users=("user",),
        is_deleted=True,
    ),
    Holding(
        model=Invitation,
        name=_("Invitations"),
        purpose=_("Letting people in by a link to their own address"),
        kept_for=AS_LONG_AS_KNOWN,
        fields=("organisation__name", "email", "name", "role", "created_at", "expires_at", "accepted_at",
                "withdrawn_at"),
        organisation="organisation",
        addresses=("email",),
        ends=_withdraw_invitations,
        overwritten={"email": ADDRESS, "name": ""},
    ),
    Holding(
        model=JoinRequest,
        name=_("Requests to join"),
        purpose=_("Answering somebody who wants to join"),
        kept_for=_("Until the person is erased"),
        fields=("name", "email", "organisation_name", "website", "message", "created_at", "decided_at", "approved"),
        addresses=("email",),
        is_deleted=True,
    ),
)  # fmt: skip
ORGANISATIONS = (
    Holding(
        model=Organisation,
        name=_("Facts"),
        purpose=_("Which opportunities and funding the organisation may take part in"),
        kept_for=AS_LONG_AS_KNOWN,
        fields=("name", "slug", "kind", "is_member", "town", "country", "nuts", "website", "founded", "headcount",
                "turnover_eur", "balance_eur", "size_class", "undertaking__name", "links_told_at", "created_at"),
        organisation="pk",
    ),
    Holding(
        model=Profile,
        name=_("Profile"),
        purpose=_("Filtering opportunities, choosing partners to meet"),
        kept_for=AS_LONG_AS_KNOWN,
        fields=tuple(each.name for each in Profile._meta.fields if each.name not in ("id", "organisation")),
        organisation="organisation",
    ),
    Holding(
        model=LinkedCompany,
        name=_("Linked companies"),
        purpose=_("Adding up de minimis aid of a single undertaking, Regulation (EU) 2023/2831, article 2"),
        kept_for=_("Until the organisation takes it back"),
        fields=("name", "country", "registration_number", "link", "told_at", "settled_at"),
        organisation="organisation",
    ),
    Holding(
        model=Listing,
        name=_("Public directory"),
        purpose=_("Proving what everybody may read, as agreed"),
        kept_for=AS_PROOF,
        fields=("fields", "wording", "given_at", "given_by__name", "withdrawn_at"),
        organisation="organisation",
    ),
    Holding(
        model=NeedsAssessment,
        name=_("Needs assessments"),
        purpose=_("Help that fits, and protected figures of all members together"),
        kept_for=AS_LONG_AS_KNOWN,
        fields=("year", "answers", "words", "is_with_manager", "filled_in_at", "filled_in_by__name"),
        organisation="organisation",
    ),
    Holding(
        model=Consent,
        name=_("Consents of its people"),
        purpose=_("Proving who agreed to be asked in surveys"),
        kept_for=AS_PROOF,
        fields=("address", "purpose", "wording", "given_at", "how", "withdrawn_at"),
        organisation=lambda pk: Q(address__in=User.objects.filter(memberships__organisation=pk).values("email")),
    ),
    Holding(
        model=AuditEvent,
        name=_("Audit trail"),
        purpose=_("Seeing who changed or looked at the organisation's data"),
        kept_for=AS_THE_TRAIL,
        fields=("at", "actor_label", "action", "object_label", "details"),
        organisation="organisation_id",
    ),
)  # fmt: skip

register(
    "members",
    _("Organisation and people"),
    [*ORGANISATIONS, *COMING_IN, *ACCOUNT],
    left_out={
        ACTS: [
            "Invitation.invited_by", "JoinRequest.decided_by", "Listing.given_by", "Listing.withdrawn_by",
            "NeedsAssessment.filled_in_by",
        ],
        "Which of the portal's organisations a linked company is: the cluster team says so, for its own list.": [
            "LinkedCompany.is_organisation",
        ],
    },
)  # fmt: skip

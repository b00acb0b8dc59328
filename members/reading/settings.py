"""A person's own settings: memberships, and the mails that can be stopped."""

from django.utils.translation import gettext_lazy as _

from core.models import MailStop
from members.models import Membership, User
from members.permissions import can_see_organisations

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

"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone

from core import mail
from core.clocks import second_in
from funding import links
from funding.models import Application, Partner, PartnerSearch, SearchReply, Submission
from members.emails import write
from members.models import Membership, Organisation, User

IN_CHARGE = (Membership.Role.OWNER, Membership.Role.EDITOR)


def _who_answers_for(organisation: Organisation) -> list[User]:
    """The owners and editors of an organisation; at the home cluster the managers."""
    roles = [Membership.Role.MANAGER] if organisation.is_home else IN_CHARGE
    people = User.objects.filter(memberships__organisation=organisation, memberships__role__in=roles, is_active=True)
    return list(people.order_by("pk"))


def send_search_started(*, search: PartnerSearch, to: Iterable[User]) -> None:
    """A member looks for partners: the cluster team picks whom to ask."""
    for manager in to:
        _of_search(search, "search_started", to=manager, key=f"search-started:{search.pk}")


def send_partner_asked(*, reply: SearchReply) -> None:
    """Somebody looks for partners for a topic that fits."""
    for user in _who_answers_for(reply.organisation):
        _of_search(reply.search, "partner_asked", to=user, key=f"partner-asked:{reply.pk}", reply=reply)


def send_partner_interested(*, reply: SearchReply) -> None:
    """Somebody wants to be in the consortium; once for each time that the answer becomes yes."""
    key = f"partner-interested:{reply.pk}:{int(reply.answered_at.timestamp())}"
    for user in _who_answers_for(reply.search.organisation):
        _of_search(reply.search, "partner_interested", to=user, key=key, reply=reply)


def _of_search(search: PartnerSearch, template: str, *, to: User, key: str, **more: object) -> None:
    url = mail.absolute(search.get_absolute_url())
    write(template, to=to.email, kind="partner-search", key=f"{key}:{to.pk}", search=search, url=url, **more)


# --- applications -----------------------------------------------------------------------------------------------------


def _to_partner(partner: Partner, template: str, *, key: str, **more: object) -> None:
    """A mail to a partner about its part, with the link that opens it."""
    application = partner.application
    context = _of_application(application) | {"partner": partner, "url": links.url_of(partner)}
    write(template, to=partner.email, kind="applications", key=key, **context | more)


def _of_application(application: Application) -> dict[str, object]:
    call = application.call
    return {"application": application, "call": call, "deadline": second_in(call.deadline, call.time_zone)}


def send_partner_invitation(*, partner: Partner) -> None:
    """What it is asked for and the link, once for each version of the link."""
    _to_partner(partner, "partner_invitation", key=f"partner-invitation:{partner.pk}:{partner.link_version}")


def send_new_link(*, partner: Partner) -> None:
    """The newest link to the address on record: at most once an hour, however often somebody asks."""
    hour = timezone.now().strftime("%Y%m%d%H")
    _to_partner(partner, "partner_link", key=f"partner-link:{partner.pk}:{partner.link_version}:{hour}")


def send_part_changed(*, partner: Partner, what: Sequence[str]) -> None:
    """The lead has changed what the partner had confirmed; once for each confirmation."""
    moment = int((partner.answered_at or timezone.now()).timestamp())
    _to_partner(partner, "partner_changed", key=f"partner-changed:{partner.pk}:{moment}", what=what)


def send_removed(*, partner: Partner) -> None:
    """The lead goes on without this partner."""
    _to_partner(partner, "partner_removed", key=f"partner-removed:{partner.pk}")


def send_withdrawn(*, partner: Partner, why: str) -> None:
    """The lead has withdrawn the application."""
    _to_partner(partner, "application_withdrawn", key=f"application-withdrawn:{partner.pk}", why=why)


def _to_lead(application: Application, template: str, *, key: str, page: str = "application", **more: object) -> None:
    url = mail.absolute(reverse(f"funding:{page}", args=[application.reference]))
    context = _of_application(application) | {"url": url}
    for user in _who_answers_for(application.lead):
        write(template, to=user.email, kind="applications", key=f"{key}:{user.pk}", **context | more)


def send_partner_answered(*, partner: Partner) -> None:
    """A partner has confirmed or declined."""
    moment = int((partner.answered_at or timezone.now()).timestamp())
    key = f"partner-answered:{partner.pk}:{partner.status}:{moment}"
    _to_lead(partner.application, "partner_answered", key=key, page="partners", partner=partner)


def send_receipt(*, submission: Submission) -> None:
    """What was handed in and when, with the hash that proves it."""
    application = submission.application
    _to_lead(
        application,
        "application_receipt",
        key=f"application-receipt:{submission.pk}",
        page="receipt",
        submission=submission,
        at=second_in(submission.at, application.call.time_zone),
    )


def send_reminder(*, application: Application, days: int) -> None:
    """It is not handed in yet, and who has not confirmed; once for so many days before a deadline."""
    waiting = application.partners.not_confirmed().values_list("name", flat=True)
    key = f"application-reminder:{application.pk}:{days}:{application.call.deadline.isoformat()}"
    _to_lead(application, "application_reminder", key=key, page="check", days=days, waiting=list(waiting))


def send_partner_reminder(*, partner: Partner, days: int) -> None:
    """It has not confirmed its part yet; once for so many days before a deadline."""
    key = f"partner-reminder:{partner.pk}:{days}:{partner.application.call.deadline.isoformat()}"
    _to_partner(partner, "partner_reminder", key=key, days=days)


def send_missed(*, application: Application) -> None:
    """The deadline has passed over a draft; once for each deadline."""
    key = f"application-missed:{application.pk}:{application.call.deadline.isoformat()}"
    _to_lead(application, "application_missed", key=key)

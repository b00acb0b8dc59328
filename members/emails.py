"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from core import mail
from core.holdings import Person
from core.models import Mail
from members.models import Erasure, Invitation, JoinRequest, NeedsAssessment, Organisation, User


def letterhead() -> dict[str, object]:
    """Who writes: the `cluster` that every mail's frame names."""
    home = Organisation.objects.filter(is_home=True).first()
    return {"cluster": {"name": home.name if home else ""}}


def write(template: str, *, to: str, key: str, kind: str = "", **context: object) -> Mail | None:
    """Queues a mail of the cluster, once for each key; its kind is mostly the template's."""
    kind = kind or template.replace("_", "-")
    return mail.queue(to=to, kind=kind, key=key, template=template, context=letterhead() | context)


def accept_url(invitation: Invitation) -> str:
    """The link of an invitation. Its key stands in the query, which no log keeps."""
    return mail.absolute(f"{reverse('members:accept')}?{urlencode({'key': invitation.key})}")


def send_invitation(*, invitation: Invitation) -> None:
    """The link, once for each time that it is made valid."""
    key = f"invitation:{invitation.pk}:{invitation.expires_at.isoformat()}"
    write("invitation", to=invitation.email, key=key, invitation=invitation, accept_url=accept_url(invitation))


def send_join_request(*, join_request: JoinRequest, to: Iterable[User]) -> None:
    """Somebody waits for an answer."""
    list_url = mail.absolute(reverse("members:join_requests"))
    for manager in to:
        key = f"join-request:{join_request.pk}:{manager.pk}"
        write("join_request", to=manager.email, key=key, join_request=join_request, list_url=list_url)


def send_join_declined(*, join_request: JoinRequest, sentence: str) -> None:
    """The answer is no, with the manager's own sentence if there is one."""
    key = f"join-declined:{join_request.pk}"
    write("join_declined", to=join_request.email, key=key, join_request=join_request, sentence=sentence)


def send_farewell(*, person: Person, erasure: Erasure) -> None:
    """The last mail to each of the addresses: nothing is kept of them. Nor is this mail, once it is sent."""
    for number, address in enumerate(person.addresses):
        write("farewell", to=address, kind=mail.FAREWELL, key=f"farewell:{erasure.pk}:{number}", at=erasure.at)


def needs_url(organisation: Organisation) -> str:
    """The page of an organisation's needs assessment, for mails."""
    return mail.absolute(reverse("members:needs", args=[organisation.slug]))


def send_needs_filled_in(*, assessment: NeedsAssessment, by: User) -> None:
    """A manager has filled it in: those who answer for the organisation can correct it. Once a day."""
    organisation = assessment.organisation
    for each in organisation.memberships.who_answer():
        key = f"needs-filled-in:{assessment.pk}:{each.user_id}:{timezone.localdate()}"
        about = {"organisation": organisation, "year": assessment.year, "by": by, "url": needs_url(organisation)}
        write("needs_filled_in", to=each.user.email, key=key, **about)


def send_needs_reminder(*, organisation: Organisation, year: int) -> int:
    """Nobody has told yet what the organisation needs this year. Each person gets it once a year."""
    about = {"organisation": organisation, "year": year, "url": needs_url(organisation)}
    keys = {f"needs-reminder:{organisation.pk}:{year}:{each.user_id}": each for each in
            organisation.memberships.who_answer()}  # fmt: skip
    return sum(write("needs_reminder", to=each.user.email, key=key, **about) is not None for key, each in keys.items())

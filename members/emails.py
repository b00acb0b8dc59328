"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode

from core import mail
from members.models import Invitation, JoinRequest, Organisation, User


def letterhead() -> dict[str, object]:
    """Who writes: the `cluster` that every mail's frame names."""
    home = Organisation.objects.filter(is_home=True).first()
    return {"cluster": {"name": home.name if home else ""}}


def accept_url(invitation: Invitation) -> str:
    """The link of an invitation. Its key stands in the query, which no log keeps."""
    return mail.absolute(f"{reverse('members:accept')}?{urlencode({'key': invitation.key})}")


def send_invitation(*, invitation: Invitation) -> None:
    """The link, once for each time that it is made valid."""
    mail.queue(
        to=invitation.email,
        kind="invitation",
        key=f"invitation:{invitation.pk}:{invitation.expires_at.isoformat()}",
        template="invitation",
        context=letterhead() | {"invitation": invitation, "accept_url": accept_url(invitation)},
    )


def send_join_request(*, join_request: JoinRequest, to: Iterable[User]) -> None:
    """Somebody waits for an answer."""
    for manager in to:
        mail.queue(
            to=manager.email,
            kind="join-request",
            key=f"join-request:{join_request.pk}:{manager.pk}",
            template="join_request",
            context=letterhead()
            | {"join_request": join_request, "list_url": mail.absolute(reverse("members:join_requests"))},
        )


def send_join_declined(*, join_request: JoinRequest, sentence: str) -> None:
    """The answer is no, with the manager's own sentence if there is one."""
    mail.queue(
        to=join_request.email,
        kind="join-declined",
        key=f"join-declined:{join_request.pk}",
        template="join_declined",
        context=letterhead() | {"join_request": join_request, "sentence": sentence},
    )

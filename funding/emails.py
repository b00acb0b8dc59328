"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable

from core import mail
from funding.models import PartnerSearch, SearchReply
from members.emails import write
from members.models import Membership, Organisation, User


def _who_answers_for(organisation: Organisation) -> list[User]:
    """The owners and editors of an organisation; at the home cluster the managers."""
    roles = [Membership.Role.MANAGER] if organisation.is_home else [Membership.Role.OWNER, Membership.Role.EDITOR]
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

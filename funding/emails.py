"""The room's mails: what is written to whom. Whether to write is decided in the actions."""

from collections.abc import Iterable

from core import mail
from funding.models import PartnerSearch, SearchReply
from members.emails import letterhead
from members.models import Membership, Organisation, User


def _who_answers_for(organisation: Organisation) -> list[Membership]:
    """The owners and editors of an organisation; at the home cluster the managers."""
    roles = [Membership.Role.MANAGER] if organisation.is_home else [Membership.Role.OWNER, Membership.Role.EDITOR]
    rows = Membership.objects.filter(organisation=organisation, role__in=roles, user__is_active=True)
    return list(rows.select_related("user").order_by("pk"))


def send_search_started(*, search: PartnerSearch, to: Iterable[User]) -> None:
    """A member looks for partners: the cluster team picks whom to ask."""
    for manager in to:
        mail.queue(
            to=manager.email,
            kind="partner-search",
            key=f"search-started:{search.pk}:{manager.pk}",
            template="search_started",
            context=letterhead() | {"search": search, "url": mail.absolute(search.get_absolute_url())},
        )


def send_partner_asked(*, reply: SearchReply) -> None:
    """Somebody looks for partners for a topic that fits."""
    for membership in _who_answers_for(reply.organisation):
        mail.queue(
            to=membership.user.email,
            kind="partner-search",
            key=f"partner-asked:{reply.pk}:{membership.user_id}",
            template="partner_asked",
            context=letterhead()
            | {"search": reply.search, "reply": reply, "url": mail.absolute(reply.search.get_absolute_url())},
        )


def send_partner_interested(*, reply: SearchReply) -> None:
    """Somebody wants to be in the consortium; once for each time that the answer becomes yes."""
    for membership in _who_answers_for(reply.search.organisation):
        mail.queue(
            to=membership.user.email,
            kind="partner-search",
            key=f"partner-interested:{reply.pk}:{int(reply.answered_at.timestamp())}:{membership.user_id}",
            template="partner_interested",
            context=letterhead()
            | {"search": reply.search, "reply": reply, "url": mail.absolute(reply.search.get_absolute_url())},
        )

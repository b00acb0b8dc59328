"""Preparing a consortium for a topic: started by who leads, asked around by the cluster team, answered, closed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actions import Refused, record
from funding import emails
from funding.models import Application, PartnerSearch, SearchReply
from funding.permissions import can_look_for_partners, can_run_calls
from members.models import Organisation, User
from members.permissions import can_answer_for, insist
from opportunities.models import Opportunity

Status = SearchReply.Status


def _insist_on_an_open_topic(topic: Opportunity) -> None:
    if topic.kind != Opportunity.Kind.FUNDING:
        raise Refused(_("This is no funding topic."))
    if topic.status != Opportunity.Status.PUBLISHED or not topic.is_open:
        raise Refused(_("This topic is closed. Choose one that is still open."))


@transaction.atomic
def start_search(*, topic: Opportunity, organisation: Organisation, brings: str, seeks: str, by: User) -> PartnerSearch:
    """Starts a search, or says anew what is brought and sought. The cluster team is told once."""
    insist(can_look_for_partners(by, organisation))
    _insist_on_an_open_topic(topic)
    if led_to := Application.objects.filter(search__topic=topic, search__organisation=organisation).first():
        told = _("This search led to the application %(which)s. Add partners there.")
        raise Refused(told % {"which": led_to.reference})
    words = {"brings": brings, "seeks": seeks, "status": PartnerSearch.Status.OPEN, "closed_at": None}
    words |= {"outcome": "", "outcome_words": "", "outcome_on": None}
    search, is_new = PartnerSearch.objects.update_or_create(
        topic=topic, organisation=organisation, defaults=words, create_defaults=words | {"started_by": by}
    )
    record(
        "funding.search_started" if is_new else "funding.search_changed",
        by=by,
        on=search,
        organisation_id=organisation.pk,
    )
    if is_new:
        emails.send_search_started(search=search, to=User.objects.managers())
    return search


@transaction.atomic
def ask(*, search: PartnerSearch, organisations: Iterable[Organisation], by: User) -> int:
    """Asks organisations whether they want to be in the consortium. How many had not been asked yet."""
    insist(can_run_calls(by))
    current = locked(search)
    if not current.is_open:
        raise Refused(_("This search is closed."))
    _insist_on_an_open_topic(current.topic)
    return sum(_ask(current, organisation, by) for organisation in organisations)


def _ask(search: PartnerSearch, organisation: Organisation, by: User) -> bool:
    if organisation.pk == search.organisation_id:
        return False
    reply, is_new = SearchReply.objects.get_or_create(
        search=search, organisation=organisation, defaults={"asked_by": by}
    )
    if is_new:
        record("funding.partner_asked", by=by, on=search, organisation_id=organisation.pk)
        emails.send_partner_asked(reply=reply)
    return is_new


@transaction.atomic
def answer(*, reply: SearchReply, interested: bool, words: str, by: User, shares_contact: bool = False) -> SearchReply:
    """Says yes or no for an organisation; the last answer counts as long as the search is open.

    `shares_contact`: the name and address of who answers may stand in the sheet that others read.
    """
    insist(can_answer_for(by, reply.organisation))
    search = locked(reply.search)
    current = SearchReply.objects.get(pk=reply.pk)
    if not search.is_open:
        raise Refused(_("This search is closed. Write to the cluster team if you would still like to come in."))
    wanted = Status.INTERESTED if interested else Status.DECLINED
    shares_contact = interested and shares_contact
    if (current.status, current.words, current.shares_contact) == (wanted, words, shares_contact):
        return current
    is_news = interested and current.status != Status.INTERESTED
    current.status, current.words, current.answered_by, current.answered_at = wanted, words, by, timezone.now()
    current.shares_contact = shares_contact
    current.save(update_fields=["status", "words", "answered_by", "answered_at", "shares_contact"])
    record(f"funding.partner_{wanted}", by=by, on=search, organisation_id=current.organisation_id)
    if is_news:
        emails.send_partner_interested(reply=current)
    return current


@transaction.atomic
def close_search(*, search: PartnerSearch, by: User) -> PartnerSearch:
    """Ends it: nobody is asked any more and nobody answers. Twice is once."""
    insist(can_look_for_partners(by, search.organisation))
    current = locked(search)
    if current.is_open:
        current.status, current.closed_at = PartnerSearch.Status.CLOSED, timezone.now()
        current.save(update_fields=["status", "closed_at"])
        record("funding.search_closed", by=by, on=current, organisation_id=current.organisation_id)
    return current


def locked(search: PartnerSearch) -> PartnerSearch:
    """The row, held until the end of the transaction, with what the acts look at."""
    rows = PartnerSearch.objects.select_for_update(of=["self"])
    rows = rows.select_related("topic", "organisation", "application__call")
    return rows.get(pk=search.pk)

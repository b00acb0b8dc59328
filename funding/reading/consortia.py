"""The consortium of a partner search: on the page where it is put together, and on the sheet that is handed on."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core import codelists
from funding import aid, papers
from funding.models import FundingCall, PartnerSearch, SearchReply
from funding.permissions import can_apply_for
from members.models import Organisation, User

CSV_HEAD = ["Organisation", "Country", "Kind", "Role", "Brings", "Contact", "E-mail"]


def interested(search: PartnerSearch) -> list[SearchReply]:
    """Who said yes, in the order in which they did."""
    rows = search.replies.filter(status=SearchReply.Status.INTERESTED)
    return list(rows.select_related("organisation", "answered_by").order_by("answered_at", "pk"))


def next_step(search: PartnerSearch, user: User) -> dict[str, object]:
    """The call of the portal that the topic is, and whether this person starts an application to it now."""
    call = FundingCall.objects.of_topic(search.topic).first()
    may_apply = can_apply_for(user, search.organisation)
    starts = bool(call and call.takes_applications and may_apply and not search.application)
    return {"call": call, "may_apply": may_apply, "starts": starts}


def _line(name: str, country: str, *words: str) -> list[str]:
    return [name, codelists.countries().get(country, country), *words]


def lines(search: PartnerSearch) -> list[list[str]]:
    """Each organisation of the consortium, the lead first. Who did not agree is reached through the lead."""
    lead, person = search.organisation, search.started_by
    found = [
        _line(lead.name, lead.country, lead.kind_label, _("Leads"), search.brings, str(person or ""), _mail_of(person))
    ]
    for reply in search.replies.in_consortium().select_related("organisation", "answered_by").order_by("pk"):
        whom = reply.answered_by if reply.shares_contact else None
        contact = str(whom) if whom else _("through %(lead)s") % {"lead": lead}
        each = reply.organisation
        found.append(_line(each.name, each.country, each.kind_label, reply.role, reply.words, contact, _mail_of(whom)))
    return found


def applied_elsewhere() -> Iterator[tuple[PartnerSearch, Organisation]]:
    """Each organisation of each consortium that applied outside of the portal, the lead first."""
    ended = PartnerSearch.objects.filter(outcome=PartnerSearch.Outcome.ELSEWHERE)
    partners = Prefetch("replies", SearchReply.objects.in_consortium().select_related("organisation__profile"))
    rows = ended.select_related("organisation__profile").prefetch_related(partners).order_by("pk")
    for search in rows.iterator(chunk_size=500):
        yield search, search.organisation
        for reply in search.replies.all():
            yield search, reply.organisation


def _mail_of(person: User | None) -> str:
    return person.email if person else ""


def on_paper(search: PartnerSearch, *, day: date, cluster: str) -> dict[str, object]:
    """The sheet as a document."""
    topic = search.topic
    found = lines(search)
    parts = [[f"{each[0]}, {each[1]}", each[3], each[4]] for each in found]
    contacts = [[each[0], each[5], each[6]] for each in found]
    facts = [
        [_("Topic"), topic.title],
        [_("Deadline"), aid.in_words(topic.deadline) if topic.deadline else ""],
        [_("At its source"), topic.url],
        [_("Still looked for"), search.seeks if search.is_open else ""],
        [_("As of"), aid.in_words(day)],
    ]
    return papers.of_a_day(day, cluster) | {
        "title": _("Consortium"),
        "facts": [fact for fact in facts if fact[1]],
        "tables": [
            {"title": _("Who takes part"), "empty": "", "rows": parts, "right": [],
             "head": [_("Organisation"), _("Role"), _("Brings")]},
            {"title": _("How to reach them"), "empty": "", "rows": contacts, "right": [2],
             "head": [_("Organisation"), _("Person"), _("E-mail")]},
        ],
        "notes": [_("Names and addresses stand here only of people who agreed to it.")],
        "signature": "",
    }  # fmt: skip

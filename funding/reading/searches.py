"""What the pages of partner searches read."""

from django.db.models import QuerySet

from funding.models import PartnerSearch, SearchReply
from members.models import Membership, Organisation, User
from members.permissions import can_answer_for
from opportunities import cards
from opportunities import reading as opportunities

CSV_HEAD = ["Organisation", "Kind", "Country", "Town", "Person", "E-mail", "What they say", "Answered on"]


def about(search: PartnerSearch) -> dict[str, object]:
    """The topic, as everybody who was asked may read it."""
    return {"search": search, "topic": search.topic, "facts": cards.facts(search.topic)}


def of_searcher(search: PartnerSearch, user: User) -> dict[str, object]:
    """What who searches sees: those who are interested, and how many were asked."""
    replies = search.replies.visible_to(user).filter(status="interested")
    return {"interested": _told(replies), "asked": search.replies.count()}


def _told(replies: QuerySet[SearchReply]) -> list[SearchReply]:
    return list(replies.select_related("organisation", "answered_by").order_by("answered_at", "pk"))


def of_asked(search: PartnerSearch, user: User) -> list[dict[str, object]]:
    """For each own organisation that was asked: the answer so far, why the topic fits, and whether one may answer."""
    own = [m.organisation_id for m in user.all_memberships if not m.organisation.is_home]
    replies = search.replies.filter(organisation__in=own).select_related("organisation").order_by("pk")
    return [
        {
            "reply": reply,
            "reasons": opportunities.explain_pair(search.topic, reply.organisation).reasons,
            "may_answer": can_answer_for(user, reply.organisation),
        }
        for reply in replies
    ]


def who_fits(search: PartnerSearch) -> dict[str, object]:
    """Members and foreign clusters that the filter finds the topic fit for, and who was asked already."""
    among = Organisation.objects.could_join(search.organisation_id)
    replies = {each.organisation_id: each for each in search.replies.all()}
    told = opportunities.who_fits(search.topic, among)
    names = {fit["id"] for fit in told["fitting"]}
    others = list(among.exclude(pk__in=names | replies.keys()).by_name())
    asked = search.replies.exclude(organisation__in=names).select_related("organisation").order_by("pk")
    fitting = [fit | {"reply": replies.get(fit["id"])} for fit in told["fitting"]]
    may_choose = any(fit["reply"] is None for fit in fitting) or bool(others)
    return told | {"fitting": fitting, "others": others, "also_asked": list(asked), "may_choose": may_choose}


def rows(searches: QuerySet[PartnerSearch], user: User) -> list[dict[str, object]]:
    """The lines of the list: what somebody looks for, and what this person is asked."""
    own = {m.organisation_id for m in user.all_memberships if not m.organisation.is_home}
    waiting = set(SearchReply.objects.filter(organisation__in=own, status="asked").values_list("search_id", flat=True))
    return [{"search": search, "waits": search.pk in waiting and search.is_open} for search in searches]


def exported(search: PartnerSearch, user: User) -> list[list[str]]:
    """Who is interested, for a spreadsheet."""
    return [
        [
            reply.organisation.name,
            reply.organisation.kind_label,
            reply.organisation.country,
            reply.organisation.town,
            str(reply.answered_by or ""),
            reply.answered_by.email if reply.answered_by else "",
            reply.words,
            f"{reply.answered_at:%Y-%m-%d}",
        ]
        for reply in _told(search.replies.visible_to(user).filter(status="interested"))
    ]


def leads_of(user: User) -> list[Organisation]:
    """For which organisations this person may look for partners: the own ones; for managers the home cluster."""
    roles = {Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.MANAGER}
    return [m.organisation for m in user.all_memberships if m.role in roles]

"""The frame around every page: the cluster's name, and the places that this person goes to."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from ecosystem.models import Partnership, ShortlistCard
from evaluations.permissions import can_read_results, only_figures
from funding.models import Assignment
from matchmaking.models import Round
from members.models import JoinRequest, Organisation, User
from opportunities.models import Opportunity
from opportunities.permissions import may_search

Entry = tuple[str, str, str, int | None]  # the page, its label, its icon, and how many things wait there


def frame(request: HttpRequest) -> dict[str, object]:
    """What base.html needs, read only when a page uses it."""
    return {
        "cluster": SimpleLazyObject(_cluster),
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "may_search": SimpleLazyObject(lambda: request.user.is_authenticated and may_search(request.user)),
        "needs_me": SimpleLazyObject(lambda: _needs_me(request.user)),
        "asked_by_partners": SimpleLazyObject(lambda: _asked_by_partners(request.user)),
    }


def _cluster() -> dict[str, str]:
    home = Organisation.objects.filter(is_home=True).first()
    return {
        "name": home.name if home else settings.MFA_TOTP_ISSUER,
        "tagline": _("International opportunities, read for you"),
    }


def _needs_me(user: User) -> int:
    """How many things wait for a manager: join requests. Members have their feed."""
    return JoinRequest.objects.visible_to(user).waiting().count() if user.is_authenticated else 0


def _asked_by_partners(user: User) -> int:
    """How many questions wait for this person's company: may a partner see it?"""
    return ShortlistCard.objects.about(user).waiting().count() if user.is_authenticated else 0


def _navigation(request: HttpRequest) -> list[dict[str, object]]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = _figures() if only_figures(user) else _entries(user)
    here = _entry_of(request, [name for name, *_rest in entries])
    return [
        {"label": label, "url": reverse(name), "icon": icon, "count": count, "current": _how(request, name, here)}
        for name, label, icon, count in entries
    ]


def _figures() -> list[Entry]:
    """Evaluators find figures, and nothing that says who is who."""
    return [
        ("evaluations:home", _("Results"), "chart", None),
        ("evaluations:tables", _("Tables"), "filter", None),
        ("evaluations:reports", _("Reports"), "file", None),
    ]


def _entries(user: User) -> list[Entry]:
    entries = [*_of_the_feed(user), *_of_the_team(user), *_of_the_rooms(user)]
    if user.own_membership:
        entries.append(("members:profile", _("Our profile"), "profile", None))
    return [*entries, ("opportunities:how", _("How the filter works"), "how", None)]


def _of_the_feed(user: User) -> list[Entry]:
    if _is_of_a_partner(user) and not user.is_manager:
        return [("ecosystem:home", _("Partners"), "organisation", None)]
    if not may_search(user):
        return [("home", _("Start"), "home", None)]
    if not user.own_membership:
        return []
    return [
        ("opportunities:feed", _("For you"), "feed", None),
        ("opportunities:list", _("Opportunities"), "search", None),
        ("opportunities:answered", _("Your answers"), "saved", _asked_by_partners(user)),
    ]


def _of_the_team(user: User) -> list[Entry]:
    if not user.is_manager:
        return []
    return [
        ("opportunities:inbox", _("Inbox"), "inbox", Opportunity.objects.waiting().count()),
        ("opportunities:answers", _("Answers"), "answers", None),
        ("members:list", _("Members"), "members", None),
        ("opportunities:list", _("Opportunities"), "search", None),
        ("opportunities:sources", _("Sources"), "sources", None),
        ("members:join_requests", _("Requests to join"), "join", None),
        ("brand:page", _("Public pages"), "external", None),
    ]


def _of_the_rooms(user: User) -> list[Entry]:
    entries: list[Entry] = []
    if not user.is_confined:
        entries.append(("programme:home", _("Programme"), "compass", None))
    if user.is_manager or Round.objects.visible_to(user).exists():
        entries.append(("matchmaking:list", _("Matchmaking rounds"), "partnering", None))
    if not user.is_confined or user.is_reviewer:
        entries.append(("funding:list", _("Funding calls"), "funding", None))
    if user.is_reviewer:
        waiting = Assignment.objects.of(user).to_write().count()
        entries.append(("funding:reviews", _("Your reviews"), "answers", waiting))
    if user.is_manager:
        entries.append(("ecosystem:home", _("Partners"), "organisation", None))
    if can_read_results(user):
        entries.append(("evaluations:home", _("Evaluations"), "chart", None))
    return entries


def _is_of_a_partner(user: User) -> bool:
    own = user.own_membership
    return bool(own and not own.organisation.is_member) and Partnership.objects.visible_to(user).exists()


# Pages whose address does not tell to which entry they belong.
ELSEWHERE = {
    "opportunities:import": "opportunities:sources",
    "opportunities:columns": "opportunities:sources",
    "opportunities:member_feed": "members:list",
    "members:settings": "",
    "ecosystem:card": "opportunities:answered",
    "ecosystem:cards": "opportunities:answered",
    "evaluations:own": "opportunities:answered",
    "evaluations:own_outcome": "opportunities:answered",
}


def _entry_of(request: HttpRequest, names: list[str]) -> str:
    """The entry to which this page belongs: the nearest one whose address it stands below."""
    if request.resolver_match and (named := ELSEWHERE.get(request.resolver_match.view_name)) is not None:
        return named
    above = [name for name in names if request.path.startswith(reverse(name))]
    return max(above, key=lambda name: len(reverse(name)), default="")


def _how(request: HttpRequest, name: str, here: str) -> str:
    """What aria-current says: this very page, or one below it."""
    if name != here:
        return ""
    return "page" if request.path == reverse(name) else "true"

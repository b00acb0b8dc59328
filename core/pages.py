"""Paging of lists, and tabs of pages that belong together."""

from collections.abc import Iterable

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

PER_PAGE = 25


def paginate(request: HttpRequest, found: QuerySet, *, per_page: int = PER_PAGE) -> Page:
    """The page that `?page=` names; the nearest one there is when it names none."""
    return Paginator(found, per_page).get_page(request.GET.get("page"))


def tabs_of(request: HttpRequest, entries: Iterable[tuple[str, object]], argument: str) -> list[dict[str, object]]:
    """Tabs as _components/tabs.html takes them, from names of views and labels; the page below one of them is current.

    `argument`: what each of the addresses is of.
    """
    tabs = [{"label": label, "url": reverse(name, args=[argument]), "count": None} for name, label in entries]
    above = [tab["url"] for tab in tabs if request.path.startswith(tab["url"])]
    return [tab | {"current": tab["url"] == max(above, key=len, default="")} for tab in tabs]

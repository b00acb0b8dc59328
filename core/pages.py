"""Paging of lists."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 25


def paginate(request: HttpRequest, found: QuerySet, *, per_page: int = PER_PAGE) -> Page:
    """The page that `?page=` names; the nearest one there is when it names none."""
    return Paginator(found, per_page).get_page(request.GET.get("page"))

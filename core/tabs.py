"""The tabs above the pages of a room or of one thing: where they lead, and on which of them one is."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest
from django.urls import reverse

Tab = dict[str, object]


def tabs_of(path: str, entries: Iterable[tuple[str, object]]) -> list[Tab]:
    """Tabs side by side, of (address, label). The one that a page stands on or below is marked."""
    listed = list(entries)
    here = _nearest(path, [url for url, _label in listed])
    return [_tab(url, label, current=url == here) for url, label in listed]


def named_tabs(request: HttpRequest, entries: Iterable[tuple[str, object]], argument: object) -> list[Tab]:
    """The same, of (name of a view, label): the pages of one thing, which `argument` names in their addresses."""
    return tabs_of(request.path, [(reverse(name, args=[argument]), label) for name, label in entries])


def grouped_tabs(path: str, groups: Iterable[tuple[object, Sequence[tuple[str, object]]]]) -> list[Tab]:
    """Tabs of (label, entries). Each leads to the first of its entries, and shows them all when one is on one of them.

    A group of one is that one entry; a group of none is left out.
    """
    listed = [(label, entries) for label, entries in groups if entries]
    here = _nearest(path, [url for _label, entries in listed for url, _name in entries])
    tabs = []
    for label, entries in listed:
        is_here = here in {url for url, _name in entries}
        parts = tabs_of(path, entries) if is_here and len(entries) > 1 else []
        tabs.append(_tab(entries[0][0], label, current=is_here) | {"parts": parts})
    return tabs


def _nearest(path: str, urls: Iterable[str]) -> str:
    return max((url for url in urls if path.startswith(url)), key=len, default="")


def _tab(url: str, label: object, *, current: bool) -> Tab:
    return {"label": label, "url": url, "count": None, "current": current}

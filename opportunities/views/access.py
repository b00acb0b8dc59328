"""Who may enter which pages of the room."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from members.permissions import Verdict, can_manage, insist
from opportunities.permissions import may_read_feeds, may_search


def _guard(verdict_of: Callable[..., Verdict]) -> Callable:
    def decorator(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            insist(verdict_of(request.user))
            return view(request, *args, **kwargs)

        return guarded

    return decorator


for_managers = _guard(can_manage)
for_members = _guard(may_read_feeds)
for_readers = _guard(may_search)

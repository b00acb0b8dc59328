"""Pages that a link opens, and the mails with that link, speak more languages than the portal itself."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import translation


def spoken(language: str) -> str:
    """The language in which somebody is spoken to: the portal's own where the wished one is not spoken."""
    return language if language in settings.LINK_LANGUAGES else settings.LANGUAGE_CODE


def answer_in(language: str, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """What `respond` answers, the page too, in a language; a page that is rendered later would speak the portal's."""
    with translation.override(spoken(language)):
        response = respond()
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        response.headers["Content-Language"] = translation.get_language()
    return response


def language_of_mail() -> dict[str, str] | None:
    """For the addresses that a mail holds: they lead to pages in the mail's language."""
    language = spoken(translation.get_language() or "")
    return {"language": language} if language != settings.LANGUAGE_CODE else None


def in_language_of_mail(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that speaks as the mail whose link was opened."""

    @wraps(view)
    def opened(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return answer_in(request.GET.get("language", ""), lambda: view(request, *args, **kwargs))

    return opened

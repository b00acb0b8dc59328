"""The strategy on one page, to be read, printed and handed round."""

from datetime import UTC, datetime, time
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.typesetting import pdf
from members.models import Organisation
from programme.reading import cards as reading
from programme.views.access import visible_strategy

TEMPLATE = Path(__file__).parents[1] / "card.typ"


@require_safe
def card(request: HttpRequest, slug: str) -> HttpResponse:
    """As a page that prints on one sheet."""
    strategy = visible_strategy(request.user, slug)
    context = {"strategy": strategy, **reading.card(strategy, request.user)}
    return TemplateResponse(request, "programme/strategy_card.html", context)


@never_cache
@require_safe
def card_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """As a file: the same bytes all day, as long as it says the same."""
    strategy = visible_strategy(request.user, slug)
    home = Organisation.objects.filter(is_home=True).first()
    content = reading.for_paper(strategy, reading.card(strategy, request.user), home.name if home else "")
    midnight = datetime.combine(timezone.localdate(), time(), UTC)
    response = HttpResponse(pdf(TEMPLATE, content, moment=midnight), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{strategy.slug}.pdf"'
    return response

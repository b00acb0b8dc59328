"""The programme of a round: sessions, slots, tables."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from core.actions import Refused
from core.forms import refused_on
from matchmaking.actions import rounds as actions
from matchmaking.actions import tables as table_actions
from matchmaking.forms.rounds import SessionForm, TablesForm
from matchmaking.models import Round, Session
from matchmaking.reading import programme as reading
from matchmaking.tabs import round_tabs
from matchmaking.views.access import for_managers, visible_round


def _page(
    request: HttpRequest, round_: Round, session_form: SessionForm | None = None, tables_form: TablesForm | None = None
) -> HttpResponse:
    context = reading.programme(round_) | {
        "tabs": round_tabs(request, round_),
        "session_form": session_form or SessionForm(round_=round_),
        "tables_form": tables_form or TablesForm(round_=round_),
        "may_change": round_.status in actions.BEFORE_THE_TIMETABLE,
        "may_set_tables": round_.status in table_actions.CHANGEABLE,
    }
    return TemplateResponse(request, "matchmaking/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def programme(request: HttpRequest, slug: str) -> HttpResponse:
    """The programme as it is, and a session to add."""
    round_ = visible_round(request.user, slug)
    form = SessionForm(request.POST or None, round_=round_)
    if request.method == "POST" and form.is_valid():
        with refused_on(form):
            session = actions.add_session(round_=round_, by=request.user, **form.facts())
            messages.success(request, _("“%(name)s” is in the programme.") % {"name": session.name})
            return redirect("matchmaking:programme", slug)
    return _page(request, round_, session_form=form)


@require_POST
@for_managers
def tables(request: HttpRequest, slug: str) -> HttpResponse:
    """How many tables there are, and where."""
    round_ = visible_round(request.user, slug)
    form = TablesForm(request.POST, round_=round_)
    if form.is_valid():
        with refused_on(form):
            told = table_actions.set_tables(round_=round_, tables=form.tables(), by=request.user)
            said = ngettext("Saved. %(n)s person is told.", "Saved. %(n)s people are told.", told) % {"n": told}
            messages.success(request, said if told else _("Saved."))
            return redirect("matchmaking:programme", slug)
    return _page(request, round_, tables_form=form)


@require_POST
@for_managers
def remove_session(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A session goes out of the programme."""
    round_ = visible_round(request.user, slug)
    session = get_object_or_404(Session.objects.select_related("round").filter(round=round_), pk=pk)
    try:
        actions.remove_session(session=session, by=request.user)
        messages.success(request, _("“%(name)s” is out of the programme.") % {"name": session.name})
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("matchmaking:programme", slug)

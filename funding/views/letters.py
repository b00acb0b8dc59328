"""The letters of a call: the words of each kind, and how one reads with a real application."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.actions import Refused
from core.downloads import as_file
from core.numbers import whole_number
from funding import letters
from funding.actions import announcing
from funding.forms.decisions import LetterForm
from funding.models import Decision, FundingCall, Letter, LetterTemplate
from funding.reviewing import bound_to
from funding.tabs import call_tabs
from funding.views.access import for_managers, visible_call


@require_safe
@for_managers
def letter_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every kind of letter, and whether its words are the call's own."""
    call = visible_call(request, slug)
    own = set(call.letter_templates.values_list("kind", flat=True))
    kinds = [
        {"value": kind, "label": label, "is_own": kind in own, "subject": letters.words_of(call, kind)[0]}
        for kind, label in LetterTemplate.Kind.choices
    ]
    context = {"call": call, "tabs": call_tabs(request, call), "kinds": kinds}
    return TemplateResponse(request, "funding/letters.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def letter_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The words of one kind, and a look at them as somebody would read them."""
    call = visible_call(request, slug)
    if kind not in LetterTemplate.Kind.values:
        raise Http404
    subject, text = letters.words_of(call, kind)
    form = LetterForm(request.POST or None, initial={"subject": subject, "text": text})
    if request.method == "POST" and form.is_valid():
        try:
            announcing.save_template(call=call, kind=kind, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved. Letters from now on have these words."))
            return redirect("funding:letter_template", call.slug, kind)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"call": call, "form": form, "kind": kind, "label": LetterTemplate.Kind(kind).label}
    context |= {"is_own": call.letter_templates.filter(kind=kind).exists()}
    context |= {"places": letters.PLACES.items(), "tabs": call_tabs(request, call)}
    return TemplateResponse(request, "funding/letter_template.html", context | _preview(request, call, kind))


def _preview(request: HttpRequest, call: FundingCall, kind: str) -> dict[str, object]:
    """As it reads with a decision of this call: the one that the address names, or the first."""
    rows = Decision.objects.standing().filter(application__call=call).select_related("application__lead")
    found = rows.exclude(application__in=bound_to(request.user, call))
    fitting = found if kind == LetterTemplate.Kind.DISMISSED else found.filter(outcome=kind)
    rows = list(fitting.order_by("application__number"))
    wanted = whole_number(request.GET.get("application", ""))
    chosen = next((each for each in rows if each.application.number == wanted), rows[0] if rows else None)
    for each in rows:
        each.application.call = call
    if chosen is None:
        return {"preview": None, "decisions": []}
    subject, text = letters.filled(chosen, kind)
    return {"preview": {"subject": subject, "text": text, "of": chosen}, "decisions": rows}


@require_POST
@for_managers
def forget_template(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Back to the ready-made words."""
    call = visible_call(request, slug)
    if kind not in LetterTemplate.Kind.values:
        raise Http404
    announcing.forget_template(call=call, kind=kind, by=request.user)
    messages.success(request, _("The letter has our ready-made words again."))
    return redirect("funding:letter_template", call.slug, kind)


@require_safe
def letter_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter on paper, for those whom it was written to and for the team."""
    rows = Letter.objects.visible_to(request.user).select_related("decision__application__call")
    letter = get_object_or_404(rows, pk=pk)
    name = f"{letter.decision.application.reference}-{letter.kind}.pdf"
    return as_file(letters.pdf_of(letter), name, "application/pdf")

"""Where managers write the public page, look at it before anybody else does, and take the list to other sites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from brand import actions
from brand.actions import FIELDS, save_page
from brand.forms import PageForm, SnippetForm, StandingForm
from brand.models import ClusterPage, PageVersion
from brand.reading import frame, report, structured, versions, who
from brand.views.shared import with_policy
from core.actions import Refused
from core.forms import refused_on
from core.mail import absolute
from evaluations.models import Report
from members.views.access import for_managers


@require_http_methods(["GET", "HEAD", "POST"])
@for_managers
def page(request: HttpRequest) -> HttpResponse:
    """What the page says. It is looked at first and saved then, or saved at once."""
    kept = ClusterPage.objects.first() or ClusterPage()
    form = PageForm(request.POST or None, instance=kept, says=versions.asked_for(request.GET.get("from", "")))
    if request.method == "POST" and "write" not in request.POST and form.is_valid():
        if "preview" in request.POST:
            return _preview(request, form)
        with refused_on(form):
            said = {name: form.cleaned_data[name] for name in FIELDS}
            save_page(by=request.user, seen=form.cleaned_data["seen"], **said)
            messages.success(request, _("Saved. Visitors see it within five minutes."))
            return redirect("brand:page")
    context = {"form": form, "versions": versions.listed(), "is_new": not kept.pk, "standing": report.standing()}
    others = Report.objects.visible_to(request.user).exclude(pk=kept.report_id)
    context["choose"] = StandingForm(reports=others)
    return TemplateResponse(request, "brand/page.html", context)


@require_POST
@for_managers
def put_up_report(request: HttpRequest) -> HttpResponse:
    """The report that is chosen stands on the page of results."""
    form = StandingForm(request.POST, reports=Report.objects.visible_to(request.user))
    if not form.is_valid():
        messages.error(request, _("This report cannot stand there. Choose one from the list."))
        return redirect("brand:page")
    try:
        actions.put_up_report(report=form.cleaned_data["report"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It stands on the page of results. Visitors see it within five minutes."))
    return redirect("brand:page")


@require_POST
@for_managers
def take_down_report(request: HttpRequest) -> HttpResponse:
    """No report stands there."""
    actions.take_down_report(by=request.user)
    messages.success(request, _("It is taken down. It can stand there again whenever you like."))
    return redirect("brand:page")


def _preview(request: HttpRequest, form: PageForm) -> HttpResponse:
    """The first page as it would be, with all that was typed kept in a form."""
    home = frame.cluster().home
    here = frame.Cluster(home, form.instance)
    form.instance.embed_sites = form.cleaned_data["embed_sites"]
    context = frame.around(request, here, canonical=reverse("home")) | who.page()
    typed = [(name, request.POST.get(name, "")) for name in (*FIELDS, "seen")]
    tried = urlencode({"light": here.page.colour_light, "dark": here.page.colour_dark})
    context |= {"typed": typed, "tried": tried, "structured": structured.of_cluster(here), "hidden": True}
    return TemplateResponse(request, "brand/preview.html", context)


@require_safe
@for_managers
def version(request: HttpRequest, number: int) -> HttpResponse:
    """What the page said at a time."""
    found = get_object_or_404(PageVersion.objects.select_related("saved_by"), number=number)
    return TemplateResponse(request, "brand/version.html", {"version": found, "facts": versions.facts(found)})


@require_safe
@for_managers
def snippet(request: HttpRequest) -> HttpResponse:
    """The lines to copy into another site, with the list as it looks there."""
    form = SnippetForm(request.GET or None)
    chosen = form.asked_for()
    path = reverse("brand:embed") + (f"?{urlencode(chosen)}" if chosen else "")
    context = {
        "form": form,
        "path": path,
        "address": absolute(path),
        "data": absolute(reverse("brand:members_json") + (f"?{urlencode(chosen)}" if chosen else "")),
        "sites": frame.cluster().page.embed_sites,
        "title": _("Members of %(name)s") % {"name": frame.cluster().name},
    }
    response = TemplateResponse(request, "brand/snippet.html", context)
    return with_policy(request, response, frame_src=["'self'"])

"""The public pages themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header

from brand.forms import DirectoryFilter
from brand.reading import activities as of_activities
from brand.reading import directory, frame, open_to_partners, results, structured, who
from brand.reading import report as of_report
from brand.views.shared import page, public
from core.mail import absolute
from core.pages import paginate
from evaluations.models import Report
from evaluations.reading import reports
from evaluations.views.reports import open_pdf
from members.listings import card
from members.models import Listing

IN_A_PAGE = 24


@public
def about(request: HttpRequest) -> HttpResponse:
    """Who we are. Visitors find it at the portal's first address, everybody else here."""
    here = frame.cluster()
    context = frame.around(request, here, canonical=reverse("home")) | who.page()
    return page("brand/about.html", context | {"structured": structured.of_cluster(here)})


@public
def members(request: HttpRequest) -> HttpResponse:
    """The directory."""
    here, chosen = frame.cluster(), DirectoryFilter(request.GET)
    shown = paginate(request, directory.narrowed(chosen), per_page=IN_A_PAGE)
    context = frame.around(request, here, canonical=reverse("brand:members"))
    context |= {"form": chosen, "page": shown, "rows": directory.rows(shown), "asked": {"GET": request.GET}}
    return page("brand/members.html", context | {"hidden": chosen.is_narrowed or shown.number > 1})


@public
def company(request: HttpRequest, slug: str) -> HttpResponse:
    """One member, as it agreed. Whoever has not agreed, or not any more, is not there."""
    here = frame.cluster()
    member = card(get_object_or_404(Listing.objects.public(), organisation__slug=slug))
    path = reverse("brand:company", args=[member.slug])
    context = frame.around(request, here, canonical=path, description=member.summary or member.name)
    context |= {"member": member, "facts": directory.facts(member), "place": directory.place(member)}
    return page("brand/company.html", context | {"structured": structured.of_member(member, here, absolute(path))})


@public
def opportunities(request: HttpRequest) -> HttpResponse:
    """What partners elsewhere may join."""
    context = frame.around(request, frame.cluster(), canonical=reverse("brand:opportunities"))
    context |= {"opportunities": open_to_partners.opportunities(), "calls": open_to_partners.calls()}
    return page("brand/opportunities.html", context)


@public
def activities(request: HttpRequest) -> HttpResponse:
    """What comes, and what took place in the last year."""
    here, coming = frame.cluster(), of_activities.coming()
    context = frame.around(request, here, canonical=reverse("brand:activities"))
    context["coming"] = [of_activities.row(each) for each in coming]
    context["past"] = [of_activities.row(each) for each in of_activities.past()]
    events = structured.of_activities([(each, of_activities.address(each)) for each in coming], here)
    return page("brand/activities.html", context | {"structured": events})


@public
def activity(request: HttpRequest, slug: str) -> HttpResponse:
    """One activity."""
    here = frame.cluster()
    found = of_activities.named(slug).first()
    if found is None:
        raise Http404
    path = reverse("brand:activity", args=[found.slug])
    context = frame.around(request, here, canonical=path, description=found.aim)
    context |= {"activity": found, "row": of_activities.row(found), "facts": of_activities.facts(found)}
    events = structured.of_activities([(found, absolute(path))], here)
    return page("brand/activity.html", context | {"structured": events[0]})


@public
def numbers(request: HttpRequest) -> HttpResponse:
    """Results in numbers."""
    context = frame.around(request, frame.cluster(), canonical=reverse("brand:results"))
    return page("brand/results.html", context | results.page())


@public
def report(request: HttpRequest) -> HttpResponse:
    """The whole report that stands on the page of results."""
    found = _standing()
    context = frame.around(request, frame.cluster(), canonical=reverse("brand:report"), description=found.title)
    return page("brand/report.html", context | {"report": found, "content": reports.drawn(found.content)})


@public
def report_pdf(_request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    found = _standing()
    named = content_disposition_header(as_attachment=False, filename=reports.file_name(found))
    with open_pdf(found) as file:
        return HttpResponse(file.read(), content_type="application/pdf", headers={"Content-Disposition": named})


def _standing() -> Report:
    found = of_report.standing()
    if found is None:
        raise Http404
    return found

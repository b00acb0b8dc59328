"""What browsers, other sites and search engines read: the colour, the list in a frame and as data, and the map."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from brand import colours
from brand.forms import DirectoryFilter
from brand.reading import directory, frame
from brand.sitemaps import SITEMAPS
from brand.views.shared import FRESH, page, public, with_policy
from core.conditional import for_everybody
from core.mail import absolute
from members.listings import card

MOST, USUAL = 100, 12
THEMES = {"light", "dark"}
CLOSED = (
    "accounts",
    "evaluations",
    "mail",
    "matchmaking",
    "members",
    "opportunities",
    "partners",
    "programme",
    "styleguide",
)


@public
def colour(request: HttpRequest) -> HttpResponse:
    """The cluster's colour for both themes; of others, which are being tried out, when the address names them."""
    tried = request.GET.get("light"), request.GET.get("dark")
    kept = frame.cluster().page
    light, dark = tried if all(tried) else (kept.colour_light, kept.colour_dark)
    if not (colours.is_colour(light) and colours.is_colour(dark)):
        raise Http404
    return HttpResponse(colours.sheet(light, dark), content_type="text/css; charset=utf-8")


@login_not_required
@require_safe
def embed(request: HttpRequest) -> HttpResponse:
    """The list for a frame on another site that a manager has named; browsers refuse it on every other one."""
    here, chosen, theme = frame.cluster(), DirectoryFilter(request.GET), request.GET.get("theme", "")
    found = directory.narrowed(chosen)
    context = {
        "here": here,
        "rows": directory.rows(found[: _number(request)]),
        "total": found.count(),
        "theme": theme if theme in THEMES else "",
        "all_url": absolute(reverse("brand:members")),
        "site": absolute(""),
    }
    response = for_everybody(request, page("brand/embed.html", context), fresh=FRESH)
    response = with_policy(request, response, frame_ancestors=["'self'", *here.page.embed_sites])
    response.xframe_options_exempt = True  # it knows no list of sites; the policy above takes its place
    return response


embed.same_for_everybody = True


def _number(request: HttpRequest) -> int:
    asked = request.GET.get("number", "")
    return min(MOST, max(1, int(asked))) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else USUAL


@public
def members_json(request: HttpRequest) -> HttpResponse:
    """The directory as data, for pages of any site: what is in it is public."""
    found = directory.narrowed(DirectoryFilter(request.GET))
    content = {
        "version": 1,
        "cluster": frame.cluster().name,
        "home": absolute(reverse("brand:members")),
        "members": [directory.as_data(card(each)) for each in found],
    }
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public pages."""
    lines = ["User-agent: *", *(f"Disallow: /{start}/" for start in CLOSED), f"Sitemap: {absolute(reverse('sitemap'))}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
def site_map(request: HttpRequest) -> HttpResponse:
    """Every public page that search engines may keep."""
    maps: dict[str, type[Sitemap]] = SITEMAPS
    response = sitemap(request, maps)
    response.headers.pop("X-Robots-Tag", None)
    return response.render()

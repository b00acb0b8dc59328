"""Every address of the portal: who guesses the path finds the app."""

from django.urls import include, path

from brand.views import machines
from cluster_portal import views
from core import health, mail_views, styleguide

health_urls = [
    path("live", health.live, name="live"),
    path("ready", health.ready, name="ready"),
    path("status", health.status, name="status"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", include((health_urls, "health"))),
    path("mail/stop/<path:token>/", mail_views.mail_stop, name="mail_stop"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.site_map, name="sitemap"),
    path("accounts/", include("allauth.urls")),
    path("cluster/", include("brand.urls")),
    path("members/", include("members.urls")),
    path("evaluations/", include("evaluations.urls")),
    path("funding/", include("funding.urls")),
    path("matchmaking/", include("matchmaking.urls")),
    path("opportunities/", include("opportunities.urls")),
    path("", include("ecosystem.urls.exchange")),
    path("partners/", include("ecosystem.urls")),
    path("programme/", include("programme.urls")),
]

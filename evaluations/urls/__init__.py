"""Addresses of the room. What stands below p/<token>/ is opened by a signed link."""

from django.urls import include, path

from evaluations.views import home

app_name = "evaluations"

urlpatterns = [
    path("", home.home, name="home"),
    path("questionnaires/", include("evaluations.urls.questionnaires")),
    path("", include("evaluations.urls.waves")),
    path("", include("evaluations.urls.results")),
    path("", include("evaluations.urls.outcomes")),
    path("", include("evaluations.urls.goals")),
    path("", include("evaluations.urls.reports")),
]

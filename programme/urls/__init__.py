"""Addresses of the room, a file for each subject. What stands below p/ is opened by a signed link."""

from django.urls import include, path

from programme.views import strategies

app_name = "programme"

urlpatterns = [
    path("", strategies.home, name="home"),
    path("", include("programme.urls.services")),
    path("activities/", include("programme.urls.activities")),
    path("", include("programme.urls.strategies")),
]

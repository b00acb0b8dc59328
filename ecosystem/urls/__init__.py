"""Addresses of the room, a file for each subject. What stands below a/ is opened by a signed link."""

from django.urls import include, path

from ecosystem.views import partners

app_name = "ecosystem"

urlpatterns = [
    path("", partners.home, name="home"),
    path("", include("ecosystem.urls.shortlists")),
    path("", include("ecosystem.urls.pool")),
    path("", include("ecosystem.urls.partners")),
]

"""Addresses of the room. What stands below p/<token>/ is opened by a signed link."""

from django.urls import include, path

app_name = "funding"

urlpatterns = [
    path("", include("funding.urls.applications")),
    path("", include("funding.urls.searches")),
    path("", include("funding.urls.reviews")),
    path("", include("funding.urls.decisions")),
    path("", include("funding.urls.grants")),
    path("", include("funding.urls.calls")),
]
